//! What the status line says after a change.

pub struct DoneWords {
    pub group_added: fn(String) -> String,
    pub group_saved: &'static str,
    pub groups_deleted: fn(u64, String) -> String,
    pub members_added: fn(u64, String) -> String,
    pub members_deleted: fn(u64, String) -> String,
    pub messages_sent: fn(u64, String) -> String,
    pub account_created: &'static str,
    pub account_saved: &'static str,
    pub accounts_deleted: fn(u64, String) -> String,
    pub app_created: &'static str,
    pub app_saved: &'static str,
    pub role_changed: &'static str,
    pub operator_disabled: &'static str,
    pub operator_enabled: &'static str,
    pub password_changed: &'static str,
    pub session_ended: &'static str,
    pub sessions_ended: &'static str,
    pub not_done: fn(u64, String) -> String,
    pub download_list: &'static str,
}
