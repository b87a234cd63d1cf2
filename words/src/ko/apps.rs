//! Korean: the list of apps.

use crate::shape::apps::AppWords;

pub(super) const WORDS: AppWords = AppWords {
    title: "앱",
    lead: "앱을 선택하여 그룹과 계정을 관리하세요.",
    create_app: "앱 만들기",
    no_apps: "아직 앱이 없습니다.",
    no_apps_help: "앱에는 계정, 그룹, 메시지가 들어 있습니다. 첫 앱을 만드세요.",
    display_name: "표시 이름",
    app_key_help: "영문자, 숫자, 하이픈, 밑줄 1~64자.",
    app_key_unique: "영문자, 숫자, 하이픈, 밑줄 1~64자. org_name과의 조합은 유일해야 하며 나중에 바꿀 수 없습니다.",
    accounts: "계정",
    groups: "그룹",
};
