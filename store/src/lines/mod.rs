//! Rows as one text each, for files: what a page of them holds, the SQL of their columns, and JSON Lines. For exports, for the log as it
//! grows and for its archives.

pub mod columns;
pub mod jsonl;
mod page;

pub use page::{Cell, Page, is_json_line};

/// A fault of the disk, for the log.
pub fn fault(error: impl std::fmt::Display) -> domain::Error {
    domain::Error::Internal(format!("an export could not be written: {error}"))
}
