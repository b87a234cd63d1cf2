//! SQL of jobs: starting, reading and cancelling them. The crate `jobs` processes them.

pub mod batch;
pub mod context;
pub mod items;
pub mod queue;

use domain::{
    Caller, Code, Error, Permission, Result,
    application::AppId,
    error::Entity,
    event::Action,
    job::{FailedItem, JobKind, JobRow, JobState},
    limits,
    page::{CursorKey, ListParams, ListQuery, Page, SortKey},
};
use serde_json::{Value, json};

use crate::{
    Scope, Store,
    change::{Change, ChangeSpec},
    db::{
        Builder, Keyset, KeysetRow, OrFault, ServerTable, capped_count, decode_enum, decode_int, now, query, query_as,
        query_scalar,
    },
    in_change,
};

/// The most refusals on a job's page; the file has all of them.
const SHOWN: i64 = 100;
/// The most refusals that are read at a time for the file.
pub const FAILED_ITEMS_AT_ONCE: i64 = 5_000;

/// A job to start.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// What the job does.
    pub kind: JobKind,
    /// The group that the job stays within; empty when it concerns the whole app.
    pub target: String,
    /// What its kind needs to know, for [`super::job::context::JobContext::input`].
    pub input: Value,
    /// How many items the job will process.
    pub total: u64,
}

/// Starts a job that reads its items while it runs; its id. Exports need the permission to read, all others to write.
pub async fn create(scope: Scope<'_>, new: NewJob) -> Result<i64> {
    let permission = if new.kind.writes() { Permission::Write } else { Permission::Read };
    let id = in_change!(ChangeSpec::in_app(scope, permission, Action::JobStart, &new.target), |change| {
        let id = insert(change, scope.app, &new, JobState::Waiting).await?;
        started(change, id, &new).await?;
        Ok(id)
    })?;
    scope.store.wake_jobs(new.kind.writes());
    Ok(id)
}

/// Inserts the row alone, in the state given; the job's id.
pub async fn insert(change: &mut Change<'_>, app: AppId, new: &NewJob, state: JobState) -> Result<i64> {
    let (operator, name) =
        change.caller().actor.operator().map_or_else(Default::default, |(id, name)| (Some(id), name.to_owned()));
    let (address, at) = (change.caller().address.clone(), change.at());
    let id = change.server_key(ServerTable::Job).await?;
    query(
        "INSERT INTO job (id, app_id, kind, target, input, operator_id, operator, address, state, total, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(id)
    .bind(app.key())
    .bind(new.kind.as_str())
    .bind(&new.target)
    .bind(new.input.to_string())
    .bind(operator)
    .bind(name)
    .bind(address)
    .bind(state.as_str())
    .bind(i64::try_from(new.total).unwrap_or(i64::MAX))
    .bind(at)
    .execute(change.db())
    .await
    .or_fault()?;
    Ok(id)
}

/// Records the event of a start.
pub async fn started(change: &mut Change<'_>, id: i64, new: &NewJob) -> Result<()> {
    let after = json!({ "job": id, "kind": new.kind, "items": new.total });
    change.event(&new.target, None, Some(after)).await
}

const COLUMNS: &str =
    "SELECT id, kind, target, state, cancelling, error, operator, operator_id, total, position, done, refused, gone,
     created_at, started_at, finished_at FROM job WHERE app_id = ";

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    kind: String,
    target: String,
    state: String,
    cancelling: i64,
    error: Option<String>,
    operator: String,
    operator_id: Option<i64>,
    total: i64,
    position: i64,
    done: i64,
    refused: i64,
    gone: i64,
    created_at: i64,
    started_at: Option<i64>,
    finished_at: Option<i64>,
}

impl Row {
    fn job(self, caller: &Caller) -> Result<JobRow> {
        Ok(JobRow {
            id: self.id,
            kind: decode_enum(&self.kind, JobKind::parse)?,
            target: self.target,
            state: decode_enum(&self.state, JobState::parse)?,
            cancelling: self.cancelling != 0,
            error: self.error,
            operator: self.operator,
            mine: self.operator_id.is_some() && self.operator_id == caller.operator_id().ok(),
            total: decode_int(self.total)?,
            position: decode_int(self.position)?,
            done: decode_int(self.done)?,
            refused: decode_int(self.refused)?,
            gone: decode_int(self.gone)?,
            created_at: self.created_at,
            started_at: self.started_at,
            finished_at: self.finished_at,
        })
    }
}

impl KeysetRow for Row {
    fn id(&self) -> i64 {
        self.id
    }

    fn key(&self, _: SortKey) -> CursorKey {
        CursorKey::Number(self.id)
    }
}

/// One page of the app's jobs, newest first. Only page size and cursor of the request are used.
pub async fn list(scope: Scope<'_>, params: &ListParams) -> Result<Page<JobRow>> {
    let Scope { store, caller, app } = scope;
    caller.require(Permission::Read)?;
    let params = ListParams { size: params.size.clone(), cursor: params.cursor.clone(), ..ListParams::default() };
    let query = ListQuery::parse(&params, |_| Err::<(), _>(Code::NotChoice))?;
    let mut db = store.read().await?;
    let mut counted = Builder::new("SELECT count(*) FROM (SELECT 1 FROM job WHERE app_id = ");
    counted.push_bind(app.key());
    let total = capped_count(&mut db, counted).await?;
    let keyset = Keyset { key: "id", id: "id", sort: query.sort, size: query.size.get(), cursor: query.cursor.as_ref() };
    let mut sql = Builder::new(COLUMNS);
    sql.push_bind(app.key());
    keyset.push_after(&mut sql);
    keyset.push_order(&mut sql);
    let rows: Vec<Row> = sql.build_query_as().fetch_all(&mut db).await.or_fault()?;
    keyset.page(rows, total, |row| row.job(caller))
}

/// One job and the first 100 of its failed items; [`Entity::Job`] not found for a job of another app.
pub async fn row_and_failed_items(scope: Scope<'_>, id: i64) -> Result<(JobRow, Vec<FailedItem>)> {
    let row = row(scope, id).await?;
    let troubles = failed_items_after(scope.store, id, 0, SHOWN).await?.into_iter().map(|(_, trouble)| trouble).collect();
    Ok((row, troubles))
}

/// One job's row; [`Entity::Job`] not found for a job of another app.
pub async fn row(scope: Scope<'_>, id: i64) -> Result<JobRow> {
    scope.require_operator(Permission::Read)?;
    let mut sql = Builder::new(COLUMNS);
    sql.push_bind(scope.app.key()).push(" AND id = ").push_bind(id);
    let row: Option<Row> = sql.build_query_as().fetch_optional(scope.store.reader()).await.or_fault()?;
    row.ok_or(Error::NotFound(Entity::Job))?.job(scope.caller)
}

/// Up to [`FAILED_ITEMS_AT_ONCE`] failed items of a job after the number `after`, each with its number. Checks no permission: the
/// caller needed one to get the [`JobRow`].
pub async fn failed_items(store: &Store, job: &JobRow, after: i64) -> Result<Vec<(i64, FailedItem)>> {
    failed_items_after(store, job.id, after, FAILED_ITEMS_AT_ONCE).await
}

async fn failed_items_after(store: &Store, id: i64, after: i64, limit: i64) -> Result<Vec<(i64, FailedItem)>> {
    let rows: Vec<(i64, String, Option<String>)> =
        query_as("SELECT seq, item, reason FROM job_result WHERE job_id = $1 AND seq > $2 ORDER BY seq LIMIT $3")
            .bind(id)
            .bind(after)
            .bind(limit)
            .fetch_all(store.reader())
            .await
            .or_fault()?;
    let reason = |text: String| serde_json::from_str(&text).map_err(|error| Error::Internal(error.to_string()));
    rows.into_iter().map(|(seq, item, text)| Ok((seq, FailedItem { item, reason: text.map(reason).transpose()? }))).collect()
}

/// Asks a job to stop after its present chunk; a waiting job ends at once. Its kind. Callers who may write may cancel any job,
/// and operators their own. A second call, or one after the end, changes nothing. [`Entity::Job`] not found for a job of another
/// app.
pub async fn cancel(scope: Scope<'_>, id: i64) -> Result<JobKind> {
    let job = row(scope, id).await?;
    let permission = if job.mine { Permission::Read } else { Permission::Write };
    in_change!(ChangeSpec::in_app(scope, permission, Action::JobCancel, &job.target), |change| {
        let at = change.at();
        let asked = query(
            "UPDATE job SET cancelling = TRUE, state = CASE state WHEN 'waiting' THEN 'cancelled' ELSE state END,
             finished_at = CASE state WHEN 'waiting' THEN $1 ELSE finished_at END
             WHERE id = $2 AND app_id = $3 AND cancelling = FALSE AND state IN ('waiting', 'running')",
        )
        .bind(at)
        .bind(id)
        .bind(scope.app.key())
        .execute(change.db())
        .await
        .or_fault()?;
        if asked.rows_affected() > 0 {
            let after = json!({ "job": id, "kind": job.kind });
            change.event(&job.target, None, Some(after)).await?;
        }
        Ok(())
    })?;
    Ok(job.kind)
}

/// Cancels every job of an operator that is not over, because of what the change does to the operator: waiting jobs end at once,
/// running ones after their present chunk. Each leaves an event in its app, with the cause.
pub async fn cancel_all_of(change: &mut Change<'_>, operator: i64) -> Result<()> {
    let at = change.at();
    // A job in preparation waits in a moment, and ends when its turn comes.
    let asked: Vec<(i64, i64, String, String)> = query_as(
        "UPDATE job SET cancelling = TRUE, state = CASE state WHEN 'waiting' THEN 'cancelled' ELSE state END,
         finished_at = CASE state WHEN 'waiting' THEN $1 END
         WHERE operator_id = $2 AND finished_at IS NULL AND cancelling = FALSE RETURNING id, app_id, kind, target",
    )
    .bind(at)
    .bind(operator)
    .fetch_all(change.db())
    .await
    .or_fault()?;
    let cause = change.action();
    for (id, app, kind, target) in asked {
        let after = json!({ "job": id, "kind": kind, "cause": cause });
        change.event_in(AppId::of_row(app), Action::JobCancel, &target, after).await?;
    }
    Ok(())
}

/// Deletes jobs that ended more than [`limits::JOB_KEPT_MS`] ago, those whose preparation was interrupted, and items that ended
/// jobs have left; how many jobs, at most 1,000.
pub async fn clean(store: &Store) -> Result<u64> {
    let dropped: Vec<i64> = query_scalar(
        "SELECT id FROM job WHERE finished_at < $1 OR (state = 'preparing' AND created_at < $2) ORDER BY id LIMIT 1000",
    )
    .bind(now() - limits::JOB_KEPT_MS)
    // The preparation of an earlier process is never continued; one of this process takes minutes at most.
    .bind(store.opened_at().max(now() - limits::HOUR_MS))
    .fetch_all(store.reader())
    .await
    .or_fault()?;
    let over: Vec<i64> = query_scalar(
        "SELECT id FROM job WHERE finished_at IS NOT NULL AND EXISTS (SELECT 1 FROM job_item WHERE job_id = job.id) LIMIT 1000",
    )
    .fetch_all(store.reader())
    .await
    .or_fault()?;
    for id in over {
        drop_rows(store, id, Rows::Items).await?;
    }
    for id in &dropped {
        remove(store, *id).await?;
    }
    Ok(dropped.len() as u64)
}

/// Removes a job with everything that belongs to it, in pieces so short that nobody has to wait.
pub(super) async fn remove(store: &Store, id: i64) -> Result<()> {
    drop_rows(store, id, Rows::Items).await?;
    drop_rows(store, id, Rows::Results).await?;
    let mut transaction = store.write().await?;
    query("DELETE FROM job WHERE id = $1").bind(id).execute(&mut *transaction).await.or_fault()?;
    transaction.commit().await
}

#[derive(Clone, Copy)]
pub(super) enum Rows {
    Items,
    Results,
}

/// Removes the items or the results of a job, in pieces.
pub(super) async fn drop_rows(store: &Store, id: i64, rows: Rows) -> Result<()> {
    const PIECE: i64 = 5_000;
    let sql = match rows {
        Rows::Items => {
            "DELETE FROM job_item WHERE job_id = $1 AND seq IN (SELECT seq FROM job_item WHERE job_id = $1 ORDER BY seq LIMIT $2)"
        }
        Rows::Results => {
            "DELETE FROM job_result WHERE job_id = $1 AND seq IN (SELECT seq FROM job_result WHERE job_id = $1 ORDER BY seq LIMIT $2)"
        }
    };
    loop {
        let mut transaction = store.write().await?;
        let dropped = query(sql).bind(id).bind(PIECE).execute(&mut *transaction).await.or_fault()?.rows_affected();
        transaction.commit().await?;
        if dropped < PIECE as u64 {
            return Ok(());
        }
    }
}
