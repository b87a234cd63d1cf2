//! Korean: the overview of an app.

use domain::backup::BackupProblem;

use crate::{number::number, shape::overview::OverviewWords};

pub(super) const WORDS: OverviewWords = OverviewWords {
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
            BackupProblem::Full => "백업 위치에 남은 공간이 없습니다",
            BackupProblem::NotWritable => "백업 폴더가 없거나 쓸 수 없습니다",
            BackupProblem::Incomplete => {
                "데이터 폴더의 공유 파일이 없거나 손상되어 백업이 완전하지 않습니다(`roster check`로 확인할 수 있습니다)"
            }
            BackupProblem::Unsound => "데이터베이스가 손상되었습니다(자세한 내용은 `roster check`로 확인할 수 있습니다)",
            BackupProblem::Other => "이유는 서버 로그에 있습니다",
        };
        let good = good.map_or("아직 성공한 백업이 없습니다".to_owned(), |good| {
            format!("마지막으로 성공한 백업은 {good}에 만들어졌습니다")
        });
        format!("최근 백업이 {at}에 실패했습니다. {why}. {good}.")
    },
};
