//! What a form without JavaScript left behind: it was posted, the browser was sent back by a redirect, and the next page shows
//! the result once, with everything that was typed. The server keeps it in the session in between.

use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// Session key under which the server keeps it.
pub const SESSION_KEY: &str = "flash";
/// Hidden field: where to go after success. A path of this server.
pub const NEXT_FIELD: &str = "_next";

/// The result of one posted form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// Path of the server function, such as `/_fn/group/create`.
    pub action: String,
    /// The function's answer as JSON, or its error.
    pub result: Result<String, AppError>,
    /// The form as it was sent, without passwords; empty after success.
    pub fields: Vec<(String, String)>,
}

/// Fields that are never kept.
pub fn is_secret(field: &str) -> bool {
    matches!(field, "password" | "current" | "repeat" | "token")
}
