//! Writes the refusals outside of a change (`crate::memory::refusals`) into the log, in a separate task. What waits to be
//! written, and how many were left out, is lost when the process is killed: these are the only events that can be lost. A process
//! that ends in order writes both.

use std::{sync::atomic::Ordering, time::Duration};

use domain::{Error, Result, event::Action};

pub use crate::memory::refusals::{RefusalEvent, RefusalScope, watch_for_refusals};
use crate::{
    Store, application,
    change::{record_left_out, record_refusals},
    credential::tokens,
    db::now,
};

/// How often the task checks for something to report without being notified.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Writes everything that waits. What has begun is finished although the caller stops waiting for it: refusals that were taken
/// and neither written nor put back would be lost.
pub async fn write(store: &Store) -> Result<()> {
    let store = store.clone();
    let written = tokio::spawn(async move {
        let turn = store.refusals().turn.clone();
        let _turn = turn.lock().await;
        write_all(&store).await
    });
    written.await.map_err(|error| Error::Internal(format!("refusals: {error}")))?
}

/// The same, and then how many of each kind were left out that no event reports yet: for the end of the process.
pub async fn write_last(store: &Store) -> Result<()> {
    write(store).await?;
    let left_out = store.refusals().take_left_out();
    let numbers: Vec<(Action, u64)> = left_out.iter().map(|((action, _), number)| (*action, *number)).collect();
    let recorded = record_left_out(store, &numbers).await;
    if recorded.is_err() {
        store.refusals().give_back(left_out);
    }
    recorded
}

async fn write_all(store: &Store) -> Result<()> {
    loop {
        let mut items = store.refusals().next();
        if items.is_empty() {
            return Ok(());
        }
        let written = async {
            for item in &mut items {
                resolve(store, &mut item.refused).await?;
            }
            record_refusals(store, &items).await
        };
        if let Err(error) = written.await {
            store.refusals().put_back(items);
            return Err(error);
        }
    }
}

/// Finds the app by its name; an app that does not exist leaves the event to the whole server.
async fn resolve(store: &Store, refused: &mut RefusalEvent) -> Result<()> {
    let RefusalScope::Named { org, app } = &refused.scope else { return Ok(()) };
    refused.scope = match application::named(store, org, app).await? {
        Some(app) => RefusalScope::App(app.id),
        None => RefusalScope::Server,
    };
    Ok(())
}

/// Writes refusals that are reported, and the events of issued tokens that are due, until the task is dropped.
pub async fn write_always(store: Store) {
    loop {
        let refusals = store.refusals();
        let _ = tokio::time::timeout(LOOK_EVERY, refusals.bell.notified()).await;
        let result = match write(&store).await {
            Ok(()) => tokens::record_issued_tokens(&store, now()).await,
            Err(error) => Err(error),
        };
        match result {
            Ok(()) => refusals.faulty.store(false, Ordering::Relaxed),
            Err(error) => {
                // Once: a full disk would fill the log of the process as well.
                if !refusals.faulty.swap(true, Ordering::Relaxed) {
                    tracing::error!(%error, "refusals could not be recorded; trying on");
                }
                tokio::time::sleep(Duration::from_secs(2)).await;
                refusals.bell.notify_one();
            }
        }
    }
}
