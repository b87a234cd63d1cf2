//! Files that the members of a group share. The bytes lie in the data folder, named by their SHA-256, once for all groups that share the
//! same content; the database knows whose they are.

pub mod rules;
#[cfg(feature = "store")]
pub mod store;

use serde::{Deserialize, Serialize};

/// One file as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRow {
    /// A UUID.
    pub file_id: String,
    pub file_name: String,
    /// Bytes.
    pub file_size: u64,
    /// Username of who shared it; empty: the app's back end or an operator.
    pub file_owner: String,
    pub created_at: i64,
}

/// What deleting some files would take away, for its dialog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSummary {
    /// Those of them that exist.
    pub files: Vec<FileNamed>,
}

/// A file by its id and its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileNamed {
    pub file_id: String,
    pub file_name: String,
}
