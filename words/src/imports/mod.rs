//! The words of imports.

mod en;
mod ko;
mod zh;

use domain::{
    Code,
    import::{ConflictMode, ImportList, Trouble, columns},
    operator::Language,
    upload::{FileProblem, ImportEncoding},
};

pub use self::{en::EN, ko::KO, zh::ZH};
use super::{LanguageWords, choices::called, code_sentence};

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
