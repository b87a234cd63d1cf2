//! Names of what events say was changed. Most of them are said elsewhere already.

use super::Strings;

/// How a page names a field of an event; `None` where it has no words for it.
pub fn field_name(t: &Strings, field: &str) -> Option<&'static str> {
    let (w, f) = (&t.group_tabs, &t.event_fields);
    Some(match field {
        "name" => f.name,
        "type" => f.kind,
        "announcement" => w.announcement,
        "mute_all" => t.mutes.speaking,
        "muted_until" => t.mutes.muted_until,
        "max_member_count" => w.max_members,
        "member_count" => t.members.members,
        "members_only" => w.members_only,
        "allow_invites" => w.allow_invites,
        "invite_need_confirm" => w.invite_need_confirm,
        "custom" => w.custom,
        "avatar" => w.avatar,
        "file_id" => t.files.file_id,
        "file_name" => t.files.file_name,
        "file_size" => t.files.file_size,
        "group_id" => t.groups.group_id,
        "introduction" => t.groups.group_introduction,
        "owner" => t.groups.group_owner,
        "username" => t.accounts.username,
        "nickname" => t.accounts.nickname,
        "role" => t.accounts.role,
        "joined_at" => t.members.join_time,
        "last_spoke_at" => t.members.last_speak_time,
        "created_at" => t.common.created,
        "client_id" => t.credentials.client_id,
        "ended_tokens" => f.ended_tokens,
        "grant" => t.event_fields.grant,
        "tokens" => t.credentials.tokens,
        "left_out" => t.event_fields.left_out,
        "since_at" => t.event_fields.since,
        "expires_at" => t.credentials.expires,
        "access" => t.credentials.access,
        "addresses" => t.credentials.addresses_label,
        "old_secret_until" => t.credentials.old_until,
        "password_grant" => t.tokens.password_grant,
        "inherit_grant" => t.tokens.inherit_grant,
        "token_ttl_max" => t.tokens.ttl_max_label,
        "activated" => f.activated,
        "reason" => f.reason,
        "written_at" => f.written_at,
        "cause" => t.event_fields.cause,
        "sessions" => t.sessions.sessions,
        "password_min_chars" => t.settings.password_min_chars,
        "seq" => f.number,
        "length" => f.length,
        "changes" => t.retention.changes,
        "usernames" => t.event_fields.usernames,
        "file_quota" => t.quotas.file_quota,
        "group_file_quota" => t.quotas.group_file_quota,
        "kept_days" => t.retention.kept,
        "events" => t.retention.events,
        "bytes" => t.retention.size,
        "sha256" => "SHA-256",
        "first_id" => t.retention.first_event,
        "last_id" => t.retention.last_event,
        _ => return None,
    })
}

/// Whether a field of an event holds a moment, in milliseconds since 1970.
pub fn is_moment(field: &str) -> bool {
    matches!(field, "muted_until" | "old_secret_until") || field.ends_with("_at")
}
