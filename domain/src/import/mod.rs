//! Imports: accounts, groups and memberships from a file. An upload is streamed to the disk (`upload.rs`), read once into plain rows
//! (`read/`), checked row by row by the rules of the forms (`check.rs`) and compared with what is stored (`plan/`): that is the
//! preview (`preview.rs`). Once it is confirmed, a job does the same again and writes, a chunk at a time (`job.rs`, `write.rs`).
//! The types are here, where the browser sees them too.

pub mod check;
pub mod columns;
#[cfg(feature = "store")]
mod files;
#[cfg(feature = "store")]
pub(crate) mod job;
#[cfg(feature = "store")]
mod plan;
#[cfg(feature = "store")]
mod preview;
#[cfg(feature = "store")]
mod read;
#[cfg(feature = "store")]
mod read_error;
#[cfg(feature = "store")]
mod refused;
#[cfg(feature = "store")]
mod rows;
#[cfg(feature = "store")]
mod sheet;
#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
mod upload;
pub mod words;
#[cfg(feature = "store")]
mod write;

#[cfg(feature = "store")]
pub(crate) use store::ended as drop_rows_of;
#[cfg(feature = "store")]
pub use {
    refused::{MadeFile, refused, template},
    store::{clean, discard, get, of_job, start},
    upload::Upload,
};

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
    /// A title has more than [`crate::limits::IMPORT_TITLE_CHARS`].
    TitleTooLong {
        max: usize,
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
    /// The texts of the workbook are more, or one of them is longer, than is held in memory; a CSV file has no table of texts.
    TextsTooLarge {
        max: u64,
    },
    /// Reading took more than [`crate::limits::IMPORT_PROCESSOR_S`].
    TakesTooLong {
        max_s: u64,
    },
    /// A line is not one JSON object.
    NotJson {
        row: u32,
    },
    /// The upload ended before the file did.
    CutOff,
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
    /// [`ImportEncoding`] word; nothing means [`ImportEncoding::Auto`].
    pub encoding: String,
    /// As the browser calls it; any path in front is dropped.
    pub file_name: String,
}
