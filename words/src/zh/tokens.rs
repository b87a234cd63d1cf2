//! Simplified Chinese: the rules for API tokens of an app.

use crate::shape::tokens::TokenWords;

pub(super) const WORDS: TokenWords = TokenWords {
    title: "API token",
    help: "关闭某种方式后，以该方式获取的 token 立即失效。缩短有效期只影响新的 token。",
    saved: "API token 设置已保存。",
    password_grant: "用户凭密码获取（password）",
    inherit_grant: "业务后台为用户获取（inherit）",
    allowed: "允许",
    off: "已关闭",
    ttl_max: "token 最长有效期",
    ttl_max_label: "token 最长有效期（秒）",
    ttl_max_help: "3600 为一小时，2592000 为 30 天。0 表示不限。",
    no_limit: "不限",
    seconds: |_, number| format!("{number} 秒"),
};
