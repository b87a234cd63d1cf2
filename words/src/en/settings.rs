//! English: the settings of an app.

use crate::shape::settings::SettingWords;

pub(super) const WORDS: SettingWords = SettingWords {
    title: "Settings",
    lead: "What this app is called, on screen and by back ends.",
    app_ids: "App",
    admin_accounts: "Admin accounts",
    admins_of_max: |n, max| format!("{n} of {max}"),
    account_passwords: "Passwords of accounts",
    account_passwords_help: "For passwords that back ends set through the REST API from now on, 1 to 64. Those that are set already stay good.",
    password_min_chars: "Fewest characters",
    passwords_saved: "Settings saved.",
    general: "General",
};
