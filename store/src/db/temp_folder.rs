//! A temporary folder, removed when it is dropped. One that a killed process left is recognised by a lock that nobody holds any
//! more, and is removed by the next process that makes one in the same place.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use super::{new_token, private};

const PREFIX: &str = "roster-room-";
const LOCK: &str = "lock";

/// A temporary folder of this process, with all that is in it.
#[derive(Debug)]
pub struct TempFolder {
    path: PathBuf,
    _lock: File,
}

impl TempFolder {
    /// Makes a folder inside `beside` that only its owner may enter, and removes those that killed processes left there.
    pub fn new(beside: &Path) -> io::Result<Self> {
        drop_left_behind(beside);
        let path = beside.join(format!("{PREFIX}{}", new_token().0));
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path)?;
        let lock = private().write(true).create_new(true).open(path.join(LOCK)).and_then(|file| file.lock().map(|()| file));
        match lock {
            Ok(lock) => Ok(Self { path, _lock: lock }),
            Err(error) => {
                // The first error is reported.
                let _ = fs::remove_dir_all(&path);
                Err(error)
            }
        }
    }

    /// The path of the folder.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            tracing::warn!(%error, path = ?self.path, "a folder that is not needed any more could not be removed");
        }
    }
}

/// What cannot be removed does no harm.
fn drop_left_behind(beside: &Path) {
    let entries = fs::read_dir(beside).into_iter().flatten().flatten();
    for path in entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX)).map(|entry| entry.path()) {
        let is_left = File::open(path.join(LOCK)).is_ok_and(|lock| lock.try_lock().is_ok());
        if is_left {
            let _ = fs::remove_dir_all(&path);
        }
    }
}
