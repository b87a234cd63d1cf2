//! The runner: works jobs off, one that writes at a time and one export beside it, chunk by chunk. What a chunk did and how far
//! the job is stand in one transaction, so a server that is killed goes on where it was.

use std::time::Duration;

use domain::{
    Error, Result,
    job::{JobKind, Work},
};
use store::{
    Store,
    job::{
        queue::{end, is_cancelled, next, stands_cancelled},
        running::{Row, Running},
    },
};

use super::{chunks, export, import};

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

/// Works one job off and writes down how it ended. A fault of the database is the caller's: the job stays as it is.
async fn work(store: &Store, row: Row) -> Result<()> {
    let id = row.id;
    let writes = JobKind::ALL.iter().any(|kind| kind.as_str() == row.kind && kind.writes());
    let result = match Running::new(store, row).await {
        Ok(running) => match running.kind().work() {
            Work::Batch(kind) => chunks::run(&running, kind).await.map(|()| true),
            Work::Export(_) => export::job::run(&running).await,
            Work::Import(_) => import::job::run(&running).await.map(|()| true),
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
    end(store, id, made, error.map(|error| error.name())).await?;
    store::import::ended(store, id).await
}
