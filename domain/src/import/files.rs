//! Files of imports in the data folder. What is not finished goes when it is dropped, and with the next process when this one is
//! killed: its name says which process it belongs to.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use crate::{
    Error, Result, Store,
    db::{make_folder, new_token, private},
};

/// A fault of the disk, for the log.
pub(super) fn fault(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("a file of an import: {error}"))
}

fn folder(store: &Store) -> PathBuf {
    store.folder().join("imports")
}

/// The rows of an import.
pub(super) fn rows_path(store: &Store, id: i64) -> PathBuf {
    folder(store).join(format!("{id}.rows"))
}

/// What the names of this process's unfinished files begin with.
fn mine() -> &'static str {
    static MINE: OnceLock<String> = OnceLock::new();
    MINE.get_or_init(|| format!("tmp-{}-", new_token().0))
}

/// A file of this process that goes when it is dropped, unless it becomes another one.
#[derive(Debug)]
pub(super) struct Scratch {
    path: PathBuf,
}

impl Scratch {
    /// A name that no file has.
    pub fn new(store: &Store) -> Result<Self> {
        let folder = folder(store);
        make_folder(&folder).map_err(fault)?;
        Ok(Self { path: folder.join(format!("{}{}", mine(), new_token().0)) })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn create(&self) -> Result<File> {
        private().read(true).write(true).create_new(true).open(&self.path).map_err(fault)
    }

    /// From now on it has that name, and stays.
    pub fn becomes(self, path: &Path) -> Result<()> {
        fs::rename(&self.path, path).map_err(fault)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, path = ?self.path, "an unfinished file of an import could not be removed");
            }
            _ => {}
        }
    }
}

/// Removes a file, if it is there.
pub(super) fn remove(path: &Path) -> bool {
    match fs::remove_file(path) {
        Ok(()) => true,
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => {
            tracing::warn!(%error, ?path, "a file of an import could not be removed");
            false
        }
    }
}

/// Removes what no import tells of: rows of other numbers than `known` up to `last`, and what processes before this one left
/// unfinished. How many files.
pub(super) fn sweep(store: &Store, known: &[i64], last: i64) -> u64 {
    let Ok(entries) = fs::read_dir(folder(store)) else { return 0 };
    let is_stray = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        match name.strip_suffix(".rows").and_then(|number| number.parse::<i64>().ok()) {
            Some(id) => id <= last && !known.contains(&id),
            None => !name.starts_with(mine()),
        }
    };
    entries.flatten().map(|entry| entry.path()).filter(is_stray).map(|path| u64::from(remove(&path))).sum()
}
