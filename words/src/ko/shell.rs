//! Korean: the frame around every page: navigation, theme, and what stands there when there is no page.

use crate::shape::shell::ShellWords;

pub(super) const WORDS: ShellWords = ShellWords {
    skip_to_content: "본문으로 건너뛰기",
    menu: "메뉴",
    navigation: "주 메뉴",
    breadcrumb: "현재 위치",
    language: "언어",
    theme: "테마",
    theme_auto: "시스템 설정",
    theme_light: "밝게",
    theme_dark: "어둡게",
    all_apps: "모든 앱",
    switch_app: |app| format!("앱 {app}: 전환"),
    signed_in_as: |name| format!("{name}(으)로 로그인됨"),
    sign_out: "로그아웃",
    plain_http: "다른 기기가 암호화되지 않은 HTTP로 이 서버에 접속하므로 중간 네트워크에서 비밀번호를 읽을 수 있습니다. TLS를 갖춘 리버스 프록시를 앞에 두고 ROSTER_PUBLIC_URL을 설정하세요. 방법은 README에 있습니다.",
    hide: "숨기기",
    owners_only: "소유자만 운영자를 관리할 수 있습니다.",
    viewer_only_reads: "뷰어 역할은 읽기만 할 수 있습니다.",
    not_found: "페이지를 찾을 수 없음",
    not_found_help: "이 주소에는 아무것도 없습니다. 삭제되었거나 링크가 완전하지 않을 수 있습니다.",
    back_to_start: "목록 처음으로",
    back_to_list: "목록으로",
    back_to_apps: "앱 목록으로",
    loading: "불러오는 중…",
    try_again: "다시 시도",
};
