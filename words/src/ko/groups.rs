//! Korean: groups: their list and dialogs, and what the page of one begins with.

use crate::{number::number, shape::groups::GroupWords};

pub(super) const WORDS: GroupWords = GroupWords {
    title: "그룹 관리",
    lead: "이 앱의 그룹을 추가하고, 살펴보고, 메시지를 보내고, 해산합니다.",
    add_group: "그룹 추가",
    delete_groups: "그룹 해산",
    delete_group: "그룹 해산",
    send_messages: "메시지 발송",
    disband: "해산",
    filter_groups: "그룹 필터",
    search_groups: "그룹 ID 또는 이름 검색",
    all_types: "모든 유형",
    group_id: "그룹 ID",
    group_name: "그룹 이름",
    group_owner: "그룹 소유자",
    group_owner_id: "그룹 소유자 ID",
    group_type: "그룹 유형",
    type_column: "유형",
    type_work: "업무 그룹",
    type_public: "공개 그룹",
    type_meeting: "미팅 그룹",
    type_av: "라이브 방송 그룹",
    no_member_list: "구성원 목록 없음",
    no_owner: "소유자 없음",
    no_groups: "아직 그룹이 없습니다.",
    no_groups_help: "첫 그룹을 추가하세요. 소유자는 없어도 됩니다.",
    group_name_help: "한글이나 한자 한 글자는 3바이트입니다.",
    owner_help: "선택 사항. 등록된 계정의 사용자 이름.",
    group_type_help: "라이브 방송 그룹은 구성원 목록을 보관하지 않습니다. 유형은 나중에 바꿀 수 없습니다.",
    custom_group_id: "사용자 지정 그룹 ID",
    custom_id_help: "선택 사항. 출력 가능한 ASCII 문자이며 @TGS#로 시작할 수 없습니다. 비워 두면 Roster가 부여합니다.",
    delete_one_group: |name, members, messages| {
        format!("그룹 “{name}”을(를) 구성원 {}명, 메시지 {}개와 함께 해산할까요?", number(members), number(messages))
    },
    delete_many_groups: |groups, members, messages| {
        format!("그룹 {}개를 구성원 {}명, 메시지 {}개와 함께 해산할까요?", number(groups), number(members), number(messages))
    },
    delete_groups_warning: "해산 후에는 모든 그룹 정보가 삭제되며 복원할 수 없습니다. 계정은 남습니다.",
    confirm_delete_group: "그룹 해산",
    confirm_delete_groups: |number| format!("그룹 {number}개 해산"),
    group_details: "그룹 세부 정보",
    basic_information: "기본 정보",
    edit_group: "그룹 편집",
    group_introduction: "그룹 소개",
    members_of_max: |n, max| format!("{n}명 (최대 {max}명)"),
};
