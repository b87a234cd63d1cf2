//! Simplified Chinese: members of a group, their roles, and who owns it.

use domain::member::MemberAction;

use crate::shape::members::MemberWords;

pub(super) const WORDS: MemberWords = MemberWords {
    members: "成员",
    member_management: "群成员管理",
    av_no_members: "直播群不保存成员列表：观众来去不作记录。",
    search_members: "搜索成员",
    add_member: "添加群成员",
    delete_members: "删除群成员",
    delete_member: "删除群成员",
    delete_members_question: |n, number| {
        let _ = n;
        format!("将这 {number} 名成员移出群组？")
    },
    delete_members_help: "他们将不再属于该群组。帐号和消息保留。",
    join_time: "加入时间",
    last_speak_time: "最后发言时间",
    role: "成员身份",
    owner: "群主",
    admin: "管理员",
    member: "普通成员",
    owner_cannot_be_deleted: "群主不能被移出群组。",
    no_members: "还没有成员。",
    pages: "成员分页",
    delete_members_confirm: |_, number| format!("删除 {number} 名群成员"),
    all_roles: "全部角色",
    actions: "更多操作",
    owner_stays: "转让群组给其他成员后，群主的角色才会改变。",
    work: |work| match work {
        MemberAction::SetAdmin => "设置管理员",
        MemberAction::UnsetAdmin => "取消管理员",
        MemberAction::Mute => "禁言",
        MemberAction::Unmute => "解除禁言",
        MemberAction::Block => "加入黑名单",
        MemberAction::Unblock => "移出黑名单",
        MemberAction::Allow => "加入白名单",
        MemberAction::Disallow => "移出白名单",
    },
    work_question: |work, n, number| {
        let these = if n == 1 { "该成员".to_owned() } else { format!("这 {number} 名成员") };
        match work {
            MemberAction::SetAdmin => format!("将{these}设为管理员？"),
            MemberAction::UnsetAdmin => format!("取消{these}的管理员身份？"),
            MemberAction::Mute => format!("将{these}禁言？"),
            MemberAction::Unmute => format!("解除{these}的禁言？"),
            MemberAction::Block => format!("将{these}加入黑名单？"),
            MemberAction::Unblock => format!("将{these}移出黑名单？"),
            MemberAction::Allow => format!("将{these}加入白名单？"),
            MemberAction::Disallow => format!("将{these}移出白名单？"),
        }
    },
    work_help: |work, _| match work {
        MemberAction::SetAdmin => "管理员可管理成员和禁言。一个群最多 99 名管理员。",
        MemberAction::UnsetAdmin => "仍是群成员。",
        MemberAction::Mute => "仍是群成员，可以看消息，禁言结束前不能发言。退群后再次入群，禁言依然有效。",
        MemberAction::Unmute => "禁言立即结束。",
        MemberAction::Block => "将离开该群，移出黑名单之前不能再次被添加。",
        MemberAction::Unblock => "不会因此重新成为成员，但可以再次被添加。",
        MemberAction::Allow => "全员禁言时，白名单中的成员仍可发言。",
        MemberAction::Disallow => "全员禁言时将不能发言。",
    },
    work_done: |work, _, number| match work {
        MemberAction::SetAdmin => format!("已将 {number} 名成员设为管理员。"),
        MemberAction::UnsetAdmin => format!("已取消 {number} 名管理员。"),
        MemberAction::Mute => format!("已禁言 {number} 名成员。"),
        MemberAction::Unmute => format!("已解除 {number} 个帐号的禁言。"),
        MemberAction::Block => format!("已将 {number} 名成员加入黑名单。"),
        MemberAction::Unblock => format!("已将 {number} 个帐号移出黑名单。"),
        MemberAction::Allow => format!("已将 {number} 名成员加入白名单。"),
        MemberAction::Disallow => format!("已将 {number} 名成员移出白名单。"),
    },
    transfer: "转让群组",
    transfer_one: "群组只能转让给一名成员。",
    transfer_question: |group, to| format!("将群组“{group}”转让给 {to}？"),
    transfer_help: |from, to| format!("{to} 将获得群主的全部权限。{from} 立即成为普通成员，不再拥有这些权限。"),
    transfer_unowned: |to| format!("该群目前没有群主，{to} 将获得群主的全部权限。"),
    transferred: |to| format!("{to} 已成为群主。"),
    members_help: "该群的成员，可填一个或多个，用换行、逗号或空格分隔。",
    find_member: "查找成员",
    no_action: "该帐号已不是该群成员，无法在此执行操作。",
};
