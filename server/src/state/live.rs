//! The open streams of pages that follow what changes.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::limits;
use tokio_util::sync::CancellationToken;

/// The open streams of this server.
#[derive(Debug, Default)]
pub struct LiveStreams {
    open: Mutex<HashMap<i64, usize>>,
    stopping: CancellationToken,
}

impl LiveStreams {
    /// Ends all streams, and every later one at once.
    pub fn stop(&self) {
        self.stopping.cancel();
    }

    /// How many streams are open.
    pub fn open(&self) -> usize {
        self.counts().values().sum()
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<i64, usize>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more stream of an operator, unless there are [`limits::LIVE_PAGES`].
    pub fn admit(self: &Arc<Self>, operator: i64) -> Option<LiveStream> {
        let mut counts = self.counts();
        let count = counts.entry(operator).or_default();
        if *count >= limits::LIVE_PAGES {
            return None;
        }
        *count += 1;
        drop(counts);
        Some(LiveStream { live: self.clone(), operator })
    }
}

/// One open stream of an operator; dropping it frees its slot.
pub struct LiveStream {
    live: Arc<LiveStreams>,
    operator: i64,
}

impl LiveStream {
    /// Returns when the server stops.
    pub async fn stopped(&self) {
        self.live.stopping.cancelled().await;
    }
}

impl Drop for LiveStream {
    fn drop(&mut self) {
        let mut counts = self.live.counts();
        if let Some(count) = counts.get_mut(&self.operator) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.operator);
            }
        }
    }
}
