//! Files and folders that are to outlive a power cut.

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
    // Anew, and never through a link that somebody has put there.
    remove_file(to)?;
    let mut copy = private().write(true).create_new(true).open(to).map_err(wrong())?;
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

/// Removes a file if it is there.
pub(super) fn remove_file(path: &Path) -> Result<(), BackupError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(BackupError::Disk { path: path.to_owned(), source: error }),
        _ => Ok(()),
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

/// Whether something is mounted under that name in a folder, so that it can be given no other one. Where the system does not tell, another
/// disk is one that is mounted.
pub(super) fn is_mounted(folder: &Path, name: &str) -> Result<bool, BackupError> {
    let path = folder.join(name);
    let about = match fs::symlink_metadata(&path) {
        Ok(about) => about,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(BackupError::Disk { path, source: error }),
    };
    // A folder of the same disk can be mounted too, which only Linux tells.
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

/// Refuses what has no room in the folder that backups go to: `bytes` more, and then `keep_free` bytes that stay free on that disk, or as
/// many as is usual. Where the system does not tell, there is room.
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
        // There on every Linux, and no disk at all.
        if let Ok(proc) = fs::metadata("/proc/self") {
            assert!(is_of_another_disk(&proc, folder.path()).expect("a look"));
            assert!(is_mounted(Path::new("/"), "proc").expect("a look"));
        }
    }
}
