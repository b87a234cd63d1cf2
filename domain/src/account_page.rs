//! An account's own page: the account, the groups that it belongs to or owns, and what was done to it.

use serde::{Deserialize, Serialize};

use crate::{account::Account, event::EventRow, group::GroupType, member::MemberRole, page::Page};

/// All that an account's own page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountPage {
    pub account: Account,
    /// The groups that it belongs to, the latest joined first.
    pub groups: Page<MembershipRow>,
    /// The groups that it owns, newest first; those of types without a member list are only here.
    pub owned: Page<OwnedRow>,
    /// What was done to it last, newest first.
    pub events: Vec<EventRow>,
}

/// Where an account's page is in its two lists, as it stands in the URL.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountPageParams {
    /// 20, 50 or 100, for both.
    pub size: String,
    /// Cursor of the groups that it belongs to.
    pub cursor: String,
    /// Cursor of the groups that it owns.
    pub owned: String,
}

/// One group that an account belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembershipRow {
    pub group_id: String,
    pub name: String,
    #[serde(rename = "type")]
    pub group_type: GroupType,
    pub role: MemberRole,
    pub joined_at: i64,
    /// When its mute in the group ends; `None`: it may speak.
    pub muted_until: Option<i64>,
}

/// One group that an account owns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnedRow {
    pub group_id: String,
    pub name: String,
    #[serde(rename = "type")]
    pub group_type: GroupType,
    pub created_at: i64,
    /// `None`: groups of this type keep no member list.
    pub member_count: Option<u32>,
}
