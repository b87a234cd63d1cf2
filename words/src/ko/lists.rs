//! Korean: what all lists share: pages, selection, columns, saved views, live changes.

use crate::shape::lists::ListWords;

pub(super) const WORDS: ListWords = ListWords {
    clear_all: "모두 지우기",
    rows: "행",
    rows_per_page: "페이지당 행 수",
    rows_label: |n| format!("페이지당 {n}행"),
    previous: "이전",
    next: "다음",
    pages: "페이지",
    results: |n, number| {
        let _ = n;
        format!("결과 {number}개")
    },
    matching: |term| format!("“{term}” 포함"),
    remove_filter: |filter| format!("필터 제거: {filter}"),
    nothing_matches: "필터와 일치하는 항목이 없습니다.",
    select_page: "이 페이지의 모든 행 선택",
    selected_column: "선택",
    select_row: |name| format!("{name} 선택"),
    selected: |number| format!("{number}개 선택됨"),
    select_first: "먼저 행을 선택하세요.",
    nothing_selected: "선택된 항목이 없습니다. 목록으로 돌아가 행을 하나 이상 선택하세요.",
    and_more: |n, number| {
        let _ = n;
        format!("외 {number}개")
    },
    type_number: |number| format!("확인하려면 {number}을(를) 입력하세요"),
    view: "보기",
    columns: "열",
    density: "행 간격",
    comfortable: "넓게",
    compact: "좁게",
    kept_for_you: "운영자별로 저장되어 모든 브라우저에 적용됩니다. 행 간격은 모든 목록에 적용됩니다.",
    views: "저장된 보기",
    no_views: "아직 저장된 보기가 없습니다.",
    view_name: "이 보기의 이름",
    view_name_help: "필터와 정렬을 저장합니다. 같은 이름의 보기는 바뀝니다.",
    save_view: "보기 저장",
    delete_view: |name| format!("보기 삭제: {name}"),
    copy_list: "이 목록의 링크 복사",
    changes: |_, number| format!("변경 {number}건"),
    may_have_changed: "이 목록이 변경되었을 수 있습니다",
    refresh: "새로 고침",
    changed_elsewhere: "이 목록이 변경되었습니다. 목록 위의 버튼으로 새로 고치세요.",
    matches: |_, number| format!("목록 갱신: {number}개 일치"),
    table_of: |name| format!("{name} 표"),
    select_matching: |number| format!("일치하는 {number}개 모두 선택"),
    page_selected: |n| format!("이 페이지의 {n}개를 모두 선택했습니다."),
    all_selected: |number| format!("일치하는 {number}개를 모두 선택했습니다."),
    all_selected_except: |number, n| format!("{n}개를 제외하고 일치하는 {number}개를 모두 선택했습니다."),
};
