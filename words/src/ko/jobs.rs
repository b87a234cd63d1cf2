//! Korean: jobs.

use domain::job::{JobKind, JobState};

use crate::shape::jobs::JobWords;

pub(super) const WORDS: JobWords = JobWords {
    jobs: "작업",
    lead: "500개가 넘는 항목의 작업은 여기에서 실행되며, 페이지를 떠나도 계속됩니다.",
    job: "작업",
    no_jobs: "아직 작업이 없습니다",
    no_jobs_help: "많은 항목의 일괄 처리, 내보내기, 가져오기를 시작하면 여기에 표시됩니다.",
    title: |kind, _, number, target| match kind {
        JobKind::DeleteGroups => format!("그룹 {number}개 삭제"),
        JobKind::DeleteAccounts => format!("계정 {number}개 삭제"),
        JobKind::DeleteMembers => format!("{target}에서 구성원 {number}명 삭제"),
        JobKind::SendMessages => format!("그룹 {number}개에 메시지 보내기"),
        JobKind::ExportAccounts => format!("계정 {number}개 내보내기"),
        JobKind::ExportGroups => format!("그룹 {number}개 내보내기"),
        JobKind::ExportMembers => format!("{target}의 구성원 {number}명 내보내기"),
        JobKind::ExportMessages => format!("{target}의 메시지 {number}개 내보내기"),
        JobKind::ExportEvents => format!("감사 로그 {number}건 내보내기"),
        JobKind::ImportAccounts => format!("계정 {number}개 가져오기"),
        JobKind::ImportGroups => format!("그룹 {number}개 가져오기"),
        JobKind::ImportMembers => format!("구성원 관계 {number}건 가져오기"),
    },
    state: |state| match state {
        JobState::Preparing => "준비 중",
        JobState::Waiting => "대기 중",
        JobState::Running => "실행 중",
        JobState::Done => "완료",
        JobState::Cancelled => "취소됨",
        JobState::Failed => "실패",
    },
    cancelling: "중지하는 중",
    state_column: "상태",
    progress: "진행",
    of: |done, total| format!("{total}개 중 {done}개"),
    per_second: |rate| format!("초당 {rate}개"),
    seconds_left: |s| if s < 90 { format!("약 {s}초 남음") } else { format!("약 {}분 남음", (s + 30) / 60) },
    done: "완료",
    refused: "거부",
    gone: "이미 없음",
    started: "시작",
    finished: "종료",
    started_by: "시작한 사람",
    command_line: "명령줄",
    cancel: "작업 취소",
    cancel_help: "처리 중인 항목까지 마치고 중지합니다. 이미 처리한 것은 그대로 남습니다.",
    leave_help: "이 페이지를 떠나도 작업은 계속되며 작업 목록에 남습니다.",
    refresh: "새로 고침",
    result: "결과",
    done_words: "완료되었습니다.",
    cancelled_words: |done, total| format!("{total}개 중 {done}개를 처리한 뒤 취소되었습니다. 이미 처리한 것은 그대로 남습니다."),
    cut_off_words: |done, total| {
        format!(
            "이 서버는 백업에서 복원되었고, 백업할 때 이 작업은 진행 중이었습니다. 그때까지 {total}개 중 {done}개를 처리했습니다. 저절로 이어지지 않습니다."
        )
    },
    failed_forbidden: "중지됨: 작업을 시작한 운영자에게 더 이상 권한이 없습니다.",
    failed_other: "서버 오류로 중지되었습니다. 원인은 서버 로그에 있습니다. 이미 처리한 것은 그대로 남습니다.",
    not_done: "처리하지 못한 항목",
    item: "항목",
    reason: "사유",
    first_of: |shown, all| format!("{all}개 중 처음 {shown}개"),
    download_refusals: "전체 다운로드(CSV)",
    cancel_asked: "작업을 중지합니다.",
    will_be_job: "작업으로 실행됩니다. 진행 상황을 보거나 취소하거나 페이지를 떠날 수 있습니다.",
};
