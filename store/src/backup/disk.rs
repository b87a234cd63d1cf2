//! Files and folders that must survive a power cut.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

use super::BackupError;
use crate::{
    db::{private, room_on_disk, usually_kept_free},
    file::sha256_of,
};

/// Runs work that waits for the disk on a thread of its own.
pub(super) async fn waiting<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T, BackupError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| BackupError::Internal(error.to_string()))?
}

/// Copies a file, reads the copy again, and answers its SHA-256. When it returns, the copy is synced to the disk.
pub(super) fn copy(from: &Path, to: &Path) -> Result<[u8; 32], BackupError> {
    let mut source = File::open(from).map_err(BackupError::disk(from))?;
    let wrong = || BackupError::disk(to);
    // A new file, so that nothing is written through a link that somebody has put there.
    remove_file(to)?;
    let mut copy = private().write(true).create_new(true).open(to).map_err(wrong())?;
    // The system copies from file to file where it can.
    if let Err(error) = io::copy(&mut source, &mut copy) {
        // The error does not say which of the two files failed.
        sha256_of(from).map_err(BackupError::disk(from))?;
        return Err(wrong()(error));
    }
    copy.sync_all().map_err(wrong())?;
    drop(copy);
    sha256_of(to).map_err(wrong())
}

/// Syncs the names in a folder to the disk.
pub(super) fn sync_folder(folder: &Path) -> Result<(), BackupError> {
    match File::open(folder).and_then(|file| file.sync_all()) {
        // Some systems do not open folders, and some network shares do not sync them.
        Err(_) if cfg!(not(unix)) => Ok(()),
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        synced => synced.map_err(BackupError::disk(folder)),
    }
}

/// Makes a folder that only its owner may enter, within one that exists: where the parent is missing, a disk may not be mounted.
/// An existing folder stays unchanged.
pub(super) fn make_folder(folder: &Path) -> Result<(), BackupError> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        made => made.map_err(BackupError::disk(folder)),
    }
}

/// Removes a file if it exists.
pub(super) fn remove_file(path: &Path) -> Result<(), BackupError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(BackupError::Disk { path: path.to_owned(), source: error }),
        _ => Ok(()),
    }
}

/// Removes a folder with everything in it, if it exists.
pub(super) fn remove_folder(folder: &Path) -> Result<(), BackupError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(BackupError::Disk { path: folder.to_owned(), source: error })
        }
        _ => Ok(()),
    }
}

/// Whether something is mounted under that name in a folder, so that it cannot be renamed. Where the system does not say so, a
/// different disk counts as mounted.
pub(super) fn is_mounted(folder: &Path, name: &str) -> Result<bool, BackupError> {
    let path = folder.join(name);
    let about = match fs::symlink_metadata(&path) {
        Ok(about) => about,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(BackupError::Disk { path, source: error }),
    };
    // A folder of the same disk can be mounted too, which only Linux reports.
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
        if let Ok(told) = statx(CWD, &path, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::BASIC_STATS)
            && told.stx_attributes_mask.contains(StatxAttributes::MOUNT_ROOT)
        {
            return Ok(told.stx_attributes.contains(StatxAttributes::MOUNT_ROOT));
        }
    }
    is_of_another_disk(&about, folder)
}

#[cfg(unix)]
fn is_of_another_disk(about: &fs::Metadata, folder: &Path) -> Result<bool, BackupError> {
    use std::os::unix::fs::MetadataExt;
    Ok(about.dev() != fs::metadata(folder).map_err(BackupError::disk(folder))?.dev())
}

#[cfg(not(unix))]
fn is_of_another_disk(_about: &fs::Metadata, _folder: &Path) -> Result<bool, BackupError> {
    Ok(false)
}

/// [`BackupError::NoRoom`] when the disk of the backup folder has less than `bytes` free beyond the `keep_free` bytes that stay
/// free (`None`: the usual number). Where the system does not say how much is free, nothing is refused.
pub(super) fn require_room(folder: &Path, bytes: u64, keep_free: Option<u64>) -> Result<(), BackupError> {
    let Some((free, total)) = room_on_disk(folder) else { return Ok(()) };
    let kept = keep_free.unwrap_or_else(|| usually_kept_free(total));
    if free < bytes.saturating_add(kept) {
        return Err(BackupError::NoRoom { folder: folder.to_owned(), bytes, free, kept });
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link() {
        let folder = tempfile::TempDir::new().unwrap();
        let [from, to, other] = ["from", "to", "other"].map(|name| folder.path().join(name));
        fs::write(&from, "new").unwrap();
        fs::write(&other, "old").unwrap();
        std::os::unix::fs::symlink(&other, &to).unwrap();
        copy(&from, &to).unwrap();
        assert_eq!((fs::read(&to).unwrap(), fs::read(&other).unwrap()), (b"new".to_vec(), b"old".to_vec()));
    }

    #[test]
    fn what_is_of_another_disk_is_mounted() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("files")).expect("a folder");
        assert!(!is_mounted(folder.path(), "files").expect("a look"));
        assert!(!is_mounted(folder.path(), "missing").expect("a look"));
        // Exists on every Linux and is not on a disk.
        if let Ok(proc) = fs::metadata("/proc/self") {
            assert!(is_of_another_disk(&proc, folder.path()).expect("a look"));
            assert!(is_mounted(Path::new("/"), "proc").expect("a look"));
        }
    }
}
