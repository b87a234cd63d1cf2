//! What an error of the database or of the disk means to the caller.

use std::io;

use domain::{Error, Result, error::StorageFault};

use super::driver::{DatabaseError, sqlite};

/// The only way in which an error of the database becomes an error of Roster's.
pub trait OrFault<T> {
    /// [`Error::Busy`] when another attempt may succeed; otherwise [`Error::Storage`] for a fault of the disk or
    /// [`Error::Internal`], which are also logged.
    fn or_fault(self) -> Result<T>;
}

impl<T> OrFault<T> for Result<T, DatabaseError> {
    fn or_fault(self) -> Result<T> {
        self.map_err(of_database)
    }
}

/// See [`OrFault::or_fault`].
pub fn of_database(error: DatabaseError) -> Error {
    if matches!(error, DatabaseError::PoolTimedOut) || sqlite::fault::is_busy(&error) {
        tracing::warn!(%error, "the database is busy");
        return Error::Busy;
    }
    if let Some(fault) = storage_fault(&error) {
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

/// The storage fault that an error of the database means, if any.
pub fn storage_fault(error: &DatabaseError) -> Option<StorageFault> {
    sqlite::fault::storage_fault(error)
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
    }
}
