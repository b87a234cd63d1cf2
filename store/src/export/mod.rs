//! Reads what is exported, the rows of a list page by page, and keeps the files.

mod files;
pub mod rows;

pub use files::{ExportFile, ExportStats, NewExport, app_name, clean, find, find_of_job, of_job, path_of, record};
