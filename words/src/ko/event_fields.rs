//! Korean: names of what events say was changed, where they stand nowhere else.

use crate::shape::event_fields::EventFieldWords;

pub(super) const WORDS: EventFieldWords = EventFieldWords {
    column: "대상",
    reason: "사유",
    written_at: "기록 시각",
    number: "번호",
    length: "길이",
    ended_tokens: "종료된 토큰 수",
    activated: "활성화",
    name: "이름",
    kind: "유형",
    grant: "부여 방식",
    left_out: "이전에 기록하지 않은 횟수",
    since: "시작 시간",
    usernames: "처음 사용자 몇 명",
    cause: "원인",
};
