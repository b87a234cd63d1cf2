//! Memberships: which accounts belong to a group, and as what.

pub mod rules;
#[cfg(feature = "store")]
pub mod store;

use serde::{Deserialize, Serialize};

use crate::wire_enum;

wire_enum! {
    /// Role in a group.
    MemberRole { Owner = "Owner", Admin = "Admin", Member = "Member" }
}

/// What removing a selection of members would remove.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovalSummary {
    pub members: u64,
    /// The first few usernames.
    pub first: Vec<String>,
}

/// One row of the member list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    pub username: String,
    pub nickname: String,
    pub image: String,
    pub role: MemberRole,
    pub joined_at: i64,
    /// `None`: has not spoken yet.
    pub last_spoke_at: Option<i64>,
}
