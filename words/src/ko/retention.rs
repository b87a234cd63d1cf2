//! Korean: how long the audit log keeps events, and its archives.

use crate::shape::retention::RetentionWords;

pub(super) const WORDS: RetentionWords = RetentionWords {
    archives: "보존 기간 및 보관 파일",
    archives_lead: "이벤트를 감사 로그에 얼마나 보존하는지, 그리고 오래된 이벤트가 옮겨진 파일입니다.",
    kept: "이벤트 보존 기간",
    kept_help: "오래된 이벤트는 주 단위로 ‘archive’ 폴더의 파일로 옮겨져 소유자가 삭제할 때까지 그곳에 남습니다. 각 파일을 다시 읽어 확인한 뒤에야 이벤트가 로그에서 제거됩니다. 개요의 수치와 차트는 바뀌지 않으며, 목록과 내보내기에는 옮겨진 이벤트가 더 이상 나오지 않습니다.",
    kept_choices: ["계속", "90일", "180일", "1년", "2년", "5년", "10년"],
    kept_saved: "저장했습니다. 더 오래된 이벤트가 있으면 지금 보관 파일로 옮기며, 시간이 걸릴 수 있습니다.",
    held_back: |number, day| {
        format!(
            "{number}번 이벤트의 날짜는 {day}(UTC)로, 그 뒤에 기록된 이벤트보다 늦습니다. 이벤트는 번호 순서대로 옮겨지므로, {number}번 이벤트도 보존 기간이 지날 때까지 그 뒤의 이벤트는 로그에 남습니다."
        )
    },
    no_archives: "보관 파일이 없습니다",
    no_archives_help: "모든 이벤트가 감사 로그에 있습니다.",
    archive: "보관 파일",
    events: "이벤트 수",
    event_range: |first, last| format!("번호 {first}~{last}"),
    period: "기간",
    size: "크기",
    archived: "보관 시각",
    by_server: "자동",
    delete_archive: "보관 파일 삭제",
    delete_archive_question: |name, _, number| format!("{name} 파일과 그 안의 이벤트 {number}개를 삭제하시겠습니까?"),
    delete_archive_warning: "이 이벤트는 복구할 수 없습니다. 이전에 만든 백업에만 남아 있습니다. 감사 로그에는 보관 파일의 이벤트 번호 범위와 SHA-256이 남습니다.",
    archive_deleted: "보관 파일을 삭제했습니다.",
    not_found: "이 보관 파일은 존재하지 않습니다.",
    changes: "변경 횟수",
    first_event: "첫 이벤트",
    last_event: "마지막 이벤트",
};
