//! The cells of a sheet, row by row. A row in memory has at most as many cells as a file may have columns, even when the sheet
//! has a cell in column XFD.

use std::io::Read;

use domain::limits;

use super::{
    dates::Dates,
    texts::{Texts, item, unescape},
    xml::{Piece, Xml, attribute},
};
use crate::import::read::{FileProblem, ReadError, Rows};

/// Rows that a sheet can have.
const SHEET_ROWS: u32 = 1_048_576;
/// Columns that a sheet can have.
const SHEET_COLUMNS: u32 = 16_384;

/// What cells refer to.
pub(super) struct Book {
    pub texts: Texts,
    pub dates: Dates,
}

/// A row while its cells are being read.
#[derive(Default)]
struct Row {
    cells: Vec<String>,
    bytes: u64,
    /// The column after the last cell with a value, kept or not.
    width: usize,
    /// Columns of the first row with a value.
    titles: Option<usize>,
}

impl Row {
    /// Adds a cell of the row of that number; only as many cells as a row may have are kept.
    fn cell(&mut self, number: u32, column: u32, text: String) -> Result<(), ReadError> {
        if text.is_empty() {
            return Ok(());
        }
        self.bytes += text.len() as u64;
        if self.bytes > limits::IMPORT_ROW_BYTES {
            return Err(FileProblem::RowTooLarge { row: number + 1, max: limits::IMPORT_ROW_BYTES }.into());
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        self.width = column + 1;
        if column < limits::IMPORT_COLUMNS {
            // Sheets leave out empty cells.
            self.cells.resize(column, String::new());
            self.cells.push(text);
        }
        Ok(())
    }

    /// The row is complete.
    fn finish(&mut self, number: u32, rows: &mut Rows<'_>) -> Result<(), ReadError> {
        let mut cells = std::mem::take(&mut self.cells);
        let width = std::mem::take(&mut self.width);
        self.bytes = 0;
        if width > limits::IMPORT_COLUMNS {
            return Err(FileProblem::TooManyColumns { max: limits::IMPORT_COLUMNS, actual: width }.into());
        }
        match self.titles {
            Some(columns) => {
                if cells.len() < columns {
                    cells.resize(columns, String::new());
                }
                rows.row(number + 1, cells.into_iter().map(Some).collect())
            }
            None => {
                while cells.last().is_some_and(|title| title.trim().is_empty()) {
                    cells.pop();
                }
                if !cells.is_empty() {
                    rows.titles(&cells)?;
                    self.titles = Some(cells.len());
                }
                Ok(())
            }
        }
    }
}

/// Reads a sheet. A row is identified by its number, so that no two may have the same; sheets are written from top to bottom and
/// from left to right, and a sheet that is not is [`FileProblem::Damaged`]. Rows and cells without a place come after the one
/// before.
pub(super) fn read(mut xml: Xml<'_, impl Read>, book: &Book, rows: &mut Rows<'_>) -> Result<(), ReadError> {
    loop {
        match xml.next()? {
            Piece::Start(start) if start.local_name().as_ref() == "sheetData" => break,
            // The part is a chart or something else, but no sheet.
            Piece::Over => return Err(FileProblem::Damaged.into()),
            _ => {}
        }
    }
    let inside = xml.depth();
    let mut row = Row::default();
    let mut last: Option<(u32, u32)> = None;
    let (mut next_row, mut next_column) = (0, 0);
    loop {
        let start = match xml.next()? {
            Piece::Start(start) => start,
            Piece::End(depth) if depth < inside => break,
            Piece::End(depth) if depth == inside => {
                // A cell of the row.
                next_row = u32::saturating_add(next_row, 1);
                next_column = 0;
                continue;
            }
            _ => continue,
        };
        match start.local_name().as_ref() {
            "row" => {
                if let Some(given) = attribute(&start, "r")? {
                    next_row = place(&given)?.0;
                }
                xml.too_large_is(FileProblem::RowTooLarge { row: next_row.saturating_add(1), max: limits::IMPORT_ROW_BYTES });
            }
            "c" => {
                let cell = Cell::of(&start)?;
                let at = match cell.at {
                    Some((number, column)) => (number, column.ok_or(FileProblem::Damaged)?),
                    None => (next_row, next_column),
                };
                if last.is_some_and(|last| last >= at) || at.0 >= SHEET_ROWS || at.1 >= SHEET_COLUMNS {
                    return Err(FileProblem::Damaged.into());
                }
                if let Some((number, _)) = last
                    && number != at.0
                {
                    row.finish(number, rows)?;
                }
                last = Some(at);
                next_column = at.1 + 1;
                let text = cell.text(&mut xml, book)?;
                row.cell(at.0, at.1, text)?;
            }
            _ => xml.skip()?,
        }
    }
    if let Some((number, _)) = last {
        row.finish(number, rows)?;
    }
    xml.finish()
}

/// What the tag of a cell says.
struct Cell {
    at: Option<(u32, Option<u32>)>,
    style: Option<usize>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A number, or another text where the file does not declare the cell's type.
    Number {
        said: bool,
    },
    Shared,
    /// A text inside the cell, or the text result of a formula.
    Text,
    Bool,
    /// A date in ISO 8601, or an error such as `#N/A`.
    Plain,
}

impl Cell {
    fn of(start: &quick_xml::events::BytesStart<'_>) -> Result<Self, ReadError> {
        let mut cell = Self { at: None, style: None, kind: Kind::Number { said: false } };
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute?;
            match attribute.key.as_ref() {
                "r" => {
                    let (row, column) = place(&attribute.value)?;
                    cell.at = Some((row, column));
                }
                "s" => cell.style = attribute.value.parse().ok(),
                "t" => {
                    cell.kind = match &*attribute.value {
                        "n" => Kind::Number { said: true },
                        "s" => Kind::Shared,
                        "str" | "inlineStr" | "is" => Kind::Text,
                        "b" => Kind::Bool,
                        "d" | "e" => Kind::Plain,
                        _ => return Err(FileProblem::Damaged.into()),
                    }
                }
                _ => {}
            }
        }
        Ok(cell)
    }

    /// Reads the value, up to the end of the cell. Formulas are skipped: the cell has their result too.
    fn text(&self, xml: &mut Xml<'_, impl Read>, book: &Book) -> Result<String, ReadError> {
        let depth = xml.depth();
        let (mut value, mut inline) = (String::new(), None);
        while xml.depth() >= depth {
            let Piece::Start(start) = xml.next()? else { continue };
            match start.local_name().as_ref() {
                "v" => {
                    value.clear();
                    xml.text(&mut value)?;
                }
                "is" => {
                    let text = inline.insert(String::new());
                    item(xml, text)?;
                }
                _ => xml.skip()?,
            }
        }
        match inline {
            Some(inline) => Ok(inline),
            None if value.is_empty() => Ok(value),
            None => self.value(value, book),
        }
    }

    fn value(&self, value: String, book: &Book) -> Result<String, ReadError> {
        let damaged = || ReadError::Problem(FileProblem::Damaged);
        match self.kind {
            Kind::Shared => book.texts.get(value.trim().parse().map_err(|_| damaged())?),
            Kind::Text => {
                let mut text = String::new();
                unescape(&value, &mut text);
                Ok(text)
            }
            Kind::Plain => Ok(value),
            Kind::Bool => match value.trim() {
                "" => Ok(String::new()),
                "1" => Ok("true".to_owned()),
                "0" => Ok("false".to_owned()),
                word if word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false") => Ok(word.to_ascii_lowercase()),
                _ => Err(damaged()),
            },
            Kind::Number { said } => match value.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(book.dates.text(number, self.style)),
                _ if said => Err(damaged()),
                _ => Ok(value),
            },
        }
    }
}

/// A place such as `B12`: the row and, where it is given, the column, both from 0.
fn place(text: &str) -> Result<(u32, Option<u32>), ReadError> {
    let damaged = || ReadError::Problem(FileProblem::Damaged);
    let digits = text.find(|c: char| c.is_ascii_digit()).ok_or_else(damaged)?;
    let (letters, digits) = text.split_at(digits);
    let mut column: u32 = 0;
    for letter in letters.bytes() {
        let value =
            letter.is_ascii_alphabetic().then(|| u32::from(letter.to_ascii_uppercase() - b'A') + 1).ok_or_else(damaged)?;
        column = column.checked_mul(26).and_then(|column| column.checked_add(value)).ok_or_else(damaged)?;
    }
    let row: u32 = digits.parse().ok().filter(|row| *row <= SHEET_ROWS).ok_or_else(damaged)?;
    Ok((row.checked_sub(1).ok_or_else(damaged)?, column.checked_sub(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_letters_and_a_number() {
        assert_eq!(place("A1").unwrap(), (0, Some(0)));
        assert_eq!(place("xfd1048576").unwrap(), (1_048_575, Some(16_383)));
        assert_eq!(place("7").unwrap(), (6, None));
        for wrong in ["", "A", "A0", "0", "1A", "A1B", "$A$1", "Ä1", "A-1", "A99999999999", "ZZZZZZZZ1", "A1048577", "4294967295"]
        {
            assert!(place(wrong).is_err(), "{wrong}");
        }
    }
}
