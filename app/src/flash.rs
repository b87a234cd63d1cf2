//! What a form without JavaScript left behind: it was posted, the browser was sent back by a redirect, and the next page shows
//! the result once, with everything that was typed. The server keeps it in the session in between.

use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// Hidden field: where to go after success. A path of this server.
pub const NEXT_FIELD: &str = "_next";
/// Hidden field: the page that holds the form, path and query. Where to go back to when the form is refused.
pub const FROM_FIELD: &str = "_from";

/// Header of what a page posts by itself: the id that the page has given itself. Its own changes are not told to it.
pub const PAGE_HEADER: &str = "x-roster-page";

/// What the form that sends a file stands under, as it has no server function.
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
    /// Whether `fields` is all that was sent. Of a form too large to keep only short fields are, and it starts anew.
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
