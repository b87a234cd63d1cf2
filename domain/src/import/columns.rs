//! From a file's titles to fields. A title is a field's name, or what stands above the column in an export or on screen, in any of
//! the three languages; case, spaces and punctuation do not matter. Pure.

use super::{FileProblem, ImportList, MatchedColumn, Meaning};
use crate::{
    account::{AccountType, AdminForbidType, AllowType, Gender},
    group::GroupType,
    limits,
    member::MemberRole,
    operator::Language,
};

/// A field that a file can give: its name, its title in English, Chinese and Korean, and what its column may be called besides.
struct Column {
    field: &'static str,
    titles: [&'static str; 3],
    others: &'static [&'static str],
}

const fn column(field: &'static str, titles: [&'static str; 3], others: &'static [&'static str]) -> Column {
    Column { field, titles, others }
}

/// The fields of accounts, in the order of exports and templates.
const ACCOUNTS: &[Column] = &[
    column("username", ["Username", "用户名", "사용자 이름"], &["UserID"]),
    column("type", ["Account Type", "帐号类型", "계정 유형"], &["账号类型"]),
    column("nickname", ["Nickname", "昵称", "닉네임"], &[]),
    column("gender", ["Gender", "性别", "성별"], &[]),
    column("birthday", ["Birth Date", "生日", "생년월일"], &[]),
    column("location", ["Location", "所在地", "위치"], &[]),
    column("self_signature", ["What’s Up", "个性签名", "개인 서명"], &[]),
    column("allow_type", ["Friend Request Verification", "加好友验证方式", "친구 요청 인증"], &[]),
    column("language", ["Language", "语言", "언어"], &[]),
    column("image", ["Profile Photo", "头像", "프로필 사진"], &[]),
    column("msg_settings", ["Message settings", "消息设置", "메시지 설정"], &[]),
    column("admin_forbid_type", ["Friending", "管理员禁止加好友标识", "친구 맺기"], &[]),
    column("level", ["Level", "等级", "레벨"], &[]),
    column("role", ["Role", "角色", "역할"], &[]),
    column("created_at", ["Created", "创建时间", "생성 시간"], &[]),
];

const GROUPS: &[Column] = &[
    column("group_id", ["Group ID", "群 ID", "그룹 ID"], &["群组 ID"]),
    column("name", ["Group Name", "群名称", "그룹 이름"], &["群组名称"]),
    column("type", ["Group Type", "群类型", "그룹 유형"], &["群组类型"]),
    column("owner", ["Group Owner", "群主", "그룹 소유자"], &["Group Owner ID", "群主 ID", "그룹 소유자 ID"]),
    column("introduction", ["Group introduction", "群简介", "그룹 소개"], &["群组简介"]),
    column("max_member_count", ["Member limit", "成员上限", "최대 구성원 수"], &[]),
    column("created_at", ["Created", "创建时间", "생성 시간"], &[]),
];

const MEMBERS: &[Column] = &[
    column("group_id", ["Group ID", "群 ID", "그룹 ID"], &["群组 ID"]),
    column("username", ["Username", "用户名", "사용자 이름"], &["UserID"]),
    column("role", ["Role", "成员身份", "구성원 역할"], &["角色", "역할"]),
    column("joined_at", ["Join Time", "加入时间", "참여 시간"], &[]),
    column("last_spoke_at", ["Last Speak Time", "最后发言时间", "마지막 발언 시간"], &[]),
];

/// Columns of Roster's own exports that no import sets, because they follow from other data; and the columns with which a file of
/// refused rows comes back.
const DERIVED: &[&str] = &[
    "member_count",
    "message_count",
    "nickname",
    "Members",
    "Messages",
    "Nickname",
    "成员",
    "消息数",
    "昵称",
    "구성원",
    "메시지 수",
    "닉네임",
    "Reason",
    "原因",
    "사유",
    "Row",
    "行",
    "행",
];

fn columns(list: ImportList) -> &'static [Column] {
    match list {
        ImportList::Accounts => ACCOUNTS,
        ImportList::Groups => GROUPS,
        ImportList::Members => MEMBERS,
    }
}

/// The names of the fields that a file of this list can give, in the order of its template.
pub fn fields(list: ImportList) -> impl Iterator<Item = &'static str> {
    columns(list).iter().map(|column| column.field)
}

/// What stands above a field's column in a reader's language.
pub fn title(list: ImportList, field: &str, language: Language) -> &'static str {
    let found = columns(list).iter().find(|column| column.field == field);
    let [en, zh, ko] = found.map_or([""; 3], |column| column.titles);
    match language {
        Language::En => en,
        Language::Zh => zh,
        Language::Ko => ko,
    }
}

/// The words that a field may hold; nothing for fields that hold other things.
pub fn choices(list: ImportList, field: &str) -> Vec<&'static str> {
    match (list, field) {
        (ImportList::Accounts, "type") => AccountType::ALL.iter().map(|word| word.as_str()).collect(),
        (ImportList::Accounts, "gender") => Gender::ALL.iter().map(|word| word.as_str()).collect(),
        (ImportList::Accounts, "allow_type") => AllowType::ALL.iter().map(|word| word.as_str()).collect(),
        (ImportList::Accounts, "admin_forbid_type") => AdminForbidType::ALL.iter().map(|word| word.as_str()).collect(),
        (ImportList::Groups, "type") => GroupType::ALL.iter().map(|word| word.as_str()).collect(),
        (ImportList::Members, "role") => MemberRole::ALL.iter().map(|word| word.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// The fields without which no row can be understood.
pub fn keys(list: ImportList) -> &'static [&'static str] {
    match list {
        ImportList::Accounts => &["username"],
        ImportList::Groups => &["group_id"],
        ImportList::Members => &["group_id", "username"],
    }
}

/// A title as it is compared: letters and digits only, in lower case.
fn folded(title: &str) -> String {
    title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn meaning(list: ImportList, title: &str) -> Meaning {
    let wanted = folded(title);
    let same = |other: &&str| folded(other) == wanted;
    let found = columns(list).iter().find(|column| same(&column.field) || column.titles.iter().chain(column.others).any(same));
    match found {
        _ if wanted.is_empty() => Meaning::Unknown,
        Some(column) => Meaning::Field(column.field.to_owned()),
        None if DERIVED.iter().any(same) => Meaning::Derived,
        None => Meaning::Unknown,
    }
}

/// Finds out what the columns of a file are. `given` names a field that the upload itself says (the group of a member list).
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
                for title in column.titles.iter().chain(column.others).chain([&column.field]) {
                    let before = seen.insert(folded(title), column.field);
                    assert!(before.is_none_or(|before| before == column.field), "{list:?}: {title}");
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
