//! Excel workbooks. A workbook is a ZIP file, so every part is unpacked once into nothing before anything believes it: sizes as they
//! are and not as they claim to be, and no single cell that could fill the memory. Then calamine walks the cells.

use std::{
    collections::HashSet,
    fs::File,
    io::{self, BufReader, Read},
};

use calamine::{CellErrorType, Data, DataRef, ExcelDateTime, Reader, SheetType, Xlsx, XlsxError};
use zip::{ZipArchive, result::ZipError};

use super::{FileProblem, ReadError, Rows, directory};
use crate::limits;

/// Parts other than sheets, unpacked: they are held in memory.
const PART_BYTES: u64 = limits::IMPORT_TEXTS_BYTES;
/// XML between two cells. Markup takes some room beside what a row may hold.
const CELL_BYTES: u64 = 4 * limits::IMPORT_ROW_BYTES;
/// From this size on, a workbook must not unpack to more than [`RATIO`] times its size. Tables of texts reach 30.
const RATIO_FROM: u64 = 64 * 1024 * 1024;
const RATIO: u64 = 200;
/// Rows that a sheet can have.
const SHEET_ROWS: u32 = 1_048_576;
/// Columns that a sheet can have.
const SHEET_COLUMNS: usize = 16_384;

impl From<XlsxError> for ReadError {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::Io(error) => error.into(),
            XlsxError::Zip(error) => error.into(),
            XlsxError::Password => FileProblem::UnknownFormat.into(),
            _ => FileProblem::Damaged.into(),
        }
    }
}

impl From<ZipError> for ReadError {
    fn from(error: ZipError) -> Self {
        match error {
            // Cut off files end early; anything else is the disk's.
            ZipError::Io(error)
                if !matches!(
                    error.kind(),
                    io::ErrorKind::UnexpectedEof
                        | io::ErrorKind::InvalidData
                        | io::ErrorKind::InvalidInput
                        | io::ErrorKind::Other
                ) =>
            {
                Self::Fault(error)
            }
            _ => FileProblem::Damaged.into(),
        }
    }
}

pub(super) fn read(open: impl Fn() -> io::Result<File>, rows: &mut Rows<'_>) -> Result<(), ReadError> {
    examine(open()?)?;
    let mut workbook = Xlsx::new(BufReader::new(open()?))?;
    // The first sheet holds as many rows as an import may have; notes and charts stand behind it.
    let first = workbook.sheets_metadata().iter().find(|sheet| sheet.typ == SheetType::WorkSheet);
    let first = first.map(|sheet| sheet.name.clone()).ok_or(FileProblem::UnknownFormat)?;
    read_sheet(&mut workbook, &first, rows)
}

fn read_sheet(workbook: &mut Xlsx<BufReader<File>>, sheet: &str, rows: &mut Rows<'_>) -> Result<(), ReadError> {
    let mut cells = workbook.worksheet_cells_reader(sheet)?;
    let mut last: Option<(u32, u32)> = None;
    let mut row: Vec<String> = Vec::new();
    let mut bytes: u64 = 0;
    let mut titles = None;
    loop {
        let cell = cells.next_cell()?;
        let position = cell.as_ref().map(|cell| cell.get_position());
        if let Some((number, _)) = last
            && position.is_none_or(|(next, _)| next != number)
        {
            bytes = 0;
            let full = std::mem::take(&mut row);
            match titles {
                Some(columns) => rows.row(number + 1, full_row(full, columns))?,
                None if full.iter().all(String::is_empty) => {}
                None => {
                    let found = trimmed(full);
                    rows.titles(&found)?;
                    titles = Some(found.len());
                }
            }
        }
        let (Some(cell), Some((number, column))) = (cell, position) else { return Ok(()) };
        // A row is known by its number from here on, so no two may have the same; sheets are written from top to bottom.
        if last.is_some_and(|last| last >= (number, column)) || number >= SHEET_ROWS {
            return Err(FileProblem::Damaged.into());
        }
        last = Some((number, column));
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= SHEET_COLUMNS {
            return Err(FileProblem::Damaged.into());
        }
        let text = text(cell.get_value());
        bytes += text.len() as u64;
        if bytes > limits::IMPORT_ROW_BYTES {
            return Err(FileProblem::RowTooLarge { row: number + 1, max: limits::IMPORT_ROW_BYTES }.into());
        }
        if !text.is_empty() {
            if row.len() <= column {
                row.resize(column + 1, String::new());
            }
            row[column] = text;
        }
    }
}

fn trimmed(mut row: Vec<String>) -> Vec<String> {
    while row.last().is_some_and(|title| title.trim().is_empty()) {
        row.pop();
    }
    row
}

/// Sheets leave empty cells out.
fn full_row(mut row: Vec<String>, columns: usize) -> Vec<Option<String>> {
    if row.len() < columns {
        row.resize(columns, String::new());
    }
    row.into_iter().map(Some).collect()
}

fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        // No apostrophe is taken back here: a workbook knows what is text.
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        // Whole numbers come without a point, whatever a spreadsheet made of them.
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(time) => moment(*time),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error_text(error),
    }
}

fn error_text(error: &CellErrorType) -> String {
    Data::Error(error.clone()).to_string()
}

/// A date cell as the times of exports are written. Spreadsheets know no time zones: it is taken for UTC.
fn moment(time: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
    let fraction = if milli == 0 { String::new() } else { format!(".{milli:03}") };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
}

/// Unpacks everything into nothing, and refuses what nobody should hold in memory.
fn examine(mut file: File) -> Result<(), ReadError> {
    let size = file.metadata()?.len();
    directory::check(&mut file)?;
    let mut archive = ZipArchive::new(BufReader::new(file))?;
    let too_large = || ReadError::Problem(FileProblem::UnpackedTooLarge { max: limits::IMPORT_UNPACKED_BYTES });
    let mut total: u64 = 0;
    let mut names = HashSet::new();
    for place in 0..archive.len() {
        let mut part = archive.by_index(place)?;
        if part.encrypted() {
            return Err(FileProblem::UnknownFormat.into());
        }
        let name = part.name()?.to_ascii_lowercase();
        // Two parts of one name: whoever looks second may see the other.
        if !names.insert(name.clone()) {
            return Err(FileProblem::Damaged.into());
        }
        if part.size() > limits::IMPORT_UNPACKED_BYTES || total.saturating_add(part.size()) > limits::IMPORT_UNPACKED_BYTES {
            return Err(too_large());
        }
        let mut part_scan = Scan::new(name.contains("worksheets/"));
        let mut bytes = vec![0; 64 * 1024];
        let mut unpacked: u64 = 0;
        loop {
            let read = part.read(&mut bytes).map_err(|error| ReadError::from(ZipError::Io(error)))?;
            if read == 0 {
                break;
            }
            unpacked += read as u64;
            total += read as u64;
            if total > limits::IMPORT_UNPACKED_BYTES || (total > RATIO_FROM && total / RATIO > size) {
                return Err(too_large());
            }
            if !part_scan.sheet && unpacked > PART_BYTES {
                return Err(FileProblem::TextsTooLarge { max: PART_BYTES }.into());
            }
            part_scan.take(&bytes[..read])?;
        }
        if part_scan.claimed > unpacked {
            return Err(FileProblem::Damaged.into());
        }
    }
    Ok(())
}

/// Looks at the XML of a part as it flows by.
struct Scan {
    sheet: bool,
    place: Place,
    /// The name of the tag that is being read.
    name: Vec<u8>,
    seen: u64,
    rows: u32,
    /// Bytes since a cell or row began.
    run: u64,
    /// The last bytes, where an attribute may begin that goes on in the next piece.
    tail: Vec<u8>,
    /// The largest number of texts that the part says it holds. Memory is reserved for that many, and each takes several bytes.
    claimed: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    Name,
    Tag,
    Quoted(u8),
}

const CLAIM: &[u8] = b"uniqueCount=";

impl Scan {
    fn new(sheet: bool) -> Self {
        Self { sheet, place: Place::Text, name: Vec::new(), seen: 0, rows: 0, run: 0, tail: Vec::new(), claimed: 0 }
    }

    fn take(&mut self, piece: &[u8]) -> Result<(), ReadError> {
        if self.sheet {
            return self.take_sheet(piece);
        }
        self.take_other(piece);
        Ok(())
    }

    /// Measures from cell to cell. What no writer of sheets uses, but what could hide a long text from this look (UTF-16, comments,
    /// CDATA, `<` inside a tag), is refused.
    fn take_sheet(&mut self, piece: &[u8]) -> Result<(), ReadError> {
        let damaged = || Err(ReadError::Problem(FileProblem::Damaged));
        for &byte in piece {
            self.seen += 1;
            self.run += 1;
            if self.run > CELL_BYTES {
                return Err(FileProblem::RowTooLarge { row: self.rows.max(1), max: limits::IMPORT_ROW_BYTES }.into());
            }
            self.place = match (self.place, byte) {
                (_, 0) => return damaged(),
                (Place::Text, b'<') => {
                    self.name.clear();
                    Place::Name
                }
                (Place::Text, _) => Place::Text,
                (_, b'<') => return damaged(),
                (Place::Name, b'!') if self.name.is_empty() => return damaged(),
                (Place::Name, b'?') if self.name.is_empty() && self.seen > 16 => return damaged(),
                (Place::Name, b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n') => {
                    let local = self.name.rsplit(|byte| *byte == b':').next().unwrap_or_default();
                    if matches!(local, b"c" | b"row") {
                        self.run = 0;
                        self.rows += u32::from(local == b"row");
                    }
                    if byte == b'>' { Place::Text } else { Place::Tag }
                }
                (Place::Name, byte) => {
                    // Long names are none that matters.
                    if self.name.len() < 64 {
                        self.name.push(byte);
                    }
                    Place::Name
                }
                (Place::Tag, b'>') => Place::Text,
                (Place::Tag, b'"' | b'\'') => Place::Quoted(byte),
                (Place::Quoted(mark), byte) if mark == byte => Place::Tag,
                (place, _) => place,
            };
        }
        Ok(())
    }

    fn take_other(&mut self, piece: &[u8]) {
        let mut bytes = std::mem::take(&mut self.tail);
        bytes.extend_from_slice(piece);
        for place in 0..bytes.len() {
            if bytes[place] == CLAIM[0] && bytes[place..].starts_with(CLAIM) {
                let digits = bytes[place + CLAIM.len()..].iter().skip(1).take_while(|byte| byte.is_ascii_digit());
                let claim = digits.take(18).fold(0, |number: u64, digit| number * 10 + u64::from(digit - b'0'));
                self.claimed = self.claimed.max(claim);
            }
        }
        // An attribute that is cut in two is seen whole with the next piece.
        let keep = bytes.len().min(CLAIM.len() + 24);
        self.tail = bytes.split_off(bytes.len() - keep);
    }
}
