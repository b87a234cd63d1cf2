//! Exports: what a list shows, as a file. Types, columns and the rule for formulas are here, where the browser has them too;
//! `store::export` reads the rows, `jobs::export` writes them. The titles of columns are in the crate `words`.

mod columns;
pub mod guard;
pub mod rules;
pub mod times;

pub use {
    columns::{Column, ExportList, Kind},
    rules::ExportRequest,
};

use serde::{Deserialize, Serialize};

use crate::{event::EventParams, selection::Matching, wire_enum};

wire_enum! {
    /// How a file is written.
    pub enum ExportFormat {
        /// UTF-8 with a BOM, RFC 4180, formulas guarded ([`guard::guard`]).
        Csv = "csv",
        /// Office Open XML: texts are texts, numbers are numbers, never a formula.
        Xlsx = "xlsx",
        /// One JSON object a line, with the wire's names as keys.
        JsonLines = "jsonl",
    }
}

/// An export as a form asks for it: words that are not checked yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExportInput {
    /// [`ExportList`] word.
    pub list: String,
    /// [`ExportFormat`] word.
    pub format: String,
    /// Keys of the columns, at least one; they come in the list's own order.
    pub columns: Vec<String>,
    /// Usernames or group ids of the ticked rows: for accounts, groups and members.
    pub ids: Vec<String>,
    /// Everything that matches a filter, instead of named rows.
    pub matching: Matching,
    /// The list's sort, as in [`crate::page::ListParams`].
    pub sort: String,
    /// The group whose members or messages they are.
    pub group_id: String,
    /// The audit log's filter, for [`ExportList::Events`]; its cursor is ignored.
    pub log: EventParams,
}

/// An export that can be downloaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// Names the file in its address; valid for the operator who made it, for [`crate::limits::EXPORT_KEPT_MS`].
    pub token: String,
    /// What the rows are.
    pub list: ExportList,
    /// Rows without the header.
    pub rows: u64,
    /// Ids of named rows that did not exist any more.
    pub gone: Vec<String>,
    /// Texts that are longer than a cell of a spreadsheet may be and were cut there; only XLSX has that limit.
    pub cut: u64,
}

/// The answer to an export: done at once, or a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportOutcome {
    /// The export had at most [`crate::limits::EXPORT_AT_ONCE`] rows, and the file can be downloaded.
    Ready(Export),
    /// The export runs as a job: the job's id.
    Job(i64),
}

/// The file that a job made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobExport {
    /// What the rows are.
    pub list: ExportList,
    /// How the file is written.
    pub format: ExportFormat,
    /// Rows without the header.
    pub rows: u64,
    /// Texts that were cut, see [`Export::cut`].
    pub cut: u64,
    /// Size of the file, bytes.
    pub size: u64,
    /// When the file is deleted, milliseconds since 1970.
    pub until: i64,
}
