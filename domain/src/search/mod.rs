//! Search for groups and accounts of one app by a few characters: for the command palette and the search page.

use serde::{Deserialize, Serialize};

use crate::{account::Person, group::GroupType};

/// The results for a term. Not counted: the lists do that.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchResults {
    /// At most eight groups; those whose id or name begins with the term come first.
    pub groups: Vec<GroupHit>,
    /// At most eight accounts, the same that a username field suggests.
    pub accounts: Vec<Person>,
}

/// One group that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupHit {
    /// The group's id within the app.
    pub group_id: String,
    /// The group's name.
    pub name: String,
    /// The group's type, for its badge.
    #[serde(rename = "type")]
    pub group_type: GroupType,
}
