//! What the server does without a request: running jobs, recording refusals and deferred events, archiving old events, an hourly
//! clean-up, and backups where they are configured.

use std::time::Duration;

use store::{Store, backup::Schedule, change::pending, event::archive, file::Cleaned};
use tokio::{
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval},
};

use crate::state::ServerState;

const EVERY: Duration = Duration::from_secs(60 * 60);
/// The pause before a task that ended by an internal error starts again; it doubles when that happens repeatedly.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);

/// How often deferred events are looked at.
const PENDING_EVERY: Duration = Duration::from_secs(60);

/// Runs jobs, records refusals, removes files that nobody shares any more, writes the audit log, cleans up every hour and makes backups,
/// until the task is dropped.
pub async fn run(state: ServerState, backup: Option<Schedule>) {
    let store = &state.server.store;
    let backups = async {
        let Some((schedule, watch)) = backup.zip(state.server.backups.clone()) else { return };
        let step = || {
            let (schedule, store, watch) = (schedule.clone(), store.clone(), watch.clone());
            async move { schedule.run(&store, &watch).await }
        };
        keep_up("backups", FIRST_PAUSE, step).await;
    };
    tokio::join!(
        keep_up("jobs", FIRST_PAUSE, || jobs::run::run(store.clone())),
        keep_up("refusals", FIRST_PAUSE, || store::refusals::write_always(store.clone())),
        keep_up("sweeper", FIRST_PAUSE, || store::file::sweep_always(store.clone())),
        keep_up("events held back", FIRST_PAUSE, || write_pending(store.clone())),
        keep_up("archives", FIRST_PAUSE, || archive::run_always(store.clone())),
        keep_up("clean-up", FIRST_PAUSE, || clean_up(state.clone())),
        backups,
    );
}

/// Runs something that never ends, and starts it again if it does, which only an internal error can cause. The other tasks
/// continue.
async fn keep_up<W: Future<Output = ()> + Send + 'static>(name: &'static str, first_pause: Duration, work: impl Fn() -> W) {
    let mut pause = first_pause;
    loop {
        let begun = Instant::now();
        // A task of its own, which takes a panic; it ends with the set when this is dropped.
        let mut task = JoinSet::new();
        task.spawn(work());
        let ended = task.join_next().await;
        let panic = ended.and_then(Result::err).map(|error| error.to_string());
        tracing::error!(name, panic, "what the server does by itself came to an end; it begins again");
        pause = if begun.elapsed() > LONGEST_PAUSE { first_pause } else { pause };
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Runs until the task is dropped.
async fn write_pending(store: Store) {
    let mut ticks = interval(PENDING_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = pending::write_due(&store).await {
            tracing::warn!(%error, "events that were held back could not be written; trying again");
        }
    }
}

/// Runs until the task is dropped. The first round is immediate, so that a server restarted daily cleans up too.
async fn clean_up(state: ServerState) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        clean(&state).await;
    }
}

async fn clean(state: &ServerState) {
    let server = &state.server;
    server.throttle.clean();
    server.store.refusals().clean();
    state.visitors.clean();
    state.flashes.clean();
    state.api.clean();
    store::session::write_deferred(&server.store).await;
    match store::session::delete_expired(&server.store).await {
        Ok(count) => tracing::debug!(count, "dropped expired sessions"),
        Err(error) => tracing::warn!(%error, "expired sessions could not be dropped"),
    }
    match store::credential::tokens::delete_expired(&server.store).await {
        Ok(count) => tracing::debug!(count, "dropped expired API tokens"),
        Err(error) => tracing::warn!(%error, "expired API tokens could not be dropped"),
    }
    match store::job::clean(&server.store).await {
        Ok(count) => tracing::debug!(count, "dropped old jobs"),
        Err(error) => tracing::warn!(%error, "old jobs could not be dropped"),
    }
    match store::export::clean(&server.store).await {
        Ok(count) => tracing::debug!(count, "dropped old exports"),
        Err(error) => tracing::warn!(%error, "old exports could not be dropped"),
    }
    match store::import::clean(&server.store).await {
        Ok(count) => tracing::debug!(count, "dropped old imports"),
        Err(error) => tracing::warn!(%error, "old imports could not be dropped"),
    }
    match store::file::clean(&server.store).await {
        Ok(Cleaned { removed, set_aside, taken_back }) => {
            tracing::debug!(removed, "removed shared files of no group");
            if set_aside > 0 {
                tracing::warn!(
                    set_aside,
                    "shared files that this database does not know were moved to files/aside; see `roster aside`"
                );
            }
            if taken_back > 0 {
                tracing::warn!(taken_back, "shared files that this database knows were taken back from files/aside");
            }
        }
        Err(error) => tracing::warn!(%error, "shared files of no group could not be removed"),
    }
    archive::wake(&server.store);
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    };

    use super::*;

    #[tokio::test]
    async fn what_panics_begins_again_and_takes_nothing_with_it() {
        let begun = Arc::new(AtomicU32::new(0));
        let count = begun.clone();
        let work = move || {
            let count = count.clone();
            async move {
                if count.fetch_add(1, Ordering::SeqCst) < 2 {
                    panic!("a fault of ours");
                }
                std::future::pending::<()>().await;
            }
        };
        let others = async {
            while begun.load(Ordering::SeqCst) < 3 {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            () = keep_up("test", Duration::from_millis(1), work) => unreachable!("it never ends"),
            () = others => {}
        }
    }
}
