//! XLSX: texts as texts and numbers as numbers, so that nothing is ever a formula. A library makes the workbook; its rows are
//! written here, straight into the compressed file: the library keeps them in a second file until the end, which takes several
//! times as long.

mod shell;
mod text;

use std::io::{BufWriter, Write};

use domain::{
    Error, Result,
    export::{ExportRequest, Kind, times},
};
use rust_xlsxwriter::utility::column_number_to_name;
use store::lines::{Cell, fault};
use words::columns::title;
use zip::{
    ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

use self::{
    shell::Shell,
    text::{is_spaced, push_escaped},
};

pub use text::fitting;

/// Rows of a sheet below its header; further rows go to further sheets.
const ROWS: u64 = 1_048_575;
/// Bytes of XML that are compressed at a time.
const CHUNK: usize = 1 << 16;
/// Level 6 would take three times as long for an eighth less, level 1 a fifth less time for a quarter more.
const LEVEL: i64 = 2;

pub(super) struct XlsxWriter<W: Write> {
    zip: ZipWriter<StreamWriter<BufWriter<W>>>,
    shell: Shell,
    columns: Vec<Column>,
    /// What comes after the rows of the sheet that is being written.
    after: String,
    /// Rows that were announced and have no sheet yet.
    left: u64,
    /// The most rows of a sheet.
    most: u64,
    /// The number of the next row; 1 is the header.
    row: u64,
    /// XML that is not compressed yet.
    xml: Vec<u8>,
    /// The row's number, as each of its cells says it.
    number: Vec<u8>,
    cut: u64,
}

struct Column {
    name: String,
    kind: Kind,
}

impl<W: Write> XlsxWriter<W> {
    /// Begins a file for so many rows.
    pub fn begin(out: W, request: &ExportRequest, rows: u64) -> Result<Self> {
        Self::with_sheets_of(ROWS, out, request, rows)
    }

    fn with_sheets_of(most: u64, out: W, request: &ExportRequest, rows: u64) -> Result<Self> {
        let titles: Vec<&str> =
            request.columns.iter().map(|column| title(request.language, request.list(), column.key)).collect();
        let column = |(number, kind)| Column { name: column_number_to_name(number), kind };
        let mut writer = Self {
            zip: ZipWriter::new_stream(BufWriter::with_capacity(CHUNK, out)),
            shell: Shell::new(&titles, rows.div_ceil(most).max(1))?,
            columns: (0..).zip(request.columns.iter().map(|column| column.kind)).map(column).collect(),
            after: String::new(),
            left: rows,
            most,
            row: 1,
            xml: Vec::with_capacity(2 * CHUNK),
            number: Vec::new(),
            cut: 0,
        };
        writer.open_sheet()?;
        Ok(writer)
    }

    /// Begins the next sheet; `false`: there are no more, and only the end of the file is missing.
    fn open_sheet(&mut self) -> Result<bool> {
        let Some(sheet) = self.shell.copy(&mut self.zip)? else { return Ok(false) };
        // A sheet of a million rows may be larger than plain ZIP can say.
        let options = SimpleFileOptions::default().compression_level(Some(LEVEL)).unix_permissions(0o600).large_file(true);
        self.zip.start_file(&sheet.name, options).map_err(fault)?;
        let rows = self.left.min(self.most);
        self.left -= rows;
        let last = self.columns.last().map_or("A", |column| &column.name);
        self.xml.extend_from_slice(sheet.before_rows(last, rows + 1).as_bytes());
        self.after = sheet.after;
        self.row = 2;
        Ok(true)
    }

    fn close_sheet(&mut self) -> Result<()> {
        self.xml.extend_from_slice(self.after.as_bytes());
        self.compress()
    }

    fn compress(&mut self) -> Result<()> {
        self.zip.write_all(&self.xml).map_err(fault)?;
        self.xml.clear();
        Ok(())
    }

    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        if self.row > self.most + 1 {
            self.close_sheet()?;
            if !self.open_sheet()? {
                return Err(Error::Internal("more rows than were announced".to_owned()));
            }
        }
        let Self { xml, number, columns, cut, .. } = self;
        number.clear();
        write!(number, "{}", self.row).map_err(fault)?;
        push(xml, [b"<row r=\"", number, b"\">"]);
        for (Column { name, kind }, cell) in columns.iter().zip(cells) {
            let mut text = |text: &str| {
                push(xml, [b"<c r=\"", name.as_bytes(), number, b"\" t=\"inlineStr\"><is><t"]);
                push(xml, [if is_spaced(text) { b" xml:space=\"preserve\">".as_slice() } else { b">" }]);
                push_escaped(xml, text);
                push(xml, [b"</t></is></c>"]);
            };
            match cell {
                Cell::Nothing => {}
                Cell::Number(at) if *kind == Kind::Time => text(&times::iso(*at)),
                // Up to 2^53 a float is exact; a larger number is written as text.
                Cell::Number(value) if value.unsigned_abs() <= 1 << 53 => {
                    push(xml, [b"<c r=\"", name.as_bytes(), number, b"\"><v>"]);
                    write!(xml, "{value}</v></c>").map_err(fault)?;
                }
                Cell::Number(value) => text(&value.to_string()),
                Cell::Text(whole) => {
                    let fitting = fitting(whole);
                    *cut += u64::from(fitting.len() < whole.len());
                    if !fitting.is_empty() {
                        text(fitting);
                    }
                }
            }
        }
        push(xml, [b"</row>"]);
        self.row += 1;
        if self.xml.len() < CHUNK { Ok(()) } else { self.compress() }
    }

    /// Completes the file; gives the file and how many cells were cut.
    pub fn finish(mut self) -> Result<(W, u64)> {
        self.close_sheet()?;
        while self.open_sheet()? {
            self.close_sheet()?;
        }
        let out = self.zip.finish().map_err(fault)?.into_inner();
        Ok((out.into_inner().map_err(fault)?, self.cut))
    }
}

fn push<const N: usize>(xml: &mut Vec<u8>, parts: [&[u8]; N]) {
    for part in parts {
        xml.extend_from_slice(part);
    }
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
        let mut writer = XlsxWriter::with_sheets_of(2, Cursor::new(vec![]), &request, 5).unwrap();
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
}
