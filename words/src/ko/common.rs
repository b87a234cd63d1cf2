//! Korean: buttons and short words that many pages share.

use crate::shape::common::CommonWords;

pub(super) const WORDS: CommonWords = CommonWords {
    close: "닫기",
    dismiss: "알림 닫기",
    copied: "복사됨",
    cancel: "취소",
    ok: "확인",
    confirm: "확인",
    save: "저장",
    apply: "적용",
    clear: "선택 해제",
    required: "필수",
    none: "없음",
    never: "없음",
    operation: "작업",
    edit: "편집",
    delete: "삭제",
    download: "다운로드",
    view_details: "상세 보기",
    created: "생성 시간",
    of_bytes: |n, max| format!("{n} / {max}바이트"),
    of_chars: |n, max| format!("{n} / {max}자"),
    copy_of: |text| format!("{text} 복사"),
    action_of: |action, name| format!("{action}: {name}"),
    yes: "예",
    no: "아니요",
};
