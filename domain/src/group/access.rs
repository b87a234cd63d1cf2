//! How a group is joined: the group REST API's flags and the console document's types are two words for one thing, and this is the
//! one place that says how they go together. Pure.
//!
//! | `public` | `members_only` | type | why |
//! |---|---|---|---|
//! | false | either | Work | Nobody finds it or asks to join; members bring others in. |
//! | true | true | Public | Can be found; owner or admins approve who joins. |
//! | true | false | Meeting | Can be found and joined at once. |
//!
//! Audio-video groups keep no member list; the REST API calls such things chat rooms, so it does not see them as groups.
//! The type is given once and stays, as in the console document, and so does `public`, which the REST API refuses to modify. The other
//! flags may change afterwards: they are what Tencent's API calls ApplyJoinOption and InviteJoinOption of a group, for which the type
//! only gives the beginning.

use serde::{Deserialize, Serialize};

use super::GroupType;

/// The flags of one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// Can be found and asked to be joined. Follows from the type.
    pub public: bool,
    /// Owner or admins approve who joins.
    pub members_only: bool,
    /// Members who are neither owner nor admin may invite.
    pub allow_invites: bool,
    /// Who is invited by a client must accept. What the server adds is added at once.
    pub invite_need_confirm: bool,
}

/// What a group says itself of its flags; `None`: as its type has it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OwnAccess {
    pub members_only: Option<bool>,
    pub allow_invites: Option<bool>,
    pub invite_need_confirm: Option<bool>,
}

impl Access {
    /// The flags of a group of that type.
    pub fn of(group_type: GroupType, own: OwnAccess) -> Self {
        let usual = Self::usual(group_type);
        Self {
            members_only: own.members_only.unwrap_or(usual.members_only),
            allow_invites: own.allow_invites.unwrap_or(usual.allow_invites),
            invite_need_confirm: own.invite_need_confirm.unwrap_or(usual.invite_need_confirm),
            ..usual
        }
    }

    fn usual(group_type: GroupType) -> Self {
        let flags = |public, members_only, allow_invites| Self { public, members_only, allow_invites, invite_need_confirm: true };
        match group_type {
            GroupType::Work => flags(false, false, true),
            GroupType::Public => flags(true, true, false),
            GroupType::Meeting | GroupType::AvChatRoom => flags(true, false, false),
        }
    }
}

impl GroupType {
    /// The type of a group that is made through the REST API.
    pub fn of_access(public: bool, members_only: bool) -> Self {
        match (public, members_only) {
            (false, _) => Self::Work,
            (true, true) => Self::Public,
            (true, false) => Self::Meeting,
        }
    }

    /// Whether the group REST API sees groups of this type.
    pub fn in_group_api(self) -> bool {
        self.keeps_members()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_made_with_flags_has_these_flags() {
        for public in [false, true] {
            for members_only in [false, true] {
                let group_type = GroupType::of_access(public, members_only);
                let own = OwnAccess { members_only: Some(members_only), ..OwnAccess::default() };
                let access = Access::of(group_type, own);
                assert_eq!((access.public, access.members_only), (public, members_only));
                assert!(group_type.in_group_api());
            }
        }
    }

    #[test]
    fn types_that_the_console_gives_say_how_they_are_joined() {
        let of = |group_type| Access::of(group_type, OwnAccess::default());
        assert!(!of(GroupType::Work).public && of(GroupType::Work).allow_invites);
        assert!(of(GroupType::Public).public && of(GroupType::Public).members_only);
        assert!(of(GroupType::Meeting).public && !of(GroupType::Meeting).members_only);
        assert!(!GroupType::AvChatRoom.in_group_api());
    }
}
