//! Exports: accounts as a CSV file that is fetched with a one-time token. The types are here, where the browser sees them
//! too; the file and its row are made in `store.rs`.

pub mod guard;
#[cfg(feature = "store")]
mod store;

#[cfg(feature = "store")]
pub use store::{ExportFile, accounts, clean, find};

use serde::{Deserialize, Serialize};

/// The columns of an account export, in order: the names of the profile fields. The values are the wire's.
pub const ACCOUNT_COLUMNS: [&str; 15] = [
    "username",
    "type",
    "nickname",
    "gender",
    "birthday",
    "location",
    "self_signature",
    "allow_type",
    "language",
    "image",
    "msg_settings",
    "admin_forbid_type",
    "level",
    "role",
    "created_at",
];

/// An export that is ready to be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// Names the file; good for the operator who made it, for [`crate::limits::EXPORT_KEPT_MS`].
    pub token: String,
    /// Rows without the header.
    pub rows: u64,
    /// Usernames that did not exist any more.
    pub gone: Vec<String>,
}
