//! Korean: what the status line says after a change.

use crate::shape::done::DoneWords;

pub(super) const WORDS: DoneWords = DoneWords {
    group_added: |id| format!("그룹 {id}을(를) 추가했습니다."),
    group_saved: "그룹을 저장했습니다.",
    groups_deleted: |n, number| {
        let _ = n;
        format!("그룹 {number}개를 해산했습니다.")
    },
    members_added: |n, number| {
        let _ = n;
        format!("구성원 {number}명을 추가했습니다.")
    },
    members_deleted: |n, number| {
        let _ = n;
        format!("구성원 {number}명을 삭제했습니다.")
    },
    messages_sent: |n, number| {
        let _ = n;
        format!("그룹 {number}개에 메시지를 보냈습니다.")
    },
    account_created: "계정을 생성했습니다.",
    account_saved: "계정을 저장했습니다.",
    accounts_deleted: |n, number| {
        let _ = n;
        format!("계정 {number}개를 삭제했습니다.")
    },
    app_created: "앱을 만들었습니다.",
    app_saved: "설정을 저장했습니다.",
    role_changed: "역할을 변경했습니다.",
    operator_disabled: "운영자를 사용 중지했습니다.",
    operator_enabled: "운영자를 다시 사용합니다.",
    password_changed: "비밀번호를 변경했습니다. 다른 세션은 종료되었습니다.",
    session_ended: "세션을 종료했습니다.",
    sessions_ended: "다른 세션을 모두 종료했습니다.",
    not_done: |n, number| {
        let _ = n;
        format!("{number}개는 처리되지 않음")
    },
    download_list: "이 목록 다운로드",
};
