//! Files and folders that are to outlive a power cut.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

use super::BackupError;
use crate::{db::private, file::store::sha256_of};

/// On a thread that may wait for the disk.
pub(super) async fn waiting<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T, BackupError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| BackupError::Internal(error.to_string()))?
}

/// Copies a file's content, reads the copy back, and says what its SHA-256 is. On the disk for good when it is over.
pub(super) fn copy(from: &Path, to: &Path) -> Result<[u8; 32], BackupError> {
    let mut source = File::open(from).map_err(BackupError::disk(from))?;
    let wrong = || BackupError::disk(to);
    let mut copy = private().write(true).create(true).truncate(true).open(to).map_err(wrong())?;
    // By the system, between two files, where it can.
    if let Err(error) = io::copy(&mut source, &mut copy) {
        // Which of the two it was, the error does not say.
        sha256_of(from).map_err(BackupError::disk(from))?;
        return Err(wrong()(error));
    }
    copy.sync_all().map_err(wrong())?;
    drop(copy);
    sha256_of(to).map_err(wrong())
}

/// The names in a folder are on the disk for good.
pub(super) fn sync_folder(folder: &Path) -> Result<(), BackupError> {
    match File::open(folder).and_then(|file| file.sync_all()) {
        // Not every system lets folders be opened, and not every network share has them synced.
        Err(_) if cfg!(not(unix)) => Ok(()),
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        synced => synced.map_err(BackupError::disk(folder)),
    }
}

/// Makes a folder that only its owner may enter, within one that is there: elsewhere a disk may not be mounted. One that exists is left as
/// it is.
pub(super) fn make_folder(folder: &Path) -> Result<(), BackupError> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        made => made.map_err(BackupError::disk(folder)),
    }
}

/// Removes a folder with all that is in it, if it is there.
pub(super) fn remove_folder(folder: &Path) -> Result<(), BackupError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(BackupError::Disk { path: folder.to_owned(), source: error })
        }
        _ => Ok(()),
    }
}

/// Refuses what has no room in the folder that backups go to: `bytes` more. Where that is the disk of the data folder too, `keep_free` bytes
/// stay free there, or as many as is usual. Where the system does not tell, there is room.
#[cfg(unix)]
pub(super) fn require_room(data: &Path, folder: &Path, bytes: u64, keep_free: Option<u64>) -> Result<(), BackupError> {
    use std::os::unix::fs::MetadataExt;

    use crate::limits;

    let disk = match rustix::fs::statvfs(folder) {
        // Some network file systems know no size.
        Ok(disk) if disk.f_blocks > 0 => disk,
        _ => return Ok(()),
    };
    let (free, total) = (disk.f_bavail.saturating_mul(disk.f_frsize), disk.f_blocks.saturating_mul(disk.f_frsize));
    let usual = || limits::MIN_FREE_BYTES.min(total / 100 * limits::MIN_FREE_PERCENT);
    let is_one_disk = match (fs::metadata(data), fs::metadata(folder)) {
        (Ok(data), Ok(folder)) => data.dev() == folder.dev(),
        _ => false,
    };
    let kept = if is_one_disk { keep_free.unwrap_or_else(usual) } else { 0 };
    if free < bytes.saturating_add(kept) {
        tracing::warn!(free, bytes, kept, ?folder, "there is no room for a backup");
        return Err(BackupError::Disk { path: folder.to_owned(), source: io::ErrorKind::StorageFull.into() });
    }
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn require_room(_data: &Path, _folder: &Path, _bytes: u64, _keep_free: Option<u64>) -> Result<(), BackupError> {
    Ok(())
}
