//! What an error of the database or of the disk means to the caller.

use std::io;

use domain::{Error, Result, error::StorageFault};

/// The only way in which an error of the database becomes an error of Roster's.
pub trait OrFault<T> {
    /// [`Error::Busy`] when another attempt may succeed; otherwise [`Error::Storage`] for a fault of the disk or
    /// [`Error::Internal`], which are also logged.
    fn or_fault(self) -> Result<T>;
}

impl<T> OrFault<T> for sqlx::Result<T> {
    fn or_fault(self) -> Result<T> {
        self.map_err(of_database)
    }
}

/// See [`OrFault::or_fault`].
pub fn of_database(error: sqlx::Error) -> Error {
    if matches!(error, sqlx::Error::PoolTimedOut) || primary_code(&error).is_some_and(|code| matches!(code, 5 | 6)) {
        tracing::warn!(%error, "the database is busy");
        return Error::Busy;
    }
    if let Some(fault) = extended_code(&error).and_then(of_sqlite) {
        tracing::error!(%error, ?fault, "the database could not be written");
        return Error::Storage(fault);
    }
    tracing::error!(%error, "the database failed");
    Error::Internal(error.to_string())
}

/// The storage fault that an error of the file system means, if any.
#[expect(clippy::wildcard_enum_match_arm, reason = "the system has dozens of others, and may have more")]
pub fn of_io(error: &io::Error) -> Option<StorageFault> {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Some(StorageFault::Full),
        io::ErrorKind::ReadOnlyFilesystem => Some(StorageFault::ReadOnly),
        _ => None,
    }
}

/// The storage fault that an extended result code of SQLite means, if any.
pub fn of_sqlite(code: i32) -> Option<StorageFault> {
    match code {
        // SQLITE_FULL, and no room for the shared-memory file of the log.
        13 | 4874 => Some(StorageFault::Full),
        // SQLITE_IOERR while writing, syncing, truncating.
        778 | 1034 | 1290 | 1546 => Some(StorageFault::ReadOnly),
        // SQLITE_READONLY with any extension.
        code if code & 0xff == 8 => Some(StorageFault::ReadOnly),
        _ => None,
    }
}

/// SQLite's result code without its extension: 5 BUSY, 6 LOCKED, 8 READONLY, 11 CORRUPT, 14 CANTOPEN, 26 NOTADB.
pub(super) fn primary_code(error: &sqlx::Error) -> Option<i32> {
    extended_code(error).map(|code| code & 0xff)
}

/// SQLite's result code with its extension.
pub(super) fn extended_code(error: &sqlx::Error) -> Option<i32> {
    error.as_database_error()?.code()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::io::{Error as Io, ErrorKind};

    use super::*;

    #[test]
    fn what_keeps_the_disk_from_taking_anything_has_a_name() {
        assert_eq!(of_io(&Io::from_raw_os_error(28)), Some(StorageFault::Full), "ENOSPC");
        assert_eq!(of_io(&Io::from_raw_os_error(30)), Some(StorageFault::ReadOnly), "EROFS");
        assert_eq!(of_io(&Io::from(ErrorKind::NotFound)), None);
        // SQLITE_FULL, SQLITE_READONLY and READONLY_DIRECTORY, IOERR_WRITE; not BUSY, not a fault while reading.
        let codes = [13, 8, 1544, 778, 5, 266].map(of_sqlite);
        let [full, read_only] = [StorageFault::Full, StorageFault::ReadOnly].map(Some);
        assert_eq!(codes, [full, read_only, read_only, read_only, None, None]);
    }
}
