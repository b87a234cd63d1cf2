//! Exports.

use domain::export::ExportList;

/// Which rows of a list a dialog is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Selected,
    /// All that the filter lets through.
    Matching,
    All,
}

pub struct ExportWords {
    pub export: &'static str,
    pub export_successful: &'static str,
    pub export_kept: &'static str,
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
