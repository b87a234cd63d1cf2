//! What a batch is about: read and written down when it is asked for, then confirmed, or gone again.

use domain::{
    Caller, Code, Error, Permission, Result,
    application::AppId,
    event::Action,
    job::{BatchKind, JobState},
    limits,
    page::confirm_number,
    selection::Selection,
};
use futures_util::{
    StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Execute, QueryBuilder, Sqlite};

use super::{NewJob, insert, remove, started};
use crate::{
    Scope, Store,
    change::{Change, ChangeSpec, refuse},
    db::{self, ListSource, OrFault, fault::of_database, push_selected},
    in_change,
};

/// Items that are written down in one transaction.
const PIECE: usize = 2_000;

/// What a batch is about, ready to be read.
pub enum Chosen {
    Ids(Vec<String>),
    Sql(QueryBuilder<Sqlite>),
}

/// A selection from one of the app's lists.
pub fn of_list(app: AppId, listed: &ListSource, selection: Selection<&'static str>) -> Result<Chosen> {
    if let Selection::Ids(ids) = selection {
        return Ok(Chosen::Ids(ids));
    }
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(listed.texts[0]);
    push_selected(&mut sql, listed, app, &selection)?;
    Ok(Chosen::Sql(sql))
}

/// What a batch turned out to be about.
pub enum Found {
    /// So little that it is dealt with at once.
    Few(Vec<String>),
    /// A job that waits.
    Job(i64),
}

/// A batch that was asked for.
pub struct Batch<'a> {
    pub store: &'a Store,
    pub caller: &'a Caller,
    pub app: AppId,
    pub kind: BatchKind,
    pub target: &'a str,
    pub input: Value,
    /// What was typed as the number of items, where it is asked for.
    pub confirm: Option<&'a str>,
}

impl Batch<'_> {
    /// Reads what the batch is about; more than [`limits::BATCH_AT_ONCE`] items become a job. A refusal is recorded.
    pub async fn find(&self, chosen: Result<Chosen>) -> Result<Found> {
        // Who may not hears that first, whatever else is wrong.
        match self.caller.require(Permission::Write).and(chosen) {
            Ok(Chosen::Ids(ids)) if ids.len() <= limits::BATCH_AT_ONCE => Ok(Found::Few(ids)),
            Ok(chosen) => self.read(chosen).await,
            Err(error) => Err(self.refused(error).await),
        }
    }

    /// Records a refusal that belongs to no change.
    async fn refused(&self, error: Error) -> Error {
        refuse(self.store, self.caller, self.kind.event(), Some(self.app), self.target, error).await
    }

    /// The change that is described, for those who may still make it.
    fn spec(&self, action: Action) -> ChangeSpec<'_> {
        let scope = Scope::new(self.store, self.caller, self.app);
        ChangeSpec::in_app(scope, Permission::Write, action, self.target)
    }

    async fn read(&self, chosen: Chosen) -> Result<Found> {
        let mut sql = match chosen {
            Chosen::Ids(ids) => {
                let number = ids.len() as u64;
                return self.prepare(number, stream::iter(ids.into_iter().map(Ok)).boxed()).await;
            }
            Chosen::Sql(sql) => sql,
        };
        let bound = sql.build().take_arguments().map_err(|error| Error::Internal(error.to_string()))?.unwrap_or_default();
        let sql = sql.into_string();
        let items = || sqlx::query_scalar_with::<_, String, _>(AssertSqlSafe(sql.clone()), bound.clone());
        // One state of the database, so that what is counted is what is written down, however long that takes.
        let mut snapshot = self.store.reader().begin().await.or_fault()?;
        let first: Vec<String> =
            items().fetch(&mut *snapshot).take(limits::BATCH_AT_ONCE + 1).try_collect().await.map_err(of_database)?;
        match first.len() {
            0 => Err(self.refused(Error::field("ids", Code::Required)).await),
            1..=limits::BATCH_AT_ONCE => Ok(Found::Few(first)),
            _ => {
                let number: i64 = sqlx::query_scalar_with(AssertSqlSafe(format!("SELECT count(*) FROM ({sql})")), bound.clone())
                    .fetch_one(&mut *snapshot)
                    .await
                    .or_fault()?;
                let items = items().fetch(&mut *snapshot).map_err(of_database).boxed();
                self.prepare(number.unsigned_abs(), items).await
            }
        }
    }

    /// Writes down what a job will be about, in pieces; then it is confirmed and waits, or it is gone again.
    async fn prepare(&self, number: u64, items: BoxStream<'_, Result<String>>) -> Result<Found> {
        let mut new = NewJob { kind: self.kind.job(), target: self.target.to_owned(), input: self.input.clone(), total: 0 };
        // Before the items: a wrong number must not cost a million rows.
        self.confirmed(number).await?;
        let job = in_change!(self.spec(self.kind.event()), |change| insert(change, self.app, &new, JobState::Preparing).await)?;
        match self.fill(job, &mut new, items).await {
            Ok(()) => {
                self.store.wake_jobs(self.kind.job().writes());
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

    async fn fill(&self, job: i64, new: &mut NewJob, mut items: BoxStream<'_, Result<String>>) -> Result<()> {
        let mut piece = Vec::with_capacity(PIECE);
        loop {
            let item = items.try_next().await?;
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
        // The job does what is written down, so this is the number that has to fit.
        self.confirmed(new.total).await?;
        in_change!(self.spec(Action::JobStart), |change| self.start(change, job, new).await)
    }

    /// [`Code::CountMismatch`] when another number was typed, where one is asked for.
    async fn confirmed(&self, number: u64) -> Result<()> {
        match self.confirm.map_or(Ok(()), |typed| confirm_number(number, typed)) {
            Ok(()) => Ok(()),
            Err(error) => Err(self.refused(error).await),
        }
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
        .await
        .or_fault()?;
        transaction.commit().await?;
        *written += items.len() as u64;
        Ok(())
    }

    async fn start(&self, change: &mut Change<'_>, job: i64, new: &NewJob) -> Result<()> {
        sqlx::query("UPDATE job SET state = 'waiting', total = $1 WHERE id = $2")
            .bind(i64::try_from(new.total).unwrap_or(i64::MAX))
            .bind(job)
            .execute(change.db())
            .await
            .or_fault()?;
        started(change, job, new).await
    }
}
