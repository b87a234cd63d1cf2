//! Checked input for creating and changing groups. Pure.

use super::{
    EditGroupInput, GroupSettingsInput, GroupType, NewGroupInput,
    access::OwnAccess,
    rules::{Avatar, CustomGroupId, CustomText, GroupName, Introduction, KeptIntroduction, KeptName, MemberLimit},
};
use crate::{Code, Result, account::rules::Username, error::Checks, limits, text};

/// A new group that keeps every rule which can be checked without the database. The console checks its dialog with
/// [`Self::parse`]; the REST API builds the value itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGroup {
    /// The name.
    pub name: KeptName,
    /// Username of the owner, who becomes the first member; `None`: the group has no owner. The store looks the name up, as those
    /// of the members, and refuses the group for one that is not registered, so that no other check is needed.
    pub owner: Option<String>,
    /// The type; the console takes it from the dialog, the REST API from its flags.
    pub group_type: GroupType,
    /// The id, or how the server makes one.
    pub id: NewId,
    /// The introduction; `None` in the console's dialog, which has none.
    pub introduction: Option<KeptIntroduction>,
    /// The most members; `None`: what the type allows.
    pub max_member_count: Option<MemberLimit>,
    /// The flags that differ from the type's usual ones.
    pub access: OwnAccess,
    /// The custom text.
    pub custom: Option<CustomText>,
    /// The avatar.
    pub avatar: Option<Avatar>,
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
                name: name?.into(),
                owner: owner?.map(Username::into_string),
                group_type: group_type?,
                id: group_id?.map_or(NewId::Marked, NewId::Custom),
                introduction: None,
                max_member_count: None,
                access: OwnAccess::default(),
                custom: None,
                avatar: None,
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
    /// New name.
    pub name: Option<KeptName>,
    /// New introduction; an empty text removes it.
    pub introduction: Option<KeptIntroduction>,
    /// The most members; `Some(None)`: what the type allows.
    pub max_member_count: Option<Option<MemberLimit>>,
    /// Whether the group can be found; another answer than now gives the group another type, see
    /// [`super::access::Access::turned`].
    pub public: Option<bool>,
    /// New flags; those that are `None` stay.
    pub access: OwnAccess,
    /// New custom text; an empty text removes it.
    pub custom: Option<CustomText>,
    /// New avatar; an empty text removes it.
    pub avatar: Option<Avatar>,
    /// The version that the caller has seen, else [`crate::error::Conflict::ChangedMeanwhile`]; `None`: any version.
    pub version: Option<i64>,
}

impl GroupPatch {
    /// Checks the console's edit dialog. `current` has the name and the introduction now: a text that is not changed may stay,
    /// though the REST API allows longer ones than the console.
    pub fn edit(input: &EditGroupInput, current: (&str, &str)) -> Result<Self> {
        let mut checks = Checks::new();
        let changed = |text: &str, current: &str| text::unify_line_breaks(text) != current;
        let name = changed(&input.name, current.0).then(|| checks.take("name", GroupName::parse(&input.name)));
        let introduction = changed(&input.introduction, current.1)
            .then(|| checks.take("introduction", Introduction::parse(&input.introduction)));
        let version = checks.take("version", version(&input.version));
        checks.finish(|| {
            Some(Self {
                name: name.flatten().map(KeptName::from),
                introduction: introduction.flatten().map(KeptIntroduction::from),
                version: Some(version?),
                ..Self::default()
            })
        })
    }

    /// Checks the console's settings dialog; the error names every broken field.
    pub fn settings(input: &GroupSettingsInput) -> Result<Self> {
        let mut checks = Checks::new();
        let max = checks.take(
            "max_member_count",
            text::optional_u32(&input.max_member_count)
                .and_then(|number| number.map(|number| MemberLimit::of(number.into())).transpose())
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
                custom: Some(custom?),
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
    use super::*;

    #[test]
    fn all_broken_fields_are_told_at_once() {
        let input = NewGroupInput { name: "".into(), owner: "a b".into(), group_type: "Nope".into(), group_id: "@TGS#x".into() };
        let Err(crate::Error::Invalid(errors)) = NewGroup::parse(&input) else { panic!("accepted") };
        assert_eq!(errors.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(), ["name", "owner", "type", "group_id"]);
    }
}
