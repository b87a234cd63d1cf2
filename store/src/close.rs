//! The end of a store: what is remembered is written down, then everything closes.

use crate::{Store, refusals, session::deferred};

impl Store {
    /// Waits for what is under way, then closes; SQLite folds its log into the file.
    pub async fn close(&self) {
        deferred::write_now(self).await;
        // Whoever closes in order loses none of them, unless the disk takes nothing.
        if let Err(error) = refusals::write_last(self).await {
            tracing::error!(%error, "refusals were not recorded");
        }
        self.close_database().await;
    }
}
