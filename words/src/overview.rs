//! The words of the overview.

use domain::backup::BackupTrouble;

use crate::format::number;

/// Values come as text where they are only shown, and as a number beside it where the form of a word depends on it.
pub struct OverviewWords {
    pub title: &'static str,
    pub lead: &'static str,
    pub figures: &'static str,
    pub messages: &'static str,
    pub admins: fn(String, String) -> String,
    pub net_today: fn(String, String) -> String,
    pub largest_of: fn(String, String) -> String,
    pub sent_today: fn(String) -> String,
    /// What happened in the thirty days.
    pub charts: &'static str,
    pub new_and_deleted: &'static str,
    pub new_groups: &'static str,
    pub deleted_groups: &'static str,
    pub net_groups: &'static str,
    pub net: &'static str,
    pub net_help: fn(String) -> String,
    pub limit: fn(String) -> String,
    pub new_accounts: &'static str,
    pub messages_sent: &'static str,
    /// Label and sum of one row of bars, for the head of its chart.
    pub sum: fn(&str, String) -> String,
    /// First and last day that a chart shows.
    pub days_shown: fn(String, String) -> String,
    /// Label, sum, and the day with the most.
    pub told: fn(&str, String, Option<(String, String)>) -> String,
    pub nothing: &'static str,
    pub as_table: &'static str,
    pub day: &'static str,
    pub today: &'static str,
    pub total: &'static str,
    pub largest: &'static str,
    pub most_active: &'static str,
    pub members: fn(u64) -> String,
    pub members_of: fn(String, String) -> String,
    pub messages_kept: fn(u64) -> String,
    pub no_members: &'static str,
    pub latest_events: &'static str,
    /// How old the last good backup is, in words.
    pub last_backup: fn(String) -> String,
    pub no_backup: &'static str,
    pub backup_overdue: &'static str,
    /// When the latest one failed, why, and of when the last good one is.
    pub backup_failed: fn(String, BackupTrouble, Option<String>) -> String,
}

pub const EN: OverviewWords = OverviewWords {
    title: "Overview",
    lead: "What this app holds, and what happened in the last 30 days. Days begin at midnight UTC.",
    figures: "Figures",
    messages: "Messages",
    admins: |n, max| format!("{n} of {max} admin accounts"),
    net_today: |n, max| format!("{n} of {max} net new groups today"),
    largest_of: |n, max| format!("{n} of {max} in the largest group"),
    sent_today: |n| format!("{n} sent today"),
    charts: "Last 30 days",
    new_and_deleted: "New and deleted groups",
    new_groups: "New",
    deleted_groups: "Deleted",
    net_groups: "Net new groups",
    net: "Net new",
    net_help: |max| format!("New less deleted; the quota is {max} a day."),
    limit: |max| format!("Quota {max}"),
    new_accounts: "New accounts",
    messages_sent: "Messages sent",
    sum: |label, n| format!("{label}: {n}"),
    days_shown: |first, last| format!("{first} to {last}, days in UTC."),
    told: |label, n, most| match most {
        Some((day, most)) => format!("{label}: {n} in 30 days, most on {day} with {most}."),
        None => format!("{label}: none in 30 days."),
    },
    nothing: "None in these 30 days",
    as_table: "Show as table",
    day: "Day (UTC)",
    today: "Today",
    total: "Total",
    largest: "Largest groups",
    most_active: "Most active groups",
    members: |n| format!("{} {}", number(n), if n == 1 { "member" } else { "members" }),
    members_of: |n, max| format!("{n} of {max} members"),
    messages_kept: |n| format!("{} {}", number(n), if n == 1 { "message" } else { "messages" }),
    no_members: "No group has members yet.",
    latest_events: "Latest events",
    last_backup: |age| format!("Last backup: {age}"),
    no_backup: "There is no backup yet.",
    backup_overdue: "The next backup is overdue.",
    backup_failed: |at, trouble, good| {
        let why = match trouble {
            BackupTrouble::Full => "there is no room left where backups go",
            BackupTrouble::NotWritable => "the folder for backups is not there or cannot be written to",
            BackupTrouble::Incomplete => {
                "it is not complete, as shared files are missing or damaged in the data folder, and `roster check` names them"
            }
            BackupTrouble::Unsound => "the database is damaged, and `roster check` says more",
            BackupTrouble::Other => "the server’s log says why",
        };
        let good = good.map_or("there is no good one yet".to_owned(), |good| format!("the last good one was made at {good}"));
        format!("The latest backup failed at {at}: {why}; {good}.")
    },
};

pub const ZH: OverviewWords = OverviewWords {
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
            BackupTrouble::Full => "备份位置已没有可用空间",
            BackupTrouble::NotWritable => "备份文件夹不存在或无法写入",
            BackupTrouble::Incomplete => "备份不完整，数据文件夹中有群文件缺失或损坏，`roster check` 会列出它们",
            BackupTrouble::Unsound => "数据库已损坏，`roster check` 会给出详情",
            BackupTrouble::Other => "原因见服务器日志",
        };
        let good = good.map_or("尚无成功的备份".to_owned(), |good| format!("最近一次成功的备份是 {good}"));
        format!("最近一次备份于 {at} 失败：{why}；{good}。")
    },
};

pub const KO: OverviewWords = OverviewWords {
    title: "개요",
    lead: "이 앱에 있는 것과 최근 30일 동안 일어난 일입니다. 하루는 UTC 자정에 시작합니다.",
    figures: "현황",
    messages: "메시지",
    admins: |n, max| format!("관리자 계정 {n} / {max}"),
    net_today: |n, max| format!("오늘 그룹 순증 {n} / {max}"),
    largest_of: |n, max| format!("가장 큰 그룹 {n} / {max}"),
    sent_today: |n| format!("오늘 {n}개 발송"),
    charts: "최근 30일",
    new_and_deleted: "추가 및 해산된 그룹",
    new_groups: "추가",
    deleted_groups: "해산",
    net_groups: "그룹 순증",
    net: "순증",
    net_help: |max| format!("추가한 수에서 해산한 수를 뺀 값이며, 하루 한도는 {max}개입니다."),
    limit: |max| format!("한도 {max}"),
    new_accounts: "새 계정",
    messages_sent: "발송된 메시지",
    sum: |label, n| format!("{label} {n}"),
    days_shown: |first, last| format!("{first}부터 {last}까지, UTC 날짜 기준."),
    told: |label, n, most| match most {
        Some((day, most)) => format!("{label}: 30일간 {n}, {day}에 {most}(으)로 가장 많음."),
        None => format!("{label}: 30일간 없음."),
    },
    nothing: "이 30일 동안 없음",
    as_table: "표로 보기",
    day: "날짜 (UTC)",
    today: "오늘",
    total: "합계",
    largest: "구성원이 많은 그룹",
    most_active: "가장 활발한 그룹",
    members: |n| format!("구성원 {}명", number(n)),
    members_of: |n, max| format!("구성원 {n} / {max}명"),
    messages_kept: |n| format!("메시지 {}개", number(n)),
    no_members: "아직 구성원이 있는 그룹이 없습니다.",
    latest_events: "최신 이벤트",
    last_backup: |age| format!("마지막 백업: {age}"),
    no_backup: "아직 백업이 없습니다.",
    backup_overdue: "다음 백업이 늦어지고 있습니다.",
    backup_failed: |at, trouble, good| {
        let why = match trouble {
            BackupTrouble::Full => "백업 위치에 남은 공간이 없습니다",
            BackupTrouble::NotWritable => "백업 폴더가 없거나 쓸 수 없습니다",
            BackupTrouble::Incomplete => {
                "데이터 폴더의 공유 파일이 없거나 손상되어 백업이 완전하지 않습니다(`roster check`로 확인할 수 있습니다)"
            }
            BackupTrouble::Unsound => "데이터베이스가 손상되었습니다(자세한 내용은 `roster check`로 확인할 수 있습니다)",
            BackupTrouble::Other => "이유는 서버 로그에 있습니다",
        };
        let good = good.map_or("아직 성공한 백업이 없습니다".to_owned(), |good| {
            format!("마지막으로 성공한 백업은 {good}에 만들어졌습니다")
        });
        format!("최근 백업이 {at}에 실패했습니다. {why}. {good}.")
    },
};
