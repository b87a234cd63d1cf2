//! Simplified Chinese: what the status line says after a change.

use crate::shape::done::DoneWords;

pub(super) const WORDS: DoneWords = DoneWords {
    group_added: |id| format!("已添加群组 {id}。"),
    group_saved: "群组已保存。",
    groups_deleted: |n, number| {
        let _ = n;
        format!("已解散 {number} 个群组。")
    },
    members_added: |n, number| {
        let _ = n;
        format!("已添加 {number} 名成员。")
    },
    members_deleted: |n, number| {
        let _ = n;
        format!("已移出 {number} 名成员。")
    },
    messages_sent: |n, number| {
        let _ = n;
        format!("消息已发送到 {number} 个群组。")
    },
    account_created: "帐号已创建。",
    account_saved: "帐号已保存。",
    accounts_deleted: |n, number| {
        let _ = n;
        format!("已删除 {number} 个帐号。")
    },
    app_created: "应用已创建。",
    app_saved: "设置已保存。",
    role_changed: "角色已更改。",
    operator_disabled: "操作员已禁用。",
    operator_enabled: "操作员已启用。",
    password_changed: "密码已更改。您的其他会话已结束。",
    session_ended: "会话已结束。",
    sessions_ended: "您的其他会话已结束。",
    not_done: |n, number| {
        let _ = n;
        format!("{number} 项未完成")
    },
    download_list: "下载此列表",
};
