//! From a file's titles to fields. A title is a field's key, or the title of the column in an export or on screen, in any of the
//! three languages; case, spaces and punctuation do not matter. Pure.

use super::{ImportList, MatchedColumn, Meaning};
use crate::{
    account::{AccountType, AdminForbidType, AllowType, Gender},
    export::Column,
    group::GroupType,
    limits,
    member::MemberRole,
    operator::Language,
    upload::FileProblem,
};

/// Further names of columns, which the documents and back ends of other systems use.
const OTHERS: &[(ImportList, &str, &[&str])] = &[
    (ImportList::Accounts, "username", &["UserID"]),
    (ImportList::Accounts, "type", &["账号类型", "类型", "유형"]),
    (ImportList::Groups, "group_id", &["群组 ID"]),
    (ImportList::Groups, "name", &["群组名称"]),
    (ImportList::Groups, "type", &["群组类型", "类型", "유형"]),
    (ImportList::Groups, "owner", &["Group Owner ID", "群主 ID", "그룹 소유자 ID"]),
    (ImportList::Groups, "introduction", &["群组简介"]),
    (ImportList::Members, "group_id", &["群组 ID"]),
    (ImportList::Members, "username", &["UserID"]),
    (ImportList::Members, "role", &["角色", "역할"]),
];

/// The title of the column in which refused rows have their reason, in each language.
const REASON: [&str; 3] = ["Reason", "原因", "사유"];

/// Columns of exports that no import sets, because they follow from other data.
fn is_derived(list: ImportList, key: &str) -> bool {
    matches!((list, key), (ImportList::Groups, "member_count" | "message_count") | (ImportList::Members, "nickname"))
}

fn columns(list: ImportList) -> impl Iterator<Item = &'static Column> {
    list.exported().columns().iter().filter(move |column| !is_derived(list, column.key))
}

/// Every name that a column may have.
fn names(list: ImportList, column: &'static Column) -> impl Iterator<Item = &'static str> {
    let others = OTHERS.iter().filter(move |(of, key, _)| *of == list && *key == column.key).flat_map(|(_, _, others)| *others);
    let titles = Language::ALL.iter().map(|&language| column.title(language));
    std::iter::once(column.key).chain(titles).chain(others.copied())
}

/// The keys of the fields that a file of this list can give, in the order of its template.
pub fn fields(list: ImportList) -> impl Iterator<Item = &'static str> {
    columns(list).map(|column| column.key)
}

/// The title of a field's column in a reader's language.
pub fn title(list: ImportList, field: &str, language: Language) -> &'static str {
    list.exported().column(field).map_or("", |column| column.title(language))
}

/// The title of the column that says why a row was refused.
pub fn reason_title(language: Language) -> &'static str {
    let [en, zh, ko] = REASON;
    match language {
        Language::En => en,
        Language::Zh => zh,
        Language::Ko => ko,
    }
}

/// Whether a column is the one with the reasons of refused rows.
pub fn is_reason(title: &str) -> bool {
    let wanted = folded(title);
    REASON.iter().any(|reason| folded(reason) == wanted)
}

/// The wire's words that a field may have, which `words.rs` knows by other names too; empty for fields without choices.
pub fn choices(list: ImportList, field: &str) -> Vec<&'static str> {
    match (list, field) {
        (ImportList::Accounts, "type") => AccountType::ALL.iter().map(|word| word.as_str()).collect(),
        (ImportList::Accounts, "gender") => Gender::ALL.iter().map(|word| word.as_str()).collect(),
        (ImportList::Accounts, "allow_type") => AllowType::ALL.iter().map(|word| word.as_str()).collect(),
        // A number of bits; the console shows the first.
        (ImportList::Accounts, "msg_settings") => vec!["0", "1"],
        (ImportList::Accounts, "admin_forbid_type") => AdminForbidType::ALL.iter().map(|word| word.as_str()).collect(),
        (ImportList::Groups, "type") => GroupType::ALL.iter().map(|word| word.as_str()).collect(),
        (ImportList::Members, "role") => MemberRole::ALL.iter().map(|word| word.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// The fields without which no row can be understood: they name the row.
pub fn keys(list: ImportList) -> &'static [&'static str] {
    match list {
        ImportList::Accounts => &["username"],
        ImportList::Groups => &["group_id"],
        ImportList::Members => &["group_id", "username"],
    }
}

/// A title or a word as it is compared: letters and digits only, in lower case.
pub fn folded(title: &str) -> String {
    title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn meaning(list: ImportList, title: &str) -> Meaning {
    let wanted = folded(title);
    if wanted.is_empty() {
        return Meaning::Unknown;
    }
    let called = |column: &&'static Column| names(list, column).any(|name| folded(name) == wanted);
    match list.exported().columns().iter().find(called) {
        Some(column) if is_derived(list, column.key) => Meaning::Derived,
        Some(column) => Meaning::Field(column.key.to_owned()),
        None if is_reason(title) => Meaning::Derived,
        None => Meaning::Unknown,
    }
}

/// Matches the titles of a file with fields. `given` names a field that the upload itself gives (the group of a member list).
/// Errors: [`FileProblem::TooManyColumns`], [`FileProblem::NoColumn`], [`FileProblem::TitleTooLong`],
/// [`FileProblem::ColumnTwice`], [`FileProblem::ColumnMissing`], in this order.
pub fn match_columns(list: ImportList, titles: &[String], given: Option<&str>) -> Result<Vec<MatchedColumn>, FileProblem> {
    if titles.len() > limits::IMPORT_COLUMNS {
        return Err(FileProblem::TooManyColumns { max: limits::IMPORT_COLUMNS, actual: titles.len() });
    }
    let matched: Vec<MatchedColumn> =
        titles.iter().map(|title| MatchedColumn { title: title.clone(), meaning: meaning(list, title) }).collect();
    let count =
        |field: &str| matched.iter().filter(|column| matches!(&column.meaning, Meaning::Field(found) if found == field)).count();
    if !fields(list).any(|field| count(field) > 0) {
        return Err(FileProblem::NoColumn);
    }
    // After the check above: a file without titles has any text in its first row.
    if matched.iter().any(|column| column.title.chars().nth(limits::IMPORT_TITLE_CHARS).is_some()) {
        return Err(FileProblem::TitleTooLong { max: limits::IMPORT_TITLE_CHARS });
    }
    for field in fields(list) {
        if count(field) > 1 {
            return Err(FileProblem::ColumnTwice { field: field.to_owned() });
        }
    }
    for field in keys(list).iter().filter(|field| given != Some(**field)) {
        if count(field) == 0 {
            return Err(FileProblem::ColumnMissing { field: (*field).to_owned() });
        }
    }
    Ok(matched)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(list: ImportList, titles: &[&str]) -> Result<Vec<Meaning>, FileProblem> {
        let titles: Vec<String> = titles.iter().map(|title| (*title).to_owned()).collect();
        Ok(match_columns(list, &titles, None)?.into_iter().map(|column| column.meaning).collect())
    }

    fn field(name: &str) -> Meaning {
        Meaning::Field(name.to_owned())
    }

    #[test]
    fn titles_are_known_in_three_languages_and_by_field_name() {
        for titles in
            [["Username", "what's up"], ["用户名", "个性签名"], ["사용자 이름", "개인 서명"], ["USERNAME ", "self_signature"]]
        {
            assert_eq!(found(ImportList::Accounts, &titles), Ok(vec![field("username"), field("self_signature")]), "{titles:?}");
        }
        let titles = ["그룹 ID", "사용자 이름", "Nickname", "whatever", ""];
        let wanted = vec![field("group_id"), field("username"), Meaning::Derived, Meaning::Unknown, Meaning::Unknown];
        assert_eq!(found(ImportList::Members, &titles), Ok(wanted));
    }

    #[test]
    fn no_field_has_a_title_of_another() {
        for list in ImportList::ALL {
            let mut seen = std::collections::HashMap::new();
            for column in columns(*list) {
                for title in names(*list, column) {
                    let before = seen.insert(folded(title), column.key);
                    assert!(before.is_none_or(|before| before == column.key), "{list:?}: {title}");
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_understood_is_refused() {
        assert_eq!(found(ImportList::Accounts, &["a", "b"]), Err(FileProblem::NoColumn));
        assert_eq!(found(ImportList::Accounts, &["Nickname"]), Err(FileProblem::ColumnMissing { field: "username".into() }));
        assert_eq!(
            found(ImportList::Accounts, &["Username", "用户名"]),
            Err(FileProblem::ColumnTwice { field: "username".into() })
        );
        let long = ["username", &"x".repeat(201)];
        assert_eq!(found(ImportList::Accounts, &long), Err(FileProblem::TitleTooLong { max: 200 }));
        assert!(found(ImportList::Accounts, &["username", &"宽".repeat(200)]).is_ok());
        let many = vec!["x"; 1_000];
        assert_eq!(found(ImportList::Groups, &many), Err(FileProblem::TooManyColumns { max: 100, actual: 1_000 }));
    }

    #[test]
    fn a_member_list_may_belong_to_a_group_that_the_upload_names() {
        let titles = vec!["Username".to_owned()];
        assert!(match_columns(ImportList::Members, &titles, Some("group_id")).is_ok());
        assert!(match_columns(ImportList::Members, &titles, None).is_err());
    }
}
