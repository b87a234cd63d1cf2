//! What belongs to a database and lies in the data folder without it: signs that a disk is not mounted, or that a backup is not in place
//! yet. A new database must not take it for its own.

use std::{fs, path::Path};

use super::{FILE, OpenError, now};

/// Whether opening it would make a new database. What cannot be looked at is told by what opens it.
pub(super) fn is_missing_or_empty(file: &Path) -> bool {
    match fs::metadata(file) {
        Ok(metadata) => metadata.len() == 0,
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

/// Whether a log beside the file tells of another database.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Log {
    Counts,
    IsOurs,
}

/// [`OpenError::Abandoned`] when there is in the folder what only a database can have left there.
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

/// Whether there is a file in the folder or in one of its folders. What belongs to the system, as at the root of a disk, is none.
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

/// Gives what another database has left other names, so that a new one neither takes it for its own nor writes over it. Shared files
/// stay: each is looked at by its content.
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

/// What there is in the folder that only a database can have left there, in words; empty when nothing is.
pub fn belongings(folder: &Path) -> Result<Vec<String>, OpenError> {
    let mut found = belongings_beside(folder, Log::Counts)?;
    if !is_missing_or_empty(&folder.join(FILE)) {
        found.insert(0, "a database".to_owned());
    }
    Ok(found)
}
