//! From the keys of columns to their titles, for exports, and from titles to keys, for imports. A title is a field's key, or the
//! title of the column in an export or on screen, in any of the languages; case, spaces and punctuation do not matter.

use domain::{
    export::{Column, ExportList},
    import::{
        ImportList, MatchedColumn, Meaning,
        columns::{self, folded, is_derived},
    },
    operator::Language,
    upload::FileProblem,
};

use crate::{LanguageWords, import_names::names};

/// The title of a column in the reader's language; empty where the list has no such column.
pub fn title(language: Language, list: ExportList, key: &str) -> &'static str {
    language.strings().columns.title(list, key)
}

/// The title of the column that says why a row was refused.
pub fn reason_title(language: Language) -> &'static str {
    language.strings().columns.reason()
}

/// Whether a column is the one with the reasons of refused rows.
pub fn is_reason(title: &str) -> bool {
    let wanted = folded(title);
    Language::ALL.iter().any(|&language| folded(reason_title(language)) == wanted)
}

/// Every name that a column may have.
fn names_of(list: ImportList, column: &'static Column) -> impl Iterator<Item = &'static str> {
    let titles = Language::ALL.iter().map(move |&language| title(language, list.exported(), column.key));
    let others = Language::ALL.iter().flat_map(|&language| names(language).columns);
    let others = others.filter(move |(of, key, _)| *of == list && *key == column.key).flat_map(|(_, _, names)| *names);
    std::iter::once(column.key).chain(titles).chain(others.copied())
}

fn meaning(list: ImportList, title: &str) -> Meaning {
    let wanted = folded(title);
    if wanted.is_empty() {
        return Meaning::Unknown;
    }
    let called = |column: &&'static Column| names_of(list, column).any(|name| folded(name) == wanted);
    match list.exported().columns().iter().find(called) {
        Some(column) if is_derived(list, column.key) => Meaning::Derived,
        Some(column) => Meaning::Field(column.key.to_owned()),
        None if is_reason(title) => Meaning::Derived,
        None => Meaning::Unknown,
    }
}

/// Matches the titles of a file with fields, in any language; `given` and errors as in [`columns::match_columns`].
pub fn match_columns(list: ImportList, titles: &[String], given: Option<&str>) -> Result<Vec<MatchedColumn>, FileProblem> {
    columns::match_columns(list, titles, given, |title| meaning(list, title))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn every_name_means_one_column() {
        for &list in ExportList::ALL {
            let mut meant = HashMap::new();
            for column in list.columns() {
                let titles = Language::ALL.iter().map(|&language| title(language, list, column.key));
                for name in std::iter::once(column.key).chain(titles) {
                    let before = meant.insert(name.to_lowercase(), column.key);
                    assert!(before.is_none_or(|before| before == column.key), "{name} in {list:?}");
                }
            }
        }
    }

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
            let mut seen = HashMap::new();
            for column in list.exported().columns().iter().filter(|column| !is_derived(*list, column.key)) {
                for title in names_of(*list, column) {
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
