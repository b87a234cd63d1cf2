//! A workbook without its rows: sheets, titles and everything else that a spreadsheet program expects are left to a library, whose
//! files are known to open. The rows go in where its sheets are open.

use std::io::{Cursor, Read, Seek, Write};

use domain::{Error, Result};
use rust_xlsxwriter::{Format, Workbook};
use store::lines::fault;
use zip::{ZipArchive, ZipWriter};

/// Width of a column, characters.
const WIDTH: f64 = 20.0;
/// Where the rows of a sheet end.
const END: &str = "</sheetData>";
/// What comes before the range of a sheet's cells.
const RANGE: &str = "<dimension ref=\"";

pub(super) struct Shell {
    parts: ZipArchive<Cursor<Vec<u8>>>,
    /// The part that comes next.
    next: usize,
}

/// A sheet that is open.
pub(super) struct Sheet {
    pub name: String,
    /// What comes before its rows, but for how many there are.
    before: String,
    /// What comes after its rows.
    pub after: String,
}

impl Shell {
    /// So many sheets, each with these titles in its first row.
    pub fn new(titles: &[&str], sheets: u64) -> Result<Self> {
        let mut book = Workbook::new();
        let bold = Format::new().set_bold();
        for _ in 0..sheets {
            let sheet = book.add_worksheet();
            for (column, title) in (0..).zip(titles) {
                sheet.set_column_width(column, WIDTH).map_err(fault)?;
                sheet.write_string_with_format(0, column, *title, &bold).map_err(fault)?;
            }
            sheet.set_freeze_panes(1, 0).map_err(fault)?;
        }
        let parts = ZipArchive::new(Cursor::new(book.save_to_buffer().map_err(fault)?)).map_err(fault)?;
        Ok(Self { parts, next: 0 })
    }

    /// Copies all parts up to the next sheet, which is not copied; `None`: there are no more sheets, and all is copied.
    pub fn copy<W: Write + Seek>(&mut self, zip: &mut ZipWriter<W>) -> Result<Option<Sheet>> {
        while self.next < self.parts.len() {
            let mut part = self.parts.by_index(self.next).map_err(fault)?;
            self.next += 1;
            let name = part.name().map_err(fault)?.into_owned();
            if name.starts_with("xl/worksheets/sheet") {
                let mut xml = String::new();
                part.read_to_string(&mut xml).map_err(fault)?;
                let open = xml.find(END).ok_or_else(|| Error::Internal("a sheet without rows".to_owned()))?;
                let after = xml.split_off(open);
                return Ok(Some(Sheet { name, before: xml, after }));
            }
            drop(part);
            let part = self.parts.by_index_raw(self.next - 1).map_err(fault)?;
            zip.raw_copy_file(part).map_err(fault)?;
        }
        Ok(None)
    }
}

impl Sheet {
    /// What comes before the rows, if the sheet goes as far as this column and row.
    pub fn before_rows(&self, column: &str, row: u64) -> String {
        match self.before.split_once(RANGE).and_then(|(head, rest)| Some((head, rest.split_once('"')?.1))) {
            Some((head, tail)) => format!("{head}{RANGE}A1:{column}{row}\"{tail}"),
            None => self.before.clone(),
        }
    }
}
