//! Names of what events say was changed. Most of them are said elsewhere already.

use super::Strings;

/// The words that stand nowhere else.
pub struct FieldWords {
    pub column: &'static str,
    pub reason: &'static str,
    /// When an event was written down that could not be written at its time.
    pub written_at: &'static str,
    pub number: &'static str,
    pub length: &'static str,
    pub ended_tokens: &'static str,
    pub activated: &'static str,
    pub name: &'static str,
    pub kind: &'static str,
}

pub const EN: FieldWords = FieldWords {
    column: "Subject",
    reason: "Reason",
    written_at: "Written down",
    number: "Number",
    length: "Length",
    ended_tokens: "Tokens ended",
    activated: "Activated",
    name: "Name",
    kind: "Type",
};

pub const ZH: FieldWords = FieldWords {
    column: "对象",
    reason: "原因",
    written_at: "记录时间",
    number: "序号",
    length: "长度",
    ended_tokens: "失效的 token 数",
    activated: "已启用",
    name: "名称",
    kind: "类型",
};

pub const KO: FieldWords = FieldWords {
    column: "대상",
    reason: "사유",
    written_at: "기록 시각",
    number: "번호",
    length: "길이",
    ended_tokens: "종료된 토큰 수",
    activated: "활성화",
    name: "이름",
    kind: "유형",
};

/// How a page names a field of an event; `None` where it has no words for it.
pub fn field_name(t: &Strings, field: &str) -> Option<&'static str> {
    let (w, f) = (&t.group_pages, &t.fields);
    Some(match field {
        "name" => f.name,
        "type" => f.kind,
        "announcement" => w.announcement,
        "mute_all" => w.speaking,
        "muted_until" => w.muted_until,
        "max_member_count" => w.max_members,
        "member_count" => t.members,
        "members_only" => w.members_only,
        "allow_invites" => w.allow_invites,
        "invite_need_confirm" => w.invite_need_confirm,
        "custom" => w.custom,
        "avatar" => w.avatar,
        "file_id" => w.file_id,
        "file_name" => w.file_name,
        "file_size" => w.file_size,
        "group_id" => t.group_id,
        "introduction" => t.group_introduction,
        "owner" => t.group_owner,
        "username" => t.username,
        "nickname" => t.nickname,
        "role" => t.role,
        "joined_at" => t.join_time,
        "last_spoke_at" => t.last_speak_time,
        "created_at" => t.created,
        "client_id" => t.api.client_id,
        "ended_tokens" => f.ended_tokens,
        "grant" => t.keys.grant,
        "tokens" => t.api.tokens,
        "left_out" => t.keys.left_out,
        "since_at" => t.keys.since,
        "expires_at" => t.keys.expires,
        "access" => t.keys.access,
        "addresses" => t.keys.addresses_label,
        "old_secret_until" => t.keys.old_until,
        "password_grant" => t.keys.password_grant,
        "inherit_grant" => t.keys.inherit_grant,
        "token_ttl_max" => t.keys.ttl_max_label,
        "activated" => f.activated,
        "reason" => f.reason,
        "written_at" => f.written_at,
        "cause" => t.sign_in_words.cause,
        "sessions" => t.sign_in_words.sessions,
        "password_min_chars" => t.sign_in_words.password_min_chars,
        "seq" => f.number,
        "length" => f.length,
        "changes" => t.kept.changes,
        "usernames" => t.keys.usernames,
        "file_quota" => t.kept.file_quota,
        "group_file_quota" => t.kept.group_file_quota,
        "kept_days" => t.kept.kept,
        "events" => t.kept.events,
        "bytes" => t.kept.size,
        "sha256" => "SHA-256",
        "first_id" => t.kept.first_event,
        "last_id" => t.kept.last_event,
        _ => return None,
    })
}

/// Whether a field of an event holds a moment, in milliseconds since 1970.
pub fn is_moment(field: &str) -> bool {
    matches!(field, "muted_until" | "old_secret_until") || field.ends_with("_at")
}
