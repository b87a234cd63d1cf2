//! Files in the data folder that are not finished yet. They go when they are dropped, and with the next process when this one is killed:
//! their names say which process they belong to.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use domain::{Error, Result};

use super::{fault, make_folder, new_token, private};

/// A fault of the disk. Whether it is full or takes nothing is told; the rest is for the log.
pub fn disk_fault(error: impl std::error::Error + 'static) -> Error {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(cause) = next {
        if let Some(fault) = cause.downcast_ref::<io::Error>().and_then(fault::of_io) {
            tracing::error!(%error, ?fault, "a file in the data folder could not be written");
            return Error::Storage(fault);
        }
        next = cause.source();
    }
    Error::Internal(format!("a file in the data folder: {error}"))
}

/// What the names of all unfinished files begin with.
const PREFIX: &str = "tmp-";

/// What the names of this process's unfinished files begin with.
fn mine() -> &'static str {
    static MINE: OnceLock<String> = OnceLock::new();
    MINE.get_or_init(|| format!("{PREFIX}{}-", new_token().0))
}

/// A file of this process that goes when it is dropped, unless it becomes another one.
#[derive(Debug)]
pub struct TempFile {
    path: PathBuf,
}

impl TempFile {
    /// A name in that folder that no file has. The folder is made if it is not there.
    pub fn new(folder: &Path) -> Result<Self> {
        make_folder(folder).map_err(disk_fault)?;
        Ok(Self { path: folder.join(format!("{}{}", mine(), new_token().0)) })
    }

    /// Whether a file of that name was left unfinished, by a process before this one or by [`Self::abandon`]. Other names are nobody's
    /// business here.
    pub fn is_left_behind(name: &str) -> bool {
        name.starts_with(PREFIX) && !name.starts_with(mine())
    }

    /// Leaves the file to the clean-up, which looks at more than this can.
    pub fn abandon(self) {
        let left = self.path.with_file_name(format!("{PREFIX}left-{}", new_token().0));
        // When that fails it is as if nothing had been tried: the file goes when this is dropped.
        let _ = fs::rename(&self.path, left);
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn create(&self) -> Result<File> {
        private().read(true).write(true).create_new(true).open(&self.path).map_err(disk_fault)
    }

    /// From now on it has that name too. `false` when something else has it already.
    pub fn is_also(&self, path: &Path) -> Result<bool> {
        match fs::hard_link(&self.path, path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(disk_fault(error)),
        }
    }

    /// From now on it has that name, and stays.
    pub fn becomes(self, path: &Path) -> Result<()> {
        fs::rename(&self.path, path).map_err(disk_fault)
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, path = ?self.path, "an unfinished file could not be removed");
            }
            _ => {}
        }
    }
}
