//! Items of a batch that were refused.

use serde::{Deserialize, Serialize};

use crate::wire_enum;

/// One item of a batch that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Group id or username, as the request names the item.
    pub id: String,
    /// The rule that forbids the change.
    pub reason: Reason,
}

wire_enum! {
    /// Why an item of a batch was refused.
    pub enum Reason {
        /// The app has no account of this username.
        NotRegistered = "NotRegistered",
        /// The account belongs to the group already.
        AlreadyMember = "AlreadyMember",
        /// The group has as many members as it may have; see [`crate::member::rules::max_members`].
        GroupFull = "GroupFull",
        /// The account owns the group, and the owner can be neither removed, muted, blocked nor made an admin.
        Owner = "Owner",
        /// The account does not belong to the group.
        NotMember = "NotMember",
        /// The account is on the group's block list.
        Blocked = "Blocked",
        /// The account belongs to [`crate::limits::GROUPS_PER_ACCOUNT`] groups, the most that it may belong to.
        TooManyGroups = "TooManyGroups",
        /// The group has [`crate::limits::GROUP_ADMINS`] admins, the most that it may have.
        TooManyAdmins = "TooManyAdmins",
        /// The account is no admin of the group, so that it cannot be demoted.
        NotAdmin = "NotAdmin",
        /// The account is not on the group's block list, so that it cannot be unblocked.
        NotBlocked = "NotBlocked",
    }
}
