//! Simplified Chinese: the settings of an app.

use crate::shape::settings::SettingWords;

pub(super) const WORDS: SettingWords = SettingWords {
    title: "设置",
    lead: "此应用在界面上和后端中的名称。",
    app_ids: "应用",
    admin_accounts: "管理员帐号",
    admins_of_max: |n, max| format!("{n} / {max}"),
    account_passwords: "帐号密码",
    account_passwords_help: "适用于此后通过 REST API 设置的密码，1 到 64。已设置的密码仍然有效。",
    password_min_chars: "最少字符数",
    passwords_saved: "设置已保存。",
    general: "常规",
};
