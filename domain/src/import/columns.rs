//! From a file's titles to fields. A title is a field's name, or what stands above the column in an export or on screen, in any of
//! the three languages; case, spaces and punctuation do not matter. Pure.

use super::{FileProblem, ImportList, MatchedColumn, Meaning};
use crate::limits;

/// A field that a file can give: its name, and what its column may be called besides.
struct Column {
    field: &'static str,
    titles: &'static [&'static str],
}

const fn column(field: &'static str, titles: &'static [&'static str]) -> Column {
    Column { field, titles }
}

/// The fields of accounts, in the order of exports and templates.
const ACCOUNTS: &[Column] = &[
    column("username", &["Username", "UserID", "用户名", "사용자 이름"]),
    column("type", &["Account Type", "帐号类型", "账号类型", "계정 유형"]),
    column("nickname", &["Nickname", "昵称", "닉네임"]),
    column("gender", &["Gender", "性别", "성별"]),
    column("birthday", &["Birth Date", "Birthday", "生日", "생년월일"]),
    column("location", &["Location", "所在地", "위치"]),
    column("self_signature", &["What’s Up", "What's Up", "个性签名", "개인 서명"]),
    column("allow_type", &["Friend Request Verification", "加好友验证方式", "친구 요청 인증"]),
    column("language", &["Language", "语言", "언어"]),
    column("image", &["Profile Photo", "头像", "프로필 사진"]),
    column("msg_settings", &["Message settings", "消息设置", "메시지 설정"]),
    column("admin_forbid_type", &["Friending", "管理员禁止加好友标识", "친구 맺기"]),
    column("level", &["Level", "等级", "레벨"]),
    column("role", &["Role", "角色", "역할"]),
    column("created_at", &["Created", "创建时间", "생성 시간"]),
];

const GROUPS: &[Column] = &[
    column("group_id", &["Group ID", "群组 ID", "群 ID", "그룹 ID"]),
    column("name", &["Group Name", "Name", "群名称", "群组名称", "그룹 이름", "그룹명"]),
    column("type", &["Group Type", "Type", "群组类型", "群类型", "그룹 유형"]),
    column("owner", &["Group Owner", "Group Owner ID", "Owner", "群主", "群主 ID", "그룹 소유자", "그룹장", "그룹 소유자 ID"]),
    column("introduction", &["Group introduction", "Introduction", "群简介", "群组简介", "그룹 소개"]),
    column("created_at", &["Created", "创建时间", "생성 시간"]),
];

const MEMBERS: &[Column] = &[
    column("group_id", &["Group ID", "群组 ID", "群 ID", "그룹 ID"]),
    column("username", &["Username", "UserID", "用户名", "사용자 이름"]),
    column("role", &["Role", "Member Role", "角色", "身份", "成员身份", "역할", "구성원 역할"]),
    column("joined_at", &["Join Time", "Joined", "入群时间", "加入时间", "가입 시간", "참여 시간"]),
    column("last_spoke_at", &["Last Speak Time", "最后发言时间", "最近发言时间", "마지막 발언 시간"]),
];

/// Columns of Roster's own exports that no import sets, because they follow from other data; and the reason column that a file of
/// refused rows comes back with.
const DERIVED: &[&str] = &[
    "member_count", "max_member_count", "message_count", "owner_nickname", "nickname", "image", "reason", "row", "version",
    "Members", "Messages", "Nickname", "Profile Photo", "Reason", "Row", "成员", "成员数", "昵称", "头像", "原因", "行",
    "구성원", "구성원 수", "닉네임", "프로필 사진", "사유", "행",
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
    let found = columns(list).iter().find(|column| same(&column.field) || column.titles.iter().any(|title| same(title)));
    match found {
        _ if wanted.is_empty() => Meaning::Unknown,
        Some(column) => Meaning::Field(column.field.to_owned()),
        None if DERIVED.iter().any(|title| same(title)) => Meaning::Derived,
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
    let is = |field: &str| move |column: &&MatchedColumn| matches!(&column.meaning, Meaning::Field(found) if found == field);
    if !fields(list).any(|field| matched.iter().any(|column| is(field)(&column))) {
        return Err(FileProblem::NoColumn);
    }
    for field in fields(list) {
        if matched.iter().filter(is(field)).count() > 1 {
            return Err(FileProblem::ColumnTwice { field: field.to_owned() });
        }
    }
    for field in keys(list).iter().filter(|field| given != Some(**field)) {
        if !matched.iter().any(|column| is(field)(&column)) {
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
        for titles in [["Username", "what's up"], ["用户名", "个性签名"], ["사용자 이름", "개인 서명"], ["USERNAME ", "self_signature"]]
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
                for title in column.titles.iter().chain([&column.field]) {
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
