//! Korean: the rules for API tokens of an app.

use crate::shape::tokens::TokenWords;

pub(super) const WORDS: TokenWords = TokenWords {
    title: "API 토큰",
    help: "한 방식을 끄면 그 방식으로 받은 토큰이 바로 끝납니다. 유효 시간 단축은 새 토큰에만 적용됩니다.",
    saved: "API 토큰 설정을 저장했습니다.",
    password_grant: "사용자가 비밀번호로 받음(password)",
    inherit_grant: "백엔드가 사용자 대신 받음(inherit)",
    allowed: "허용",
    off: "꺼짐",
    ttl_max: "토큰의 최대 유효 시간",
    ttl_max_label: "토큰의 최대 유효 시간(초)",
    ttl_max_help: "3600은 1시간, 2592000은 30일입니다. 0은 제한 없음입니다.",
    no_limit: "제한 없음",
    seconds: |_, number| format!("{number}초"),
};
