//! Memberships: which accounts belong to a group, and as what.

pub mod rules;

use serde::{Deserialize, Serialize};

use crate::{page::Reason, wire_enum};

wire_enum! {
    /// Role in a group.
    MemberRole { Owner = "Owner", Admin = "Admin", Member = "Member" }
}

wire_enum! {
    /// The lists of accounts that a group keeps.
    MemberList {
        /// Members who may not speak until a moment. Who leaves, removed or blocked, and comes back is still muted.
        Mute = "mute",
        /// Who has left by force and may not come back.
        Block = "block",
        /// Members who may speak while everybody is muted. Owner and admins may without standing on it.
        Allow = "allow",
    }
}

wire_enum! {
    /// What can be done to accounts of a group, as a form names it; see [`MemberChange`].
    MemberWork {
        SetAdmin = "set-admin",
        UnsetAdmin = "unset-admin",
        Mute = "mute",
        Unmute = "unmute",
        Block = "block",
        Unblock = "unblock",
        Allow = "allow",
        Disallow = "disallow",
    }
}

/// What can be done to accounts of a group, one or many at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MemberChange {
    SetAdmin,
    /// Back to an ordinary member.
    UnsetAdmin,
    /// Until this moment, milliseconds since 1970; [`crate::limits::MUTED_FOR_EVER`] for ever. An earlier end is replaced.
    Mute {
        until: i64,
    },
    Unmute,
    /// Removes the member and puts it on the block list.
    Block,
    /// Takes it off the block list; it does not become a member again.
    Unblock,
    Allow,
    Disallow,
}

impl MemberChange {
    /// The same without its details.
    pub fn work(self) -> MemberWork {
        match self {
            Self::SetAdmin => MemberWork::SetAdmin,
            Self::UnsetAdmin => MemberWork::UnsetAdmin,
            Self::Mute { .. } => MemberWork::Mute,
            Self::Unmute => MemberWork::Unmute,
            Self::Block => MemberWork::Block,
            Self::Unblock => MemberWork::Unblock,
            Self::Allow => MemberWork::Allow,
            Self::Disallow => MemberWork::Disallow,
        }
    }
}

/// What a form asks to be done to many: to the ones that are named, in `ids` or as typed in `usernames`, or to all members that match.
/// For a mute, `duration` and `until` say how long, and `offset` how far the clock that `until` was read from is ahead of UTC, such as
/// `+09:00`. Blocking more than a few that were not typed one by one needs their number in `confirm`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkInput {
    pub work: MemberWork,
    pub ids: Vec<String>,
    pub usernames: String,
    pub matching: crate::selection::Matching,
    pub duration: String,
    pub until: String,
    pub offset: String,
    pub confirm: String,
}

/// What becomes of a request of which a part cannot be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// What can be done is done, the rest is told.
    Each,
    /// Nothing is done unless all can be.
    All,
    /// The same when at least one can be; the owner among them refuses the whole.
    Any,
    /// The same, and names of nobody refuse the whole too.
    AnyKnown,
}

/// How names that a request gives are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// As they stand.
    Exact,
    /// As they stand or else in lower case, as the group REST API does, to which user ids have no case.
    Folded,
}

/// One account of a request and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Treated {
    /// The username; as it was given when there is no such account.
    pub username: String,
    pub result: std::result::Result<(), Reason>,
}

/// One row of the mute, block or allow list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedRow {
    pub username: String,
    pub nickname: String,
    pub image: String,
    pub listed_at: i64,
    /// When a mute ends; `None` on the other lists.
    pub expires_at: Option<i64>,
}

/// How one member stands to its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberStanding {
    pub role: MemberRole,
    /// Its mute has not ended.
    pub muted: bool,
    /// On the allow list.
    pub allowed: bool,
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
    /// When its mute ends; `None`: it may speak.
    pub muted_until: Option<i64>,
}
