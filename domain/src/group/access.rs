//! How a group is found and joined: the flags of the group REST API and the types of the console document are two words for one thing,
//! and this module alone translates them. Pure.
//!
//! | `public` | `members_only` | type | why |
//! |---|---|---|---|
//! | false | either | Work | Nobody finds the group or asks to join; members bring others in. |
//! | true | true | Public | Can be found; owner or admins approve who joins. |
//! | true | false | Meeting | Can be found and joined at once. |
//!
//! Audio-video groups keep no member list; the REST API calls such groups chat rooms, and does not show them as groups.
//! In the console the type is chosen once and stays, as in its document. The REST API (later revisions) can modify `public`, which changes
//! the type; the other flags stay, except for invitations, which public groups leave to owner and admins. Those flags may change on their
//! own too: they are ApplyJoinOption and InviteJoinOption of Tencent's API, for which the type only gives the first value.

use serde::{Deserialize, Serialize};

use super::GroupType;

/// The flags of one group, as the group REST API names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// The group can be found, and accounts can ask to join. Follows from the type.
    pub public: bool,
    /// Owner or admins approve who joins (Tencent: ApplyJoinOption `NeedPermission`).
    pub members_only: bool,
    /// Members who are neither owner nor admin may invite (Tencent: InviteJoinOption).
    pub allow_invites: bool,
    /// An account that a client invites must accept. An account that the server adds is added at once.
    pub invite_need_confirm: bool,
}

/// The flags that a group sets itself; `None`: the flag is the usual one of the type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OwnAccess {
    /// See [`Access::members_only`]; usually true for Public alone.
    pub members_only: Option<bool>,
    /// See [`Access::allow_invites`]; usually true for Work alone.
    pub allow_invites: Option<bool>,
    /// See [`Access::invite_need_confirm`]; usually true.
    pub invite_need_confirm: Option<bool>,
}

impl Access {
    /// The flags of a group of that type: its own, or else the type's usual ones.
    pub fn of(group_type: GroupType, own: OwnAccess) -> Self {
        let usual = Self::usual(group_type);
        Self {
            members_only: own.members_only.unwrap_or(usual.members_only),
            allow_invites: own.allow_invites.unwrap_or(usual.allow_invites),
            invite_need_confirm: own.invite_need_confirm.unwrap_or(usual.invite_need_confirm),
            ..usual
        }
    }

    /// Type and flags after `public` changes: the group can be found by everybody, or by nobody any more. `wanted` has the other
    /// flags of the request.
    pub fn turned(self, public: bool, wanted: OwnAccess) -> (GroupType, OwnAccess) {
        let members_only = wanted.members_only.unwrap_or(self.members_only);
        let allow_invites = wanted.allow_invites.unwrap_or(self.allow_invites && !public);
        let invite_need_confirm = wanted.invite_need_confirm.unwrap_or(self.invite_need_confirm);
        let group_type = GroupType::of_access(public, members_only);
        let usual = Self::usual(group_type);
        // Only a flag that differs from the type's usual one is the group's own.
        let own = |is: bool, usual: bool| (is != usual).then_some(is);
        let own = OwnAccess {
            members_only: own(members_only, usual.members_only),
            allow_invites: own(allow_invites, usual.allow_invites),
            invite_need_confirm: own(invite_need_confirm, usual.invite_need_confirm),
        };
        (group_type, own)
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
    /// The type of a group that is created through the REST API.
    pub fn of_access(public: bool, members_only: bool) -> Self {
        match (public, members_only) {
            (false, _) => Self::Work,
            (true, true) => Self::Public,
            (true, false) => Self::Meeting,
        }
    }

    /// Whether the group REST API shows groups of this type.
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
    fn a_group_that_is_turned_keeps_its_flags() {
        let flags = [false, true];
        for (public, members_only, allow_invites) in
            flags.into_iter().flat_map(|a| flags.into_iter().flat_map(move |b| flags.map(|c| (a, b, c))))
        {
            let own = OwnAccess { members_only: Some(members_only), allow_invites: Some(allow_invites), ..OwnAccess::default() };
            let before = Access::of(GroupType::of_access(!public, members_only), own);
            let (group_type, own) = before.turned(public, OwnAccess::default());
            let after = Access::of(group_type, own);
            assert_eq!(after, Access { public, allow_invites: allow_invites && !public, ..before });
            let wanted =
                OwnAccess { allow_invites: Some(true), members_only: Some(!members_only), invite_need_confirm: Some(false) };
            let (group_type, own) = before.turned(public, wanted);
            let asked = Access { public, members_only: !members_only, allow_invites: true, invite_need_confirm: false };
            assert_eq!(Access::of(group_type, own), asked);
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
