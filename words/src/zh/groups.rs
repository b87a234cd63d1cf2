//! Simplified Chinese: groups: their list and dialogs, and what the page of one begins with.

use crate::{number::number, shape::groups::GroupWords};

pub(super) const WORDS: GroupWords = GroupWords {
    title: "群组管理",
    lead: "此应用的群组：添加、查看、发送消息和解散。",
    add_group: "添加群组",
    delete_groups: "解散群组",
    delete_group: "解散群组",
    send_messages: "发送消息",
    disband: "解散",
    filter_groups: "筛选群组",
    search_groups: "搜索群 ID 或名称",
    all_types: "所有类型",
    group_id: "群 ID",
    group_name: "群名称",
    group_owner: "群主",
    group_owner_id: "群主 ID",
    group_type: "群类型",
    type_column: "类型",
    type_work: "好友工作群",
    type_public: "陌生人社交群",
    type_meeting: "临时会议群",
    type_av: "直播群",
    no_member_list: "不保存成员列表",
    no_owner: "无群主",
    no_groups: "还没有群组。",
    no_groups_help: "添加第一个群组，可以有群主，也可以没有。",
    group_name_help: "一个中文或韩文字符占三个字节。",
    owner_help: "可选。已注册帐号的用户名。",
    group_type_help: "直播群不保存成员列表。类型之后不能更改。",
    custom_group_id: "自定义群 ID",
    custom_id_help: "可选。可打印 ASCII 字符，不能以 @TGS# 开头。留空则由 Roster 分配。",
    delete_one_group: |name, members, messages| {
        format!("解散群组“{name}”，包括 {} 名成员和 {} 条消息？", number(members), number(messages))
    },
    delete_many_groups: |groups, members, messages| {
        format!("解散 {} 个群组，包括 {} 名成员和 {} 条消息？", number(groups), number(members), number(messages))
    },
    delete_groups_warning: "群组解散后，其所有信息都会被删除且无法恢复。帐号保留。",
    confirm_delete_group: "解散群组",
    confirm_delete_groups: |number| format!("解散 {number} 个群组"),
    group_details: "群组详情",
    basic_information: "基本信息",
    edit_group: "编辑群组",
    group_introduction: "群简介",
    members_of_max: |n, max| format!("{n}，最多 {max}"),
};
