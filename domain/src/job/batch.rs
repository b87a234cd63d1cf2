//! Batches: what they are about is written down when they are confirmed, then they run at once when they are small, as a job when
//! they are not. A job does in chunks what the small ones do in one go, with the same code (`chunks.rs`).

use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};
use sqlx::{QueryBuilder, Sqlite};

use super::{
    JobKind, JobState, Started,
    chunks::action,
    store::{NewJob, insert, remove, started},
};
use crate::{
    Caller, Code, Error, Permission, Result, Store,
    account::{self, AccountType},
    application::AppId,
    db::{self, Change, Listed, push_selected, refuse},
    event::Action,
    group::{self, GroupType},
    limits,
    member::{self, MemberRole},
    message::{self, rules::MessageText},
    page::confirm_number,
    selection::{Matching, Selection},
};

/// Items that are written down in one transaction.
const PIECE: usize = 2_000;

/// Deletes groups with all that hangs on them; the accounts stay. More than [`limits::BATCH_TYPED_ABOVE`] need their number in
/// `confirm`.
pub async fn delete_groups(
    store: &Store,
    caller: &Caller,
    app: AppId,
    ids: Vec<String>,
    matching: Matching,
    confirm: &str,
) -> Result<Started> {
    let batch = Batch { store, caller, app, kind: JobKind::DeleteGroups, target: "", input: json!({}), confirm: Some(confirm) };
    let chosen = Selection::parse(ids, matching, GroupType::parse);
    let chosen = chosen.and_then(|chosen| of_list(app, &group::store::GROUPS, chosen.map(GroupType::as_str)));
    match batch.find(chosen).await? {
        Found::Few(ids) => group::store::delete(store, caller, app, ids, confirm).await.map(Started::Done),
        Found::Job(id) => Ok(Started::Job(id)),
    }
}

/// Deletes accounts: they leave their groups, and groups that they owned become ownerless.
pub async fn delete_accounts(
    store: &Store,
    caller: &Caller,
    app: AppId,
    usernames: Vec<String>,
    matching: Matching,
    confirm: &str,
) -> Result<Started> {
    let batch = Batch { store, caller, app, kind: JobKind::DeleteAccounts, target: "", input: json!({}), confirm: Some(confirm) };
    let chosen = Selection::parse(usernames, matching, AccountType::parse);
    let chosen = chosen.and_then(|chosen| of_list(app, &account::store::ACCOUNTS, chosen.map(AccountType::as_str)));
    match batch.find(chosen).await? {
        Found::Few(names) => account::store::delete(store, caller, app, names, confirm).await.map(Started::Done),
        Found::Job(id) => Ok(Started::Job(id)),
    }
}

/// Removes members from a group. The owner stays: «all that match» leaves the owner out.
pub async fn delete_members(
    store: &Store,
    caller: &Caller,
    app: AppId,
    group_id: &str,
    usernames: Vec<String>,
    matching: Matching,
    confirm: &str,
) -> Result<Started> {
    let batch =
        Batch { store, caller, app, kind: JobKind::DeleteMembers, target: group_id, input: json!({}), confirm: Some(confirm) };
    let chosen = match Selection::parse(usernames, matching, MemberRole::parse) {
        Ok(Selection::Ids(names)) => Ok(Chosen::Ids(names)),
        Ok(Selection::Matching { search, kind, except }) => {
            member::store::removable(store, app, group_id, kind, &search, &except).await.map(Chosen::Sql)
        }
        Err(error) => Err(error),
    };
    match batch.find(chosen).await? {
        Found::Few(names) => member::store::delete(store, caller, app, group_id, names, confirm).await.map(Started::Done),
        Found::Job(id) => Ok(Started::Job(id)),
    }
}

/// Sends one text to groups, signed with the operator's name. [`Code::TooManyChars`] and the like at `text`.
pub async fn send_messages(
    store: &Store,
    caller: &Caller,
    app: AppId,
    ids: Vec<String>,
    matching: Matching,
    text: &str,
) -> Result<Started> {
    let input = json!({ "text": text });
    let batch = Batch { store, caller, app, kind: JobKind::SendMessages, target: "", input, confirm: None };
    // A text that cannot be sent is told now, not by a job that fails.
    let chosen = match MessageText::parse(text) {
        Ok(_) => Selection::parse(ids, matching, GroupType::parse),
        Err(code) => Err(Error::field("text", code)),
    };
    let chosen = chosen.and_then(|chosen| of_list(app, &group::store::GROUPS, chosen.map(GroupType::as_str)));
    match batch.find(chosen).await? {
        Found::Few(ids) => message::store::send(store, caller, app, ids, text).await.map(Started::Done),
        Found::Job(id) => Ok(Started::Job(id)),
    }
}

/// What a batch is about, ready to be read.
enum Chosen {
    Ids(Vec<String>),
    Sql(QueryBuilder<Sqlite>),
}

/// A selection from one of the app's lists.
fn of_list(app: AppId, listed: &Listed, selection: Selection<&'static str>) -> Result<Chosen> {
    if let Selection::Ids(ids) = selection {
        return Ok(Chosen::Ids(ids));
    }
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(listed.texts[0]);
    push_selected(&mut sql, listed, app, &selection)?;
    Ok(Chosen::Sql(sql))
}

/// What a batch turned out to be about.
enum Found {
    /// So little that it is dealt with at once.
    Few(Vec<String>),
    /// A job that waits.
    Job(i64),
}

/// A batch that was asked for.
struct Batch<'a> {
    store: &'a Store,
    caller: &'a Caller,
    app: AppId,
    kind: JobKind,
    target: &'a str,
    input: Value,
    /// What was typed as the number of items, where it is asked for.
    confirm: Option<&'a str>,
}

impl Batch<'_> {
    /// Reads what the batch is about; more than [`limits::BATCH_AT_ONCE`] items become a job. A refusal is recorded.
    async fn find(&self, chosen: Result<Chosen>) -> Result<Found> {
        // Who may not hears that first, whatever else is wrong.
        let found = match self.caller.require(Permission::Write).and(chosen) {
            Ok(Chosen::Ids(ids)) if ids.len() <= limits::BATCH_AT_ONCE => return Ok(Found::Few(ids)),
            Ok(chosen) => self.read(chosen).await,
            Err(error) => Err(error),
        };
        match found {
            Ok(found) => Ok(found),
            Err(error) => Err(refuse(self.store, self.caller, action(self.kind), Some(self.app), self.target, error).await),
        }
    }

    async fn read(&self, chosen: Chosen) -> Result<Found> {
        match chosen {
            Chosen::Ids(ids) => self.prepare(ids, stream::empty().boxed()).await,
            Chosen::Sql(mut sql) => {
                // One statement, so one state of the database, however long it takes to write it down.
                let mut reader = self.store.reader().acquire().await?;
                let mut items = sql.build_query_scalar::<String>().fetch(&mut *reader).map_err(Error::from).boxed();
                let mut first = Vec::new();
                while first.len() <= limits::BATCH_AT_ONCE
                    && let Some(id) = items.try_next().await?
                {
                    first.push(id);
                }
                match first.len() {
                    0 => Err(Error::field("ids", Code::Required)),
                    1..=limits::BATCH_AT_ONCE => Ok(Found::Few(first)),
                    _ => self.prepare(first, items).await,
                }
            }
        }
    }

    /// Writes down what a job will be about, in pieces; then it is confirmed and waits, or it is gone again.
    async fn prepare(&self, first: Vec<String>, rest: stream::BoxStream<'_, Result<String>>) -> Result<Found> {
        let mut new = NewJob { kind: self.kind, target: self.target.to_owned(), input: self.input.clone(), total: 0 };
        let mut change = Change::begin_as(self.store, self.caller, action(self.kind), Some(self.app), self.target).await?;
        change.caller().require(Permission::Write)?;
        let job = insert(&mut change, self.app, &new, JobState::Preparing).await;
        let job = change.finish(job).await?;
        match self.fill(job, &mut new, first, rest).await {
            Ok(()) => {
                self.store.wake_jobs(self.kind.writes());
                Ok(Found::Job(job))
            }
            Err(error) => {
                if let Err(fault) = remove(self.store, job).await {
                    tracing::warn!(%fault, job, "a job that was not confirmed could not be removed yet");
                }
                Err(error)
            }
        }
    }

    async fn fill(
        &self,
        job: i64,
        new: &mut NewJob,
        first: Vec<String>,
        mut rest: stream::BoxStream<'_, Result<String>>,
    ) -> Result<()> {
        for piece in first.chunks(PIECE) {
            self.write_down(job, &mut new.total, piece).await?;
        }
        let mut piece = Vec::with_capacity(PIECE);
        loop {
            let item = rest.try_next().await?;
            let over = item.is_none();
            piece.extend(item);
            if piece.len() == PIECE || over {
                self.write_down(job, &mut new.total, &piece).await?;
                piece.clear();
            }
            if over {
                break;
            }
        }
        if let Some(typed) = self.confirm {
            confirm_number(new.total, typed)?;
        }
        let mut change = Change::begin_as(self.store, self.caller, Action::JobStart, Some(self.app), self.target).await?;
        change.caller().require(Permission::Write)?;
        let result = self.start(&mut change, job, new).await;
        change.finish(result).await
    }

    async fn write_down(&self, job: i64, written: &mut u64, items: &[String]) -> Result<()> {
        let mut transaction = self.store.write().await?;
        sqlx::query(
            "INSERT INTO job_item (job_id, seq, item) SELECT $1, $2 + item.key + 1, item.value FROM json_each($3) AS item",
        )
        .bind(job)
        .bind(i64::try_from(*written).unwrap_or(i64::MAX))
        .bind(db::json(items)?)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        *written += items.len() as u64;
        Ok(())
    }

    async fn start(&self, change: &mut Change<'_>, job: i64, new: &NewJob) -> Result<()> {
        sqlx::query("UPDATE job SET state = 'waiting', total = $1 WHERE id = $2")
            .bind(i64::try_from(new.total).unwrap_or(i64::MAX))
            .bind(job)
            .execute(change.db())
            .await?;
        started(change, job, new).await
    }
}
