//! A lock between readers of shared files and the process that removes them. A backup or a check reads contents one by one, while
//! the process that serves the folder removes others from the disk. A reader holds the lock; a process that wants to remove
//! contents tries to get it, and tries again later when it cannot. It is a lock of the system, so it works between processes and
//! ends with the process that holds it, however that ends.

use std::{
    fs::{File, TryLockError},
    io,
    path::Path,
};

use domain::{Error, Result};

use super::temp_file::disk_fault;

/// What is locked is the folder itself, so that nothing has to be created in a folder that can only be read, and no file of
/// another user is left in the server's folder.
#[cfg(unix)]
fn lockable(folder: &Path) -> io::Result<File> {
    File::open(folder)
}

/// Where folders cannot be opened, a file in the folder is locked.
#[cfg(not(unix))]
fn lockable(folder: &Path) -> io::Result<File> {
    super::private().read(true).write(true).create(true).truncate(false).open(folder.join("folder.lock"))
}

/// While it exists no content is removed from the disk. Several may exist at once.
#[derive(Debug)]
pub struct ContentReadLock {
    _file: File,
}

impl ContentReadLock {
    /// Waits for the process that is removing contents at the moment, a hundred at most, and takes the lock.
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

/// While it exists nobody can take a [`ContentReadLock`], and nobody else removes contents.
#[derive(Debug)]
pub struct ContentRemoveLock {
    _file: File,
}

impl ContentRemoveLock {
    /// Takes the lock; `None` while any other of these locks is held.
    pub fn begin(folder: &Path) -> Result<Option<Self>> {
        let file = lockable(folder).map_err(disk_fault)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(disk_fault(error)),
        }
    }
}
