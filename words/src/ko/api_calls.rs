//! Korean: calls of the REST API, ready to copy.

use crate::shape::api_calls::ApiCallWords;

pub(super) const WORDS: ApiCallWords = ApiCallWords {
    title: "호출 예시",
    lead: "이 앱의 REST API 호출입니다. 명령줄에서 바로 실행할 수 있습니다.",
    reference: "전체 호출",
    placeholders: "대문자로 된 부분을 바꾸세요.",
    first_credential: "먼저 자격 증명을 만드세요",
    call_token: "토큰 받기",
    call_keep: "다음 호출을 위해 보관",
    call_groups: "그룹 목록 조회",
    call_create: "그룹 만들기",
    call_add: "구성원 추가",
    call_send: "그룹에 메시지 보내기",
    show_call: "이 목록의 API 호출",
    this_list: "이 목록",
    without_filter: "API는 모두 나열합니다. 이 페이지의 검색, 필터, 정렬은 호출에 쓰이지 않습니다.",
    from_first_page: "이 호출은 목록을 첫 페이지부터 돌려줍니다.",
    how_to_token: "토큰을 받는 방법",
};
