//! SQLite's result codes.

use domain::error::StorageFault;

use crate::db::driver::DatabaseError;

/// Whether another attempt may succeed: BUSY or LOCKED.
pub fn is_busy(error: &DatabaseError) -> bool {
    primary_code(error).is_some_and(|code| matches!(code, 5 | 6))
}

/// The storage fault that an error means, if any.
pub fn storage_fault(error: &DatabaseError) -> Option<StorageFault> {
    extended_code(error).and_then(of_code)
}

fn of_code(code: i32) -> Option<StorageFault> {
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

/// The result code without its extension: 5 BUSY, 6 LOCKED, 8 READONLY, 11 CORRUPT, 14 CANTOPEN, 26 NOTADB.
pub fn primary_code(error: &DatabaseError) -> Option<i32> {
    extended_code(error).map(|code| code & 0xff)
}

fn extended_code(error: &DatabaseError) -> Option<i32> {
    error.as_database_error()?.code()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_keeps_the_disk_from_taking_anything_has_a_name() {
        // SQLITE_FULL, SQLITE_READONLY and READONLY_DIRECTORY, IOERR_WRITE; not BUSY, not a fault while reading.
        let codes = [13, 8, 1544, 778, 5, 266].map(of_code);
        let [full, read_only] = [StorageFault::Full, StorageFault::ReadOnly].map(Some);
        assert_eq!(codes, [full, read_only, read_only, read_only, None, None]);
    }
}
