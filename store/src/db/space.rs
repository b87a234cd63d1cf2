//! How much space the disk of the data folder has, and how much of it is kept free. What is large and can wait, such as shared
//! files, imports and exports, is refused before it uses the space that every small change needs.

use std::{
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use domain::{Error, Result, error::StorageFault, limits, overview::DiskSpace};

/// The value of `keep_free` when nobody has set one.
const USUAL: u64 = u64::MAX;

/// The space on the disk of the data folder.
#[derive(Debug)]
pub struct Space {
    folder: PathBuf,
    /// Bytes.
    keep_free: AtomicU64,
    /// The latest measurement.
    looked: Mutex<Option<Measurement>>,
}

/// When it was made, and the bytes free and in all, where the system says so.
type Measurement = (Instant, Option<(u64, u64)>);

impl Space {
    pub(super) fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), keep_free: AtomicU64::new(USUAL), looked: Mutex::default() }
    }

    /// Sets how many bytes are kept free instead of the usual number; 0: none.
    pub fn keep_free(&self, bytes: u64) {
        self.keep_free.store(bytes, Ordering::Relaxed);
    }

    /// The number of bytes to keep free that was set, if any; `None`: the usual number applies.
    pub fn wanted(&self) -> Option<u64> {
        Some(self.keep_free.load(Ordering::Relaxed)).filter(|bytes| *bytes != USUAL)
    }

    /// [`StorageFault::Full`] when after `more` further bytes less would be free than is kept free. Where the system does not say
    /// how much is free, nothing is refused.
    pub fn require(&self, more: u64) -> Result<()> {
        match self.now() {
            Some(disk) if disk.free < disk.kept_free.saturating_add(more) => {
                tracing::info!(free = disk.free, kept_free = disk.kept_free, more, "refused a file: the disk is almost full");
                Err(Error::Storage(StorageFault::Full))
            }
            _ => Ok(()),
        }
    }

    /// The disk as of a moment ago ([`limits::SPACE_CHECK_INTERVAL`]); `None` where the system does not say.
    pub fn now(&self) -> Option<DiskSpace> {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        let found = match *looked {
            Some((at, found)) if at.elapsed() < limits::SPACE_CHECK_INTERVAL => found,
            _ => {
                let found = room_on_disk(&self.folder);
                *looked = Some((Instant::now(), found));
                found
            }
        };
        let (free, total) = found?;
        let kept_free = match self.keep_free.load(Ordering::Relaxed) {
            USUAL => usually_kept_free(total),
            bytes => bytes,
        };
        Some(DiskSpace { free, total, kept_free })
    }
}

/// The usual number of bytes that are kept free on a disk of `total` bytes: [`limits::MIN_FREE_BYTES`], or
/// [`limits::MIN_FREE_PERCENT`] percent of the disk where that is less.
pub fn usually_kept_free(total: u64) -> u64 {
    limits::MIN_FREE_BYTES.min(total / 100 * limits::MIN_FREE_PERCENT)
}

/// Bytes that this process may still write on the disk of that folder, and bytes in all. `None` where the system does not say.
#[cfg(unix)]
pub fn room_on_disk(folder: &Path) -> Option<(u64, u64)> {
    match rustix::fs::statvfs(folder) {
        // Some network file systems report no size.
        Ok(disk) if disk.f_blocks > 0 => {
            Some((disk.f_bavail.saturating_mul(disk.f_frsize), disk.f_blocks.saturating_mul(disk.f_frsize)))
        }
        Ok(_) => None,
        Err(error) => {
            tracing::warn!(%error, ?folder, "the room on the disk cannot be found out");
            None
        }
    }
}

/// Always `None`: not known on this system.
#[cfg(not(unix))]
pub fn room_on_disk(_folder: &Path) -> Option<(u64, u64)> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const MB: u64 = 1024 * 1024;

    #[test]
    fn a_gigabyte_is_kept_free_or_a_twentieth_of_a_small_disk() {
        let rounded = |total: u64| usually_kept_free(total) / MB;
        assert_eq!([0, 1024 * MB, 10 * 1024 * MB, 20 * 1024 * MB, 4 << 40].map(rounded), [0, 51, 511, 1023, 1024]);
    }

    #[cfg(unix)]
    #[test]
    fn what_would_go_below_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let space = Space::of(folder.path());
        let disk = space.now().expect("a disk");
        assert!(disk.free <= disk.total && disk.kept_free == usually_kept_free(disk.total));
        space.keep_free(0);
        assert_eq!(space.require(0), Ok(()));
        assert_eq!(space.require(disk.total + 1), Err(Error::Storage(StorageFault::Full)));
        space.keep_free(disk.total + 1);
        assert_eq!(space.require(0), Err(Error::Storage(StorageFault::Full)));
    }
}
