//! Simplified Chinese: mutes, and the block, mute and allow lists of a group.

use domain::member::MemberList;

use crate::shape::mutes::MuteWords;

pub(super) const WORDS: MuteWords = MuteWords {
    speaking: "全员禁言",
    all_muted: "已开启",
    all_speak: "未开启",
    mute_all: "全员禁言",
    let_speak: "解除全员禁言",
    muted_until: "禁言至",
    muted_for_ever: "永久禁言",
    for_ever: "永久",
    duration: "时长",
    duration_word: |word| match word {
        "10m" => "10 分钟",
        "1h" => "1 小时",
        "1d" => "1 天",
        "7d" => "7 天",
        "30d" => "30 天",
        _ => "永久",
    },
    until_choice: "至指定时间",
    until: "截止时间",
    until_utc: "截止时间（UTC）",
    until_help: "仅在选择“至指定时间”时填写。",
    until_utc_help: "仅在选择“至指定时间”时填写。请填写 UTC 时间，之后按您的本地时间显示。",
    not_future: "请填写将来的时间。",
    list: |list| match list {
        MemberList::Block => "黑名单",
        MemberList::Mute => "禁言列表",
        MemberList::Allow => "白名单",
    },
    list_help: |list| match list {
        MemberList::Block => "这些帐号已被移出群，移出黑名单之前不能再次被添加。",
        MemberList::Mute => "这些成员在禁言结束前不能在群内发言。退群后重新入群，禁言仍然有效。",
        MemberList::Allow => "全员禁言时这些成员仍可发言。群主和管理员无需加入白名单。",
    },
    nobody_listed: |list| match list {
        MemberList::Block => "黑名单为空。",
        MemberList::Mute => "没有被禁言的帐号。",
        MemberList::Allow => "白名单为空。",
    },
    listed_at: "加入时间",
    everybody_muted: "已开启全员禁言。",
    everybody_speaks: "已解除全员禁言。",
};
