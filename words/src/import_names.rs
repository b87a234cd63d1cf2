//! What the cells of a column with choices may contain: the wire's word, or a common name of the choice, in any of the languages; case,
//! spaces and punctuation do not matter. The console's own words are among them; a test of `choices` checks that.

use std::{collections::HashMap, sync::LazyLock};

use domain::{
    import::{ImportList, columns::folded},
    operator::Language,
};

use crate::{en, ko, shape::import_names::ImportNames, zh};

/// What files call columns and choices in a language. Apart from what pages say: the browser has no use for it.
pub(crate) const fn names(language: Language) -> &'static ImportNames {
    match language {
        Language::En => &en::import_names::NAMES,
        Language::Zh => &zh::import_names::NAMES,
        Language::Ko => &ko::import_names::NAMES,
    }
}

/// The wire's words by list, field and folded word.
type Known<'a> = HashMap<(ImportList, &'a str, String), &'static str>;

static KNOWN: LazyLock<Known<'static>> = LazyLock::new(|| {
    let mut known = HashMap::new();
    for &language in Language::ALL {
        for (list, field, choices) in names(language).choices {
            for (wire, others) in *choices {
                for word in std::iter::once(wire).chain(*others) {
                    known.insert((*list, *field, folded(word)), *wire);
                }
            }
        }
    }
    known
});

/// The wire's word for the text of a cell; `None` for a text that is none of the field's choices.
pub fn wire(list: ImportList, field: &str, text: &str) -> Option<&'static str> {
    // A longer text is none of the words: not worth folding.
    if text.len() > 256 {
        return None;
    }
    let words: &Known<'_> = &KNOWN;
    words.get(&(list, field, folded(text))).copied()
}

#[cfg(test)]
mod tests {
    use domain::{
        Code, FieldError,
        account::{AccountType, AdminForbidType, AllowType, Gender, Profile},
        group::GroupType,
        import::{
            RowProblem,
            check::{account, group, member},
            columns::{choices, fields},
        },
        member::MemberRole,
    };

    use super::*;

    /// All names of a column's choices, whatever their language.
    fn named(list: ImportList, field: &str) -> Vec<(&'static str, &'static str)> {
        let all = Language::ALL.iter().flat_map(|&language| names(language).choices);
        let of_field = all.filter(|(of, name, _)| *of == list && *name == field).flat_map(|(.., choices)| *choices);
        of_field.flat_map(|(wire, others)| std::iter::once(wire).chain(*others).map(|word| (*wire, *word))).collect()
    }

    #[test]
    fn no_word_means_two_things_and_all_are_known() {
        for list in ImportList::ALL {
            for field in fields(*list) {
                let mut seen = HashMap::new();
                for (wire_word, word) in named(*list, field) {
                    let before = seen.insert(folded(word), wire_word);
                    assert!(before.is_none_or(|before| before == wire_word), "{field}: {word}");
                    assert_eq!(wire(*list, field, &format!(" {} ", word.to_uppercase())), Some(wire_word), "{field}: {word}");
                }
            }
        }
        assert_eq!(wire(ImportList::Groups, "type", "私有群"), Some("Work"));
        assert_eq!(wire(ImportList::Groups, "type", "chat room"), Some("Meeting"));
        assert_eq!(wire(ImportList::Accounts, "gender", "gender_type_female"), Some("Gender_Type_Female"));
    }

    #[test]
    fn every_choice_of_the_wire_can_be_written() {
        for &language in Language::ALL {
            let names = names(language).choices;
            for list in ImportList::ALL {
                for field in fields(*list) {
                    let of_field = names.iter().find(|(of, name, _)| of == list && *name == field);
                    let words = of_field.map(|(.., choices)| choices.iter().map(|(wire, _)| *wire).collect::<Vec<_>>());
                    assert_eq!(words.unwrap_or_default(), choices(*list, field), "{field}");
                }
            }
        }
    }

    fn cells<'a>(cells: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<&'a str> {
        move |field| cells.iter().find(|(name, _)| *name == field).map(|(_, text)| *text)
    }

    #[test]
    fn choices_are_written_as_people_call_them() {
        let words = [("type", "管理员"), ("gender", " female"), ("allow_type", "모두 허용"), ("admin_forbid_type", "SendOut")];
        let row = account(cells(&[&[("username", "ada")], &words[..]].concat()), wire).unwrap();
        assert_eq!(
            (row.account_type, row.gender, row.allow_type, row.admin_forbid_type),
            (Some(AccountType::Admin), Some(Gender::Female), Some(AllowType::AllowAny), Some(AdminForbidType::SendOut))
        );
        let group = group(cells(&[("group_id", "g"), ("type", "公开群")]), wire).unwrap();
        assert_eq!(group.group_type, Some(GroupType::Public));
        let member = member(cells(&[("group_id", "g"), ("username", "ada"), ("role", "일반 구성원")]), wire).unwrap();
        assert_eq!(member.role, Some(MemberRole::Member));
        let Err(RowProblem::Fields(fields)) = account(cells(&[("username", "ada"), ("gender", "Femal")]), wire) else {
            panic!("accepted")
        };
        assert_eq!(fields, [FieldError { field: "gender".into(), code: Code::NotWord { text: "Femal".into() } }]);
    }

    #[test]
    fn message_settings_are_a_number_or_say_one_bit() {
        let after = |text: &str, before: u32| {
            let row = account(cells(&[("username", "ada"), ("msg_settings", text)]), wire)?;
            Ok::<_, RowProblem>(row.profile(&Profile { msg_settings: before, ..Profile::default() }).msg_settings)
        };
        for (text, before, number) in
            [("6", 1, 6), ("", 7, 0), ("receive messages", 7, 6), ("不接收消息", 6, 7), ("메시지 수신 안 함", 0, 1)]
        {
            assert_eq!(after(text, before), Ok(number), "{text}");
        }
        let code = |text: &str| match after(text, 0) {
            Err(RowProblem::Fields(fields)) => fields[0].code.clone(),
            other => panic!("{other:?}"),
        };
        assert!(matches!(code("-1"), Code::NotNumber { .. }), "{:?}", code("-1"));
        assert_eq!(code("maybe"), Code::NotWord { text: "maybe".into() });
    }
}
