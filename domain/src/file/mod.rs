//! Files that the members of a group share. The bytes lie in the data folder, named by their SHA-256, once for all groups that share the
//! same content; the database knows whose they are.

pub mod rules;

use serde::{Deserialize, Serialize};

use crate::page::Page;

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

/// Bytes that are used, and that may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    pub used: u64,
    /// `None`: no limit.
    pub max: Option<u64>,
}

impl Usage {
    /// The limit, when so many more bytes do not fit below it.
    pub fn too_little_for(&self, bytes: u64) -> Option<u64> {
        self.max.filter(|max| bytes > 0 && self.used.saturating_add(bytes) > *max)
    }
}

/// What the shared files of a group and of its whole app have together. A content counts once for each time it is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileUsage {
    pub group: Usage,
    pub app: Usage,
}

/// A page of a group's files, and how much there may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilePage {
    pub page: Page<FileRow>,
    pub usage: FileUsage,
}
