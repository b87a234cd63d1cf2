//! Why a backup or a restore failed. Each text says what is wrong and what to do.

use std::{io, path::PathBuf};

use domain::{backup::BackupProblem, error::StorageFault};

use crate::db::{OpenError, fault};

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(
        "{path:?} is the name of a file, and backups go into a folder: `roster backup FOLDER`. It keeps many of them and copies only what is new."
    )]
    IsFile { path: PathBuf },
    #[error(
        "the backup folder {folder:?} lies in the data folder and would be lost with it. Choose one elsewhere, best on another disk."
    )]
    InsideData { folder: PathBuf },
    #[error("{folder:?} is in use by another `roster backup` or `roster restore`. Wait until that one has ended.")]
    InUse { folder: PathBuf },
    #[error("{path:?} cannot be read or written: {source}. Check the path, who may write there, and the room that is left.")]
    Disk { path: PathBuf, source: io::Error },
    #[error(
        "there is no room for the backup in {folder:?}: it takes {} more, {} are free, and {} of that disk stay free (ROSTER_MIN_FREE). Make room there, keep fewer backups (--keep, ROSTER_BACKUP_KEEP), or choose another folder.",
        size(*bytes), size(*free), size(*kept)
    )]
    NoRoom { folder: PathBuf, bytes: u64, free: u64, kept: u64 },
    #[error(
        "in the data folder {folder:?} something is mounted at {found}, which can be given no other name, and a restore lets everything change places at once. Nothing was changed now. Unmount it first, or restore into another data folder."
    )]
    Mounted { folder: PathBuf, found: String },
    #[error("the copy of the database is not sound: {reason}. `roster check` says more about the data folder.")]
    Unsound { reason: String },
    #[error("the database could not be copied: {0}. Free disk space and `roster check` are worth a look.")]
    Database(#[from] sqlx::Error),
    #[error("there is no backup in {folder:?}{at}. `ls` shows what there is: each is named after its time, in UTC.")]
    None { folder: PathBuf, at: String },
    #[error("the backup {path:?} is damaged: {reason}. Restore another one.")]
    Damaged { path: PathBuf, reason: String },
    #[error(
        "the backup {path:?} was made by a newer roster (its schema is version {found}, this binary knows up to {known}). Restore it with that version."
    )]
    Newer { path: PathBuf, found: i64, known: i64 },
    #[error(
        "the data folder {folder:?} holds {found} already. With --replace that is moved into a folder of its own there, and nothing of it is removed."
    )]
    Occupied { folder: PathBuf, found: String },
    #[error("the backup {path:?} was made, but older ones could not be taken out: {why}")]
    NotRotated { path: PathBuf, why: Box<BackupError> },
    /// A fault of ours.
    #[error("it did not work: {0}.")]
    Internal(String),
}

impl BackupError {
    pub(super) fn disk(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Disk { path, source }
    }

    /// In as many words as a page has for it.
    pub fn trouble(&self) -> BackupProblem {
        let fault = match self {
            Self::NotRotated { why, .. } => return why.trouble(),
            Self::Disk { source, .. } if matches!(source.kind(), io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied) => {
                Some(StorageFault::ReadOnly)
            }
            Self::Disk { source, .. } => fault::of_io(source),
            Self::Database(error) => match error.as_database_error().and_then(|error| error.code()?.parse().ok()) {
                Some(code) => fault::of_sqlite(code),
                None => None,
            },
            Self::NoRoom { .. } => Some(StorageFault::Full),
            Self::Unsound { .. } => return BackupProblem::Unsound,
            // What is there is no folder, so nothing can be put into it.
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
