//! Files that the members of a group share. The bytes are kept in the data folder, named by their SHA-256, once for all groups
//! that share the same content; the database knows which groups share them.

pub mod rules;

use serde::{Deserialize, Serialize};

use crate::page::Page;

/// One shared file as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRow {
    /// A UUID, which the URL of the file has.
    pub file_id: String,
    /// The name that the file had when it was shared; see [`rules::FileName`].
    pub file_name: String,
    /// Size, bytes; at most [`crate::limits::GROUP_FILE_BYTES`].
    pub file_size: u64,
    /// Username of the account that shared the file; empty: the app's back end or an operator shared it.
    pub file_owner: String,
    /// When the file was shared, milliseconds since 1970.
    pub created_at: i64,
}

/// What deleting some files would remove, for the dialog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSummary {
    /// Those of the files that still exist.
    pub files: Vec<FileRef>,
}

/// A file by its id and its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// The UUID of the file.
    pub file_id: String,
    /// The name of the file.
    pub file_name: String,
}

/// Bytes in use, and the most that may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Bytes in use.
    pub used: u64,
    /// The quota, bytes; `None`: no limit.
    pub max: Option<u64>,
}

impl Usage {
    /// The quota, when so many more bytes would exceed it; `None` when they fit. Zero bytes always fit.
    pub fn too_little_for(&self, bytes: u64) -> Option<u64> {
        self.max.filter(|max| bytes > 0 && self.used.saturating_add(bytes) > *max)
    }
}

/// Bytes of the shared files of a group and of its whole app. A content counts once for each time it is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileUsage {
    /// Shared files of the group; the quota is one for all groups of the app.
    pub group: Usage,
    /// Shared files of all groups of the app.
    pub app: Usage,
}

/// A page of a group's files, with the quotas.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilePage {
    /// The files, newest first.
    pub page: Page<FileRow>,
    /// How much of the quotas is in use.
    pub usage: FileUsage,
}
