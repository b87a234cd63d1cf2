//! Imports.

use domain::{
    import::{ConflictMode, ImportList, RowProblem},
    upload::{FileProblem, ImportEncoding},
};

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
    pub trouble: fn(&RowProblem) -> String,
    /// The title of a column, and what is wrong with its cell.
    pub told: fn(&str, &str) -> String,
    /// A choice as the console calls it, and the word of the wire.
    pub with_wire: fn(&str, &str) -> String,
}

/// A list of which one is to be chosen: «a, b or c».
pub(crate) fn one_of(choices: &[String], comma: &str, or: &str) -> String {
    match choices.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{}{or}{last}", before.join(comma)),
        None => String::new(),
    }
}
