//! Simplified Chinese: the list of apps.

use crate::shape::apps::AppWords;

pub(super) const WORDS: AppWords = AppWords {
    title: "应用",
    lead: "选择一个应用，管理其群组和帐号。",
    create_app: "创建应用",
    no_apps: "还没有应用。",
    no_apps_help: "应用包含帐号、群组和消息。先创建一个。",
    display_name: "显示名称",
    app_key_help: "1 到 64 个字母、数字、连字符或下划线。",
    app_key_unique: "1 到 64 个字母、数字、连字符或下划线。与 org_name 的组合必须唯一，之后不能更改。",
    accounts: "帐号",
    groups: "群组",
};
