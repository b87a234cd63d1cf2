//! Korean: exports.

use domain::export::ExportList;

use crate::{
    number::number,
    shape::exports::{ExportWords, Scope},
};

fn noun(list: ExportList, n: u64) -> String {
    let n = number(n);
    match list {
        ExportList::Accounts => format!("계정 {n}개"),
        ExportList::Groups => format!("그룹 {n}개"),
        ExportList::Members => format!("구성원 {n}명"),
        ExportList::Messages => format!("메시지 {n}개"),
        ExportList::Events => format!("로그 {n}건"),
    }
}

/// Whether the noun's measure word ends in a consonant, which chooses the particle behind it.
fn is_closed(list: ExportList) -> bool {
    matches!(list, ExportList::Members | ExportList::Events)
}

pub(super) const WORDS: ExportWords = ExportWords {
    export: "내보내기",
    export_successful: "내보내기 완료",
    export_kept: "파일은 24시간 동안 본인만 받을 수 있습니다.",
    title: |list| match list {
        ExportList::Accounts => "계정 내보내기",
        ExportList::Groups => "그룹 내보내기",
        ExportList::Members => "구성원 내보내기",
        ExportList::Messages => "메시지 내보내기",
        ExportList::Events => "감사 로그 내보내기",
    },
    about: |list, scope, n| match scope {
        Scope::Selected => format!("선택한 {}", noun(list, n)),
        Scope::Matching => format!("필터와 일치하는 전체: {}", noun(list, n)),
        Scope::All => format!("전체: {}", noun(list, n)),
    },
    nothing: "파일에는 제목 행만 있고 내용은 없습니다.",
    order_help: "행의 순서는 목록과 같고, 값은 앱 백엔드의 값과 같으며, 시간은 UTC입니다.",
    format: "형식",
    csv_help: "모든 스프레드시트용. 수식처럼 보이는 텍스트 앞에는 작은따옴표가 붙으며, Roster로 가져올 때 다시 제거됩니다.",
    xlsx_help: "Excel 등의 프로그램용: 텍스트는 텍스트로, 숫자는 숫자로 남습니다. 셀 하나에는 최대 32,767자가 들어갑니다.",
    jsonl_help: "프로그램용: 한 줄에 객체 하나이며 필드 이름은 API와 같습니다.",
    columns: "열",
    all_columns: "모두 선택",
    no_columns: "모두 해제",
    as_job: |rows| {
        format!("{rows}행이 넘으면 파일을 작업으로 만듭니다. 진행 상황을 보거나 취소하거나 페이지를 떠날 수 있습니다.")
    },
    exported: |list, n| format!("{}{} 내보냈습니다.", noun(list, n), if is_closed(list) { "을" } else { "를" }),
    gone: |list, n| format!("{}{} 더 이상 존재하지 않습니다.", noun(list, n), if is_closed(list) { "은" } else { "는" }),
    cut: |n| format!("텍스트 {}개가 셀에 들어가는 길이보다 길어 잘렸습니다. CSV와 JSON Lines에는 전체가 들어갑니다.", number(n)),
    starts: "다운로드가 자동으로 시작됩니다.",
    size: |size| format!("{size}, 24시간 동안 본인만 받을 수 있습니다."),
    deleted: "파일은 24시간이 지났거나 새 파일로 대체되어 삭제되었습니다. 다시 내보내세요.",
    not_yours: "작업을 시작한 운영자만 파일을 다운로드할 수 있습니다.",
};
