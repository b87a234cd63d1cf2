//! Simplified Chinese: the overview of an app.

use domain::backup::BackupProblem;

use crate::{number::number, shape::overview::OverviewWords};

pub(super) const WORDS: OverviewWords = OverviewWords {
    title: "概览",
    lead: "此应用现有的内容，以及最近 30 天发生的变化。每天从 UTC 零点开始。",
    figures: "数据",
    messages: "消息",
    admins: |n, max| format!("管理员帐号 {n} / {max}"),
    net_today: |n, max| format!("今日净消耗群组 {n} / {max}"),
    largest_of: |n, max| format!("人数最多的群 {n} / {max}"),
    sent_today: |n| format!("今日发送 {n} 条"),
    charts: "最近 30 天",
    new_and_deleted: "新增与解散的群组",
    new_groups: "新增",
    deleted_groups: "解散",
    net_groups: "净消耗群组",
    net: "净消耗",
    net_help: |max| format!("新增数减去解散数；每天上限为 {max}。"),
    limit: |max| format!("上限 {max}"),
    new_accounts: "新建帐号",
    messages_sent: "发送的消息",
    sum: |label, n| format!("{label} {n}"),
    days_shown: |first, last| format!("{first}至{last}，按 UTC 日期。"),
    told: |label, n, most| match most {
        Some((day, most)) => format!("{label}：30 天共 {n}，{day}最多，为 {most}。"),
        None => format!("{label}：30 天内没有。"),
    },
    nothing: "这 30 天内没有",
    as_table: "以表格显示",
    day: "日期 (UTC)",
    today: "今天",
    total: "合计",
    largest: "成员最多的群组",
    most_active: "最活跃的群组",
    members: |n| format!("{} 名成员", number(n)),
    members_of: |n, max| format!("成员 {n} / {max}"),
    messages_kept: |n| format!("{} 条消息", number(n)),
    no_members: "还没有群组有成员。",
    latest_events: "最新事件",
    last_backup: |age| format!("上次备份：{age}"),
    no_backup: "尚无备份。",
    backup_overdue: "下一次备份已逾期。",
    backup_failed: |at, trouble, good| {
        let why = match trouble {
            BackupProblem::Full => "备份位置已没有可用空间",
            BackupProblem::NotWritable => "备份文件夹不存在或无法写入",
            BackupProblem::Incomplete => "备份不完整，数据文件夹中有群文件缺失或损坏，`roster check` 会列出它们",
            BackupProblem::Unsound => "数据库已损坏，`roster check` 会给出详情",
            BackupProblem::Other => "原因见服务器日志",
        };
        let good = good.map_or("尚无成功的备份".to_owned(), |good| format!("最近一次成功的备份是 {good}"));
        format!("最近一次备份于 {at} 失败：{why}；{good}。")
    },
};
