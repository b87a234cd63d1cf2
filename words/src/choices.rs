//! The names of the choices of a field wherever the console shows one: lists, pages, forms and imports. Imports accept all of
//! these words; the tests below check that.

use domain::{
    account::{AccountType, AdminForbidType, AllowType, Gender},
    group::GroupType,
    import::ImportList,
    member::MemberRole,
};

use super::Strings;

/// The words for an account's type: General or Admin.
pub fn account_type(t: &Strings, word: AccountType) -> &'static str {
    match word {
        AccountType::General => t.accounts.type_general,
        AccountType::Admin => t.accounts.type_admin,
    }
}

/// The word for a gender.
pub fn gender(t: &Strings, word: Gender) -> &'static str {
    match word {
        Gender::Unknown => t.accounts.gender_unset,
        Gender::Female => t.accounts.gender_female,
        Gender::Male => t.accounts.gender_male,
    }
}

/// The word for how friend requests are verified.
pub fn allow_type(t: &Strings, word: AllowType) -> &'static str {
    match word {
        AllowType::NeedConfirm => t.accounts.allow_need_confirm,
        AllowType::AllowAny => t.accounts.allow_any,
        AllowType::DenyAny => t.accounts.allow_deny,
    }
}

/// The word for whether an account may send friend requests.
pub fn friending(t: &Strings, word: AdminForbidType) -> &'static str {
    match word {
        AdminForbidType::None => t.accounts.friending_allowed,
        AdminForbidType::SendOut => t.accounts.friending_forbidden,
    }
}

/// The words for the one bit of the message settings that the console shows.
pub fn receives(t: &Strings, receives: bool) -> &'static str {
    if receives { t.accounts.messages_receive } else { t.accounts.messages_do_not_receive }
}

/// The word for a group's type.
pub fn group_type(t: &Strings, word: GroupType) -> &'static str {
    match word {
        GroupType::Work => t.groups.type_work,
        GroupType::Public => t.groups.type_public,
        GroupType::Meeting => t.groups.type_meeting,
        GroupType::AvChatRoom => t.groups.type_av,
    }
}

/// The word for a role in a group.
pub fn member_role(t: &Strings, word: MemberRole) -> &'static str {
    match word {
        MemberRole::Owner => t.members.owner,
        MemberRole::Admin => t.members.admin,
        MemberRole::Member => t.members.member,
    }
}

/// The name of the wire's word in a column of an import; `None` where the column has no choices.
pub fn called(t: &Strings, list: ImportList, field: &str, wire: &str) -> Option<&'static str> {
    match (list, field) {
        (ImportList::Accounts, "type") => AccountType::parse(wire).ok().map(|word| account_type(t, word)),
        (ImportList::Accounts, "gender") => Gender::parse(wire).ok().map(|word| gender(t, word)),
        (ImportList::Accounts, "allow_type") => AllowType::parse(wire).ok().map(|word| allow_type(t, word)),
        (ImportList::Accounts, "admin_forbid_type") => AdminForbidType::parse(wire).ok().map(|word| friending(t, word)),
        (ImportList::Accounts, "msg_settings") => match wire {
            "0" => Some(receives(t, true)),
            "1" => Some(receives(t, false)),
            _ => None,
        },
        (ImportList::Groups, "type") => GroupType::parse(wire).ok().map(|word| group_type(t, word)),
        (ImportList::Members, "role") => MemberRole::parse(wire).ok().map(|word| member_role(t, word)),
        (ImportList::Accounts | ImportList::Groups | ImportList::Members, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use domain::{import::columns, operator::Language};

    use super::*;
    use crate::{LanguageWords, import_names::wire as wire_of};

    #[test]
    fn imports_accept_every_word_that_the_console_shows() {
        let mut words = 0;
        for list in ImportList::ALL {
            for field in columns::fields(*list) {
                for wire in columns::choices(*list, field) {
                    for language in Language::ALL {
                        let word = called(language.strings(), *list, field, wire);
                        assert_ne!(word, None, "{field}: {wire} has no word");
                        assert_eq!(wire_of(*list, field, word.unwrap_or_default()), Some(wire), "{field}: {word:?}");
                        words += 1;
                    }
                }
            }
        }
        assert_eq!(words, 3 * 19);
    }
}
