//! English: imports.

use domain::{
    import::{ConflictMode, ImportList, RowProblem},
    upload::{FileProblem, ImportEncoding},
};

use crate::{
    number::{number, size},
    shape::imports::{ImportWords, one_of},
};

pub(super) const WORDS: ImportWords = ImportWords {
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
            format!("The file is not text in {}. Choose its encoding, or save it as UTF-8.", (WORDS.encoding_name)(*encoding))
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
        RowProblem::Fields(_) => "Cells break a rule.".to_owned(),
        RowProblem::SameAs { row } => format!("The same stands in row {} already.", number((*row).into())),
        RowProblem::CellCount { expected, actual } => {
            format!("The row and the titles differ in length: {actual} and {expected} cells.")
        }
        RowProblem::TypeIsFixed => "The type of what exists cannot be changed.".to_owned(),
        RowProblem::OwnerIsFixed => "An import does not change the owner of a group that exists.".to_owned(),
        RowProblem::NoGroup => "There is no such group in this app.".to_owned(),
        RowProblem::NoMemberList => "Audio-video groups keep no member list.".to_owned(),
        RowProblem::Barred(reason) => super::errors::WORDS.barred(*reason),
        RowProblem::GroupFull { max } => format!("The group is full: it can have {} members.", number((*max).into())),
        RowProblem::NotTheOwner => "The account does not own the group; an import does not change the owner.".to_owned(),
        RowProblem::IsTheOwner => "The account owns the group; an import does not change that.".to_owned(),
        RowProblem::Exists => "It exists with other values, and the import was to stop there.".to_owned(),
    },
    told: |title, sentence| format!("{title}: {sentence}"),
    with_wire: |word, wire| format!("{word} ({wire})"),
};
