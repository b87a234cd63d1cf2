//! Writes rows of texts in any of the formats: refused rows and templates. Blocking, and flat in memory.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use domain::{
    Result,
    export::{ExportFormat, guard::guard},
    limits,
};
use rust_xlsxwriter::Workbook;

use crate::export::fitting;
use store::import::files::fault;

/// The BOM, by which spreadsheets recognise UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

// One sheet has room for all rows.
const _: () = assert!(limits::IMPORT_ROWS < 1_048_575);

pub(super) enum SheetWriter {
    Csv(Box<csv::Writer<File>>),
    Xlsx { book: Box<Workbook>, row: u32, out: File },
    JsonLines { out: BufWriter<File>, titles: Vec<String> },
}

impl SheetWriter {
    /// `folder` is for the temporary data of a workbook, in a file without a name.
    pub fn begin(mut out: File, folder: &Path, format: ExportFormat, titles: Vec<String>) -> Result<Self> {
        let titles_row: Vec<Option<&str>> = titles.iter().map(|title| Some(title.as_str())).collect();
        match format {
            ExportFormat::Csv => {
                out.write_all(MARK).map_err(fault)?;
                let csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(out);
                let mut writer = Self::Csv(Box::new(csv));
                writer.row(&titles_row)?;
                Ok(writer)
            }
            ExportFormat::Xlsx => {
                let mut book = Box::new(Workbook::new());
                book.set_tempdir(folder).map_err(fault)?;
                book.use_zip_large_file(true);
                let sheet = book.add_worksheet_with_constant_memory().map_err(fault)?;
                sheet.set_freeze_panes(1, 0).map_err(fault)?;
                let mut writer = Self::Xlsx { book, row: 0, out };
                writer.row(&titles_row)?;
                Ok(writer)
            }
            ExportFormat::JsonLines => Ok(Self::JsonLines { out: BufWriter::new(out), titles }),
        }
    }

    /// A row; `None` is a field about which the file says nothing.
    pub fn row(&mut self, cells: &[Option<&str>]) -> Result<()> {
        match self {
            Self::Csv(csv) => {
                csv.write_record(cells.iter().map(|cell| guard(cell.unwrap_or_default()).into_owned())).map_err(fault)
            }
            Self::Xlsx { book, row, .. } => {
                let sheet = book.worksheet_from_index(0).map_err(fault)?;
                for (column, cell) in (0..).zip(cells) {
                    if let Some(text) = cell.filter(|text| !text.is_empty()) {
                        sheet.write_string(*row, column, fitting(text)).map_err(fault)?;
                    }
                }
                *row += 1;
                Ok(())
            }
            Self::JsonLines { out, titles } => {
                let given = titles.iter().zip(cells).filter_map(|(title, cell)| Some((title, (*cell)?)));
                let mut mark = b"{";
                for (title, text) in given {
                    out.write_all(mark).map_err(fault)?;
                    mark = b",";
                    serde_json::to_writer(&mut *out, title).map_err(fault)?;
                    out.write_all(b":").map_err(fault)?;
                    serde_json::to_writer(&mut *out, text).map_err(fault)?;
                }
                out.write_all(b"}\n").map_err(fault)
            }
        }
    }

    /// The file, with everything written to it.
    pub fn finish(self) -> Result<File> {
        match self {
            Self::Csv(csv) => csv.into_inner().map_err(fault),
            Self::Xlsx { mut book, out, .. } => {
                let mut out = BufWriter::new(out);
                book.save_to_writer(&mut out).map_err(fault)?;
                out.into_inner().map_err(fault)
            }
            Self::JsonLines { out, .. } => out.into_inner().map_err(fault),
        }
    }
}
