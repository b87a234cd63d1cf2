//! Unfinished files in the data folder. They are removed when they are dropped, or by the next process when this one is killed:
//! their names say which process they belong to.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use domain::{Error, Result};

use super::{fault, make_folder, new_token, private};

/// The error for a failure of the disk: [`Error::Storage`] when the disk is full or read-only, otherwise [`Error::Internal`], for
/// the log.
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

/// The beginning of the names of all unfinished files.
const PREFIX: &str = "tmp-";

/// The beginning of the names of this process's unfinished files.
fn mine() -> &'static str {
    static MINE: OnceLock<String> = OnceLock::new();
    MINE.get_or_init(|| format!("{PREFIX}{}-", new_token().0))
}

/// A file of this process that is removed when it is dropped, unless it gets another name.
#[derive(Debug)]
pub struct TempFile {
    path: PathBuf,
}

impl TempFile {
    /// Chooses a name in that folder that no file has; [`Self::create`] makes the file. Makes the folder if it is missing.
    pub fn new(folder: &Path) -> Result<Self> {
        make_folder(folder).map_err(disk_fault)?;
        Ok(Self { path: folder.join(format!("{}{}", mine(), new_token().0)) })
    }

    /// Whether a file of that name was left unfinished, by an earlier process or by [`Self::abandon`]. `false` for all other
    /// names.
    pub fn is_left_behind(name: &str) -> bool {
        name.starts_with(PREFIX) && !name.starts_with(mine())
    }

    /// Leaves the file to the clean-up, which checks more than this can.
    pub fn abandon(self) {
        let left = self.path.with_file_name(format!("{PREFIX}left-{}", new_token().0));
        // When that fails the file is removed as it is dropped, as without this call.
        let _ = fs::rename(&self.path, left);
    }

    /// The path of the unfinished file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the file, readable only by its owner; it must not exist yet.
    pub fn create(&self) -> Result<File> {
        private().read(true).write(true).create_new(true).open(&self.path).map_err(disk_fault)
    }

    /// Gives the file a second name; `false` when something else has that name already.
    pub fn is_also(&self, path: &Path) -> Result<bool> {
        match fs::hard_link(&self.path, path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(disk_fault(error)),
        }
    }

    /// Gives the file that name for good, replacing what had it.
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
