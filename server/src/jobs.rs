//! What the server does by itself: working jobs off, and an hourly clean-up.

use std::time::Duration;

use domain::file::store::Cleaned;
use tokio::time::{MissedTickBehavior, interval};

use crate::http::Site;

const EVERY: Duration = Duration::from_secs(60 * 60);

/// Works jobs off, takes files away that nobody shares any more, and cleans up every hour, until the task is dropped.
pub async fn run(site: Site) {
    let store = site.server.store.clone();
    tokio::join!(domain::job::run::run(store.clone()), domain::file::store::sweep_always(store), clean_up(site));
}

/// Runs until the task is dropped. The first round comes at once, so that a server restarted daily cleans up too.
async fn clean_up(site: Site) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        clean(&site).await;
    }
}

async fn clean(site: &Site) {
    let server = &site.server;
    server.throttle.clean();
    site.visitors.clean();
    site.flashes.clean();
    site.api.clean();
    match domain::session::delete_expired(&server.store).await {
        Ok(count) => tracing::debug!(count, "dropped expired sessions"),
        Err(error) => tracing::warn!(%error, "expired sessions could not be dropped"),
    }
    match domain::credential::tokens::delete_expired(&server.store).await {
        Ok(count) => tracing::debug!(count, "dropped expired API tokens"),
        Err(error) => tracing::warn!(%error, "expired API tokens could not be dropped"),
    }
    match domain::job::store::clean(&server.store).await {
        Ok(count) => tracing::debug!(count, "dropped old jobs"),
        Err(error) => tracing::warn!(%error, "old jobs could not be dropped"),
    }
    match domain::export::clean(&server.store).await {
        Ok(count) => tracing::debug!(count, "dropped old exports"),
        Err(error) => tracing::warn!(%error, "old exports could not be dropped"),
    }
    match domain::import::clean(&server.store).await {
        Ok(count) => tracing::debug!(count, "dropped old imports"),
        Err(error) => tracing::warn!(%error, "old imports could not be dropped"),
    }
    match domain::file::store::clean(&server.store).await {
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
    if let Err(error) = server.store.optimize().await {
        tracing::warn!(%error, "the planner's statistics could not be renewed");
    }
}
