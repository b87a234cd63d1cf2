//! Korean: the page of operators.

use crate::shape::operators::OperatorWords;

pub(super) const WORDS: OperatorWords = OperatorWords {
    title: "운영자",
    lead: "이 콘솔에 로그인하는 사람과 그 권한입니다.",
    add_operator: "운영자 추가",
    add_operator_help: "새 운영자가 비밀번호를 정할 수 있는 링크를 받게 됩니다.",
    operator_role: "역할",
    role_owner: "소유자",
    role_admin: "관리자",
    role_viewer: "뷰어",
    role_owner_help: "소유자: 운영자 관리를 포함한 모든 권한",
    role_admin_help: "관리자: 모든 앱 데이터",
    role_viewer_help: "뷰어: 읽기 전용",
    state: "상태",
    state_active: "사용 중",
    state_pending: "설정 대기",
    state_disabled: "사용 중지",
    last_sign_in: "마지막 로그인",
    change_role: "역할 변경",
    reset_password: "비밀번호 재설정",
    disable: "사용 중지",
    enable: "사용",
    disable_question: |name| {
        format!("{name}은(는) 더 이상 로그인할 수 없으며 세션이 즉시 종료됩니다. 끝나지 않은 작업은 취소됩니다.")
    },
    reset_question: |name| {
        format!("{name}의 비밀번호가 즉시 무효가 되고 세션이 종료됩니다. 새 비밀번호를 정할 수 있는 링크를 받게 됩니다.")
    },
    setup_link: "설정 링크",
    setup_link_for: |name| format!("이 링크를 {name}에게 보내세요:"),
    setup_link_once: "이 링크는 지금만 표시되며 24시간 안에 한 번 사용할 수 있습니다.",
    setup_link_gone: "링크는 한 번만 표시됩니다. 새 링크가 필요하면 비밀번호를 재설정하세요.",
    copy_link: "링크 복사",
    made_credentials: |_, number| format!("이 운영자가 만든 API 자격 증명 {number}개는 계속 유효합니다:"),
};
