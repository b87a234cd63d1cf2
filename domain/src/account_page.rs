//! An account's own page: the account, the groups that it belongs to or owns, and the events about it.

use serde::{Deserialize, Serialize};

use crate::{account::Account, event::EventRow, group::GroupType, member::MemberRole, page::Page};

/// Everything that an account's own page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountPage {
    /// The account with its profile.
    pub account: Account,
    /// The groups that the account belongs to, the latest joined first.
    pub groups: Page<MembershipRow>,
    /// The groups that the account owns, newest first; groups of types without a member list are in this list only.
    pub owned: Page<OwnedRow>,
    /// The latest events about the account, newest first.
    pub events: Vec<EventRow>,
}

/// Where an account's page is in its two lists: words that are not checked yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountPageParams {
    /// Rows of a page: 20, 50 or 100, for both lists.
    pub size: String,
    /// Cursor in the groups that the account belongs to; empty for the first page.
    pub cursor: String,
    /// Cursor in the groups that the account owns; empty for the first page.
    pub owned: String,
}

/// One group that an account belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembershipRow {
    /// The group's id within the app.
    pub group_id: String,
    /// The group's name.
    pub name: String,
    /// The group's type.
    #[serde(rename = "type")]
    pub group_type: GroupType,
    /// The account's role in the group.
    pub role: MemberRole,
    /// When the account joined, milliseconds since 1970.
    pub joined_at: i64,
    /// When the account's mute in the group ends, milliseconds since 1970; `None`: it may speak.
    pub muted_until: Option<i64>,
}

/// One group that an account owns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnedRow {
    /// The group's id within the app.
    pub group_id: String,
    /// The group's name.
    pub name: String,
    /// The group's type.
    #[serde(rename = "type")]
    pub group_type: GroupType,
    /// When the group was made, milliseconds since 1970.
    pub created_at: i64,
    /// Members, the owner included; `None`: groups of this type keep no member list.
    pub member_count: Option<u32>,
}
