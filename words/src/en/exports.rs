//! English: exports.

use domain::export::ExportList;

use crate::{
    number::number,
    shape::exports::{ExportWords, Scope},
};

fn noun(list: ExportList, n: u64) -> &'static str {
    let (one, many) = match list {
        ExportList::Accounts => ("account", "accounts"),
        ExportList::Groups => ("group", "groups"),
        ExportList::Members => ("member", "members"),
        ExportList::Messages => ("message", "messages"),
        ExportList::Events => ("entry", "entries"),
    };
    if n == 1 { one } else { many }
}

pub(super) const WORDS: ExportWords = ExportWords {
    export: "Export",
    export_successful: "Export successful",
    export_kept: "The file is kept for 24 hours, for you alone.",
    title: |list| match list {
        ExportList::Accounts => "Export accounts",
        ExportList::Groups => "Export groups",
        ExportList::Members => "Export members",
        ExportList::Messages => "Export messages",
        ExportList::Events => "Export the audit log",
    },
    about: |list, scope, n| {
        let (noun, number) = (noun(list, n), number(n));
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
    exported: |list, n| format!("{} {} exported.", number(n), noun(list, n)),
    gone: |list, n| format!("{} {} no longer existed.", number(n), noun(list, n)),
    cut: |n| {
        let texts = if n == 1 { "1 text was".to_owned() } else { format!("{} texts were", number(n)) };
        format!("{texts} longer than a spreadsheet’s cell holds and cut there. CSV and JSON Lines hold the whole.")
    },
    starts: "The download starts by itself.",
    size: |size| format!("{size}, kept for 24 hours, for you alone."),
    deleted: "The file was kept for 24 hours or made room for newer ones; it is deleted. Export again.",
    not_yours: "Only the operator who started the job can download its file.",
};
