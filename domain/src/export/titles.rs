//! The columns of every list that can be exported: the key on the wire, the kind of its values, and its title in each language.
//! Exports write them, imports know them again by any of their names.

use serde::{Deserialize, Serialize};

use crate::{operator::Language, wire_enum};

wire_enum! {
    /// A list that can be exported.
    pub enum ExportList {
        /// The accounts of an app.
        Accounts = "accounts",
        /// The groups of an app.
        Groups = "groups",
        /// The members of one group.
        Members = "members",
        /// The messages of one group.
        Messages = "messages",
        /// The audit log of one app, with the server's events as on screen.
        Events = "events",
    }
}

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// A text; empty where none was set.
    Text,
    /// A whole number; empty where none was set.
    Number,
    /// Milliseconds since 1970 in UTC; written as ISO 8601.
    Time,
    /// A JSON value; CSV and XLSX hold its text.
    Json,
}

/// One column of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The name on the wire; the key in JSON Lines.
    pub key: &'static str,
    /// What the values are.
    pub kind: Kind,
    /// English, Chinese, Korean.
    pub(super) titles: [&'static str; 3],
}

impl Column {
    /// The title in the reader's language.
    pub fn title(&self, language: Language) -> &'static str {
        let [en, zh, ko] = self.titles;
        match language {
            Language::En => en,
            Language::Zh => zh,
            Language::Ko => ko,
        }
    }
}

impl ExportList {
    /// All its columns, in order.
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Self::Accounts => ACCOUNTS,
            Self::Groups => GROUPS,
            Self::Members => MEMBERS,
            Self::Messages => MESSAGES,
            Self::Events => EVENTS,
        }
    }

    /// The column of that key.
    pub fn column(self, key: &str) -> Option<&'static Column> {
        self.columns().iter().find(|column| column.key == key)
    }

    /// Whether it belongs to one group.
    pub const fn is_of_group(self) -> bool {
        matches!(self, Self::Members | Self::Messages)
    }
}

/// `key: Kind = "English", "Chinese", "Korean";` for each column.
macro_rules! columns {
    ($($key:literal : $kind:ident = $en:literal, $zh:literal, $ko:literal;)+) => {
        &[$(Column {
            key: $key,
            kind: Kind::$kind,
            titles: [$en, $zh, $ko],
        }),+]
    };
}

/// All profile fields.
const ACCOUNTS: &[Column] = columns! {
    "username": Text = "Username", "用户名", "사용자 이름";
    "type": Text = "Account Type", "帐号类型", "계정 유형";
    "nickname": Text = "Nickname", "昵称", "닉네임";
    "gender": Text = "Gender", "性别", "성별";
    "birthday": Number = "Birth Date", "生日", "생년월일";
    "location": Text = "Location", "所在地", "위치";
    "self_signature": Text = "What’s Up", "个性签名", "개인 서명";
    "allow_type": Text = "Friend Request Verification", "加好友验证方式", "친구 요청 인증";
    "language": Number = "Language", "语言", "언어";
    "image": Text = "Profile Photo", "头像", "프로필 사진";
    "msg_settings": Number = "Message settings", "消息设置", "메시지 설정";
    "admin_forbid_type": Text = "Friending", "管理员禁止加好友标识", "친구 맺기";
    "level": Number = "Level", "等级", "레벨";
    "role": Number = "Role", "角色", "역할";
    "created_at": Time = "Created", "创建时间", "생성 시간";
};

/// `max_member_count` is the number that the group itself sets: empty where the type decides.
const GROUPS: &[Column] = columns! {
    "group_id": Text = "Group ID", "群 ID", "그룹 ID";
    "name": Text = "Group Name", "群名称", "그룹 이름";
    "type": Text = "Group Type", "群类型", "그룹 유형";
    "owner": Text = "Group Owner", "群主", "그룹 소유자";
    "introduction": Text = "Group introduction", "群简介", "그룹 소개";
    "member_count": Number = "Members", "成员", "구성원";
    "max_member_count": Number = "Member limit", "成员上限", "최대 구성원 수";
    "message_count": Number = "Messages", "消息数", "메시지 수";
    "created_at": Time = "Created", "创建时间", "생성 시간";
};

const MEMBERS: &[Column] = columns! {
    "group_id": Text = "Group ID", "群 ID", "그룹 ID";
    "username": Text = "Username", "用户名", "사용자 이름";
    "nickname": Text = "Nickname", "昵称", "닉네임";
    "role": Text = "Role", "成员身份", "구성원 역할";
    "joined_at": Time = "Join Time", "加入时间", "참여 시간";
    "last_spoke_at": Time = "Last Speak Time", "最后发言时间", "마지막 발언 시간";
};

const MESSAGES: &[Column] = columns! {
    "group_id": Text = "Group ID", "群 ID", "그룹 ID";
    "seq": Number = "Number", "序号", "번호";
    "sender_type": Text = "Sender type", "发送者类型", "발신자 유형";
    "sender": Text = "Sender", "发送者", "발신자";
    "text": Text = "Message content", "消息内容", "메시지 내용";
    "sent_at": Time = "Sent", "发送时间", "발송 시간";
};

const EVENTS: &[Column] = columns! {
    "id": Number = "Number", "编号", "번호";
    "at": Time = "Time", "时间", "시간";
    "scope": Text = "Scope", "范围", "범위";
    "actor": Text = "Kind of actor", "操作者类型", "수행자 유형";
    "operator": Text = "Operator", "操作员", "운영자";
    "through": Text = "Through credential", "所经凭证", "경유한 자격 증명";
    "action": Text = "Action", "动作", "작업";
    "target": Text = "Target", "对象", "대상";
    "target_name": Text = "Name of target", "对象名称", "대상 이름";
    "outcome": Text = "Outcome", "结果", "결과";
    "before": Json = "Before", "之前", "이전";
    "after": Json = "After", "之后", "이후";
    "address": Text = "Address", "地址", "주소";
};

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn every_name_means_one_column() {
        for &list in ExportList::ALL {
            let mut meant = HashMap::new();
            for column in list.columns() {
                for name in std::iter::once(column.key).chain(column.titles) {
                    let before = meant.insert(name.to_lowercase(), column.key);
                    assert!(before.is_none_or(|before| before == column.key), "{name} in {list:?}");
                }
            }
        }
    }
}
