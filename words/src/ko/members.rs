//! Korean: members of a group, their roles, and who owns it.

use domain::member::MemberAction;

use crate::shape::members::MemberWords;

pub(super) const WORDS: MemberWords = MemberWords {
    members: "구성원",
    member_management: "그룹 구성원 관리",
    av_no_members: "라이브 방송 그룹은 구성원 목록을 보관하지 않습니다. 시청자의 출입은 저장되지 않습니다.",
    search_members: "구성원 검색",
    add_member: "그룹 구성원 추가",
    delete_members: "그룹 구성원 삭제",
    delete_member: "그룹 구성원 삭제",
    delete_members_question: |n, number| {
        let _ = n;
        format!("이 구성원 {number}명을 그룹에서 삭제할까요?")
    },
    delete_members_help: "더 이상 그룹에 속하지 않습니다. 계정과 메시지는 남습니다.",
    join_time: "참여 시간",
    last_speak_time: "마지막 발언 시간",
    role: "구성원 역할",
    owner: "그룹 소유자",
    admin: "관리자",
    member: "일반 구성원",
    owner_cannot_be_deleted: "그룹 소유자는 그룹에서 삭제할 수 없습니다.",
    no_members: "아직 구성원이 없습니다.",
    pages: "구성원 페이지",
    delete_members_confirm: |_, number| format!("구성원 {number}명 삭제"),
    all_roles: "모든 역할",
    actions: "작업",
    owner_stays: "그룹 소유자의 역할은 그룹을 다른 구성원에게 양도할 때 바뀝니다.",
    work: |work| match work {
        MemberAction::SetAdmin => "관리자 지정",
        MemberAction::UnsetAdmin => "관리자 해제",
        MemberAction::Mute => "음소거",
        MemberAction::Unmute => "음소거 해제",
        MemberAction::Block => "차단",
        MemberAction::Unblock => "차단 해제",
        MemberAction::Allow => "허용 목록에 추가",
        MemberAction::Disallow => "허용 목록에서 제외",
    },
    work_question: |work, n, number| {
        let these = if n == 1 { "이 구성원".to_owned() } else { format!("이 구성원 {number}명") };
        match work {
            MemberAction::SetAdmin => format!("{these}을 관리자로 지정하시겠습니까?"),
            MemberAction::UnsetAdmin => format!("{these}의 관리자 권한을 해제하시겠습니까?"),
            MemberAction::Mute => format!("{these}을 음소거하시겠습니까?"),
            MemberAction::Unmute => format!("{these}의 음소거를 해제하시겠습니까?"),
            MemberAction::Block => format!("{these}을 차단하시겠습니까?"),
            MemberAction::Unblock => format!("{these}의 차단을 해제하시겠습니까?"),
            MemberAction::Allow => format!("{these}을 허용 목록에 추가하시겠습니까?"),
            MemberAction::Disallow => format!("{these}을 허용 목록에서 제외하시겠습니까?"),
        }
    },
    work_help: |work, _| match work {
        MemberAction::SetAdmin => "관리자는 구성원과 음소거를 관리합니다. 그룹당 최대 99명입니다.",
        MemberAction::UnsetAdmin => "구성원으로는 남습니다.",
        MemberAction::Mute => {
            "구성원으로 남아 메시지를 읽을 수 있지만, 음소거가 끝날 때까지 말할 수 없습니다. 그룹을 나갔다 와도 유지됩니다."
        }
        MemberAction::Unmute => "음소거가 지금 끝납니다.",
        MemberAction::Block => "그룹에서 나가게 되며, 차단이 해제될 때까지 다시 추가할 수 없습니다.",
        MemberAction::Unblock => "다시 구성원이 되지는 않지만 추가할 수 있게 됩니다.",
        MemberAction::Allow => "허용 목록의 구성원은 모든 구성원이 음소거된 동안에도 말할 수 있습니다.",
        MemberAction::Disallow => "모든 구성원 음소거 시 함께 음소거됩니다.",
    },
    work_done: |work, _, number| match work {
        MemberAction::SetAdmin => format!("구성원 {number}명을 관리자로 지정했습니다."),
        MemberAction::UnsetAdmin => format!("관리자 {number}명을 해제했습니다."),
        MemberAction::Mute => format!("구성원 {number}명을 음소거했습니다."),
        MemberAction::Unmute => format!("계정 {number}개의 음소거를 해제했습니다."),
        MemberAction::Block => format!("구성원 {number}명을 차단했습니다."),
        MemberAction::Unblock => format!("계정 {number}개의 차단을 해제했습니다."),
        MemberAction::Allow => format!("구성원 {number}명을 허용 목록에 추가했습니다."),
        MemberAction::Disallow => format!("구성원 {number}명을 허용 목록에서 제외했습니다."),
    },
    transfer: "그룹 양도",
    transfer_one: "그룹은 한 구성원에게만 양도할 수 있습니다.",
    transfer_question: |group, to| format!("“{group}” 그룹을 {to}에게 양도하시겠습니까?"),
    transfer_help: |from, to| {
        format!("{to}에게 그룹 소유자의 모든 권한이 넘어갑니다. {from}의 권한은 바로 없어지고 일반 구성원으로 남습니다.")
    },
    transfer_unowned: |to| format!("그룹에 소유자가 없습니다. {to}에게 소유자의 모든 권한이 주어집니다."),
    transferred: |to| format!("이제 {to}이(가) 그룹 소유자입니다."),
    members_help: "이 그룹의 구성원을 하나 또는 여러 개 입력합니다. 줄 바꿈, 쉼표 또는 공백으로 구분합니다.",
    find_member: "구성원 찾기",
    no_action: "이 계정은 더 이상 이 그룹의 구성원이 아니므로 여기서 할 수 있는 작업이 없습니다.",
};
