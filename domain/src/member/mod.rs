//! Memberships: which accounts belong to a group, and in which role.

pub mod rules;

use serde::{Deserialize, Serialize};

use crate::{page::Reason, wire_enum};

wire_enum! {
    /// Role in a group (Tencent group types).
    pub enum MemberRole {
        /// The owner: exactly one, or none in a group without an owner.
        Owner = "Owner",
        /// An admin, whom the owner has named; at most [`crate::limits::GROUP_ADMINS`] in a group.
        Admin = "Admin",
        /// An ordinary member.
        Member = "Member",
    }
}

wire_enum! {
    /// The lists of accounts that a group keeps.
    pub enum MemberList {
        /// Members who may not speak until a moment. A member who leaves, is removed or blocked and comes back is still muted.
        Mute = "mute",
        /// Accounts that were removed and may not join again.
        Block = "block",
        /// Members who may speak while everybody is muted. Owner and admins may without being on the list.
        Allow = "allow",
    }
}

wire_enum! {
    /// What can be done to accounts of a group, as a form names it; see [`MemberChange`] for the same with its details.
    pub enum MemberAction {
        /// Makes members admins.
        SetAdmin = "set-admin",
        /// Makes admins ordinary members.
        UnsetAdmin = "unset-admin",
        /// Forbids members to speak until a moment.
        Mute = "mute",
        /// Ends a mute early.
        Unmute = "unmute",
        /// Removes members and puts them on the block list.
        Block = "block",
        /// Takes accounts off the block list.
        Unblock = "unblock",
        /// Puts members on the allow list.
        Allow = "allow",
        /// Takes members off the allow list.
        Disallow = "disallow",
    }
}

/// A change of accounts of a group, one or many at once. [`rules::may_change`] says which accounts a change can be made to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MemberChange {
    /// Makes an ordinary member an admin, unless the group has [`crate::limits::GROUP_ADMINS`].
    SetAdmin,
    /// Makes an admin an ordinary member.
    UnsetAdmin,
    /// Forbids a member to speak. An earlier mute gets the new end.
    Mute {
        /// When the mute ends, milliseconds since 1970; [`crate::limits::MUTED_FOREVER`] for a mute without an end.
        until: i64,
    },
    /// Ends a mute early, of a former member too.
    Unmute,
    /// Removes the member and puts the account on the block list, so that it cannot join again.
    Block,
    /// Takes the account off the block list; the account does not become a member again.
    Unblock,
    /// Puts a member on the allow list: it may speak while everybody is muted.
    Allow,
    /// Takes a member off the allow list.
    Disallow,
}

impl MemberChange {
    /// The same without its details: the word of a form.
    pub fn action(self) -> MemberAction {
        match self {
            Self::SetAdmin => MemberAction::SetAdmin,
            Self::UnsetAdmin => MemberAction::UnsetAdmin,
            Self::Mute { .. } => MemberAction::Mute,
            Self::Unmute => MemberAction::Unmute,
            Self::Block => MemberAction::Block,
            Self::Unblock => MemberAction::Unblock,
            Self::Allow => MemberAction::Allow,
            Self::Disallow => MemberAction::Disallow,
        }
    }
}

/// A change that a form asks for on many accounts: the ones that are named, in `ids` or as typed in `usernames`, or all members
/// that match. Words that are not checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberActionInput {
    /// What to do.
    pub work: MemberAction,
    /// Usernames of the ticked rows.
    pub ids: Vec<String>,
    /// Usernames as typed; see [`rules::usernames`].
    pub usernames: String,
    /// All members that match a filter, instead of named ones.
    pub matching: crate::selection::Matching,
    /// For a mute, how long: a word of [`rules::MUTE_CHOICES`], or `until`.
    pub duration: String,
    /// For a mute with the duration `until`, its end in ISO 8601.
    pub until: String,
    /// How far the clock that `until` was read from is ahead of UTC, such as `+09:00`.
    pub offset: String,
    /// The number of accounts as typed; blocking more than [`crate::limits::BATCH_TYPED_ABOVE`] accounts that were not typed one
    /// by one needs it.
    pub confirm: String,
}

/// What happens to a request of which a part cannot be done. Console and REST calls differ here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchPolicy {
    /// What can be done is done, the rest is reported.
    BestEffort,
    /// Nothing is done unless all can be done.
    AllOrNothing,
    /// What can be done is done, if anything can; the owner among the accounts refuses the whole request.
    AtLeastOne,
    /// As [`Self::AtLeastOne`], and an unknown username refuses the whole request too.
    AtLeastOneKnown,
}

/// How the usernames of a request are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsernameMatch {
    /// Exactly as given.
    Exact,
    /// Exactly as given, or else in lower case, as the group REST API does, whose user ids have no case.
    ExactOrLowercase,
}

/// One account of a request and what happened to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberOutcome {
    /// The username; as given when there is no such account.
    pub username: String,
    /// `Ok` when the change was made, or the rule that forbids it.
    pub result: std::result::Result<(), Reason>,
}

/// One row of the mute, block or allow list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberListRow {
    /// The account's username.
    pub username: String,
    /// The account's nickname; may be empty.
    pub nickname: String,
    /// The account's profile photo, a URL; empty for none.
    pub image: String,
    /// When the account was put on the list, milliseconds since 1970.
    pub listed_at: i64,
    /// When a mute ends, milliseconds since 1970; `None` on the other lists.
    pub expires_at: Option<i64>,
}

/// The state of one member in its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembershipState {
    /// The member's role.
    pub role: MemberRole,
    /// The member is muted now.
    pub muted: bool,
    /// The member is on the allow list.
    pub allowed: bool,
}

/// What removing a selection of members would remove, for the dialog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovalSummary {
    /// How many of them are members.
    pub members: u64,
    /// The first five usernames.
    pub first: Vec<String>,
}

/// One row of the member list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    /// The account's username.
    pub username: String,
    /// The account's nickname; may be empty.
    pub nickname: String,
    /// The account's profile photo, a URL; empty for none.
    pub image: String,
    /// The member's role.
    pub role: MemberRole,
    /// When the account joined, milliseconds since 1970.
    pub joined_at: i64,
    /// When the member last sent a message to the group, milliseconds since 1970; `None`: not yet.
    pub last_spoke_at: Option<i64>,
    /// When the member's mute ends, milliseconds since 1970; `None`: the member may speak.
    pub muted_until: Option<i64>,
}
