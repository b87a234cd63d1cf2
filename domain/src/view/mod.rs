//! Saved views: a name for the address of a list, for the operator who saved it.

pub mod rules;

use serde::{Deserialize, Serialize};

/// One saved view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    pub id: i64,
    pub name: String,
    /// What stands behind the `?` of the list's address: filters and order, no place in the list.
    pub query: String,
}
