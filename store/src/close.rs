//! Closing a store: what is only in memory is written, then everything closes.

use crate::{Store, refusals, session::deferred};

impl Store {
    /// Writes deferred sessions and refusals, waits for transactions that have begun, then closes. SQLite moves its log into the
    /// file.
    pub async fn close(&self) {
        deferred::write_now(self).await;
        // A process that closes in order loses no refusal, unless the disk takes nothing.
        if let Err(error) = refusals::write_last(self).await {
            tracing::error!(%error, "refusals were not recorded");
        }
        self.close_database().await;
    }
}
