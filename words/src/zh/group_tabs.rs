//! Simplified Chinese: the tabs of a group: overview, settings, announcement.

use crate::shape::group_tabs::GroupTabWords;

pub(super) const WORDS: GroupTabWords = GroupTabWords {
    tabs: "群组的各个部分",
    overview: "概览",
    announcement: "群公告",
    files: "群文件",
    messages: "消息",
    lists: "黑名单与禁言",
    activity: "操作记录",
    in_audit_log: "在审计日志中打开",
    settings: "设置",
    edit_settings: "群组设置",
    max_members: "成员上限",
    max_members_help: |max| format!("留空表示该类型允许的上限 {max}。调低上限不会移出任何人。"),
    public: "可被搜索",
    members_only: "入群需要审批",
    members_only_help: "由群主或管理员审批入群申请。",
    allow_invites: "成员可邀请",
    allow_invites_help: "群主和管理员始终可以邀请。",
    invite_need_confirm: "被邀请者需要同意",
    custom: "自定义内容",
    avatar: "群头像",
    custom_help: "供业务后台使用，成员能看到的内容由应用决定。",
    edit_announcement: "编辑群公告",
    announcement_help: "留空即撤下公告。",
    announced_at: "更新于",
    no_announcement: "暂无公告。",
    settings_saved: "设置已保存。",
    announced: "群公告已保存。",
};
