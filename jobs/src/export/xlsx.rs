//! XLSX: texts as texts and numbers as numbers, so that nothing is ever a formula. Written row by row through a temporary file,
//! which has no name and ends with the process; memory holds one row.

use std::{
    io::{BufWriter, Seek, Write},
    path::Path,
};

use domain::{
    Error, Result,
    export::{ExportRequest, Kind, times},
};
use rust_xlsxwriter::{Format, Workbook, Worksheet};
use store::lines::{Cell, fault};
use words::columns::title;

/// Rows of a sheet below its header; further rows go to further sheets.
const ROWS: u32 = 1_048_575;
/// The longest text of a cell, in UTF-16 units as spreadsheets count; a longer text is cut.
const CELL: usize = 32_767;
/// Width of a column, characters.
const WIDTH: f64 = 20.0;

pub(super) struct XlsxWriter<W> {
    book: Workbook,
    out: W,
    titles: Vec<&'static str>,
    kinds: Vec<Kind>,
    /// Sheets that were begun.
    sheets: usize,
    /// The row to write next; 0 is the header.
    row: u32,
    /// The last row of a sheet.
    last: u32,
    cut: u64,
}

impl<W: Write + Seek + Send> XlsxWriter<W> {
    /// `folder` takes the temporary file.
    pub fn begin(out: W, folder: &Path, request: &ExportRequest) -> Result<Self> {
        let mut book = Workbook::new();
        book.set_tempdir(folder).map_err(fault)?;
        // A sheet of a million rows may be larger than plain ZIP can say.
        book.use_zip_large_file(true);
        let titles = request.columns.iter().map(|column| title(request.language, request.list(), column.key)).collect();
        let kinds = request.columns.iter().map(|column| column.kind).collect();
        let mut writer = Self { book, out, titles, kinds, sheets: 0, row: 0, last: ROWS, cut: 0 };
        writer.sheet()?;
        Ok(writer)
    }

    /// Begins a sheet with its header.
    fn sheet(&mut self) -> Result<()> {
        let sheet = self.book.add_worksheet_with_constant_memory().map_err(fault)?;
        let bold = Format::new().set_bold();
        for (column, title) in (0..).zip(&self.titles) {
            sheet.set_column_width(column, WIDTH).map_err(fault)?;
            sheet.write_string_with_format(0, column, *title, &bold).map_err(fault)?;
        }
        sheet.set_freeze_panes(1, 0).map_err(fault)?;
        self.sheets += 1;
        self.row = 1;
        Ok(())
    }

    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        if self.row > self.last {
            self.sheet()?;
        }
        let sheet = self.book.worksheet_from_index(self.sheets - 1).map_err(fault)?;
        for (column, (kind, cell)) in (0..).zip(self.kinds.iter().zip(cells)) {
            match cell {
                Cell::Nothing => {}
                Cell::Number(at) if *kind == Kind::Time => text(sheet, self.row, column, &times::iso(*at))?,
                // Up to 2^53 a float is exact; a larger number is written as text.
                Cell::Number(number) if number.unsigned_abs() <= 1 << 53 => {
                    sheet.write_number(self.row, column, *number as f64).map_err(fault)?;
                }
                Cell::Number(number) => text(sheet, self.row, column, &number.to_string())?,
                Cell::Text(whole) => {
                    let fitting = fitting(whole);
                    self.cut += u64::from(fitting.len() < whole.len());
                    text(sheet, self.row, column, fitting)?;
                }
            }
        }
        self.row += 1;
        Ok(())
    }

    /// Completes the file; gives the file and how many cells were cut.
    pub fn finish(mut self) -> Result<(W, u64)> {
        let mut out = BufWriter::with_capacity(1 << 16, self.out);
        self.book.save_to_writer(&mut out).map_err(fault)?;
        Ok((out.into_inner().map_err(fault)?, self.cut))
    }
}

fn text(sheet: &mut Worksheet, row: u32, column: u16, text: &str) -> Result<()> {
    sheet.write_string(row, column, text).map(drop).map_err(|error| Error::Internal(error.to_string()))
}

/// The beginning of a text that fits a cell.
pub fn fitting(text: &str) -> &str {
    // A byte is at least one unit, so most texts need no counting.
    if text.len() <= CELL {
        return text;
    }
    let mut units = 0;
    for (end, c) in text.char_indices() {
        units += c.len_utf16();
        if units > CELL {
            return &text[..end];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::{borrow::Cow, io::Cursor};

    use calamine::{Data, Reader, Xlsx};
    use domain::{export::ExportInput, operator::Language, selection::Matching};

    use super::*;

    #[test]
    fn a_full_sheet_goes_on_in_the_next() {
        let columns = vec!["username".to_owned(), "level".into()];
        let matching = Matching { all: "1".into(), ..Matching::default() };
        let (list, format) = ("accounts".into(), "xlsx".into());
        let input = ExportInput { list, format, columns, matching, ..ExportInput::default() };
        let request = ExportRequest::parse(&input, Language::En).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut writer = XlsxWriter::begin(Cursor::new(vec![]), folder.path(), &request).unwrap();
        writer.last = 2;
        for name in ["a", "b", "c", "d", "e"] {
            writer.row(&[Cell::Text(Cow::Borrowed(name)), Cell::Number(7)]).unwrap();
        }
        let (bytes, cut) = writer.finish().unwrap();
        let mut book = Xlsx::new(Cursor::new(bytes.into_inner())).unwrap();
        assert_eq!((book.sheet_names().len(), cut), (3, 0));
        for (sheet, names) in book.sheet_names().into_iter().zip([vec!["a", "b"], vec!["c", "d"], vec!["e"]]) {
            let range = book.worksheet_range(&sheet).unwrap();
            assert_eq!(range.get((0, 0)), Some(&Data::String("Username".into())));
            let read: Vec<String> = range.rows().skip(1).map(|row| row[0].to_string()).collect();
            assert_eq!(read, names);
            assert_eq!(range.get((1, 1)), Some(&Data::Float(7.0)));
        }
    }

    #[test]
    fn cells_are_cut_where_spreadsheets_end_them() {
        assert_eq!(fitting("a"), "a");
        let long = "가".repeat(CELL + 1);
        assert_eq!(fitting(&long).chars().count(), CELL);
        // Two units each, and never half of one.
        let long = "😀".repeat(CELL);
        assert_eq!(fitting(&long).chars().count(), CELL / 2);
    }
}
