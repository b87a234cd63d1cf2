//! Imports: accounts, groups and memberships from a file. Types and the check of a row are here, where the browser sees them too; the
//! file is read by `jobs::import`, and compared with what is stored by `store::import`.

pub mod check;
pub mod columns;
pub mod row;
pub mod words;

use serde::{Deserialize, Serialize};

use crate::{
    FieldError,
    export::{ExportFormat, ExportList},
    page::Reason,
    wire_enum,
};

wire_enum! {
    /// What the rows of a file are.
    ImportList { Accounts = "accounts", Groups = "groups", Members = "members" }
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
    /// What becomes of rows whose account, group or membership exists with other values.
    ConflictMode {
        /// It stays as it is.
        Skip = "skip",
        /// It gets the file's values.
        Update = "update",
        /// Nothing is imported while there is such a row; one that comes up only while the job runs ends it there.
        Stop = "stop",
    }
}

/// Why one row was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trouble {
    /// What the rules of the forms say, with the columns' fields.
    Fields(Vec<FieldError>),
    /// The same account, group or membership stands in an earlier row.
    SameAs {
        row: u32,
    },
    /// The row has another number of cells than the titles.
    CellCount {
        expected: usize,
        actual: usize,
    },
    /// The type of an existing account or group cannot be changed.
    TypeIsFixed,
    /// The owner of an existing group is not changed by an import.
    OwnerIsFixed,
    /// There is no such group in this app.
    NoGroup,
    /// Audio-video groups keep no member list.
    NoMemberList,
    GroupFull {
        max: u32,
    },
    /// The group or the account does not let it happen: blocked, too many groups, too many admins.
    Barred(Reason),
    /// The row says Owner, but somebody else owns the group, or nobody does.
    NotTheOwner,
    /// The row says another role, but the account owns the group.
    IsTheOwner,
    /// The import was to stop at a row whose account, group or membership exists with other values: it is this one.
    Exists,
}

/// A row of the file that the preview shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleRow {
    /// Counted as a spreadsheet does; the titles are row 1.
    pub row: u32,
    /// Username, group id, or group id and username.
    pub key: Vec<String>,
    pub what: Sample,
}

/// What the preview says of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sample {
    /// The values that it gives, without the key: field and value.
    New(Vec<(String, String)>),
    /// Field, stored value, the file's value.
    Changed(Vec<(String, String, String)>),
    Unchanged,
    Refused(Trouble),
}

/// How many rows there are of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportCounts {
    pub new: u64,
    /// Exist with other values; what becomes of them is the mode's business.
    pub changed: u64,
    pub unchanged: u64,
    pub refused: u64,
}

impl ImportCounts {
    pub fn rows(self) -> u64 {
        self.new + self.changed + self.unchanged + self.refused
    }

    /// Rows that an import in this mode writes.
    pub fn written(self, mode: ConflictMode) -> u64 {
        self.new + if mode == ConflictMode::Update { self.changed } else { 0 }
    }
}

/// A column of the file and the field that it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchedColumn {
    pub title: String,
    pub meaning: Meaning,
}

/// What a column is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Meaning {
    Field(String),
    /// Roster's exports have it, but it follows from other data.
    Derived,
    Unknown,
}

/// A word that a file uses for a choice, where it is not the wire's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenWord {
    pub field: String,
    /// As the file has it.
    pub text: String,
    /// The word of the wire that it was taken for.
    pub wire: String,
}

/// What the dry run found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preview {
    pub columns: Vec<MatchedColumn>,
    /// Each word once, however it is spelt.
    pub words: Vec<TakenWord>,
    pub counts: ImportCounts,
    pub new: Vec<SampleRow>,
    pub changed: Vec<SampleRow>,
    pub unchanged: Vec<SampleRow>,
    pub refused: Vec<SampleRow>,
}

/// A file that waits to be imported, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    pub id: i64,
    pub list: ImportList,
    pub file_name: String,
    pub format: ExportFormat,
    /// Bytes.
    pub size: u64,
    /// The group for rows of a member list without a group column; empty for none.
    pub group_id: String,
    pub preview: Preview,
    /// The job that it was handed over to.
    pub job: Option<i64>,
}

/// What the page of a job shows of the file that it imports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobImport {
    pub file_name: String,
    pub mode: ConflictMode,
    /// What became of the rows so far.
    pub counts: ImportCounts,
    /// Whether the one who asks can fetch the refused rows.
    pub refused_rows: bool,
}

/// A row that a job refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedRow {
    /// Counted as a spreadsheet does.
    pub row: u32,
    pub trouble: Trouble,
}

/// What comes with an upload: words that nobody has checked yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UploadInput {
    /// [`ImportList`] word.
    pub list: String,
    /// The group for rows of a member list that name none.
    pub group_id: String,
    /// [`ImportEncoding`](crate::upload::ImportEncoding) word; nothing means [`ImportEncoding::Auto`](crate::upload::ImportEncoding::Auto).
    pub encoding: String,
    /// As the browser calls it; any path in front is dropped.
    pub file_name: String,
}
