//! Korean: mutes, and the block, mute and allow lists of a group.

use domain::member::MemberList;

use crate::shape::mutes::MuteWords;

pub(super) const WORDS: MuteWords = MuteWords {
    speaking: "모든 구성원 음소거",
    all_muted: "켜짐",
    all_speak: "꺼짐",
    mute_all: "모든 구성원 음소거",
    let_speak: "모든 구성원 음소거 해제",
    muted_until: "음소거 종료",
    muted_for_ever: "영구 음소거",
    for_ever: "영구",
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
    everybody_muted: "모든 구성원을 음소거했습니다.",
    everybody_speaks: "모든 구성원의 음소거를 해제했습니다.",
};
