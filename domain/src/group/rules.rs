//! What a group may contain. Pure; shared by browser and server.

use super::{EditGroupInput, GroupSettingsInput, GroupType, NewGroupInput, access::OwnAccess};
use crate::{Code, Result, account::rules::Username, checked_text, error::Checks, limits, text};

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

/// The most members that a group may have: at least 1, its owner, at most [`limits::GROUP_MEMBERS`]; [`Code::NotNumber`]
/// otherwise.
pub fn max_member_count(number: i64) -> Result<u32, Code> {
    let max = limits::GROUP_MEMBERS;
    u32::try_from(number).ok().filter(|n| (1..=max).contains(n)).ok_or(Code::NotNumber { min: 1, max: max.into() })
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

/// A new group that keeps every rule which can be checked without the database. The console checks its dialog with
/// [`Self::parse`]; the REST API builds the value itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGroup {
    /// Checked name: a [`GroupName`] or an [`ApiGroupName`].
    pub name: String,
    /// Username of the owner, who becomes the first member; `None`: the group has no owner.
    pub owner: Option<String>,
    /// The type; the console takes it from the dialog, the REST API from its flags.
    pub group_type: GroupType,
    /// The id, or how the server makes one.
    pub id: NewId,
    /// Introduction; empty for none, as in the console's dialog.
    pub introduction: String,
    /// The most members; `None`: what the type allows.
    pub max_member_count: Option<u32>,
    /// The flags that differ from the type's usual ones.
    pub access: OwnAccess,
    /// Custom text; empty for none.
    pub custom: String,
    /// Avatar; empty for none.
    pub avatar: String,
    /// Usernames of members from the start, beside the owner; at most [`limits::NEW_GROUP_MEMBERS`].
    pub members: Vec<String>,
}

/// The id of a new group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewId {
    /// Chosen by the caller.
    Custom(CustomGroupId),
    /// Given by the server in the form of the console document's samples: `@TGS#`, [`GroupType::id_mark`] and letters.
    Marked,
    /// Given by the server in the form of the REST API's samples: digits only.
    Digits,
}

impl NewGroup {
    /// Checks the console's dialog; the error names every broken field. Spaces around the id and the owner are dropped.
    pub fn parse(input: &NewGroupInput) -> Result<Self> {
        let mut checks = Checks::new();
        let name = checks.take("name", GroupName::parse(&input.name));
        let owner = checks.take("owner", optional(&input.owner, Username::parse));
        let group_type = checks.take("type", GroupType::parse(&input.group_type));
        let group_id = checks.take("group_id", optional(&input.group_id, CustomGroupId::parse));
        checks.finish(|| {
            Some(Self {
                name: name?.into_string(),
                owner: owner?.map(Username::into_string),
                group_type: group_type?,
                id: group_id?.map_or(NewId::Marked, NewId::Custom),
                introduction: String::new(),
                max_member_count: None,
                access: OwnAccess::default(),
                custom: String::new(),
                avatar: String::new(),
                members: Vec::new(),
            })
        })
    }
}

fn optional<T>(input: &str, parse: impl Fn(&str) -> Result<T, Code>) -> Result<Option<T>, Code> {
    match input.trim() {
        "" => Ok(None),
        text => parse(text).map(Some),
    }
}

/// The changes of a group, each checked; `None` leaves a part as it is. As for [`NewGroup`], the console checks its dialogs here,
/// and the REST API builds the value itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupPatch {
    /// New name, checked.
    pub name: Option<String>,
    /// New introduction; empty removes it.
    pub introduction: Option<String>,
    /// The most members; `Some(None)`: what the type allows.
    pub max_member_count: Option<Option<u32>>,
    /// Whether the group can be found; another answer than now gives the group another type, see
    /// [`super::access::Access::turned`].
    pub public: Option<bool>,
    /// New flags; those that are `None` stay.
    pub access: OwnAccess,
    /// New custom text; empty removes it.
    pub custom: Option<String>,
    /// New avatar; empty removes it.
    pub avatar: Option<String>,
    /// The version that the caller has seen, else [`crate::error::Conflict::ChangedMeanwhile`]; `None`: any version.
    pub version: Option<i64>,
}

impl GroupPatch {
    /// Checks the console's edit dialog. `current` has the name and the introduction now: a text that is not changed may stay,
    /// though the REST API allows longer ones than the console.
    pub fn edit(input: &EditGroupInput, current: (&str, &str)) -> Result<Self> {
        let mut checks = Checks::new();
        let kept = |text: &str, current: &str| (text::unify_line_breaks(text) == current).then(|| current.to_owned());
        let name = match kept(&input.name, current.0) {
            Some(name) => Some(name),
            None => checks.take("name", GroupName::parse(&input.name)).map(GroupName::into_string),
        };
        let introduction = match kept(&input.introduction, current.1) {
            Some(text) => Some(text),
            None => checks.take("introduction", Introduction::parse(&input.introduction)).map(Introduction::into_string),
        };
        let version = checks.take("version", version(&input.version));
        checks.finish(|| {
            Some(Self { name: Some(name?), introduction: Some(introduction?), version: Some(version?), ..Self::default() })
        })
    }

    /// Checks the console's settings dialog; the error names every broken field.
    pub fn settings(input: &GroupSettingsInput) -> Result<Self> {
        let mut checks = Checks::new();
        let max = checks.take(
            "max_member_count",
            text::optional_u32(&input.max_member_count)
                .and_then(|number| number.map(|number| max_member_count(number.into())).transpose())
                .map_err(|_| Code::NotNumber { min: 1, max: limits::GROUP_MEMBERS.into() }),
        );
        let members_only = checks.take("members_only", yes_or_no(&input.members_only));
        let allow_invites = checks.take("allow_invites", yes_or_no(&input.allow_invites));
        let invite_need_confirm = checks.take("invite_need_confirm", yes_or_no(&input.invite_need_confirm));
        let custom = checks.take("custom", CustomText::parse(&text::unify_line_breaks(&input.custom)));
        let version = checks.take("version", version(&input.version));
        checks.finish(|| {
            Some(Self {
                max_member_count: Some(max?),
                access: OwnAccess { members_only, allow_invites, invite_need_confirm },
                custom: Some(custom?.into_string()),
                version: Some(version?),
                ..Self::default()
            })
        })
    }
}

fn version(word: &str) -> Result<i64, Code> {
    word.trim().parse().map_err(|_| Code::Malformed)
}

fn yes_or_no(word: &str) -> Result<bool, Code> {
    match word {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(Code::NotChoice),
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
