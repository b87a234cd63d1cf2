//! The words of imports.

use domain::{
    Code,
    import::{ConflictMode, FileProblem, ImportEncoding, ImportList, Trouble, columns},
    operator::Language,
};

use super::{LanguageWords, choices::called, code_sentence};
use crate::format::{number, size};

pub struct ImportWords {
    pub import: &'static str,
    pub title: fn(ImportList) -> &'static str,
    /// What the rows are: so many.
    pub rows: fn(ImportList, u64) -> String,
    pub lead: &'static str,
    pub file: &'static str,
    pub file_help: fn(String, String) -> String,
    pub encoding: &'static str,
    pub encoding_help: &'static str,
    pub encoding_name: fn(ImportEncoding) -> &'static str,
    pub into_group: fn(&str) -> String,
    pub upload: &'static str,
    pub uploading: &'static str,
    pub rules: &'static str,
    pub rule_titles: &'static str,
    pub rule_needed: fn(ImportList) -> &'static str,
    pub rule_choices: &'static str,
    pub rule_empty: &'static str,
    pub rule_times: &'static str,
    pub template: &'static str,
    pub fields: &'static str,
    pub column: &'static str,
    pub wire_name: &'static str,
    pub values: &'static str,
    /// A word that is none of a column's choices, and those that are.
    pub not_word: fn(&str, &[String]) -> String,
    pub preview: &'static str,
    pub preview_lead: &'static str,
    pub found: &'static str,
    pub new: &'static str,
    pub changed: &'static str,
    pub unchanged: &'static str,
    pub refused: &'static str,
    pub updated: &'static str,
    pub left_alone: &'static str,
    pub in_file: &'static str,
    pub taken_as: &'static str,
    pub derived: &'static str,
    pub unknown: &'static str,
    pub first_of: fn(String, String) -> String,
    pub row: &'static str,
    pub row_number: fn(String) -> String,
    pub what: &'static str,
    pub nothing_set: &'static str,
    pub as_it_is: &'static str,
    pub mode: &'static str,
    pub mode_name: fn(ConflictMode) -> &'static str,
    pub mode_help: fn(ConflictMode) -> &'static str,
    pub start: fn(ImportList) -> &'static str,
    pub discard: &'static str,
    pub discarded: &'static str,
    pub other_file: &'static str,
    pub kept: &'static str,
    pub refused_later: &'static str,
    pub nothing_to_write: &'static str,
    pub already: &'static str,
    pub to_job: &'static str,
    pub download_refused: &'static str,
    pub refused_help: &'static str,
    pub not_there: &'static str,
    pub stopped: &'static str,
    pub not_found: &'static str,
    /// So many rows exist with other values.
    pub rows_exist: fn(u64) -> String,
    pub problem: fn(&FileProblem) -> String,
    pub trouble: fn(&Trouble) -> String,
}

/// Why a row was refused: with several broken cells, each with its column's title.
pub fn trouble_sentence(language: Language, list: ImportList, trouble: &Trouble) -> String {
    let t = language.strings();
    let Trouble::Fields(fields) = trouble else { return (t.imports.trouble)(trouble) };
    let colon = if language == Language::Zh { "：" } else { ": " };
    let part = |field: &domain::FieldError| {
        let title = columns::title(list, &field.field, language);
        let sentence = match &field.code {
            Code::NotWord { text } => (t.imports.not_word)(text, &choices_named(language, list, &field.field)),
            code => code_sentence(t, code),
        };
        format!("{title}{colon}{sentence}")
    };
    fields.iter().map(part).collect::<Vec<_>>().join(" ")
}

/// The choices of a column as the console calls them, each with the wire's word where that is another one.
pub fn choices_named(language: Language, list: ImportList, field: &str) -> Vec<String> {
    let t = language.strings();
    let named = |wire: &'static str| match called(t, list, field, wire) {
        Some(word) if word != wire && language == Language::Zh => format!("{word}（{wire}）"),
        Some(word) if word != wire => format!("{word} ({wire})"),
        _ => wire.to_owned(),
    };
    columns::choices(list, field).into_iter().map(named).collect()
}

/// A list of which one is to be chosen: «a, b or c».
fn one_of(choices: &[String], comma: &str, or: &str) -> String {
    match choices.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{}{or}{last}", before.join(comma)),
        None => String::new(),
    }
}

pub const EN: ImportWords = ImportWords {
    import: "Import",
    title: |list| match list {
        ImportList::Accounts => "Import accounts",
        ImportList::Groups => "Import groups",
        ImportList::Members => "Import members",
    },
    rows: |_, n| if n == 1 { "1 row".to_owned() } else { format!("{} rows", number(n)) },
    lead: "Nothing is written before you have seen what the file would change.",
    file: "File",
    file_help: |bytes, rows| format!("CSV, XLSX (the first sheet) or JSON Lines. At most {bytes} and {rows} rows."),
    encoding: "Text encoding",
    encoding_help: "Only for CSV and JSON Lines. UTF-16 is recognised by itself.",
    encoding_name: |encoding| match encoding {
        ImportEncoding::Auto => "Automatic",
        ImportEncoding::Utf8 => "UTF-8",
        ImportEncoding::Gb18030 => "Chinese (GB18030, GBK)",
        ImportEncoding::EucKr => "Korean (EUC-KR, CP949)",
    },
    into_group: |group| format!("Rows that name no group belong to {group}."),
    upload: "Upload and preview",
    uploading: "Uploading and reading the file…",
    rules: "What a file looks like",
    rule_titles: "The first row holds the titles: those of an export in English, Chinese or Korean, or API field names. Their order does not matter; columns with other titles are ignored.",
    rule_needed: |list| match list {
        ImportList::Accounts => "Every row needs a username.",
        ImportList::Groups => "Every row needs a group ID, and a new group a name and a type. An owner must be registered.",
        ImportList::Members => "Every row needs a group ID and the username of a registered account.",
    },
    rule_choices: "Gender, types, roles and the like are written as the console shows them, in English, Chinese or Korean, or as API values.",
    rule_empty: "Missing columns change nothing. Empty cells clear the value, except name, type, role and times of creation and joining. An owner cannot be cleared.",
    rule_times: "Times are ISO 8601, in UTC unless they say otherwise.",
    template: "Download a template",
    fields: "Columns",
    column: "Title",
    wire_name: "API field name",
    values: "Values",
    not_word: |text, choices| format!("“{text}” is not known. Use {}.", one_of(choices, ", ", " or ")),
    preview: "Preview",
    preview_lead: "Nothing is written yet.",
    found: "Preview",
    new: "New",
    changed: "Changed",
    unchanged: "Unchanged",
    refused: "Refused",
    updated: "Updated",
    left_alone: "Skipped",
    in_file: "Column of the file",
    taken_as: "Imported as",
    derived: "Not imported: it follows from other data",
    unknown: "Ignored: unknown title",
    first_of: |shown, all| format!("First {shown} of {all}"),
    row: "Row",
    row_number: |n| format!("Row {n}"),
    what: "What",
    nothing_set: "No further values",
    as_it_is: "As it is",
    mode: "Rows that exist with other values",
    mode_name: |mode| match mode {
        ConflictMode::Skip => "Skip",
        ConflictMode::Update => "Update",
        ConflictMode::Stop => "Stop",
    },
    mode_help: |mode| match mode {
        ConflictMode::Skip => "What exists stays as it is.",
        ConflictMode::Update => "What exists gets the file’s values.",
        ConflictMode::Stop => "Nothing is imported if there is such a row.",
    },
    start: |list| match list {
        ImportList::Accounts => "Import accounts",
        ImportList::Groups => "Import groups",
        ImportList::Members => "Import members",
    },
    discard: "Discard",
    discarded: "The file was discarded.",
    other_file: "Choose another file",
    kept: "The file is kept for 24 hours, for you alone.",
    refused_later: "Refused rows are left out. They come back as a file with the reason, ready to be fixed and sent again.",
    nothing_to_write: "There is nothing to write: no row is new or changed.",
    already: "This file was handed over to a job.",
    to_job: "Open the job",
    download_refused: "Download refused rows",
    refused_help: "The file has the format and columns of yours and the reason in front. Fix the rows and send it again. Kept for 24 hours.",
    not_there: "The refused rows were kept for 24 hours, or belong to another operator.",
    stopped: "Stopped at a row that came to exist with other values meanwhile. What stands before it in the file is imported.",
    not_found: "This file is no longer there: it was discarded, or 24 hours are over. Upload it again.",
    rows_exist: |n| {
        let rows = if n == 1 { "1 row exists".to_owned() } else { format!("{} rows exist", number(n)) };
        format!("{rows} with other values, so nothing was imported. Choose Skip or Update, or change the file.")
    },
    problem: |problem| match problem {
        FileProblem::Empty => "The file is empty. Choose one with titles and rows.".to_owned(),
        FileProblem::HeaderOnly => "The file has titles, but no row below them.".to_owned(),
        FileProblem::TooLarge { max } => format!("A file can have at most {}. Send it in several parts.", size(*max)),
        FileProblem::NoColumn => "None of the titles is known. The first row must hold the titles.".to_owned(),
        FileProblem::ColumnMissing { field } => format!("The column “{field}” is missing. No row can be understood without it."),
        FileProblem::ColumnTwice { field } => format!("Two columns mean “{field}”. Remove one of them."),
        FileProblem::TooManyColumns { max, actual } => {
            format!("A file can have at most {max} columns; this one has {}.", number(*actual as u64))
        }
        FileProblem::TitleTooLong { max } => {
            format!("A title can have at most {max} characters. The first row must hold the titles.")
        }
        FileProblem::TooManyRows { max } => {
            format!("A file can have at most {} rows. Send it in several parts.", number((*max).into()))
        }
        FileProblem::RowTooLarge { row, max } => format!(
            "Row {} holds more than {}. Perhaps a quotation mark is opened there and never closed.",
            number((*row).into()),
            size(*max)
        ),
        FileProblem::NotText { encoding } => {
            format!("The file is not text in {}. Choose its encoding, or save it as UTF-8.", (EN.encoding_name)(*encoding))
        }
        FileProblem::UnknownFormat => {
            "This is neither CSV, XLSX nor JSON Lines. Workbooks of other kinds or with a password must be saved as XLSX first."
                .to_owned()
        }
        FileProblem::Damaged => "The workbook is damaged or was cut off. Save it again and send it once more.".to_owned(),
        FileProblem::UnpackedTooLarge { .. } => {
            "Unpacked, this workbook is far larger than it may be. Send it as CSV.".to_owned()
        }
        FileProblem::TextsTooLarge { .. } => {
            "The texts of this workbook are too many or too long to be read. Send it as CSV.".to_owned()
        }
        FileProblem::TakesTooLong { max_s } => {
            format!("Reading this file takes more than {max_s} seconds. Split it into several files, or send it as CSV.")
        }
        FileProblem::NotJson { row } => format!("Line {} is not one JSON object with plain values.", number((*row).into())),
        FileProblem::CutOff => "The upload ended before the file did. Send it again.".to_owned(),
    },
    trouble: |trouble| match trouble {
        Trouble::Fields(_) => "Cells break a rule.".to_owned(),
        Trouble::SameAs { row } => format!("The same stands in row {} already.", number((*row).into())),
        Trouble::CellCount { expected, actual } => {
            format!("The row and the titles differ in length: {actual} and {expected} cells.")
        }
        Trouble::TypeIsFixed => "The type of what exists cannot be changed.".to_owned(),
        Trouble::OwnerIsFixed => "An import does not change the owner of a group that exists.".to_owned(),
        Trouble::NoGroup => "There is no such group in this app.".to_owned(),
        Trouble::NoMemberList => "Audio-video groups keep no member list.".to_owned(),
        Trouble::Barred(reason) => super::group_model::EN.barred(*reason),
        Trouble::GroupFull { max } => format!("The group is full: it can have {} members.", number((*max).into())),
        Trouble::NotTheOwner => "The account does not own the group; an import does not change the owner.".to_owned(),
        Trouble::IsTheOwner => "The account owns the group; an import does not change that.".to_owned(),
        Trouble::Exists => "It exists with other values, and the import was to stop there.".to_owned(),
    },
};

pub const ZH: ImportWords = ImportWords {
    import: "导入",
    title: |list| match list {
        ImportList::Accounts => "导入帐号",
        ImportList::Groups => "导入群组",
        ImportList::Members => "导入群成员",
    },
    rows: |_, n| format!("{} 行", number(n)),
    lead: "在您确认文件将带来的变更之前，不会写入任何内容。",
    file: "文件",
    file_help: |bytes, rows| format!("CSV、XLSX（第一个工作表）或 JSON Lines。最大 {bytes}，最多 {rows} 行。"),
    encoding: "文本编码",
    encoding_help: "仅用于 CSV 和 JSON Lines。UTF-16 可自动识别。",
    encoding_name: |encoding| match encoding {
        ImportEncoding::Auto => "自动",
        ImportEncoding::Utf8 => "UTF-8",
        ImportEncoding::Gb18030 => "简体中文（GB18030、GBK）",
        ImportEncoding::EucKr => "韩文（EUC-KR、CP949）",
    },
    into_group: |group| format!("未注明群组的行归入 {group}。"),
    upload: "上传并预览",
    uploading: "正在上传并读取文件…",
    rules: "文件格式",
    rule_titles: "第一行为标题：可用中文、英文或韩文导出文件中的标题，也可用接口字段名。列的顺序不限，其他标题的列会被忽略。",
    rule_needed: |list| match list {
        ImportList::Accounts => "每行必须有用户名。",
        ImportList::Groups => "每行必须有群 ID；新群组还须有群名称和群类型。群主必须是已注册的帐号。",
        ImportList::Members => "每行必须有群 ID 和已注册帐号的用户名。",
    },
    rule_choices: "性别、类型、成员身份等可填写控制台中显示的中文、英文或韩文，也可填写接口取值。",
    rule_empty: "缺少的列不作更改。空单元格会清除该值，但名称、类型、成员身份、创建时间和加入时间除外。群主不能清除。",
    rule_times: "时间采用 ISO 8601 格式，未注明时区时视为 UTC。",
    template: "下载模板",
    fields: "列",
    column: "标题",
    wire_name: "接口字段名",
    values: "取值",
    not_word: |text, choices| format!("无法识别“{text}”。请填写{}。", one_of(choices, "、", "或")),
    preview: "预览",
    preview_lead: "尚未写入任何内容。",
    found: "预览",
    new: "新增",
    changed: "有变更",
    unchanged: "无变更",
    refused: "被拒绝",
    updated: "已更新",
    left_alone: "已跳过",
    in_file: "文件中的列",
    taken_as: "导入为",
    derived: "不导入：由其他数据得出",
    unknown: "已忽略：标题未知",
    first_of: |shown, all| format!("共 {all} 行，显示前 {shown} 行"),
    row: "行",
    row_number: |n| format!("第 {n} 行"),
    what: "内容",
    nothing_set: "没有其他值",
    as_it_is: "与现有内容一致",
    mode: "已存在且值不同的行",
    mode_name: |mode| match mode {
        ConflictMode::Skip => "跳过",
        ConflictMode::Update => "更新",
        ConflictMode::Stop => "停止",
    },
    mode_help: |mode| match mode {
        ConflictMode::Skip => "已存在的内容保持不变。",
        ConflictMode::Update => "已存在的内容改为文件中的值。",
        ConflictMode::Stop => "只要有这样的行，就不导入任何内容。",
    },
    start: |list| match list {
        ImportList::Accounts => "导入帐号",
        ImportList::Groups => "导入群组",
        ImportList::Members => "导入群成员",
    },
    discard: "放弃",
    discarded: "文件已放弃。",
    other_file: "选择其他文件",
    kept: "文件保留 24 小时，仅您本人可用。",
    refused_later: "被拒绝的行不会导入，会连同原因以文件形式返回，修正后可再次上传。",
    nothing_to_write: "没有可写入的内容：没有新增或有变更的行。",
    already: "此文件已交由任务处理。",
    to_job: "查看任务",
    download_refused: "下载被拒绝的行",
    refused_help: "该文件与您的文件格式和列相同，最前面是原因。修正后可再次上传。保留 24 小时。",
    not_there: "被拒绝的行已保留满 24 小时，或属于其他操作员。",
    stopped: "有一行在此期间已存在且值不同，导入在此停止。文件中该行之前的内容已导入。",
    not_found: "此文件已不存在：已被放弃，或已超过 24 小时。请重新上传。",
    rows_exist: |n| format!("有 {} 行已存在且值不同，因此未导入任何内容。请选择“跳过”或“更新”，或修改文件。", number(n)),
    problem: |problem| match problem {
        FileProblem::Empty => "文件为空。请选择含有标题和数据行的文件。".to_owned(),
        FileProblem::HeaderOnly => "文件只有标题，没有数据行。".to_owned(),
        FileProblem::TooLarge { max } => format!("文件最大 {}。请分成几个文件上传。", size(*max)),
        FileProblem::NoColumn => "没有可识别的标题。第一行必须是标题。".to_owned(),
        FileProblem::ColumnMissing { field } => format!("缺少列“{field}”，没有它无法识别任何行。"),
        FileProblem::ColumnTwice { field } => format!("有两列都表示“{field}”，请删除其中一列。"),
        FileProblem::TooManyColumns { max, actual } => format!("文件最多 {max} 列，此文件有 {} 列。", number(*actual as u64)),
        FileProblem::TitleTooLong { max } => format!("标题最多 {max} 个字符。第一行必须是标题。"),
        FileProblem::TooManyRows { max } => format!("文件最多 {} 行。请分成几个文件上传。", number((*max).into())),
        FileProblem::RowTooLarge { row, max } => {
            format!("第 {} 行超过 {}。可能有引号未闭合。", number((*row).into()), size(*max))
        }
        FileProblem::NotText { encoding } => {
            format!("文件不是 {} 编码的文本。请选择其编码，或另存为 UTF-8。", (ZH.encoding_name)(*encoding))
        }
        FileProblem::UnknownFormat => {
            "文件既不是 CSV、XLSX，也不是 JSON Lines。其他类型或带密码的工作簿请先另存为 XLSX。".to_owned()
        }
        FileProblem::Damaged => "工作簿已损坏或不完整。请重新保存后再上传。".to_owned(),
        FileProblem::UnpackedTooLarge { .. } => "工作簿解压后远超允许的大小。请以 CSV 上传。".to_owned(),
        FileProblem::TextsTooLarge { .. } => "工作簿中的文本过多或过长，无法读取。请以 CSV 上传。".to_owned(),
        FileProblem::TakesTooLong { max_s } => format!("读取此文件需要超过 {max_s} 秒。请分成几个文件上传，或以 CSV 上传。"),
        FileProblem::NotJson { row } => format!("第 {} 行不是由简单值组成的 JSON 对象。", number((*row).into())),
        FileProblem::CutOff => "上传在文件结束前中断。请重新上传。".to_owned(),
    },
    trouble: |trouble| match trouble {
        Trouble::Fields(_) => "单元格不符合规则。".to_owned(),
        Trouble::SameAs { row } => format!("第 {} 行已有相同的内容。", number((*row).into())),
        Trouble::CellCount { expected, actual } => format!("该行有 {actual} 个单元格，而标题有 {expected} 个。"),
        Trouble::TypeIsFixed => "已存在内容的类型不能更改。".to_owned(),
        Trouble::OwnerIsFixed => "导入不会更改已有群组的群主。".to_owned(),
        Trouble::NoGroup => "此应用中没有该群组。".to_owned(),
        Trouble::NoMemberList => "直播群不保存成员列表。".to_owned(),
        Trouble::Barred(reason) => super::group_model::ZH.barred(*reason),
        Trouble::GroupFull { max } => format!("群组已满：最多 {} 名成员。", number((*max).into())),
        Trouble::NotTheOwner => "该帐号不是群主；导入不会更改群主。".to_owned(),
        Trouble::IsTheOwner => "该帐号是群主；导入不会更改这一点。".to_owned(),
        Trouble::Exists => "已存在且值不同，导入按要求在此停止。".to_owned(),
    },
};

pub const KO: ImportWords = ImportWords {
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
            format!("{} 텍스트가 아닙니다. 인코딩을 선택하거나 UTF-8로 저장하세요.", (KO.encoding_name)(*encoding))
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
        Trouble::Fields(_) => "셀이 규칙에 맞지 않습니다.".to_owned(),
        Trouble::SameAs { row } => format!("{}행에 이미 같은 항목이 있습니다.", number((*row).into())),
        Trouble::CellCount { expected, actual } => format!("행의 셀은 {actual}개인데 제목은 {expected}개입니다."),
        Trouble::TypeIsFixed => "이미 있는 항목의 유형은 바꿀 수 없습니다.".to_owned(),
        Trouble::OwnerIsFixed => "가져오기로 기존 그룹의 소유자를 바꿀 수 없습니다.".to_owned(),
        Trouble::NoGroup => "이 앱에 해당 그룹이 없습니다.".to_owned(),
        Trouble::NoMemberList => "라이브 방송 그룹은 구성원 목록을 보관하지 않습니다.".to_owned(),
        Trouble::Barred(reason) => super::group_model::KO.barred(*reason),
        Trouble::GroupFull { max } => format!("그룹이 가득 찼습니다. 구성원은 최대 {}명입니다.", number((*max).into())),
        Trouble::NotTheOwner => "그룹 소유자가 아닙니다. 가져오기로 소유자를 바꿀 수 없습니다.".to_owned(),
        Trouble::IsTheOwner => "그룹 소유자입니다. 가져오기로 이를 바꿀 수 없습니다.".to_owned(),
        Trouble::Exists => "이미 있고 값이 달라, 요청대로 여기서 중지했습니다.".to_owned(),
    },
};
