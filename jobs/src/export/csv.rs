//! CSV: UTF-8 with the BOM by which spreadsheets recognise it, RFC 4180, titles in the reader's language, formulas guarded.

use std::io::Write;

use domain::{
    Result,
    export::{Column, ExportRequest, Kind, guard::guard, times},
};
use store::lines::{Cell, fault};
use words::columns::title;

/// The BOM, by which spreadsheets recognise UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

pub(super) struct CsvWriter<W: Write> {
    csv: csv::Writer<W>,
    columns: Vec<&'static Column>,
    /// Digits of the number that is being written.
    digits: String,
}

impl<W: Write> CsvWriter<W> {
    pub fn begin(mut out: W, request: &ExportRequest) -> Result<Self> {
        out.write_all(MARK).map_err(fault)?;
        let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).buffer_capacity(1 << 16).from_writer(out);
        let titles = request.columns.iter().map(|column| title(request.language, request.list(), column.key));
        csv.write_record(titles.map(|title| guard(title).into_owned())).map_err(fault)?;
        Ok(Self { csv, columns: request.columns.clone(), digits: String::new() })
    }

    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        use std::fmt::Write;
        for (column, cell) in self.columns.iter().zip(cells) {
            let written = match cell {
                Cell::Nothing => self.csv.write_field(""),
                Cell::Text(text) => self.csv.write_field(&*guard(text)),
                Cell::Number(at) if column.kind == Kind::Time => self.csv.write_field(times::iso(*at)),
                Cell::Number(number) => {
                    self.digits.clear();
                    write!(self.digits, "{number}").map_err(fault)?;
                    self.csv.write_field(&self.digits)
                }
            };
            written.map_err(fault)?;
        }
        self.csv.write_record(None::<&[u8]>).map_err(fault)
    }

    /// The file, with everything written to it.
    pub fn finish(self) -> Result<W> {
        self.csv.into_inner().map_err(fault)
    }
}
