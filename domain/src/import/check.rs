//! From the cells of a row to checked values, by the rules of the forms. Values are the wire's, as in exports, and where there
//! are choices also their common names, which the crate `words` knows. A missing column leaves its field as it is; an empty cell
//! clears a field that can be empty. Pure.

use super::{ImportList, RowProblem};
use crate::{
    Code, FieldError,
    account::{
        AccountType, AdminForbidType, AllowType, Gender, MSG_SETTINGS_DO_NOT_RECEIVE, Profile,
        checked::CheckedProfile,
        rules::{self, LongUsername},
    },
    error::Checks,
    group::{
        GroupType,
        rules::{ApiGroupName, Description, GroupId, KeptIntroduction, KeptName, MemberLimit},
    },
    limits,
    member::MemberRole,
    moment::Moment,
    text,
};

/// The wire's word for the text of a cell in a column with choices, in any language; `None` for a text that is none of them.
pub type Wire = fn(list: ImportList, field: &str, text: &str) -> Option<&'static str>;

/// A checked row of an account file. `None`: the file says nothing about the field. `Some(None)`: the cell is empty, which clears
/// the field. Only [`account()`] builds one, from checked texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// Names the account; up to 64 bytes, as the REST API registers them.
    pub username: LongUsername,
    /// General or Admin; a new account without one is General.
    pub account_type: Option<AccountType>,
    /// See [`rules::nickname`].
    nickname: Option<String>,
    /// An empty cell means [`Gender::Unknown`].
    pub gender: Option<Gender>,
    /// YYYYMMDD as a number; a file may also write a date.
    pub birthday: Option<Option<u32>>,
    /// See [`rules::location`].
    location: Option<String>,
    /// See [`rules::self_signature`].
    self_signature: Option<String>,
    /// An empty cell means [`AllowType::NeedConfirm`].
    pub allow_type: Option<AllowType>,
    /// A whole number.
    pub language: Option<Option<u32>>,
    /// See [`rules::image`].
    image: Option<String>,
    /// The whole number, or its first bit.
    pub msg_settings: Option<MessageSettings>,
    /// An empty cell means [`AdminForbidType::None`].
    pub admin_forbid_type: Option<AdminForbidType>,
    /// A whole number.
    pub level: Option<Option<u32>>,
    /// A whole number; not the role in a group.
    pub role: Option<Option<u32>>,
    /// When the account was created; a new account without one gets the time of the import.
    pub created_at: Option<Moment>,
}

/// What a row gives for `Tag_Profile_IM_MsgSettings`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageSettings {
    /// The wire's number, of which the console shows one bit.
    All(u32),
    /// That bit alone: whether the user receives messages.
    Receives(bool),
}

impl MessageSettings {
    /// The new number of an account whose number was `before`.
    fn after(self, before: u32) -> u32 {
        match self {
            Self::All(number) => number,
            Self::Receives(true) => before & !MSG_SETTINGS_DO_NOT_RECEIVE,
            Self::Receives(false) => before | MSG_SETTINGS_DO_NOT_RECEIVE,
        }
    }
}

/// A checked row of a group file. `None` and `Some(None)` as in [`AccountRow`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRow {
    /// Names the group: a custom id, or one that a server gave, as exports have them.
    pub group_id: GroupId,
    /// Up to 128 characters, as the REST API allows; a new group needs one.
    pub name: Option<KeptName>,
    /// A new group needs one; see [`RowProblem::TypeIsFixed`].
    pub group_type: Option<GroupType>,
    /// Username of the owner; see [`RowProblem::OwnerIsFixed`].
    pub owner: Option<Option<LongUsername>>,
    /// Up to 512 characters, as the REST API allows.
    pub introduction: Option<KeptIntroduction>,
    /// 0 to [`limits::GROUP_MEMBERS`]; an empty cell means what the type allows.
    pub max_member_count: Option<Option<MemberLimit>>,
    /// When the group was created; a new group without one gets the time of the import.
    pub created_at: Option<Moment>,
}

/// A checked row of a file of memberships. `None` and `Some(None)` as in [`AccountRow`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// Names the group; see [`RowProblem::NoGroup`].
    pub group_id: GroupId,
    /// Names the account.
    pub username: LongUsername,
    /// Owner, Admin or Member; a new membership without one is Member.
    pub role: Option<MemberRole>,
    /// When the account joined; a new membership without one gets the time of the import.
    pub joined_at: Option<Moment>,
    /// When the member last sent a message; an empty cell means never.
    pub last_spoke_at: Option<Option<Moment>>,
}

/// Collects what is wrong with a row.
struct Row<'a, F: Fn(&str) -> Option<&'a str>> {
    cell: F,
    checks: Checks,
}

impl<'a, F: Fn(&str) -> Option<&'a str>> Row<'a, F> {
    /// The value of a field, when the file says something about it.
    fn take<T>(&mut self, field: &str, parse: impl Fn(&str) -> Result<T, Code>) -> Option<T> {
        let text = (self.cell)(field)?;
        self.checks.take(field, parse(text))
    }

    /// The same where an empty cell says nothing either.
    fn given<T>(&mut self, field: &str, parse: impl Fn(&str) -> Result<T, Code>) -> Option<T> {
        let text = (self.cell)(field).filter(|text| !text.trim().is_empty())?;
        self.checks.take(field, parse(text.trim()))
    }

    /// A value without which a row means nothing; [`Code::Required`] for an empty one.
    fn key<T>(&mut self, field: &str, parse: impl Fn(&str) -> Result<T, Code>) -> Option<T> {
        let text = (self.cell)(field).unwrap_or_default().trim();
        self.checks.take(field, if text.is_empty() { Err(Code::Required) } else { parse(text) })
    }

    fn finish<T>(self, build: impl FnOnce() -> Option<T>) -> Result<T, RowProblem> {
        self.checks.finish(build).map_err(|error| {
            // Checks answer nothing else.
            RowProblem::Fields(if let crate::Error::Invalid(fields) = error { fields } else { Vec::new() })
        })
    }
}

/// The longest word of a file that an error repeats, characters.
const TOLD: usize = 40;

fn not_word(text: &str) -> Code {
    let mut told: String = text.trim().chars().filter(|c| !c.is_control()).take(TOLD + 1).collect();
    if let Some((place, _)) = told.char_indices().nth(TOLD) {
        told.truncate(place);
        told.push('…');
    }
    Code::NotWord { text: told }
}

/// One of a column's choices: the wire's word, or a common name. [`Code::NotWord`] for anything else.
fn choice<T>(
    list: ImportList,
    field: &str,
    wire: Wire,
    parse: impl Fn(&str) -> Result<T, Code>,
) -> impl Fn(&str) -> Result<T, Code> {
    move |text| parse(text).or_else(|_| parse(wire(list, field, text).ok_or_else(|| not_word(text))?))
}

fn message_settings(wire: Wire, text: &str) -> Result<MessageSettings, Code> {
    match text::optional_u32(text) {
        Ok(number) => Ok(MessageSettings::All(number.unwrap_or_default())),
        // A text that begins like a number was meant to be one.
        Err(code) if text.trim_start().starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) => Err(code),
        Err(_) => {
            let word = wire(ImportList::Accounts, "msg_settings", text).ok_or_else(|| not_word(text))?;
            Ok(MessageSettings::Receives(word == "0"))
        }
    }
}

/// One word of a list; `empty` for an empty cell.
fn word<T: Copy>(empty: T, parse: impl Fn(&str) -> Result<T, Code>) -> impl Fn(&str) -> Result<T, Code> {
    move |text| match text.trim() {
        "" => Ok(empty),
        text => parse(text),
    }
}

/// The wire's number YYYYMMDD, or a date; a date cell of a spreadsheet comes with a time, which is ignored.
fn birthday(text: &str) -> Result<Option<u32>, Code> {
    let text = text.trim();
    let text = text.split_once('T').map_or(text, |(date, _)| date);
    match text::digits(text) {
        Some(number) => rules::birthday_text(number).map(|_| Some(number)).ok_or(Code::NotDate),
        None => rules::birthday(text),
    }
}

fn username(text: &str) -> Result<LongUsername, Code> {
    LongUsername::parse(text)
}

fn member_limit(text: &str) -> Result<Option<MemberLimit>, Code> {
    let wrong = |_| Code::NotNumber { min: 0, max: limits::GROUP_MEMBERS.into() };
    text::optional_u32(text).map_err(wrong)?.map(MemberLimit::of_file).transpose()
}

/// Checks a row of an account file; `cell` gives the text of a field, where there is one, and `wire` knows the common names of
/// choices. [`RowProblem::Fields`] names every broken cell.
pub fn account<'a>(cell: impl Fn(&str) -> Option<&'a str>, wire: Wire) -> Result<AccountRow, RowProblem> {
    const LIST: ImportList = ImportList::Accounts;
    let mut row = Row { cell, checks: Checks::new() };
    let name = row.key("username", username);
    let account_type = row.given("type", choice(LIST, "type", wire, AccountType::parse));
    let nickname = row.take("nickname", rules::nickname);
    let gender = row.take("gender", word(Gender::Unknown, choice(LIST, "gender", wire, Gender::parse)));
    let birthday = row.take("birthday", birthday);
    let location = row.take("location", rules::location);
    let self_signature = row.take("self_signature", rules::self_signature);
    let allow_type = row.take("allow_type", word(AllowType::NeedConfirm, choice(LIST, "allow_type", wire, AllowType::parse)));
    let language = row.take("language", text::optional_u32);
    let image = row.take("image", rules::image);
    let msg_settings = row.take("msg_settings", |text| message_settings(wire, text));
    let admin_forbid_type = row
        .take("admin_forbid_type", word(AdminForbidType::None, choice(LIST, "admin_forbid_type", wire, AdminForbidType::parse)));
    let level = row.take("level", text::optional_u32);
    let role = row.take("role", text::optional_u32);
    let created_at = row.given("created_at", Moment::parse);
    row.finish(|| {
        Some(AccountRow {
            username: name?,
            account_type,
            nickname,
            gender,
            birthday,
            location,
            self_signature,
            allow_type,
            language,
            image,
            msg_settings,
            admin_forbid_type,
            level,
            role,
            created_at,
        })
    })
}

impl AccountRow {
    /// The new profile of an account whose profile was `before`, as it is stored.
    pub fn profile(&self, before: &Profile) -> CheckedProfile {
        let b = before;
        CheckedProfile::of_parts(Profile {
            nickname: self.nickname.as_ref().unwrap_or(&b.nickname).clone(),
            gender: self.gender.unwrap_or(b.gender),
            birthday: self.birthday.unwrap_or(b.birthday),
            location: self.location.as_ref().unwrap_or(&b.location).clone(),
            self_signature: self.self_signature.as_ref().unwrap_or(&b.self_signature).clone(),
            allow_type: self.allow_type.unwrap_or(b.allow_type),
            language: self.language.unwrap_or(b.language),
            image: self.image.as_ref().unwrap_or(&b.image).clone(),
            msg_settings: self.msg_settings.map_or(b.msg_settings, |settings| settings.after(b.msg_settings)),
            admin_forbid_type: self.admin_forbid_type.unwrap_or(b.admin_forbid_type),
            level: self.level.unwrap_or(b.level),
            role: self.role.unwrap_or(b.role),
        })
    }
}

/// Checks a row of a group file; `cell`, `wire` and errors as in [`account()`].
pub fn group<'a>(cell: impl Fn(&str) -> Option<&'a str>, wire: Wire) -> Result<GroupRow, RowProblem> {
    let mut row = Row { cell, checks: Checks::new() };
    let id = row.key("group_id", GroupId::parse);
    let name =
        row.given("name", |_| Ok(())).and_then(|()| row.take("name", |text| ApiGroupName::parse(text).map(KeptName::from)));
    let group_type = row.given("type", choice(ImportList::Groups, "type", wire, GroupType::parse));
    let owner = row.take("owner", |text| match text.trim() {
        "" => Ok(None),
        name => username(name).map(Some),
    });
    let introduction = row.take("introduction", |text| Description::parse(text).map(KeptIntroduction::from));
    let max_member_count = row.take("max_member_count", member_limit);
    let created_at = row.given("created_at", Moment::parse);
    row.finish(|| Some(GroupRow { group_id: id?, name, group_type, owner, introduction, max_member_count, created_at }))
}

impl GroupRow {
    /// Name and type, which a new group needs; [`RowProblem::Fields`] with [`Code::Required`] for a missing one.
    pub fn required(&self) -> Result<(&KeptName, GroupType), RowProblem> {
        match (&self.name, self.group_type) {
            (Some(name), Some(group_type)) => Ok((name, group_type)),
            (name, group_type) => {
                let missing = [("name", name.is_none()), ("type", group_type.is_none())];
                let required = |field: &str| FieldError { field: field.to_owned(), code: Code::Required };
                Err(RowProblem::Fields(
                    missing.iter().filter(|(_, missing)| *missing).map(|(field, _)| required(field)).collect(),
                ))
            }
        }
    }
}

/// Checks a row of a file of memberships; `cell`, `wire` and errors as in [`account()`].
pub fn member<'a>(cell: impl Fn(&str) -> Option<&'a str>, wire: Wire) -> Result<MemberRow, RowProblem> {
    let mut row = Row { cell, checks: Checks::new() };
    let group = row.key("group_id", GroupId::parse);
    let name = row.key("username", username);
    let role = row.given("role", choice(ImportList::Members, "role", wire, MemberRole::parse));
    let joined_at = row.given("joined_at", Moment::parse);
    let last_spoke_at = row.take("last_spoke_at", |text| match text.trim() {
        "" => Ok(None),
        text => Moment::parse(text).map(Some),
    });
    row.finish(|| Some(MemberRow { group_id: group?, username: name?, role, joined_at, last_spoke_at }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cells<'a>(cells: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<&'a str> {
        move |field| cells.iter().find(|(name, _)| *name == field).map(|(_, text)| *text)
    }

    /// Knows no words.
    fn none(_: ImportList, _: &str, _: &str) -> Option<&'static str> {
        None
    }

    #[test]
    fn all_that_is_wrong_with_a_row_is_told_at_once() {
        let row = [("username", "a b"), ("gender", "x"), ("birthday", "20010230"), ("level", "-1"), ("created_at", "soon")];
        let Err(RowProblem::Fields(fields)) = account(cells(&row), none) else { panic!("accepted") };
        let names: Vec<&str> = fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(names, ["username", "gender", "birthday", "level", "created_at"]);
    }

    #[test]
    fn a_missing_column_says_nothing_and_an_empty_cell_clears() {
        let before = Profile { nickname: "Ada".into(), level: Some(3), ..Profile::default() };
        let kept = account(cells(&[("username", "ada")]), none).unwrap();
        assert_eq!(*kept.profile(&before), before);
        let cleared = account(cells(&[("username", " ada "), ("nickname", ""), ("level", ""), ("type", "")]), none).unwrap();
        assert_eq!(*cleared.profile(&before), Profile::default());
        assert_eq!(cleared.account_type, None);
    }

    #[test]
    fn a_word_that_is_unknown_is_told_again_and_cut() {
        let told = |text: &str| match choice(ImportList::Accounts, "gender", none, Gender::parse)(text) {
            Err(Code::NotWord { text }) => text,
            other => panic!("{other:?}"),
        };
        assert_eq!(told(" Femal\n"), "Femal");
        assert_eq!(told(&"x".repeat(1_000_000)), format!("{}…", "x".repeat(40)));
        assert_eq!(told(&"名".repeat(40)), "名".repeat(40));
        // Nothing but signs is no word either.
        assert_eq!(told("—"), "—");
    }

    #[test]
    fn ids_that_a_server_gave_are_taken_as_they_are() {
        for id in ["@TGS#1ABC", "lunch", "a b#c"] {
            assert_eq!(GroupId::parse(id).map(GroupId::into_string), Ok(id.to_owned()));
        }
        for id in ["@TGS#", "..", "中", &"x".repeat(49)] {
            assert!(GroupId::parse(id).is_err(), "{id}");
        }
    }

    #[test]
    fn birthdays_are_the_wires_number_or_a_date() {
        for text in ["19900704", "1990-07-04", "1990-07-04T00:00:00Z", " 19900704 "] {
            assert_eq!(birthday(text), Ok(Some(19_900_704)), "{text}");
        }
        assert_eq!(birthday(""), Ok(None));
        for text in ["7", "+19900704", "+1990-07-04", "1990-7-4"] {
            assert_eq!(birthday(text), Err(Code::NotDate), "{text}");
        }
    }

    #[test]
    fn a_new_group_needs_a_name_and_a_type() {
        let row = group(cells(&[("group_id", "g"), ("name", ""), ("type", "")]), none).unwrap();
        let Err(RowProblem::Fields(fields)) = row.required() else { panic!("accepted") };
        assert_eq!(fields.iter().map(|field| field.field.as_str()).collect::<Vec<_>>(), ["name", "type"]);
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd_to_be_checked(text in ".{0,40}") {
            let row = [("username", text.as_str()), ("birthday", &text), ("created_at", &text), ("image", &text)];
            let _ = account(cells(&row), none);
        }
    }
}
