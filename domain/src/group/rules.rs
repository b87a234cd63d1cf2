//! What a group may contain. Pure; shared by browser and server.

use crate::{Code, checked_text, kept_text, limits, text};

checked_text! {
    /// A group name: 1 to 30 bytes on one line, not white space only.
    pub struct GroupName = check_name;
}

checked_text! {
    /// A group name as the REST API allows it: 1 to 128 characters on one line, not white space only.
    pub struct ApiGroupName = check_api_name;
}

checked_text! {
    /// A description as the REST API allows it: at most 512 characters.
    pub struct Description = check_description;
}

checked_text! {
    /// An announcement: at most 512 characters; line breaks allowed. An empty text removes the announcement.
    pub struct Announcement = check_announcement;
}

checked_text! {
    /// The custom text: at most 8,192 bytes, without NUL.
    pub struct CustomText = check_custom;
}

checked_text! {
    /// A group's avatar: at most 1,024 characters on one line. An empty text removes it. Any text is allowed: the REST API
    /// promises only that the text comes back, so a client must check it before loading anything from it.
    pub struct Avatar = check_avatar;
}

checked_text! {
    /// A custom group id: printable ASCII, at most 48 bytes, not beginning with `@TGS#`, not `.` or `..` (which no URL
    /// path can carry).
    pub struct CustomGroupId = check_custom_id;
}

checked_text! {
    /// A group introduction: at most 240 bytes; line breaks allowed, each one byte.
    pub struct Introduction = check_introduction;
}

checked_text! {
    /// A group's id as it is stored and as import files name it: a custom id by its rule, or one that a server gave, accepted as it
    /// is, because exports have them; at most 48 bytes.
    pub struct GroupId = check_id;
}

kept_text! {
    /// A group's name as it is stored: up to 128 characters, as the REST API allows.
    pub struct KeptName = GroupName | ApiGroupName;
}

kept_text! {
    /// A group's introduction as it is stored, which the REST API calls description: up to 512 characters.
    pub struct KeptIntroduction = Introduction | Description;
}

impl From<CustomGroupId> for GroupId {
    fn from(id: CustomGroupId) -> Self {
        Self(id.into_string())
    }
}

/// The most members that a group may have, as it is stored: at most [`limits::GROUP_MEMBERS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberLimit(u32);

impl MemberLimit {
    /// At least 1, the owner, at most [`limits::GROUP_MEMBERS`]; [`Code::NotNumber`] otherwise.
    pub fn of(number: i64) -> Result<Self, Code> {
        let max = limits::GROUP_MEMBERS;
        let number = u32::try_from(number).ok().filter(|n| (1..=max).contains(n));
        number.map(Self).ok_or(Code::NotNumber { min: 1, max: max.into() })
    }

    /// The same for import files, which may also say 0.
    pub fn of_file(number: u32) -> Result<Self, Code> {
        let max = limits::GROUP_MEMBERS;
        if number > max { Err(Code::NotNumber { min: 0, max: max.into() }) } else { Ok(Self(number)) }
    }

    /// The number of members.
    pub fn get(self) -> u32 {
        self.0
    }
}

fn check_name(input: &str) -> Result<String, Code> {
    text::required(input)?;
    text::one_line(input)?;
    text::at_most_bytes(input, limits::GROUP_NAME_BYTES)?;
    Ok(input.to_owned())
}

fn check_api_name(input: &str) -> Result<String, Code> {
    text::required(input)?;
    text::one_line(input)?;
    text::at_most_chars(input, limits::API_GROUP_NAME_CHARS)?;
    Ok(input.to_owned())
}

fn check_description(input: &str) -> Result<String, Code> {
    lines_of(input, limits::API_GROUP_DESCRIPTION_CHARS)
}

fn check_announcement(input: &str) -> Result<String, Code> {
    lines_of(input, limits::ANNOUNCEMENT_CHARS)
}

fn lines_of(input: &str, max: usize) -> Result<String, Code> {
    let input = text::unify_line_breaks(input);
    text::no_nul(&input)?;
    text::at_most_chars(&input, max)?;
    Ok(input)
}

fn check_custom(input: &str) -> Result<String, Code> {
    text::no_nul(input)?;
    text::at_most_bytes(input, limits::GROUP_CUSTOM_BYTES)?;
    Ok(input.to_owned())
}

fn check_avatar(input: &str) -> Result<String, Code> {
    text::one_line(input)?;
    text::at_most_chars(input, limits::GROUP_AVATAR_CHARS)?;
    Ok(input.to_owned())
}

fn check_id(input: &str) -> Result<String, Code> {
    let custom = match input.strip_prefix(limits::GROUP_ID_PREFIX) {
        // The prefix alone is no id. After the prefix, an id of the server follows the rule of custom ids.
        Some("") => return Err(Code::ReservedPrefix),
        Some(rest) => rest,
        None => input,
    };
    check_custom_id(custom)?;
    text::at_most_bytes(input, limits::GROUP_ID_BYTES)?;
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
