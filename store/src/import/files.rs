//! The files of imports in the data folder.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::Store;
pub use crate::db::{TempFile, disk_fault as fault};
use domain::Result;

fn folder(store: &Store) -> PathBuf {
    store.folder().join("imports")
}

/// Where the rows of an import are on the disk.
pub fn rows_path(store: &Store, id: i64) -> PathBuf {
    folder(store).join(format!("{id}.rows"))
}

/// A file of this process that is deleted when it is dropped, unless it becomes the rows of an import.
pub fn scratch(store: &Store) -> Result<TempFile> {
    TempFile::new(&folder(store))
}

/// Removes a file; whether it existed and was removed.
pub fn remove(path: &Path) -> bool {
    match fs::remove_file(path) {
        Ok(()) => true,
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => {
            tracing::warn!(%error, ?path, "a file of an import could not be removed");
            false
        }
    }
}

/// Removes files that belong to no import: rows of other numbers than `known` up to `last`, and what earlier processes have left
/// unfinished. How many files.
pub fn sweep(store: &Store, known: &[i64], last: i64) -> u64 {
    let Ok(entries) = fs::read_dir(folder(store)) else { return 0 };
    let is_stray = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        match name.strip_suffix(".rows").and_then(|number| number.parse::<i64>().ok()) {
            Some(id) => id <= last && !known.contains(&id),
            None => TempFile::is_left_behind(&name),
        }
    };
    entries.flatten().map(|entry| entry.path()).filter(is_stray).map(|path| u64::from(remove(&path))).sum()
}
