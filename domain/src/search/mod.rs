//! Finding things of one app by a few characters, whatever they are: for the command palette and the search page.

use serde::{Deserialize, Serialize};

use crate::{account::Person, group::GroupType};

/// What a term found. Not counted: the lists do that.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// At most eight; id or name that begins with the term first.
    pub groups: Vec<GroupHit>,
    /// At most eight, as a username field suggests them.
    pub accounts: Vec<Person>,
}

/// One group that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupHit {
    pub group_id: String,
    pub name: String,
    #[serde(rename = "type")]
    pub group_type: GroupType,
}
