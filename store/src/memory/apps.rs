//! The names of all apps as they were read within the last second, because every page and every call begins with one of them.
//! What this process does to apps shows at once; what another process does (the command line) is noticed within that second.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use domain::application::AppRef;

/// How long the names are remembered.
const KEPT: Duration = Duration::from_secs(1);

/// An app by its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownApp {
    /// Its key and the names that never change.
    pub app: AppRef,
    /// The name on pages.
    pub display_name: String,
}

#[derive(Debug)]
struct Read {
    apps: Arc<[KnownApp]>,
    at: Instant,
    generation: u64,
}

/// All apps, sorted by display name.
#[derive(Debug, Default)]
pub struct AppCache {
    read: Mutex<Option<Read>>,
    /// How many commits there were that made or renamed apps.
    generation: AtomicU64,
}

impl AppCache {
    /// How many commits there were that made or renamed apps: what was read before the latest one is no longer valid.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    /// Notes that an app was made or renamed.
    pub fn forget(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
    }

    /// The apps, if they were read within the last second and none has changed since.
    pub fn get(&self) -> Option<Arc<[KnownApp]>> {
        let generation = self.generation();
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let read = read.as_ref().filter(|read| read.generation == generation && read.at.elapsed() < KEPT)?;
        Some(read.apps.clone())
    }

    /// Remembers the apps. `generation` must be from before they were read.
    pub fn put(&self, apps: Arc<[KnownApp]>, generation: u64) {
        *self.read.lock().unwrap_or_else(PoisonError::into_inner) = Some(Read { apps, at: Instant::now(), generation });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_before_a_change_is_not_remembered() {
        let cache = AppCache::default();
        assert_eq!(cache.get(), None);
        let before = cache.generation();
        cache.put(Arc::new([]), before);
        assert_eq!(cache.get().map(|apps| apps.len()), Some(0));
        cache.forget();
        assert_eq!(cache.get(), None, "an app has changed");
        cache.put(Arc::new([]), before);
        assert_eq!(cache.get(), None, "it was read before that");
        cache.put(Arc::new([]), cache.generation());
        assert!(cache.get().is_some());
    }
}
