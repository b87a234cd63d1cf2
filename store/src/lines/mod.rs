//! Rows as one text each, for files: a page of them, the SQL of their columns, and JSON Lines. For exports, for the log as it
//! grows and for its archives.

pub mod columns;
pub mod jsonl;
mod page;

pub use page::{Cell, Page, is_json_line};

/// The error of a file that could not be written, for the log of the process.
pub fn fault(error: impl std::fmt::Display) -> domain::Error {
    domain::Error::Internal(format!("an export could not be written: {error}"))
}
