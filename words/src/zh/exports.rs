//! Simplified Chinese: exports.

use domain::export::ExportList;

use crate::{
    number::number,
    shape::exports::{ExportWords, Scope},
};

/// The noun with its number and measure word.
fn noun(list: ExportList, n: u64) -> String {
    let n = number(n);
    match list {
        ExportList::Accounts => format!("{n} 个帐号"),
        ExportList::Groups => format!("{n} 个群组"),
        ExportList::Members => format!("{n} 名群成员"),
        ExportList::Messages => format!("{n} 条消息"),
        ExportList::Events => format!("{n} 条日志"),
    }
}

pub(super) const WORDS: ExportWords = ExportWords {
    export: "导出",
    export_successful: "导出成功",
    export_kept: "文件保留 24 小时，仅供您本人下载。",
    title: |list| match list {
        ExportList::Accounts => "导出帐号",
        ExportList::Groups => "导出群组",
        ExportList::Members => "导出群成员",
        ExportList::Messages => "导出消息",
        ExportList::Events => "导出审计日志",
    },
    about: |list, scope, n| match scope {
        Scope::Selected => format!("已选 {}", noun(list, n)),
        Scope::Matching => format!("符合筛选条件的全部内容：{}", noun(list, n)),
        Scope::All => format!("全部内容：{}", noun(list, n)),
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
    exported: |list, n| format!("已导出 {}。", noun(list, n)),
    gone: |list, n| format!("{}已不存在。", noun(list, n)),
    cut: |n| format!("{} 处文本超出单元格的长度上限，已被截断。CSV 和 JSON Lines 保留全文。", number(n)),
    starts: "下载会自动开始。",
    size: |size| format!("{size}，保留 24 小时，仅供您本人下载。"),
    deleted: "文件已保留满 24 小时或已被较新的文件取代，现已删除。请重新导出。",
    not_yours: "只有发起任务的操作员才能下载文件。",
};
