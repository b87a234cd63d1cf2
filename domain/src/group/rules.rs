//! What a group may hold. Pure; shared by browser and server.

use super::{EditGroupInput, GroupType, NewGroupInput};
use crate::{Code, Result, account::rules::Username, checked_text, error::Checks, limits, text};

checked_text! {
    /// A group name: 1 to 30 bytes on one line, not white space only.
    GroupName, check_name
}

checked_text! {
    /// A custom group id: printable ASCII, at most 48 bytes, not beginning with `@TGS#`, not `.` or `..` (which no URL
    /// path can carry).
    CustomGroupId, check_custom_id
}

checked_text! {
    /// A group introduction: at most 240 bytes; line breaks allowed, each one byte.
    Introduction, check_introduction
}

fn check_name(input: &str) -> Result<String, Code> {
    text::required(input)?;
    text::one_line(input)?;
    text::at_most_bytes(input, limits::GROUP_NAME_BYTES)?;
    Ok(input.to_owned())
}

fn check_custom_id(input: &str) -> Result<String, Code> {
    text::required(input)?;
    if !input.bytes().all(|b| matches!(b, 0x20..=0x7e)) {
        return Err(Code::NotPrintableAscii);
    }
    if input.starts_with(limits::GROUP_ID_PREFIX) {
        return Err(Code::ReservedPrefix);
    }
    if matches!(input, "." | "..") {
        return Err(Code::DotsOnly);
    }
    text::at_most_bytes(input, limits::GROUP_ID_BYTES)?;
    Ok(input.to_owned())
}

fn check_introduction(input: &str) -> Result<String, Code> {
    let input = text::unify_line_breaks(input);
    text::no_nul(&input)?;
    text::at_most_bytes(&input, limits::GROUP_INTRODUCTION_BYTES)?;
    Ok(input)
}

/// An add request that keeps every rule that needs no look at the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGroup {
    pub name: GroupName,
    pub owner: Option<Username>,
    pub group_type: GroupType,
    pub group_id: Option<CustomGroupId>,
}

impl NewGroup {
    /// Every broken field at once. Spaces around the id and the owner are dropped.
    pub fn parse(input: &NewGroupInput) -> Result<Self> {
        let mut checks = Checks::new();
        let name = checks.take("name", GroupName::parse(&input.name));
        let owner = checks.take("owner", optional(&input.owner, Username::parse));
        let group_type = checks.take("type", GroupType::parse(&input.group_type));
        let group_id = checks.take("group_id", optional(&input.group_id, CustomGroupId::parse));
        checks.finish(|| Some(Self { name: name?, owner: owner?, group_type: group_type?, group_id: group_id? }))
    }
}

fn optional<T>(input: &str, parse: impl Fn(&str) -> Result<T, Code>) -> Result<Option<T>, Code> {
    match input.trim() {
        "" => Ok(None),
        text => parse(text).map(Some),
    }
}

/// An edit that keeps every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditGroup {
    pub name: GroupName,
    pub introduction: Introduction,
    pub version: i64,
}

impl EditGroup {
    pub fn parse(input: &EditGroupInput) -> Result<Self> {
        let mut checks = Checks::new();
        let name = checks.take("name", GroupName::parse(&input.name));
        let introduction = checks.take("introduction", Introduction::parse(&input.introduction));
        let version = checks.take("version", input.version.parse().map_err(|_| Code::Malformed));
        checks.finish(|| Some(Self { name: name?, introduction: introduction?, version: version? }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_hold_thirty_bytes_not_thirty_characters() {
        assert!(GroupName::parse(&"中".repeat(10)).is_ok());
        assert_eq!(GroupName::parse(&format!("{}a", "中".repeat(10))), Err(Code::TooManyBytes { max: 30, actual: 31 }));
        assert_eq!(GroupName::parse(&"한".repeat(11)), Err(Code::TooManyBytes { max: 30, actual: 33 }));
        assert!(GroupName::parse(&"a".repeat(30)).is_ok());
        assert_eq!(GroupName::parse(""), Err(Code::Required));
        assert_eq!(GroupName::parse(" \u{3000}"), Err(Code::Blank));
        assert_eq!(GroupName::parse("a\nb"), Err(Code::ControlCharacter));
        assert_eq!(GroupName::parse("a\0b"), Err(Code::NulCharacter));
    }

    #[test]
    fn custom_ids_are_printable_ascii_without_the_servers_prefix() {
        for id in ["a", "a#b@c/d?e%f g", &"x".repeat(48), "...", "@TGS", "@tgs#1"] {
            assert!(CustomGroupId::parse(id).is_ok(), "{id}");
        }
        assert_eq!(CustomGroupId::parse("@TGS#1"), Err(Code::ReservedPrefix));
        assert_eq!(CustomGroupId::parse(".."), Err(Code::DotsOnly));
        assert_eq!(CustomGroupId::parse("é"), Err(Code::NotPrintableAscii));
        assert_eq!(CustomGroupId::parse(&"x".repeat(49)), Err(Code::TooManyBytes { max: 48, actual: 49 }));
    }

    #[test]
    fn a_line_break_of_an_introduction_is_one_byte() {
        let text = format!("{}\r\n{}", "a".repeat(120), "b".repeat(119));
        assert_eq!(Introduction::parse(&text).map(|i| i.as_str().len()), Ok(240));
    }

    #[test]
    fn all_broken_fields_are_told_at_once() {
        let input = NewGroupInput { name: "".into(), owner: "a b".into(), group_type: "Nope".into(), group_id: "@TGS#x".into() };
        let Err(crate::Error::Invalid(errors)) = NewGroup::parse(&input) else { panic!("accepted") };
        assert_eq!(errors.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(), ["name", "owner", "type", "group_id"]);
    }

    proptest! {
        #[test]
        fn names_break_exactly_above_thirty_bytes(chars in proptest::collection::vec(prop_oneof![Just('中'), Just('é'), Just('😀'), Just('a')], 1..20)) {
            let name: String = chars.into_iter().collect();
            prop_assert_eq!(GroupName::parse(&name).is_ok(), name.len() <= 30);
        }

        #[test]
        fn parsing_never_changes_a_name(name in "\\PC{0,30}") {
            if let Ok(parsed) = GroupName::parse(&name) {
                prop_assert_eq!(parsed.as_str(), name);
            }
        }
    }
}
