//! A file that somebody sends to be imported: how its text is encoded, and what can be wrong with it as a whole.

use serde::{Deserialize, Serialize};

use crate::wire_enum;

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
