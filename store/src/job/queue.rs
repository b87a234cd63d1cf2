//! The queue of jobs as the runner sees it: which comes next, and how each has ended.

use domain::{Result, job::JobKind};

use super::{Rows, context::Row, drop_rows};
use crate::{
    Store,
    db::{self, OrFault, now},
};

/// Whether a job of that lane is to end that has begun.
pub async fn is_stalled_and_cancelled(store: &Store, writes: bool) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM job WHERE state = 'running' AND cancelling = 1
                              AND kind IN (SELECT value FROM json_each($1)))";
    sqlx::query_scalar(sql).bind(kinds(writes)?).fetch_one(store.reader()).await.or_fault()
}

/// The kinds of jobs of a lane, as JSON.
fn kinds(writes: bool) -> Result<String> {
    let kinds: Vec<&str> = JobKind::ALL.iter().filter(|kind| kind.writes() == writes).map(|kind| kind.as_str()).collect();
    db::json(&kinds)
}

/// The job to work on next: one that was running when its process ended, else the oldest that waits.
pub async fn next(store: &Store, writes: bool) -> Result<Option<Row>> {
    let kinds = kinds(writes)?;
    let mut transaction = store.write().await?;
    let row = sqlx::query_as(
        "UPDATE job SET state = 'running', started_at = coalesce(started_at, $1)
         WHERE id = (SELECT id FROM job WHERE state IN ('running', 'waiting') AND kind IN (SELECT value FROM json_each($2))
                     ORDER BY state = 'waiting', id LIMIT 1)
         RETURNING id, app_id, kind, target, input, operator_id, address",
    )
    .bind(now())
    .bind(kinds)
    .fetch_optional(&mut *transaction)
    .await
    .or_fault()?;
    transaction.commit().await?;
    Ok(row)
}

/// Writes down how a job ended; `made`: it came to its end, `failed`: the name of what was in its way. What it was about is dropped.
pub async fn end(store: &Store, id: i64, made: bool, failed: Option<&str>) -> Result<()> {
    let mut transaction = store.write().await?;
    // A batch that was cancelled behind its last item is done; an export has read its last row before there is a file.
    sqlx::query(
        "UPDATE job SET error = $1, finished_at = $2, state = CASE WHEN $1 IS NOT NULL THEN 'failed'
         WHEN cancelling = 1 AND ($4 = 0 OR position < total) THEN 'cancelled' ELSE 'done' END
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

/// Whether somebody has asked to stop it.
pub async fn is_cancelled(store: &Store, id: i64) -> Result<bool> {
    let cancelling: Option<bool> = sqlx::query_scalar("SELECT cancelling = 1 FROM job WHERE id = $1")
        .bind(id)
        .fetch_optional(store.reader())
        .await
        .or_fault()?;
    Ok(cancelling.unwrap_or(false))
}
