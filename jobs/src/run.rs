//! The runner: processes jobs, one that writes at a time and one export at the same time, chunk by chunk. The work of a chunk and
//! the job's progress are one transaction, so that a server that is killed continues where it was.

use std::time::Duration;

use domain::{
    Error, Result,
    job::{JobCategory, JobKind},
};
use store::{
    Store,
    db::{JOB_CACHE_KIB, WRITER_CACHE_KIB},
    job::{
        context::{JobContext, Row},
        queue::{end, is_cancelled, is_stalled_and_cancelled, next},
    },
};

use super::{chunks, export, import};

/// After an error of the database or the disk the runner waits before it tries again, longer each time: a full disk stays full
/// for a while, and each attempt writes.
const AFTER_FAULTS: [Duration; 5] =
    [Duration::from_secs(1), Duration::from_secs(10), Duration::from_secs(20), Duration::from_secs(40), Duration::from_secs(60)];
/// How often the runner checks meanwhile whether an operator has cancelled the waiting job.
const LOOKED_EVERY: Duration = Duration::from_secs(1);

/// Processes jobs until it is dropped. One for a store.
pub async fn run(store: Store) {
    tokio::join!(worker_loop(&store, true), worker_loop(&store, false));
}

/// Processes every job that waits now, or that an earlier process left running; for the command line and tests.
pub async fn run_waiting(store: &Store) -> Result<()> {
    for writes in [true, false] {
        while let Some(job) = next(store, writes).await? {
            work(store, job).await?;
        }
    }
    Ok(())
}

async fn worker_loop(store: &Store, writes: bool) {
    // Errors in a row, without a job between them that went well.
    let mut faults = 0_usize;
    loop {
        let worked = match next(store, writes).await {
            Ok(Some(job)) => work(store, job).await,
            Ok(None) => {
                store.wait_for_job(writes).await;
                Ok(())
            }
            Err(error) => Err(error),
        };
        let Err(error) = worked else {
            faults = 0;
            continue;
        };
        // Once, until a job runs again: the same line every minute would help nobody.
        if faults == 0 {
            tracing::error!(%error, "a job could not go on; trying again until it can");
        } else {
            tracing::debug!(%error, faults, "a job still cannot go on");
        }
        pause(store, writes, AFTER_FAULTS[faults.min(AFTER_FAULTS.len() - 1)]).await;
        faults += 1;
    }
}

/// Waits, but not longer than until the job is cancelled.
async fn pause(store: &Store, writes: bool, pause: Duration) {
    let began = tokio::time::Instant::now();
    while let Some(left) = pause.checked_sub(began.elapsed()).filter(|left| !left.is_zero()) {
        tokio::time::sleep(left.min(LOOKED_EVERY)).await;
        if is_stalled_and_cancelled(store, writes).await.unwrap_or(false) {
            return;
        }
    }
}

/// Processes one job and records how it ended. An error of the database goes to the caller: the job stays as it is.
async fn work(store: &Store, row: Row) -> Result<()> {
    let id = row.id;
    let writes = JobKind::ALL.iter().any(|kind| kind.as_str() == row.kind && kind.writes());
    if writes {
        store.writer_cache(JOB_CACHE_KIB).await?;
    }
    let result = match JobContext::new(store, row).await {
        Ok(context) => match context.kind().category() {
            JobCategory::Batch(kind) => chunks::run(&context, kind).await.map(|()| true),
            JobCategory::Export(_) => export::job::run(&context).await,
            JobCategory::Import(_) => import::job::run(&context).await.map(|()| true),
        },
        Err(error) => Err(error),
    };
    // What the job did counts all the same.
    if writes && let Err(error) = store.writer_cache(WRITER_CACHE_KIB).await {
        tracing::warn!(%error, "the writer keeps its larger cache for now");
    }
    let result = match result {
        // The job stays as it is, and continues once the database or the disk can be written again. A cancelled job need not
        // wait.
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
    end(store, id, made, error.map(|error| error.name())).await?;
    store::import::ended(store, id).await
}
