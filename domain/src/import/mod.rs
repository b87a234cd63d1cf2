//! Imports: accounts, groups and memberships from a file. An upload is read once into plain rows (`read/`), checked row by row
//! by the rules of the forms (`check.rs`), compared with what is stored (`plan/`) and written a chunk at a time (`write.rs`). The
//! types are here, where the browser sees them too. Uploads, the preview and the job are not there yet.

pub mod check;
pub mod columns;
#[cfg(feature = "store")]
#[expect(dead_code, reason = "the preview and the job that call it are still to be written")]
mod plan;
#[cfg(feature = "store")]
#[expect(dead_code, reason = "the preview and the job that call it are still to be written")]
mod read;
#[cfg(feature = "store")]
#[expect(dead_code, reason = "the preview and the job that call it are still to be written")]
mod rows;
#[cfg(feature = "store")]
#[expect(dead_code, reason = "the preview and the job that call it are still to be written")]
mod write;

use serde::{Deserialize, Serialize};

use crate::{FieldError, wire_enum};

wire_enum! {
    /// What the rows of a file are.
    ImportList { Accounts = "accounts", Groups = "groups", Members = "members" }
}

wire_enum! {
    /// How a file is written. `Xlsx` is Excel's workbook; older `.xls` files are refused.
    ImportFormat { Csv = "csv", Xlsx = "xlsx", JsonLines = "jsonl" }
}

wire_enum! {
    /// What becomes of rows whose account, group or membership exists with other values.
    ConflictMode {
        /// It stays as it is.
        Skip = "skip",
        /// It gets the file's values.
        Update = "update",
        /// The import ends before anything of that part is written.
        Stop = "stop",
    }
}

wire_enum! {
    /// The text encoding of a CSV or JSON Lines file, as chosen with the upload. UTF-16 says by itself what it is.
    ImportEncoding {
        /// UTF-8; else what the reader's language suggests.
        Auto = "auto",
        Utf8 = "utf-8",
        Gb18030 = "gb18030",
        EucKr = "euc-kr",
    }
}

wire_enum! {
    /// Where an upload stands.
    ImportState {
        /// The file is being read and compared.
        Reading = "reading",
        /// The preview is there.
        Ready = "ready",
        /// The file as a whole cannot be imported.
        Refused = "refused",
        /// Handed over to a job.
        Started = "started",
    }
}

/// Why a file as a whole cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileProblem {
    /// No file was chosen, or it holds nothing.
    Empty,
    /// Titles, but no row below them.
    HeaderOnly,
    /// More than [`crate::limits::IMPORT_BYTES`].
    TooLarge {
        max: u64,
    },
    /// None of the titles is known.
    NoColumn,
    /// A column without which no row can be understood is missing: its field.
    ColumnMissing {
        field: String,
    },
    /// Two columns are the same field.
    ColumnTwice {
        field: String,
    },
    TooManyColumns {
        max: usize,
        actual: usize,
    },
    TooManyRows {
        max: u32,
    },
    /// A row holds more than [`crate::limits::IMPORT_ROW_BYTES`]; perhaps a quotation mark is never closed.
    RowTooLarge {
        row: u32,
        max: u64,
    },
    /// The text is not in the encoding that it was taken for.
    NotText {
        encoding: ImportEncoding,
    },
    /// Neither text nor a workbook, or a workbook of another kind (`.xls`, `.ods`, encrypted).
    UnknownFormat,
    /// A workbook that cannot be read, because it was cut off or damaged.
    Damaged,
    /// Unpacked, the workbook is larger than it may be.
    UnpackedTooLarge {
        max: u64,
    },
    /// The workbook's table of texts is larger than fits in memory; a CSV file has no such table.
    TextsTooLarge {
        max: u64,
    },
    /// A line is not one JSON object.
    NotJson {
        row: u32,
    },
    /// The server stopped, or its disk failed, while the file was read.
    Interrupted,
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
    /// The row says Owner, but somebody else owns the group, or nobody does.
    NotTheOwner,
    /// The row says another role, but the account owns the group.
    IsTheOwner,
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

/// What the dry run found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preview {
    pub columns: Vec<MatchedColumn>,
    pub counts: ImportCounts,
    pub new: Vec<SampleRow>,
    pub changed: Vec<SampleRow>,
    pub unchanged: Vec<SampleRow>,
    pub refused: Vec<SampleRow>,
}

/// An upload as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    pub id: i64,
    pub list: ImportList,
    pub file_name: String,
    pub format: ImportFormat,
    /// Bytes.
    pub size: u64,
    /// The group for rows of a member list without a group column; empty for none.
    pub group_id: String,
    pub state: ImportState,
    /// While reading: thousandths of the work that are done.
    pub progress: u32,
    pub problem: Option<FileProblem>,
    pub preview: Preview,
    pub mode: Option<ConflictMode>,
    /// What the job has done so far.
    pub counts: ImportCounts,
    /// In mode Stop: the row that ended it.
    pub stopped: Option<SampleRow>,
    pub job: Option<i64>,
    /// Whether there are refused rows to be fetched.
    pub has_refused: bool,
    pub created_at: i64,
}
