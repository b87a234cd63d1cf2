//! Saved views: an operator's own names for addresses of lists.

pub mod rules;

use serde::{Deserialize, Serialize};

/// One saved view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// The key of the row, for opening and deleting the view.
    pub id: i64,
    /// The name that the operator gave; see [`rules::ViewName`].
    pub name: String,
    /// Filters and order of the list as the caller writes them, but no cursor; see [`rules::ViewQuery`].
    pub query: String,
}
