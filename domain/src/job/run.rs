//! The runner: works jobs off, one that writes at a time and one export beside it, chunk by chunk. What a chunk did and how far
//! the job is stand in one transaction, so a server that is killed goes on where it was.

use std::time::Duration;

use super::{
    JobKind, chunks,
    running::{Row, Running},
    store::{Rows, drop_rows},
};
use crate::{
    Error, Result, Store,
    db::{self, now},
    export, import,
};

/// After a fault of the database or the disk the runner waits before it tries again, longer each time: a disk that is full stays so for a
/// while, and each attempt writes.
const AFTER_FAULTS: [Duration; 5] =
    [Duration::from_secs(1), Duration::from_secs(10), Duration::from_secs(20), Duration::from_secs(40), Duration::from_secs(60)];
/// How often it looks meanwhile whether somebody has cancelled what stands still.
const LOOKED_EVERY: Duration = Duration::from_secs(1);

/// Works off jobs until it is dropped. One for a store.
pub async fn run(store: Store) {
    tokio::join!(lane(&store, true), lane(&store, false));
}

/// Works off every job that waits now, or that a process before left running; for the command line and tests.
pub async fn run_waiting(store: &Store) -> Result<()> {
    for writes in [true, false] {
        while let Some(job) = next(store, writes).await? {
            work(store, job).await?;
        }
    }
    Ok(())
}

async fn lane(store: &Store, writes: bool) {
    // One after the other, without one that worked between them.
    let mut faults = 0_usize;
    loop {
        let worked = match next(store, writes).await {
            Ok(Some(job)) => work(store, job).await,
            Ok(None) => {
                store.jobs_wanted(writes).await;
                Ok(())
            }
            Err(error) => Err(error),
        };
        let Err(error) = worked else {
            faults = 0;
            continue;
        };
        // Once, until something works again: the same line every minute helps nobody.
        if faults == 0 {
            tracing::error!(%error, "a job could not go on; trying again until it can");
        } else {
            tracing::debug!(%error, faults, "a job still cannot go on");
        }
        pause(store, writes, AFTER_FAULTS[faults.min(AFTER_FAULTS.len() - 1)]).await;
        faults += 1;
    }
}

/// Waits, but no longer than until the job that stands still is cancelled.
async fn pause(store: &Store, writes: bool, pause: Duration) {
    let began = tokio::time::Instant::now();
    while let Some(left) = pause.checked_sub(began.elapsed()).filter(|left| !left.is_zero()) {
        tokio::time::sleep(left.min(LOOKED_EVERY)).await;
        if stands_cancelled(store, writes).await.unwrap_or(false) {
            return;
        }
    }
}

/// Whether a job of that lane is to end that has begun.
async fn stands_cancelled(store: &Store, writes: bool) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM job WHERE state = 'running' AND cancelling = 1
                              AND kind IN (SELECT value FROM json_each($1)))";
    Ok(sqlx::query_scalar(sql).bind(kinds(writes)?).fetch_one(store.reader()).await?)
}

/// The kinds of jobs of a lane, as JSON.
fn kinds(writes: bool) -> Result<String> {
    let kinds: Vec<&str> = JobKind::ALL.iter().filter(|kind| kind.writes() == writes).map(|kind| kind.as_str()).collect();
    db::json(&kinds)
}

/// The job to work on next: one that was running when its process ended, else the oldest that waits.
async fn next(store: &Store, writes: bool) -> Result<Option<Row>> {
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
    .await?;
    transaction.commit().await?;
    Ok(row)
}

/// Works one job off and writes down how it ended. A fault of the database is the caller's: the job stays as it is.
async fn work(store: &Store, row: Row) -> Result<()> {
    let id = row.id;
    let writes = JobKind::ALL.iter().any(|kind| kind.as_str() == row.kind && kind.writes());
    let result = match Running::new(store, row).await {
        Ok(running) => match running.kind() {
            JobKind::DeleteGroups | JobKind::DeleteAccounts | JobKind::DeleteMembers | JobKind::SendMessages => {
                chunks::run(&running).await.map(|()| true)
            }
            kind if kind.exports() => export::job::run(&running).await,
            _ => import::job::run(&running).await.map(|()| true),
        },
        Err(error) => Err(error),
    };
    let result = match result {
        // It stays as it is, and goes on once the database or the disk takes something again. One that is cancelled has nothing to wait for.
        Err(error @ (Error::Busy | Error::Storage(_))) => {
            if !is_cancelled(store, id).await? {
                return Err(error);
            }
            Ok(writes)
        }
        result => result,
    };
    let (made, error) = match result {
        Ok(made) => (made, None),
        Err(error) => (false, Some(error)),
    };
    if let Some(error) = &error {
        tracing::warn!(%error, job = id, "a job failed");
    }
    let failed = error.map(|error| error.name());
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
    .await?;
    transaction.commit().await?;
    drop_rows(store, id, Rows::Items).await?;
    import::drop_rows_of(store, id).await
}

async fn is_cancelled(store: &Store, id: i64) -> Result<bool> {
    let cancelling: Option<bool> =
        sqlx::query_scalar("SELECT cancelling = 1 FROM job WHERE id = $1").bind(id).fetch_optional(store.reader()).await?;
    Ok(cancelling.unwrap_or(false))
}
