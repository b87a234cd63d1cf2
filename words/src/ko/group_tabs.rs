//! Korean: the tabs of a group: overview, settings, announcement.

use crate::shape::group_tabs::GroupTabWords;

pub(super) const WORDS: GroupTabWords = GroupTabWords {
    tabs: "이 그룹의 항목",
    overview: "개요",
    announcement: "그룹 공지",
    files: "파일",
    messages: "메시지",
    lists: "차단 및 음소거",
    activity: "활동",
    in_audit_log: "감사 로그에서 열기",
    settings: "설정",
    edit_settings: "그룹 설정",
    max_members: "최대 구성원 수",
    max_members_help: |max| format!("비워 두면 유형이 허용하는 {max}명까지입니다. 한도를 낮춰도 아무도 삭제되지 않습니다."),
    public: "검색 가능",
    members_only: "참여 승인 필요",
    members_only_help: "그룹 소유자나 관리자가 참여 신청을 승인합니다.",
    allow_invites: "구성원의 초대 허용",
    allow_invites_help: "그룹 소유자와 관리자는 항상 초대할 수 있습니다.",
    invite_need_confirm: "초대받은 사람의 수락 필요",
    custom: "사용자 정의 텍스트",
    avatar: "그룹 사진",
    custom_help: "앱의 백엔드를 위한 값입니다. 구성원에게 보이는 내용은 앱이 정합니다.",
    edit_announcement: "그룹 공지 편집",
    announcement_help: "비워 두면 공지가 없어집니다.",
    announced_at: "변경 시간",
    no_announcement: "아직 공지가 없습니다.",
    settings_saved: "설정을 저장했습니다.",
    announced: "그룹 공지를 저장했습니다.",
};
