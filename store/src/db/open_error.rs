//! Why a data folder cannot be used.

use super::DatabaseError;
use std::path::PathBuf;

/// Why the data folder cannot be used. Each text says what is wrong and what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The data folder or one of its subfolders cannot be read.
    #[error(
        "the data folder {folder:?} cannot be read: {source}. Check that the path is right and that the user who runs roster may open it."
    )]
    Unreadable {
        /// The data folder.
        folder: PathBuf,
        /// What the system reports.
        source: std::io::Error,
    },
    /// The data folder, or a file in it, cannot be written.
    #[error(
        "the data folder {folder:?} cannot be written to: {source}. Give the user who runs roster the right to write there, or choose another folder with ROSTER_DATA."
    )]
    NotWritable {
        /// The folder or file.
        folder: PathBuf,
        /// What the system reports.
        source: std::io::Error,
    },
    /// The data folder has no database, where one is needed.
    #[error("there is no database in {folder:?}. Check the path, or start `roster serve` once: it makes one.")]
    Missing {
        /// The data folder.
        folder: PathBuf,
    },
    /// The database is missing or empty, but files of one are in the data folder.
    #[error(
        "there is no database in {folder:?}, or an empty one, but {found} of another one are there. Is a disk not mounted, or a restored backup not in place yet? Put the database that belongs to them there as roster.db; if it is one of `roster backup`, run `roster restore`. To begin anew in this folder all the same, start `roster serve --new-database` once: nothing of the old is removed."
    )]
    Abandoned {
        /// The data folder.
        folder: PathBuf,
        /// These files, in words.
        found: String,
    },
    /// A restore into the data folder was interrupted.
    #[error(
        "a backup was being restored into {folder:?} and that was cut off. Run `roster restore` once more, with the same backup: it goes on where it was, and nothing is lost."
    )]
    CutOff {
        /// The data folder.
        folder: PathBuf,
    },
    /// A new database was requested where there is one already.
    #[error("there is a database in {folder:?} already. Leave --new-database out, or choose another folder with ROSTER_DATA.")]
    NotNew {
        /// The data folder.
        folder: PathBuf,
    },
    /// Another process serves the data folder or keeps its database locked.
    #[error(
        "the data folder {folder:?} is already served by another roster process. Stop that one first, or choose another folder with ROSTER_DATA."
    )]
    InUse {
        /// The data folder.
        folder: PathBuf,
    },
    /// The schema of the database is newer than this program.
    #[error(
        "the database in {folder:?} was written by a newer roster (its schema is version {found}, this binary knows up to {known}). Install that newer version, or restore a backup that was made before the update."
    )]
    Newer {
        /// The data folder.
        folder: PathBuf,
        /// The version of the database's schema.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// The schema of the database is older than this program, and the command does not migrate it.
    #[error(
        "the database in {folder:?} was written by an older roster (its schema is version {found}, this binary needs {known}) and this command does not change that. Start this version's `roster serve` once, which brings the data up to date, or use the binary that made the data."
    )]
    Outdated {
        /// The data folder.
        folder: PathBuf,
        /// The version of the database's schema; 0 without any.
        found: i64,
        /// The version that this program needs.
        known: i64,
    },
    /// The database was made by a development version, from before the first release.
    #[error(
        "the database in {folder:?} was made by a development version of roster, from before its first release, and this binary cannot bring it up to date. Nothing in it was changed: open it with the binary that made it, export there what you need, and choose a new folder with ROSTER_DATA for this one."
    )]
    Unreleased {
        /// The data folder.
        folder: PathBuf,
    },
    /// The file is the database of another program.
    #[error(
        "the database {file:?} was not made by roster. Nothing in it was changed: check the path, or choose another folder with ROSTER_DATA."
    )]
    Foreign {
        /// The database file.
        file: PathBuf,
    },
    /// The file is no database, or a damaged one.
    #[error("the database {file:?} is damaged: {reason}. Keep a copy of the folder, then restore the latest backup.")]
    Damaged {
        /// The database file.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The file that the copy was to be written to exists.
    #[error("{file:?} exists already. Choose a name that is free: a backup never overwrites a file.")]
    Exists {
        /// That file.
        file: PathBuf,
    },
    /// Any other error of the database.
    #[error("the database cannot be opened: {0}. The log may say more; free disk space and file permissions are worth a look.")]
    Database(#[from] DatabaseError),
}
