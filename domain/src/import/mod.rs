//! Imports: accounts, groups and memberships from a file. Types and the check of a row are here, where the browser has them too;
//! `jobs::import` reads the file, and `store::import` compares it with the stored data.

pub mod check;
pub mod columns;
pub mod row;

use serde::{Deserialize, Serialize};

use crate::{
    FieldError,
    export::{ExportFormat, ExportList},
    page::Reason,
    wire_enum,
};

wire_enum! {
    /// What the rows of a file are.
    pub enum ImportList {
        /// A row is an account, named by its username.
        Accounts = "accounts",
        /// A row is a group, named by its id.
        Groups = "groups",
        /// A row is a membership, named by group id and username.
        Members = "members",
    }
}

impl ImportList {
    /// The list whose exports have the same columns.
    pub const fn exported(self) -> ExportList {
        match self {
            Self::Accounts => ExportList::Accounts,
            Self::Groups => ExportList::Groups,
            Self::Members => ExportList::Members,
        }
    }
}

wire_enum! {
    /// What happens to rows whose account, group or membership exists with other values.
    pub enum ConflictMode {
        /// The stored values stay.
        Skip = "skip",
        /// The file's values replace the stored ones.
        Update = "update",
        /// Nothing is imported while the file has such a row; a row that becomes one while the job runs ends the job there.
        Stop = "stop",
    }
}

/// Why one row was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RowProblem {
    /// Cells break the rules of the forms; `field` is the key of the column.
    Fields(Vec<FieldError>),
    /// An earlier row has the same account, group or membership.
    SameAs {
        /// The number of that row.
        row: u32,
    },
    /// The row has another number of cells than the titles.
    CellCount {
        /// Titles of the file.
        expected: usize,
        /// Cells of the row.
        actual: usize,
    },
    /// The type of an existing account or group cannot be changed.
    TypeIsFixed,
    /// An import does not change the owner of an existing group.
    OwnerIsFixed,
    /// The app has no group of this id.
    NoGroup,
    /// Audio-video groups keep no member list (Tencent group types).
    NoMemberList,
    /// The group has as many members as it may have.
    GroupFull {
        /// The most members of the group.
        max: u32,
    },
    /// The group or the account does not allow the membership: blocked, too many groups, too many admins.
    Barred(Reason),
    /// The row gives the role Owner, but another account owns the group, or none does.
    NotTheOwner,
    /// The row gives another role than Owner, but the account owns the group.
    IsTheOwner,
    /// The row exists with other values, and the import stops at such a row; see [`ConflictMode::Stop`].
    Exists,
}

/// A row of the file that the preview shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleRow {
    /// Counted as a spreadsheet does; the titles are row 1.
    pub row: u32,
    /// Username, group id, or group id and username: what names the row.
    pub key: Vec<String>,
    /// What an import would do with the row.
    pub what: Sample,
}

/// What the preview says of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sample {
    /// The row would be added with these values, the key left out: field and value.
    New(Vec<(String, String)>),
    /// The row exists with other values: field, stored value, the file's value.
    Changed(Vec<(String, String, String)>),
    /// The row exists with the same values.
    Unchanged,
    /// The row cannot be imported.
    Refused(RowProblem),
}

/// How many rows there are of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportCounts {
    /// Rows that do not exist yet.
    pub new: u64,
    /// Rows that exist with other values; the [`ConflictMode`] decides what happens to them.
    pub changed: u64,
    /// Rows that exist with the same values.
    pub unchanged: u64,
    /// Rows that cannot be imported.
    pub refused: u64,
}

impl ImportCounts {
    /// All rows of the file.
    pub fn rows(self) -> u64 {
        self.new + self.changed + self.unchanged + self.refused
    }

    /// Rows that an import in this mode writes.
    pub fn written(self, mode: ConflictMode) -> u64 {
        self.new + if mode == ConflictMode::Update { self.changed } else { 0 }
    }
}

/// A column of the file and the field that it was matched with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchedColumn {
    /// The title as the file has it.
    pub title: String,
    /// What the column gives.
    pub meaning: Meaning,
}

/// What a column gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Meaning {
    /// The values of this field, named by its key.
    Field(String),
    /// Values that Roster's exports have, but that follow from other data: the import ignores them.
    Derived,
    /// Values that no field has: the import ignores them.
    Unknown,
}

/// A word that a file uses for a choice, where it is not the wire's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenWord {
    /// The key of the column.
    pub field: String,
    /// The word as the file has it.
    pub text: String,
    /// The wire's word that the import takes it for.
    pub wire: String,
}

/// The results of the dry run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preview {
    /// The columns of the file, from left to right.
    pub columns: Vec<MatchedColumn>,
    /// Words that were translated into the wire's; each word once, however it is spelt.
    pub words: Vec<TakenWord>,
    /// How many rows there are of each kind.
    pub counts: ImportCounts,
    /// The first [`crate::limits::IMPORT_SAMPLES`] rows that would be added.
    pub new: Vec<SampleRow>,
    /// The first rows that exist with other values, as many.
    pub changed: Vec<SampleRow>,
    /// The first rows that exist with the same values, as many.
    pub unchanged: Vec<SampleRow>,
    /// The first rows that cannot be imported, as many.
    pub refused: Vec<SampleRow>,
}

/// A file that waits to be imported, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// The key of the upload, which its address has.
    pub id: i64,
    /// What the rows are.
    pub list: ImportList,
    /// The file's name as the browser sent it.
    pub file_name: String,
    /// The format that the content has, whatever the name says.
    pub format: ExportFormat,
    /// Size of the file, bytes; at most [`crate::limits::IMPORT_BYTES`].
    pub size: u64,
    /// The group of the rows of a member list without a group column; empty for none.
    pub group_id: String,
    /// The results of the dry run.
    pub preview: Preview,
    /// The job that imports the file; `None`: the operator has not confirmed yet.
    pub job: Option<i64>,
}

/// What the page of a job shows of the file that the job imports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobImport {
    /// The file's name as the browser sent it.
    pub file_name: String,
    /// What happens to rows that exist with other values.
    pub mode: ConflictMode,
    /// The results of the rows so far.
    pub counts: ImportCounts,
    /// Whether the operator who asks can download the refused rows.
    pub refused_rows: bool,
}

/// A row that a job refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedRow {
    /// The number of the row, counted as a spreadsheet does; the titles are row 1.
    pub row: u32,
    /// Why the row was refused.
    pub trouble: RowProblem,
}

/// The fields of an upload: words that are not checked yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UploadInput {
    /// [`ImportList`] word.
    pub list: String,
    /// The group for rows of a member list that name no group.
    pub group_id: String,
    /// [`ImportEncoding`](crate::upload::ImportEncoding) word; an empty one means
    /// [`ImportEncoding::Auto`](crate::upload::ImportEncoding::Auto).
    pub encoding: String,
    /// The file's name as the browser sends it; a path before the name is dropped.
    pub file_name: String,
}
