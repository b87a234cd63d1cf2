//! Contents of shared files are read one by one, by a backup or a check, while the process that serves the folder takes others off the
//! disk. Whoever reads them holds the folder; whoever removes some asks first and tries again later. It is a lock of the system, so it
//! works between processes and ends with the one that has it, however that ends.

use std::{
    fs::{File, TryLockError},
    io,
    path::Path,
};

use domain::{Error, Result};

use super::temp_file::disk_fault;

/// What is locked to hold a folder: itself. So nothing has to be made in one that can only be read, and nothing of another user's is left
/// in the server's.
#[cfg(unix)]
fn lockable(folder: &Path) -> io::Result<File> {
    File::open(folder)
}

/// Where folders cannot be opened, a file in it.
#[cfg(not(unix))]
fn lockable(folder: &Path) -> io::Result<File> {
    super::private().read(true).write(true).create(true).truncate(false).open(folder.join("folder.lock"))
}

/// While it is there nothing is taken off the disk. Several may be there at once.
#[derive(Debug)]
pub struct ContentReadLock {
    _file: File,
}

impl ContentReadLock {
    /// Waits for who is removing at the moment, a hundred contents at most.
    pub async fn take(folder: &Path) -> Result<Self> {
        let folder = folder.to_owned();
        let taken = tokio::task::spawn_blocking(move || {
            let file = lockable(&folder)?;
            file.lock_shared()?;
            Ok(file)
        });
        let file = taken.await.map_err(|error| Error::Internal(error.to_string()))?;
        Ok(Self { _file: file.map_err(|error: io::Error| disk_fault(error))? })
    }
}

/// While it is there nobody begins to hold the folder, and nobody else removes from it.
#[derive(Debug)]
pub struct ContentRemoveLock {
    _file: File,
}

impl ContentRemoveLock {
    /// `None` while somebody holds it.
    pub fn begin(folder: &Path) -> Result<Option<Self>> {
        let file = lockable(folder).map_err(disk_fault)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(disk_fault(error)),
        }
    }
}
