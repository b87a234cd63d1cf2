//! The items of a batch: read and stored when the batch is requested, then confirmed, or removed again.

use domain::{
    Code, Error, Permission, Result,
    application::AppId,
    event::Action,
    job::{BatchKind, JobCategory, JobState},
    limits,
    page::confirm_number,
    selection::Selection,
};
use futures_util::{
    StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use serde_json::Value;

use super::{NewJob, insert, remove, started};
use crate::{
    Scope,
    change::{Change, ChangeSpec, refuse},
    db::{self, Builder, ListSource, OrFault, fault::of_database, query, query_scalar, selected_ids, sql},
    in_change,
};

/// Items that are stored in one transaction.
const PIECE: usize = 2_000;

/// The items of a batch, before they are read.
pub enum Chosen {
    /// These items.
    Ids(Vec<String>),
    /// The items that this statement finds.
    Sql(Builder),
}

/// The items of a selection from one of the app's lists.
pub fn of_list(app: AppId, listed: &ListSource, selection: Selection<&'static str>) -> Result<Chosen> {
    if let Selection::Ids(ids) = selection {
        return Ok(Chosen::Ids(ids));
    }
    selected_ids(listed, app, &selection).map(Chosen::Sql)
}

/// What a batch became.
pub enum Found {
    /// So few items that the caller processes them at once.
    Few(Vec<String>),
    /// A job that waits, by its id.
    Job(i64),
}

/// A batch that was requested.
pub struct Batch<'a> {
    /// Who asks, and the app that the items belong to.
    pub scope: Scope<'a>,
    /// What is done to the items.
    pub kind: BatchKind,
    /// The target of the events: the group that the batch stays within; empty when it concerns the whole app.
    pub target: &'a str,
    /// What the job needs to know, see [`NewJob::input`].
    pub input: Value,
    /// The number of items as typed; `None`: the batch does not ask for it.
    pub confirm: Option<&'a str>,
}

impl Batch<'_> {
    /// Reads the items; more than [`limits::BATCH_AT_ONCE`] become a job. [`Code::Required`] at `ids` when there are none,
    /// [`Code::CountMismatch`] for another number than `confirm`, [`Error::Forbidden`] for callers who may not write. A refusal
    /// is recorded.
    pub async fn find(&self, chosen: Result<Chosen>) -> Result<Found> {
        // A missing permission is reported first, whatever else is wrong.
        match self.scope.require_operator(Permission::Write).and(chosen) {
            Ok(Chosen::Ids(ids)) if ids.len() <= limits::BATCH_AT_ONCE => Ok(Found::Few(ids)),
            Ok(chosen) => self.read(chosen).await,
            Err(error) => Err(self.refused(error).await),
        }
    }

    /// Records a refusal outside of a change.
    async fn refused(&self, error: Error) -> Error {
        refuse(self.scope.store, self.scope.caller, self.kind.event(), Some(self.scope.app), self.target, error).await
    }

    /// The change for this batch, which asks for the permission again.
    fn spec(&self, action: Action) -> ChangeSpec<'_> {
        ChangeSpec::by_operator(self.scope, Permission::Write, action, self.target).refused_as(self.kind.event())
    }

    async fn read(&self, chosen: Chosen) -> Result<Found> {
        let mut sql = match chosen {
            Chosen::Ids(ids) => {
                let ids = self.in_order(&ids).await?;
                let number = ids.len() as u64;
                return self.prepare(Some(number), stream::iter(ids.into_iter().map(Ok)).boxed()).await;
            }
            Chosen::Sql(sql) => sql,
        };
        // One state of the database, so that what is counted is what is stored, however long that takes.
        let mut snapshot = self.scope.store.snapshot().await?;
        // Counted before the first item is stored, where a number has to fit: a wrong one must not cost a million rows.
        let number = match self.confirm {
            Some(_) => {
                let mut counted = sql.between("SELECT count(*) FROM (", ") AS found");
                let number: i64 = counted.build_query_scalar().fetch_one(&mut *snapshot).await.or_fault()?;
                Some(number.unsigned_abs())
            }
            None => None,
        };
        let items = sql.build_query_scalar::<String>().fetch(&mut snapshot).map_err(of_database);
        let mut items = items.boxed();
        let mut first = Vec::with_capacity(limits::BATCH_AT_ONCE + 1);
        while first.len() <= limits::BATCH_AT_ONCE
            && let Some(item) = items.try_next().await?
        {
            first.push(item);
        }
        match first.len() {
            0 => Err(self.refused(Error::field("ids", Code::Required)).await),
            1..=limits::BATCH_AT_ONCE => Ok(Found::Few(first)),
            _ => self.prepare(number, stream::iter(first.into_iter().map(Ok)).chain(items).boxed()).await,
        }
    }

    /// The items in the order of their keys, so that the job goes through the tables once. Those that a statement finds mostly are
    /// ([`selected_ids`]).
    async fn in_order(&self, ids: &[String]) -> Result<Vec<String>> {
        let sql = match self.kind {
            BatchKind::DeleteGroups | BatchKind::SendMessages => sql!(
                "SELECT item.value FROM @items($2) LEFT JOIN \"group\" g ON g.app_id = $1 AND g.group_id = item.value
                 ORDER BY g.id, item.value"
            ),
            BatchKind::DeleteAccounts | BatchKind::DeleteMembers => sql!(
                "SELECT item.value FROM @items($2) LEFT JOIN account a ON a.app_id = $1 AND a.username = item.value
                 ORDER BY a.id, item.value"
            ),
        };
        query_scalar(sql).bind(self.scope.app.key()).bind(db::json(ids)?).fetch_all(self.scope.store.reader()).await.or_fault()
    }

    /// Stores the items of a job in pieces; `number`: how many there are, where they were counted. Then the job is confirmed and
    /// waits, or it is removed again.
    async fn prepare(&self, number: Option<u64>, items: BoxStream<'_, Result<String>>) -> Result<Found> {
        let kind = JobCategory::Batch(self.kind).kind();
        let mut new = NewJob { kind, target: self.target.to_owned(), input: self.input.clone(), total: 0 };
        if let Some(number) = number {
            self.confirmed(number).await?;
        }
        let job =
            in_change!(self.spec(self.kind.event()), |change| insert(change, self.scope.app, &new, JobState::Preparing).await)?;
        match self.fill(job, &mut new, items).await {
            Ok(()) => {
                self.scope.store.wake_jobs(kind.writes());
                Ok(Found::Job(job))
            }
            Err(error) => {
                if let Err(fault) = remove(self.scope.store, job).await {
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
        // The job processes the stored items, so this number has to be the typed one.
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
        let mut transaction = self.scope.store.write().await?;
        query(sql!("INSERT INTO job_item (job_id, seq, item) SELECT $1, $2 + @position, item.value FROM @items($3)"))
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
        query("UPDATE job SET state = 'waiting', total = $1 WHERE id = $2")
            .bind(i64::try_from(new.total).unwrap_or(i64::MAX))
            .bind(job)
            .execute(change.db())
            .await
            .or_fault()?;
        started(change, job, new).await
    }
}
