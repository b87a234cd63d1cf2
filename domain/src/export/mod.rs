//! Exports: what a list shows, as a file. Types, columns and the rule for formulas are here, where the browser sees them too; rows are
//! read by `store::export` and written by `jobs::export`.

pub mod guard;
pub mod rules;
pub mod times;
mod titles;

pub use {
    rules::ExportRequest,
    titles::{Column, ExportList, Kind},
};

use serde::{Deserialize, Serialize};

use crate::{event::EventParams, selection::Matching, wire_enum};

wire_enum! {
    /// How a file is written.
    ExportFormat {
        /// UTF-8 with a mark, RFC 4180, formulas guarded ([`guard::guard`]).
        Csv = "csv",
        /// Office Open XML: texts are texts, numbers are numbers, never a formula.
        Xlsx = "xlsx",
        /// One JSON object a line, with the names of the wire.
        JsonLines = "jsonl",
    }
}

impl ExportFormat {
    /// What HTTP calls it.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::JsonLines => "application/x-ndjson; charset=utf-8",
        }
    }
}

/// An export as a form asks for it: words that nobody has checked yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExportInput {
    /// [`ExportList`] word.
    pub list: String,
    /// [`ExportFormat`] word.
    pub format: String,
    /// Keys of the columns, at least one; they come in the list's own order.
    pub columns: Vec<String>,
    /// Usernames or group ids, or what matches: for accounts, groups and members.
    pub ids: Vec<String>,
    pub matching: Matching,
    /// The list's sort, as in [`crate::page::ListParams`].
    pub sort: String,
    /// The group whose members or messages they are.
    pub group_id: String,
    /// The audit log's filter.
    pub log: EventParams,
}

/// An export that is ready to be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// Names the file; good for the operator who made it, for [`crate::limits::EXPORT_KEPT_MS`].
    pub token: String,
    pub list: ExportList,
    /// Rows without the header.
    pub rows: u64,
    /// Ids that did not exist any more.
    pub gone: Vec<String>,
    /// Texts that were longer than a cell of a spreadsheet may be and were cut there; only XLSX has that limit.
    pub cut: u64,
}

/// What became of an export that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportStarted {
    Ready(Export),
    /// More than [`crate::limits::EXPORT_AT_ONCE`] rows: the id of the job that makes the file.
    Job(i64),
}

/// The file that a job made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobExport {
    pub list: ExportList,
    pub format: ExportFormat,
    pub rows: u64,
    pub cut: u64,
    /// Bytes.
    pub size: u64,
    /// When it goes, milliseconds.
    pub until: i64,
}
