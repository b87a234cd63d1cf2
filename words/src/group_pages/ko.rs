//! A group's tabs in Korean.

use domain::member::{MemberList, MemberWork};

use super::GroupPageWords;

pub const KO: GroupPageWords = GroupPageWords {
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
    yes: "예",
    no: "아니요",
    speaking: "모든 구성원 음소거",
    all_muted: "켜짐",
    all_speak: "꺼짐",
    mute_all: "모든 구성원 음소거",
    let_speak: "모든 구성원 음소거 해제",
    edit_announcement: "그룹 공지 편집",
    announcement_help: "비워 두면 공지가 없어집니다.",
    announced_at: "변경 시간",
    no_announcement: "아직 공지가 없습니다.",
    all_roles: "모든 역할",
    actions: "작업",
    owner_stays: "그룹 소유자의 역할은 그룹을 다른 구성원에게 양도할 때 바뀝니다.",
    muted_until: "음소거 종료",
    muted_for_ever: "영구 음소거",
    for_ever: "영구",
    work: |work| match work {
        MemberWork::SetAdmin => "관리자 지정",
        MemberWork::UnsetAdmin => "관리자 해제",
        MemberWork::Mute => "음소거",
        MemberWork::Unmute => "음소거 해제",
        MemberWork::Block => "차단",
        MemberWork::Unblock => "차단 해제",
        MemberWork::Allow => "허용 목록에 추가",
        MemberWork::Disallow => "허용 목록에서 제외",
    },
    work_question: |work, n, number| {
        let these = if n == 1 { "이 구성원".to_owned() } else { format!("이 구성원 {number}명") };
        match work {
            MemberWork::SetAdmin => format!("{these}을 관리자로 지정하시겠습니까?"),
            MemberWork::UnsetAdmin => format!("{these}의 관리자 권한을 해제하시겠습니까?"),
            MemberWork::Mute => format!("{these}을 음소거하시겠습니까?"),
            MemberWork::Unmute => format!("{these}의 음소거를 해제하시겠습니까?"),
            MemberWork::Block => format!("{these}을 차단하시겠습니까?"),
            MemberWork::Unblock => format!("{these}의 차단을 해제하시겠습니까?"),
            MemberWork::Allow => format!("{these}을 허용 목록에 추가하시겠습니까?"),
            MemberWork::Disallow => format!("{these}을 허용 목록에서 제외하시겠습니까?"),
        }
    },
    work_help: |work, _| match work {
        MemberWork::SetAdmin => "관리자는 구성원과 음소거를 관리합니다. 그룹당 최대 99명입니다.",
        MemberWork::UnsetAdmin => "구성원으로는 남습니다.",
        MemberWork::Mute => {
            "구성원으로 남아 메시지를 읽을 수 있지만, 음소거가 끝날 때까지 말할 수 없습니다. 그룹을 나갔다 와도 유지됩니다."
        }
        MemberWork::Unmute => "음소거가 지금 끝납니다.",
        MemberWork::Block => "그룹에서 나가게 되며, 차단이 해제될 때까지 다시 추가할 수 없습니다.",
        MemberWork::Unblock => "다시 구성원이 되지는 않지만 추가할 수 있게 됩니다.",
        MemberWork::Allow => "허용 목록의 구성원은 모든 구성원이 음소거된 동안에도 말할 수 있습니다.",
        MemberWork::Disallow => "모든 구성원 음소거 시 함께 음소거됩니다.",
    },
    work_done: |work, _, number| match work {
        MemberWork::SetAdmin => format!("구성원 {number}명을 관리자로 지정했습니다."),
        MemberWork::UnsetAdmin => format!("관리자 {number}명을 해제했습니다."),
        MemberWork::Mute => format!("구성원 {number}명을 음소거했습니다."),
        MemberWork::Unmute => format!("계정 {number}개의 음소거를 해제했습니다."),
        MemberWork::Block => format!("구성원 {number}명을 차단했습니다."),
        MemberWork::Unblock => format!("계정 {number}개의 차단을 해제했습니다."),
        MemberWork::Allow => format!("구성원 {number}명을 허용 목록에 추가했습니다."),
        MemberWork::Disallow => format!("구성원 {number}명을 허용 목록에서 제외했습니다."),
    },
    duration: "기간",
    duration_word: |word| match word {
        "10m" => "10분",
        "1h" => "1시간",
        "1d" => "1일",
        "7d" => "7일",
        "30d" => "30일",
        _ => "영구",
    },
    until_choice: "지정한 날짜와 시간까지",
    until: "종료 시간",
    until_utc: "종료 시간(UTC)",
    until_help: "“지정한 날짜와 시간까지”를 선택한 경우에만 입력합니다.",
    until_utc_help: "“지정한 날짜와 시간까지”를 선택한 경우에만 입력합니다. UTC로 입력하며, 이후에는 현지 시간으로 표시됩니다.",
    not_future: "앞으로의 시간을 입력하세요.",
    transfer: "그룹 양도",
    transfer_one: "그룹은 한 구성원에게만 양도할 수 있습니다.",
    transfer_question: |group, to| format!("“{group}” 그룹을 {to}에게 양도하시겠습니까?"),
    transfer_help: |from, to| {
        format!("{to}에게 그룹 소유자의 모든 권한이 넘어갑니다. {from}의 권한은 바로 없어지고 일반 구성원으로 남습니다.")
    },
    transfer_unowned: |to| format!("그룹에 소유자가 없습니다. {to}에게 소유자의 모든 권한이 주어집니다."),
    list: |list| match list {
        MemberList::Block => "차단 목록",
        MemberList::Mute => "음소거 목록",
        MemberList::Allow => "허용 목록",
    },
    list_help: |list| match list {
        MemberList::Block => "그룹에서 삭제되었으며, 차단이 해제될 때까지 추가할 수 없는 계정입니다.",
        MemberList::Mute => {
            "음소거가 끝날 때까지 그룹에서 말할 수 없는 구성원입니다. 그룹을 나갔다가 다시 들어와도 음소거는 유지됩니다."
        }
        MemberList::Allow => {
            "모든 구성원이 음소거된 동안에도 말할 수 있는 구성원입니다. 그룹 소유자와 관리자는 여기에 없어도 됩니다."
        }
    },
    nobody_listed: |list| match list {
        MemberList::Block => "차단된 계정이 없습니다.",
        MemberList::Mute => "음소거된 계정이 없습니다.",
        MemberList::Allow => "허용 목록이 비어 있습니다.",
    },
    listed_at: "추가 시간",
    members_help: "이 그룹의 구성원을 하나 또는 여러 개 입력합니다. 줄 바꿈, 쉼표 또는 공백으로 구분합니다.",
    find_member: "구성원 찾기",
    no_action: "이 계정은 더 이상 이 그룹의 구성원이 아니므로 여기서 할 수 있는 작업이 없습니다.",
    table_of: |name| format!("{name} 표"),
    shared_files: "공유 파일",
    search_files: "파일 이름 또는 공유한 사람 검색",
    upload_file: "파일 업로드",
    delete_files: "파일 삭제",
    delete_files_question: |n, number| {
        if n == 1 {
            "이 파일을 삭제하시겠습니까?".to_owned()
        } else {
            format!("이 파일 {number}개를 삭제하시겠습니까?")
        }
    },
    delete_files_confirm: |n, number| if n == 1 { "파일 삭제".to_owned() } else { format!("파일 {number}개 삭제") },
    no_files: "아직 파일이 없습니다.",
    file: "파일",
    file_help: |mb| format!("최대 {mb} MB입니다."),
    file_name: "이름",
    file_id: "파일 ID",
    file_size: "크기",
    file_owner: "공유한 사람",
    by_server: "서버",
    shared_at: "공유 시간",
    settings_saved: "설정을 저장했습니다.",
    announced: "그룹 공지를 저장했습니다.",
    everybody_muted: "모든 구성원을 음소거했습니다.",
    everybody_speaks: "모든 구성원의 음소거를 해제했습니다.",
    transferred: |to| format!("이제 {to}이(가) 그룹 소유자입니다."),
    file_shared: "파일을 공유했습니다.",
    files_deleted: |_, number| format!("파일 {number}개를 삭제했습니다."),
};
