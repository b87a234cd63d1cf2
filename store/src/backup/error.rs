//! Why a backup or a restore failed. Each text says what is wrong and what to do.

use std::{io, path::PathBuf};

use domain::{backup::BackupProblem, error::StorageFault};

use crate::db::{DatabaseError, OpenError, fault};

/// Why a backup or a restore failed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The data folder or its database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The path for the backup folder is the name of a file.
    #[error(
        "{path:?} is the name of a file, and backups go into a folder: `roster backup FOLDER`. It keeps many of them and copies only what is new."
    )]
    IsFile {
        /// That path.
        path: PathBuf,
    },
    /// The backup folder is inside the data folder.
    #[error(
        "the backup folder {folder:?} lies in the data folder and would be lost with it. Choose one elsewhere, best on another disk."
    )]
    InsideData {
        /// The backup folder.
        folder: PathBuf,
    },
    /// Another process makes or restores a backup in the same folder.
    #[error("{folder:?} is in use by another `roster backup` or `roster restore`. Wait until that one has ended.")]
    InUse {
        /// The backup folder.
        folder: PathBuf,
    },
    /// A file or folder cannot be read or written.
    #[error("{path:?} cannot be read or written: {source}. Check the path, who may write there, and the room that is left.")]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// What the system reports.
        source: io::Error,
    },
    /// The disk has too little room for the backup.
    #[error(
        "there is no room for the backup in {folder:?}: it takes {} more, {} are free, and {} of that disk stay free (ROSTER_MIN_FREE). Make room there, keep fewer backups (--keep, ROSTER_BACKUP_KEEP), or choose another folder.",
        size(*bytes), size(*free), size(*kept)
    )]
    NoRoom {
        /// The backup folder.
        folder: PathBuf,
        /// How much the backup still needs, bytes.
        bytes: u64,
        /// How much of the disk is free, bytes.
        free: u64,
        /// How much of the disk must stay free, bytes.
        kept: u64,
    },
    /// Something is mounted inside the data folder, so a restore cannot rename it.
    #[error(
        "in the data folder {folder:?} something is mounted at {found}, which can be given no other name, and a restore lets everything change places at once. Nothing was changed now. Unmount it first, or restore into another data folder."
    )]
    Mounted {
        /// The data folder.
        folder: PathBuf,
        /// The names at which something is mounted.
        found: String,
    },
    /// The copy of the database is damaged.
    #[error("the copy of the database is not sound: {reason}. `roster check` says more about the data folder.")]
    Unsound {
        /// What SQLite's check of the copy reports.
        reason: String,
    },
    /// The database cannot be copied, or the copy cannot be changed.
    #[error("the database could not be copied: {0}. Free disk space and `roster check` are worth a look.")]
    Database(#[from] DatabaseError),
    /// The folder has no backup, or none with the name that was asked for.
    #[error("there is no backup in {folder:?}{at}. `ls` shows what there is: each is named after its time, in UTC.")]
    None {
        /// The folder that was searched.
        folder: PathBuf,
        /// The beginning of the name that was asked for, as the text shows it; empty when any was welcome.
        at: String,
    },
    /// A backup is not what was written.
    #[error("the backup {path:?} is damaged: {reason}. Restore another one.")]
    Damaged {
        /// The folder of the backup.
        path: PathBuf,
        /// What differs.
        reason: String,
    },
    /// The schema of the backup is newer than this program.
    #[error(
        "the backup {path:?} was made by a newer roster, or by one from before the first release (its schema is version {found}, this binary knows up to {known}). Restore it with that version."
    )]
    Newer {
        /// The folder of the backup.
        path: PathBuf,
        /// The version of its schema.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// The data folder already holds data, and replacing them was not allowed.
    #[error(
        "the data folder {folder:?} holds {found} already. With --replace that is moved into a folder of its own there, and nothing of it is removed."
    )]
    Occupied {
        /// The data folder.
        folder: PathBuf,
        /// What it holds, in words.
        found: String,
    },
    /// The backup was made, but older ones could not be removed.
    #[error("the backup {path:?} was made, but older ones could not be taken out: {why}")]
    NotRotated {
        /// The folder of the new backup.
        path: PathBuf,
        /// Why the older ones could not be removed.
        why: Box<BackupError>,
    },
    /// An internal error, with its message.
    #[error("it did not work: {0}.")]
    Internal(String),
}

impl BackupError {
    pub(super) fn disk(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Disk { path, source }
    }

    /// The kind of the error, as the console shows it.
    pub fn trouble(&self) -> BackupProblem {
        let fault = match self {
            Self::NotRotated { why, .. } => return why.trouble(),
            Self::Disk { source, .. } if matches!(source.kind(), io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied) => {
                Some(StorageFault::ReadOnly)
            }
            Self::Disk { source, .. } => fault::of_io(source),
            Self::Database(error) => fault::storage_fault(error),
            Self::NoRoom { .. } => Some(StorageFault::Full),
            Self::Unsound { .. } => return BackupProblem::Unsound,
            // The path is a file, so nothing can be written into it.
            Self::IsFile { .. } => Some(StorageFault::ReadOnly),
            Self::Open(_)
            | Self::InsideData { .. }
            | Self::InUse { .. }
            | Self::Mounted { .. }
            | Self::None { .. }
            | Self::Damaged { .. }
            | Self::Newer { .. }
            | Self::Occupied { .. }
            | Self::Internal(_) => None,
        };
        match fault {
            Some(StorageFault::Full) => BackupProblem::Full,
            Some(StorageFault::ReadOnly) => BackupProblem::NotWritable,
            None => BackupProblem::Other,
        }
    }
}

/// Bytes in words, rounded up: `12 MB`.
fn size(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1 << 20))
}

impl From<domain::Error> for BackupError {
    fn from(error: domain::Error) -> Self {
        Self::Internal(error.to_string())
    }
}
