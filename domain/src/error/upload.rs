//! A file that is sent to be imported: how its text is encoded, and what can be wrong with the file as a whole.

use serde::{Deserialize, Serialize};

use crate::wire_enum;

wire_enum! {
    /// The text encoding of a CSV or JSON Lines file, as chosen with the upload. UTF-16 needs no choice: the file itself says so.
    pub enum ImportEncoding {
        /// UTF-8 where the text is valid UTF-8; else the usual encoding of the reader's language.
        Auto = "auto",
        /// UTF-8, with or without a BOM.
        Utf8 = "utf-8",
        /// GB 18030, which spreadsheets in Chinese write; includes GBK.
        Gb18030 = "gb18030",
        /// EUC-KR (Windows code page 949), which spreadsheets in Korean write.
        EucKr = "euc-kr",
    }
}

/// Why a file as a whole cannot be imported. Rows are counted as a spreadsheet does; the titles are row 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileProblem {
    /// No file was chosen, or the file has no content.
    Empty,
    /// The file has titles, but no row below them.
    HeaderOnly,
    /// The file is larger than an upload may be.
    TooLarge {
        /// The limit, bytes: [`crate::limits::IMPORT_BYTES`].
        max: u64,
    },
    /// None of the titles is known; see [`crate::import::columns::match_columns`].
    NoColumn,
    /// A column is missing without which no row can be understood.
    ColumnMissing {
        /// The key of the missing column, such as `username`.
        field: String,
    },
    /// Two columns give the same field.
    ColumnTwice {
        /// The key of that field.
        field: String,
    },
    /// The file has more columns than are read, known or not.
    TooManyColumns {
        /// The limit: [`crate::limits::IMPORT_COLUMNS`].
        max: usize,
        /// Columns of the file.
        actual: usize,
    },
    /// A title is longer than titles may be.
    TitleTooLong {
        /// The limit, characters: [`crate::limits::IMPORT_TITLE_CHARS`].
        max: usize,
    },
    /// The file has more rows than one import may have; the rest can be sent as another file.
    TooManyRows {
        /// The limit: [`crate::limits::IMPORT_ROWS`].
        max: u32,
    },
    /// A row is larger than rows may be; perhaps a quotation mark is never closed.
    RowTooLarge {
        /// The number of the row.
        row: u32,
        /// The limit, bytes: [`crate::limits::IMPORT_ROW_BYTES`].
        max: u64,
    },
    /// The text is not valid in the encoding that was chosen or assumed.
    NotText {
        /// That encoding.
        encoding: ImportEncoding,
    },
    /// The file is neither text nor a workbook, or a workbook of another kind (`.xls`, `.ods`, encrypted).
    UnknownFormat,
    /// The workbook cannot be read: cut off or damaged.
    Damaged,
    /// The workbook is larger when unpacked, or its rows are larger, than a file may be.
    UnpackedTooLarge {
        /// The limit, bytes: [`crate::limits::IMPORT_UNPACKED_BYTES`] or [`crate::limits::IMPORT_ROWS_BYTES`].
        max: u64,
    },
    /// The texts of the workbook, or one of them, need more memory than is allowed; a CSV file has no table of texts.
    TextsTooLarge {
        /// The limit, bytes: [`crate::limits::IMPORT_TEXTS_BYTES`].
        max: u64,
    },
    /// Reading the file took more processor time than is allowed.
    TakesTooLong {
        /// The limit, seconds: [`crate::limits::IMPORT_PROCESSOR_S`].
        max_s: u64,
    },
    /// A line of a JSON Lines file is not one JSON object.
    NotJson {
        /// The number of the line.
        row: u32,
    },
    /// The connection ended before the file did.
    CutOff,
}
