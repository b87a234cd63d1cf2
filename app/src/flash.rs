//! The result of a form without JavaScript: it was posted, the browser was redirected, and the next page shows the result once,
//! with everything that was typed. In between the server keeps it in the session.

use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// Hidden field: where to go after success. A path of this server.
pub const NEXT_FIELD: &str = "_next";
/// Hidden field: the page that holds the form, path and query. The page to return to when the form is refused.
pub const FROM_FIELD: &str = "_from";

/// Header of what a page posts by itself: the page's own id. It is not notified of its own changes.
pub const PAGE_HEADER: &str = "x-roster-page";

/// The key for the form that sends a file, as it has no server function.
pub const UPLOAD: &str = "/imports";
/// The same for a file that a group is to share.
pub const SHARE: &str = "/files/upload";

/// The result of one posted form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// Path of the server function, such as `/_fn/group/create`.
    pub action: String,
    /// The function's answer as JSON, or its error.
    pub result: Result<String, AppError>,
    /// The form as it was sent, without passwords and without where to go; empty after success.
    pub fields: Vec<(String, String)>,
    /// Whether `fields` is all that was sent. Of a form too large to keep only the short fields are kept, and it starts empty.
    #[serde(default = "yes")]
    pub complete: bool,
}

fn yes() -> bool {
    true
}

/// Fields that are never kept.
pub fn is_secret(field: &str) -> bool {
    matches!(field, "password" | "current" | "repeat" | "token")
}
