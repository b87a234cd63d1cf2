//! Files in the data folder that belong to a database, found where that database is missing: a sign that a disk is not mounted,
//! or that a backup is not in place yet. A new database must not treat them as its own.

use std::{fs, path::Path};

use crate::db::{OpenError, file_names::FILE, now};

/// Whether opening it would make a new database. When the file cannot be looked at, opening it reports why.
pub(super) fn is_missing_or_empty(file: &Path) -> bool {
    match fs::metadata(file) {
        Ok(metadata) => metadata.len() == 0,
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

/// Whether a log file beside the database file is a sign of another database.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Log {
    Counts,
    IsOurs,
}

/// [`OpenError::Abandoned`] when the folder has files that only a database can have left there.
pub(super) fn refuse_beside(folder: &Path, log: Log) -> Result<(), OpenError> {
    let found = belongings_beside(folder, log)?;
    if found.is_empty() { Ok(()) } else { Err(OpenError::Abandoned { folder: folder.to_owned(), found: found.join(", ") }) }
}

fn belongings_beside(folder: &Path, log: Log) -> Result<Vec<String>, OpenError> {
    let mut found = Vec::new();
    if log == Log::Counts && fs::metadata(folder.join(format!("{FILE}-wal"))).is_ok_and(|log| log.len() > 0) {
        found.push("changes in roster.db-wal".to_owned());
    }
    for name in ["files", "exports", "imports", "archive"] {
        let holds = holds_files(&folder.join(name));
        if holds.map_err(|source| OpenError::Unreadable { folder: folder.to_owned(), source })? {
            found.push(format!("files in {name}/"));
        }
    }
    Ok(found)
}

/// Whether the folder or one of its subfolders has a file. `lost+found`, which the system makes at the root of a disk, does not
/// count.
fn holds_files(folder: &Path) -> std::io::Result<bool> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_name() == "lost+found" {
            continue;
        }
        if !entry.file_type()?.is_dir() || holds_files(&entry.path())? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Renames what another database has left, so that a new one neither uses it nor overwrites it. Shared files stay: each is
/// identified by its content.
pub(super) fn rename_belongings(folder: &Path) -> Result<(), OpenError> {
    let at = now();
    for name in ["roster.db-wal", "roster.db-shm", "roster.db-journal", "exports", "imports"] {
        let (from, to) = (folder.join(name), folder.join(format!("{name}.before-{at}")));
        match fs::rename(from, to) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(OpenError::NotWritable { folder: folder.to_owned(), source: error });
            }
            _ => {}
        }
    }
    Ok(())
}

/// What the folder has that only a database can have left there, in words; empty when there is nothing. [`OpenError::Unreadable`]
/// when one of its subfolders cannot be read.
pub fn belongings(folder: &Path) -> Result<Vec<String>, OpenError> {
    let mut found = belongings_beside(folder, Log::Counts)?;
    if !is_missing_or_empty(&folder.join(FILE)) {
        found.insert(0, "a database".to_owned());
    }
    Ok(found)
}
