//! Who may join or leave a group. Pure.

use crate::{
    Code, Error, Result,
    error::Conflict,
    group::GroupType,
    limits,
    page::{Reason, batch_ids},
};

/// The usernames of an Add Member field: separated by line breaks, commas (also `，` `、`), semicolons or spaces, each once, in
/// order. Ones that no account can have are kept too: they are reported as not registered, one by one.
pub fn usernames(input: &str) -> Result<Vec<String>> {
    let names = input
        .split(|c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '，' | '、' | '；'))
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    batch_ids("usernames", names)
}

/// [`Conflict::NoMemberList`] for groups that keep no member list.
pub fn require_member_list(group_type: GroupType) -> Result<()> {
    if group_type.keeps_members() { Ok(()) } else { Err(Error::Conflict(Conflict::NoMemberList)) }
}

/// The most members of a group of this type; `own` is what the group itself sets. `None`: no list is kept.
pub fn max_members(group_type: GroupType, own: Option<u32>) -> Option<u32> {
    group_type.keeps_members().then(|| own.unwrap_or(limits::GROUP_MEMBERS).min(limits::GROUP_MEMBERS))
}

/// What becomes of one username of an Add Member request.
pub fn admission(registered: bool, already_member: bool, members: u32, max: u32) -> Result<(), Reason> {
    if !registered {
        Err(Reason::NotRegistered)
    } else if already_member {
        Err(Reason::AlreadyMember)
    } else if members >= max {
        Err(Reason::GroupFull)
    } else {
        Ok(())
    }
}

/// Field error for a text that holds no username.
pub fn no_usernames() -> Error {
    Error::field("usernames", Code::Required)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_usernames_are_understood_however_they_are_pasted() {
        assert_eq!(usernames("a, b;c\r\nd  e\ta，f、g").unwrap(), ["a", "b", "c", "d", "e", "f", "g"]);
        assert_eq!(usernames(" ,\n"), Err(no_usernames()));
    }

    #[test]
    fn a_group_may_set_less_than_its_type_but_not_more() {
        assert_eq!(max_members(GroupType::Work, None), Some(2_000));
        assert_eq!(max_members(GroupType::Public, Some(5)), Some(5));
        assert_eq!(max_members(GroupType::Meeting, Some(9_999)), Some(2_000));
        assert_eq!(max_members(GroupType::AvChatRoom, Some(5)), None);
    }

    #[test]
    fn the_first_reason_that_holds_is_told() {
        assert_eq!(admission(false, false, 9, 9), Err(Reason::NotRegistered));
        assert_eq!(admission(true, true, 9, 9), Err(Reason::AlreadyMember));
        assert_eq!(admission(true, false, 9, 9), Err(Reason::GroupFull));
        assert_eq!(admission(true, false, 8, 9), Ok(()));
    }
}
