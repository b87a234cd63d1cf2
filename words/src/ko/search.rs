//! Korean: the search over everything, as palette and as page.

use crate::shape::search::SearchWords;

pub(super) const WORDS: SearchWords = SearchWords {
    title: "검색",
    lead: "그룹은 ID나 이름으로, 계정은 사용자 이름이나 닉네임으로 찾고, 작업도 찾습니다.",
    label: "그룹, 계정, 작업 검색",
    hint: "검색할 내용을 입력하세요.",
    actions: "작업",
    go_to: |page| format!("{page} 페이지로 이동"),
    all_in: |page| format!("{page}에서 모두 보기"),
    nothing_found: |term| format!("“{term}”에 대한 결과가 없습니다."),
    found: |n| format!("추천 {n}개"),
    groups: "그룹",
    accounts: "계정",
};
