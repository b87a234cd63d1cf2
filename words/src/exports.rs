//! The words of exports.

use domain::export::ExportList;

use crate::format::number;

/// Which rows of a list a dialog is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Selected,
    /// All that the filter lets through.
    Matching,
    All,
}

pub struct ExportWords {
    pub title: fn(ExportList) -> &'static str,
    /// What will be exported: so many rows.
    pub about: fn(ExportList, Scope, u64) -> String,
    pub nothing: &'static str,
    pub order_help: &'static str,
    pub format: &'static str,
    pub csv_help: &'static str,
    pub xlsx_help: &'static str,
    pub jsonl_help: &'static str,
    pub columns: &'static str,
    pub all_columns: &'static str,
    pub no_columns: &'static str,
    pub as_job: fn(String) -> String,
    pub exported: fn(ExportList, u64) -> String,
    pub gone: fn(ExportList, u64) -> String,
    pub cut: fn(u64) -> String,
    pub starts: &'static str,
    /// On the page of a job: how large the file is.
    pub size: fn(String) -> String,
    pub deleted: &'static str,
    pub not_yours: &'static str,
}

fn en_noun(list: ExportList, n: u64) -> &'static str {
    let (one, many) = match list {
        ExportList::Accounts => ("account", "accounts"),
        ExportList::Groups => ("group", "groups"),
        ExportList::Members => ("member", "members"),
        ExportList::Messages => ("message", "messages"),
        ExportList::Events => ("entry", "entries"),
    };
    if n == 1 { one } else { many }
}

/// The noun with its number and measure word.
fn zh_noun(list: ExportList, n: u64) -> String {
    let n = number(n);
    match list {
        ExportList::Accounts => format!("{n} 个帐号"),
        ExportList::Groups => format!("{n} 个群组"),
        ExportList::Members => format!("{n} 名群成员"),
        ExportList::Messages => format!("{n} 条消息"),
        ExportList::Events => format!("{n} 条日志"),
    }
}

fn ko_noun(list: ExportList, n: u64) -> String {
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
fn ko_closed(list: ExportList) -> bool {
    matches!(list, ExportList::Members | ExportList::Events)
}

pub const EN: ExportWords = ExportWords {
    title: |list| match list {
        ExportList::Accounts => "Export accounts",
        ExportList::Groups => "Export groups",
        ExportList::Members => "Export members",
        ExportList::Messages => "Export messages",
        ExportList::Events => "Export the audit log",
    },
    about: |list, scope, n| {
        let (noun, number) = (en_noun(list, n), number(n));
        match scope {
            Scope::Selected => format!("{number} selected {noun}"),
            Scope::Matching => format!("Everything that matches the filter: {number} {noun}"),
            Scope::All => format!("Everything: {number} {noun}"),
        }
    },
    nothing: "The file will hold nothing but its header.",
    order_help: "Rows come in the order of the list, values as the app’s back end knows them, times in UTC.",
    format: "Format",
    csv_help: "For any spreadsheet. Texts that look like formulas get an apostrophe in front; Roster’s import takes it away again.",
    xlsx_help: "For Excel and its like: texts stay texts, numbers are numbers. A cell holds at most 32,767 characters.",
    jsonl_help: "For programs: one object a line, with the field names of the API.",
    columns: "Columns",
    all_columns: "All",
    no_columns: "None",
    as_job: |rows| {
        format!("With more than {rows} rows the file is made as a job: you can watch its progress, cancel it, or leave the page.")
    },
    exported: |list, n| format!("{} {} exported.", number(n), en_noun(list, n)),
    gone: |list, n| format!("{} {} no longer existed.", number(n), en_noun(list, n)),
    cut: |n| {
        let texts = if n == 1 { "1 text was".to_owned() } else { format!("{} texts were", number(n)) };
        format!("{texts} longer than a spreadsheet’s cell holds and cut there. CSV and JSON Lines hold the whole.")
    },
    starts: "The download starts by itself.",
    size: |size| format!("{size}, kept for 24 hours, for you alone."),
    deleted: "The file was kept for 24 hours or made room for newer ones; it is deleted. Export again.",
    not_yours: "Only the operator who started the job can download its file.",
};

pub const ZH: ExportWords = ExportWords {
    title: |list| match list {
        ExportList::Accounts => "导出帐号",
        ExportList::Groups => "导出群组",
        ExportList::Members => "导出群成员",
        ExportList::Messages => "导出消息",
        ExportList::Events => "导出审计日志",
    },
    about: |list, scope, n| match scope {
        Scope::Selected => format!("已选 {}", zh_noun(list, n)),
        Scope::Matching => format!("符合筛选条件的全部内容：{}", zh_noun(list, n)),
        Scope::All => format!("全部内容：{}", zh_noun(list, n)),
    },
    nothing: "文件将只有标题行，没有内容。",
    order_help: "行的顺序与列表一致，取值与应用后端一致，时间为 UTC。",
    format: "格式",
    csv_help: "适用于任何电子表格。形似公式的文本前会加一个单引号，Roster 导入时会将其去除。",
    xlsx_help: "适用于 Excel 等软件：文本仍是文本，数字仍是数字。每个单元格最多 32,767 个字符。",
    jsonl_help: "适用于程序：每行一个对象，字段名与 API 一致。",
    columns: "列",
    all_columns: "全选",
    no_columns: "全不选",
    as_job: |rows| format!("超过 {rows} 行时，文件由任务生成：可查看进度、取消，或离开页面。"),
    exported: |list, n| format!("已导出 {}。", zh_noun(list, n)),
    gone: |list, n| format!("{}已不存在。", zh_noun(list, n)),
    cut: |n| format!("{} 处文本超出单元格的长度上限，已被截断。CSV 和 JSON Lines 保留全文。", number(n)),
    starts: "下载会自动开始。",
    size: |size| format!("{size}，保留 24 小时，仅供您本人下载。"),
    deleted: "文件已保留满 24 小时或已被较新的文件取代，现已删除。请重新导出。",
    not_yours: "只有发起任务的操作员才能下载文件。",
};

pub const KO: ExportWords = ExportWords {
    title: |list| match list {
        ExportList::Accounts => "계정 내보내기",
        ExportList::Groups => "그룹 내보내기",
        ExportList::Members => "구성원 내보내기",
        ExportList::Messages => "메시지 내보내기",
        ExportList::Events => "감사 로그 내보내기",
    },
    about: |list, scope, n| match scope {
        Scope::Selected => format!("선택한 {}", ko_noun(list, n)),
        Scope::Matching => format!("필터와 일치하는 전체: {}", ko_noun(list, n)),
        Scope::All => format!("전체: {}", ko_noun(list, n)),
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
    exported: |list, n| format!("{}{} 내보냈습니다.", ko_noun(list, n), if ko_closed(list) { "을" } else { "를" }),
    gone: |list, n| format!("{}{} 더 이상 존재하지 않습니다.", ko_noun(list, n), if ko_closed(list) { "은" } else { "는" }),
    cut: |n| format!("텍스트 {}개가 셀에 들어가는 길이보다 길어 잘렸습니다. CSV와 JSON Lines에는 전체가 들어갑니다.", number(n)),
    starts: "다운로드가 자동으로 시작됩니다.",
    size: |size| format!("{size}, 24시간 동안 본인만 받을 수 있습니다."),
    deleted: "파일은 24시간이 지났거나 새 파일로 대체되어 삭제되었습니다. 다시 내보내세요.",
    not_yours: "작업을 시작한 운영자만 파일을 다운로드할 수 있습니다.",
};
