//! Korean: imports.

use domain::{
    import::{ConflictMode, ImportList, RowProblem},
    upload::{FileProblem, ImportEncoding},
};

use crate::{
    number::{number, size},
    shape::imports::{ImportWords, one_of},
};

pub(super) const WORDS: ImportWords = ImportWords {
    import: "가져오기",
    title: |list| match list {
        ImportList::Accounts => "계정 가져오기",
        ImportList::Groups => "그룹 가져오기",
        ImportList::Members => "구성원 가져오기",
    },
    rows: |_, n| format!("{}행", number(n)),
    lead: "파일이 무엇을 바꾸는지 확인하기 전에는 아무것도 저장되지 않습니다.",
    file: "파일",
    file_help: |bytes, rows| format!("CSV, XLSX(첫 번째 시트) 또는 JSON Lines. 최대 {bytes}, {rows}행."),
    encoding: "텍스트 인코딩",
    encoding_help: "CSV와 JSON Lines에만 해당합니다. UTF-16은 자동으로 인식됩니다.",
    encoding_name: |encoding| match encoding {
        ImportEncoding::Auto => "자동",
        ImportEncoding::Utf8 => "UTF-8",
        ImportEncoding::Gb18030 => "중국어(GB18030, GBK)",
        ImportEncoding::EucKr => "한국어(EUC-KR, CP949)",
    },
    into_group: |group| format!("그룹이 적혀 있지 않은 행은 {group} 그룹에 속합니다."),
    upload: "업로드 후 미리 보기",
    uploading: "파일을 업로드하고 읽는 중…",
    rules: "파일 형식",
    rule_titles: "첫 행에는 제목이 있어야 합니다. 한국어, 영어 또는 중국어로 내보낸 파일의 제목이나 API 필드 이름을 쓸 수 있습니다. 열의 순서는 상관없으며, 다른 제목의 열은 무시됩니다.",
    rule_needed: |list| match list {
        ImportList::Accounts => "모든 행에 사용자 이름이 필요합니다.",
        ImportList::Groups => {
            "모든 행에 그룹 ID가, 새 그룹에는 그룹 이름과 유형도 필요합니다. 소유자는 등록된 계정이어야 합니다."
        }
        ImportList::Members => "모든 행에 그룹 ID와 등록된 계정의 사용자 이름이 필요합니다.",
    },
    rule_choices: "성별, 유형, 역할 등은 콘솔에 표시되는 한국어, 영어, 중국어 단어나 API 값으로 적을 수 있습니다.",
    rule_empty: "없는 열은 아무것도 바꾸지 않습니다. 빈 셀은 값을 지우지만 이름, 유형, 역할, 생성 시간, 참여 시간은 예외입니다. 그룹 소유자는 지울 수 없습니다.",
    rule_times: "시간은 ISO 8601 형식이며, 시간대가 없으면 UTC입니다.",
    template: "템플릿 다운로드",
    fields: "열",
    column: "제목",
    wire_name: "API 필드 이름",
    values: "값",
    not_word: |text, choices| format!("알 수 없는 값입니다: “{text}”. 사용할 수 있는 값: {}.", one_of(choices, ", ", ", ")),
    preview: "미리 보기",
    preview_lead: "아직 아무것도 저장되지 않았습니다.",
    found: "미리 보기",
    new: "신규",
    changed: "변경",
    unchanged: "변경 없음",
    refused: "거부",
    updated: "업데이트됨",
    left_alone: "건너뜀",
    in_file: "파일의 열",
    taken_as: "가져올 필드",
    derived: "가져오지 않음: 다른 데이터에서 정해지는 값",
    unknown: "무시됨: 알 수 없는 제목",
    first_of: |shown, all| format!("전체 {all}행 중 처음 {shown}행"),
    row: "행",
    row_number: |n| format!("{n}행"),
    what: "내용",
    nothing_set: "다른 값 없음",
    as_it_is: "현재와 같음",
    mode: "이미 있고 값이 다른 행",
    mode_name: |mode| match mode {
        ConflictMode::Skip => "건너뛰기",
        ConflictMode::Update => "업데이트",
        ConflictMode::Stop => "중지",
    },
    mode_help: |mode| match mode {
        ConflictMode::Skip => "이미 있는 항목은 그대로 둡니다.",
        ConflictMode::Update => "이미 있는 항목을 파일의 값으로 바꿉니다.",
        ConflictMode::Stop => "그런 행이 있으면 아무것도 가져오지 않습니다.",
    },
    start: |list| match list {
        ImportList::Accounts => "계정 가져오기",
        ImportList::Groups => "그룹 가져오기",
        ImportList::Members => "구성원 가져오기",
    },
    discard: "취소하고 삭제",
    discarded: "파일을 삭제했습니다.",
    other_file: "다른 파일 선택",
    kept: "파일은 24시간 동안 보관되며 본인만 볼 수 있습니다.",
    refused_later: "거부된 행은 가져오지 않습니다. 사유와 함께 파일로 받아 고친 뒤 다시 업로드할 수 있습니다.",
    nothing_to_write: "저장할 내용이 없습니다. 신규 또는 변경된 행이 없습니다.",
    already: "이 파일은 작업에 넘겨졌습니다.",
    to_job: "작업 열기",
    download_refused: "거부된 행 다운로드",
    refused_help: "파일의 형식과 열은 원래와 같고 맨 앞에 사유가 있습니다. 고쳐서 다시 업로드하세요. 24시간 동안 보관됩니다.",
    not_there: "거부된 행의 보관 기간(24시간)이 지났거나 다른 운영자의 파일입니다.",
    stopped: "그사이 다른 값으로 생긴 행에서 중지했습니다. 파일에서 그 앞의 내용은 가져왔습니다.",
    not_found: "이 파일은 더 이상 없습니다. 삭제되었거나 24시간이 지났습니다. 다시 업로드하세요.",
    rows_exist: |n| {
        format!(
            "{}행이 이미 있고 값이 달라 아무것도 가져오지 않았습니다. 건너뛰기나 업데이트를 선택하거나 파일을 고치세요.",
            number(n)
        )
    },
    problem: |problem| match problem {
        FileProblem::Empty => "파일이 비어 있습니다. 제목과 행이 있는 파일을 선택하세요.".to_owned(),
        FileProblem::HeaderOnly => "파일에 제목만 있고 행이 없습니다.".to_owned(),
        FileProblem::TooLarge { max } => format!("파일은 최대 {}입니다. 여러 개로 나누어 업로드하세요.", size(*max)),
        FileProblem::NoColumn => "알 수 있는 제목이 없습니다. 첫 행은 제목이어야 합니다.".to_owned(),
        FileProblem::ColumnMissing { field } => format!("“{field}” 열이 없습니다. 이 열이 없으면 행을 알 수 없습니다."),
        FileProblem::ColumnTwice { field } => format!("두 열이 모두 “{field}”입니다. 하나를 지우세요."),
        FileProblem::TooManyColumns { max, actual } => {
            format!("파일은 최대 {max}열입니다. 이 파일은 {}열입니다.", number(*actual as u64))
        }
        FileProblem::TitleTooLong { max } => format!("제목은 최대 {max}자입니다. 첫 행은 제목이어야 합니다."),
        FileProblem::TooManyRows { max } => {
            format!("파일은 최대 {}행입니다. 여러 개로 나누어 업로드하세요.", number((*max).into()))
        }
        FileProblem::RowTooLarge { row, max } => {
            format!("{}행이 {}보다 큽니다. 닫히지 않은 따옴표가 있을 수 있습니다.", number((*row).into()), size(*max))
        }
        FileProblem::NotText { encoding } => {
            format!("{} 텍스트가 아닙니다. 인코딩을 선택하거나 UTF-8로 저장하세요.", (WORDS.encoding_name)(*encoding))
        }
        FileProblem::UnknownFormat => {
            "CSV, XLSX, JSON Lines 중 어느 것도 아닙니다. 다른 종류이거나 암호가 있는 통합 문서는 먼저 XLSX로 저장하세요."
                .to_owned()
        }
        FileProblem::Damaged => "통합 문서가 손상되었거나 잘렸습니다. 다시 저장해서 업로드하세요.".to_owned(),
        FileProblem::UnpackedTooLarge { .. } => {
            "압축을 풀면 허용 크기를 훨씬 넘는 통합 문서입니다. CSV로 업로드하세요.".to_owned()
        }
        FileProblem::TextsTooLarge { .. } => {
            "통합 문서의 텍스트가 너무 많거나 길어 읽을 수 없습니다. CSV로 업로드하세요.".to_owned()
        }
        FileProblem::TakesTooLong { max_s } => {
            format!("이 파일을 읽는 데 {max_s}초가 넘게 걸립니다. 여러 개로 나누거나 CSV로 업로드하세요.")
        }
        FileProblem::NotJson { row } => format!("{}행은 단순한 값으로 된 JSON 객체 하나가 아닙니다.", number((*row).into())),
        FileProblem::CutOff => "파일이 끝나기 전에 업로드가 끊겼습니다. 다시 업로드하세요.".to_owned(),
    },
    trouble: |trouble| match trouble {
        RowProblem::Fields(_) => "셀이 규칙에 맞지 않습니다.".to_owned(),
        RowProblem::SameAs { row } => format!("{}행에 이미 같은 항목이 있습니다.", number((*row).into())),
        RowProblem::CellCount { expected, actual } => format!("행의 셀은 {actual}개인데 제목은 {expected}개입니다."),
        RowProblem::TypeIsFixed => "이미 있는 항목의 유형은 바꿀 수 없습니다.".to_owned(),
        RowProblem::OwnerIsFixed => "가져오기로 기존 그룹의 소유자를 바꿀 수 없습니다.".to_owned(),
        RowProblem::NoGroup => "이 앱에 해당 그룹이 없습니다.".to_owned(),
        RowProblem::NoMemberList => "라이브 방송 그룹은 구성원 목록을 보관하지 않습니다.".to_owned(),
        RowProblem::Barred(reason) => super::errors::WORDS.barred(*reason),
        RowProblem::GroupFull { max } => format!("그룹이 가득 찼습니다. 구성원은 최대 {}명입니다.", number((*max).into())),
        RowProblem::NotTheOwner => "그룹 소유자가 아닙니다. 가져오기로 소유자를 바꿀 수 없습니다.".to_owned(),
        RowProblem::IsTheOwner => "그룹 소유자입니다. 가져오기로 이를 바꿀 수 없습니다.".to_owned(),
        RowProblem::Exists => "이미 있고 값이 달라, 요청대로 여기서 중지했습니다.".to_owned(),
    },
    told: |title, sentence| format!("{title}: {sentence}"),
    with_wire: |word, wire| format!("{word} ({wire})"),
};
