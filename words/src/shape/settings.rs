//! The settings of an app.

pub struct SettingWords {
    pub title: &'static str,
    pub lead: &'static str,
    pub app_ids: &'static str,
    pub admin_accounts: &'static str,
    pub admins_of_max: fn(String, String) -> String,
    pub account_passwords: &'static str,
    pub account_passwords_help: &'static str,
    pub password_min_chars: &'static str,
    pub passwords_saved: &'static str,
    pub general: &'static str,
}
