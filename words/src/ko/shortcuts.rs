//! Korean: keyboard shortcuts.

use crate::shape::shortcuts::ShortcutWords;

pub(super) const WORDS: ShortcutWords = ShortcutWords {
    title: "키보드 단축키",
    help: "단일 키는 음성 입력이나 스크린 리더를 방해할 수 있습니다. Ctrl K 또는 ⌘ K 검색은 항상 사용할 수 있습니다.",
    are_on: "단일 키 단축키가 켜져 있습니다.",
    are_off: "단일 키 단축키가 꺼져 있습니다.",
    turn_on: "켜기",
    turn_off: "끄기",
    key_palette: "전체 검색",
    key_search: "이 목록 검색",
    key_new: "추가 또는 생성",
    key_move: "다음 행, 이전 행",
    key_open: "행 열기",
    key_select: "행 선택",
    key_help: "이 단축키 목록 표시",
};
