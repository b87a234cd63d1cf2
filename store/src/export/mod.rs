//! Reading what is exported: the rows of a list, page by page, and events as lines of JSON.

pub mod columns;
mod files;
pub mod jsonl;
pub mod rows;
pub mod stream;

pub use files::{ExportFile, Made, Written, action, app_name, clean, find, find_of_job, of_job, path_of, record};

/// A fault of the disk, for the log.
pub fn fault(error: impl std::fmt::Display) -> domain::Error {
    domain::Error::Internal(format!("an export could not be written: {error}"))
}
