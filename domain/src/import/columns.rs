//! Which columns an import file may have, which it must have, and which choices their cells may contain. Their names in each
//! language are in the crate `words`. Pure.

use super::{ImportList, MatchedColumn, Meaning};
use crate::{
    account::{AccountType, AdminForbidType, AllowType, Gender},
    export::Column,
    group::GroupType,
    limits,
    member::MemberRole,
    upload::FileProblem,
};

/// Columns of exports that no import sets, because they follow from other data.
pub fn is_derived(list: ImportList, key: &str) -> bool {
    matches!((list, key), (ImportList::Groups, "member_count" | "message_count") | (ImportList::Members, "nickname"))
}

fn columns(list: ImportList) -> impl Iterator<Item = &'static Column> {
    list.exported().columns().iter().filter(move |column| !is_derived(list, column.key))
}

/// The keys of the fields that a file of this list can give, in the order of its template.
pub fn fields(list: ImportList) -> impl Iterator<Item = &'static str> {
    columns(list).map(|column| column.key)
}

/// The wire's words that a field may have, which the crate `words` knows by other names too; empty for fields without choices.
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
        (ImportList::Accounts | ImportList::Groups | ImportList::Members, _) => Vec::new(),
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

/// Matches the titles of a file with fields; `meaning` knows the titles in each language. `given` names a field that the upload
/// itself gives (the group of a member list). Errors: [`FileProblem::TooManyColumns`], [`FileProblem::NoColumn`],
/// [`FileProblem::TitleTooLong`], [`FileProblem::ColumnTwice`], [`FileProblem::ColumnMissing`], in this order.
pub fn match_columns(
    list: ImportList,
    titles: &[String],
    given: Option<&str>,
    meaning: impl Fn(&str) -> Meaning,
) -> Result<Vec<MatchedColumn>, FileProblem> {
    if titles.len() > limits::IMPORT_COLUMNS {
        return Err(FileProblem::TooManyColumns { max: limits::IMPORT_COLUMNS, actual: titles.len() });
    }
    let matched: Vec<MatchedColumn> =
        titles.iter().map(|title| MatchedColumn { title: title.clone(), meaning: meaning(title) }).collect();
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
