//! The queue of jobs for the runner: which job comes next, and how each has ended.

use domain::{Result, job::JobKind};

use super::{Rows, context::Row, drop_rows};
use crate::{
    Store,
    db::{self, OrFault, now, query, query_as, query_scalar, sql},
};

/// Whether a running job of the kind (`writes`: one that changes data, otherwise an export) was cancelled.
pub async fn is_stalled_and_cancelled(store: &Store, writes: bool) -> Result<bool> {
    let sql = sql!(
        "SELECT EXISTS (SELECT 1 FROM job WHERE state = 'running' AND cancelling = TRUE
                              AND kind IN @texts($1))"
    );
    query_scalar(sql).bind(kinds(writes)?).fetch_one(store.reader()).await.or_fault()
}

/// The kinds of jobs that write, or that do not, as JSON.
fn kinds(writes: bool) -> Result<String> {
    let kinds: Vec<&str> = JobKind::ALL.iter().filter(|kind| kind.writes() == writes).map(|kind| kind.as_str()).collect();
    db::json(&kinds)
}

/// The next job of the kind (`writes`: one that changes data, otherwise an export), now running: one that was running when its
/// process ended, otherwise the oldest that waits. `None`: there is none.
pub async fn next(store: &Store, writes: bool) -> Result<Option<Row>> {
    let kinds = kinds(writes)?;
    let mut transaction = store.write().await?;
    let row = query_as(sql!(
        "UPDATE job SET state = 'running', started_at = coalesce(started_at, $1)
         WHERE id = (SELECT id FROM job WHERE state IN ('running', 'waiting') AND kind IN @texts($2)
                     ORDER BY state = 'waiting', id LIMIT 1)
         RETURNING id, app_id, kind, target, input, operator_id, address"
    ))
    .bind(now())
    .bind(kinds)
    .fetch_optional(&mut *transaction)
    .await
    .or_fault()?;
    transaction.commit().await?;
    Ok(row)
}

/// Stores how a job ended: `made`: it came to its end; `failed`: the name of the error that stopped it. Its items are deleted.
pub async fn end(store: &Store, id: i64, made: bool, failed: Option<&str>) -> Result<()> {
    let mut transaction = store.write().await?;
    // A batch that was cancelled after its last item is done; an export has read its last row before there is a file.
    query(
        "UPDATE job SET error = $1, finished_at = $2, state = CASE WHEN $1 IS NOT NULL THEN 'failed'
         WHEN cancelling = TRUE AND (NOT $4 OR position < total) THEN 'cancelled' ELSE 'done' END
         WHERE id = $3",
    )
    .bind(failed)
    .bind(now())
    .bind(id)
    .bind(made)
    .execute(&mut *transaction)
    .await
    .or_fault()?;
    transaction.commit().await?;
    drop_rows(store, id, Rows::Items).await
}

/// Whether somebody has asked to cancel the job.
pub async fn is_cancelled(store: &Store, id: i64) -> Result<bool> {
    let cancelling: Option<bool> = query_scalar("SELECT cancelling = TRUE FROM job WHERE id = $1")
        .bind(id)
        .fetch_optional(store.reader())
        .await
        .or_fault()?;
    Ok(cancelling.unwrap_or(false))
}
