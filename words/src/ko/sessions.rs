//! Korean: sessions and passwords of operators.

use crate::shape::sessions::SessionWords;

pub(super) const WORDS: SessionWords = SessionWords {
    my_account: "내 계정",
    change_password: "비밀번호 변경",
    current_password: "현재 비밀번호",
    change_password_help: "다른 세션은 종료됩니다.",
    my_sessions: "내 세션",
    end_other_sessions: "다른 세션 종료",
    end_session: "세션 종료",
    this_session: "현재 세션",
    browser: "브라우저",
    signed_in_at: "로그인 시간",
    last_seen: "마지막 활동",
    sessions: "세션",
    no_sessions: "세션이 없습니다. 이 운영자는 어디에도 로그인되어 있지 않습니다.",
    end_all_sessions: "모든 세션 종료",
    all_ended: |n, number| match n {
        0 => "종료할 세션이 없었습니다.".to_owned(),
        _ => format!("세션 {number}개를 종료했습니다."),
    },
    session_ended: "세션을 종료했습니다.",
    stop_jobs: "실행 중인 내 작업도 중지",
};
