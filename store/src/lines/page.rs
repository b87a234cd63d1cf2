//! A page of what is exported, and its cells.

use std::{borrow::Cow, fmt, sync::Arc};

use domain::{Error, Result};
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, SeqAccess, Visitor},
};

/// Rows as SQLite returns them: one JSON array per line, the values of the columns, then the sort key and the id of the row.
pub struct Page {
    /// The lines, separated by line breaks.
    pub text: String,
    /// The number of values before sort key and id.
    pub columns: usize,
    /// Sorted ids: only these rows are wanted; `None`: all.
    pub only: Option<Arc<[i64]>>,
    /// Sorted ids: these rows are not wanted.
    pub except: Arc<[i64]>,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'a> {
    /// NULL.
    Nothing,
    /// A whole number; a time is milliseconds since 1970.
    Number(i64),
    /// A text, or JSON.
    Text(Cow<'a, str>),
}

impl Page {
    /// Rows that were read elsewhere in the same form: so many values, then sort key and id.
    pub fn of(text: String, columns: usize) -> Self {
        Self { text, columns, only: None, except: Arc::default() }
    }

    /// Calls `row` for every row that is wanted; how many. [`Error::Internal`] for a text in another form.
    pub fn each(&self, mut row: impl FnMut(&[Cell<'_>]) -> Result<()>) -> Result<u64> {
        self.each_placed(|cells, _| row(cells))
    }

    /// The same with the id of each row.
    pub fn each_placed(&self, mut row: impl FnMut(&[Cell<'_>], i64) -> Result<()>) -> Result<u64> {
        let mut cells = Vec::with_capacity(self.columns + 2);
        let mut rows = 0;
        for line in self.text.split('\n') {
            cells.clear();
            let mut json = serde_json::Deserializer::from_str(line);
            json.deserialize_seq(Line(&mut cells)).map_err(|error| Error::Internal(error.to_string()))?;
            let Some(&Cell::Number(id)) = cells.last() else { return Err(Error::Internal("a row without its id".to_owned())) };
            let wanted = self.only.as_ref().is_none_or(|only| only.binary_search(&id).is_ok());
            if wanted && self.except.binary_search(&id).is_err() {
                row(&cells[..self.columns], id)?;
                rows += 1;
            }
        }
        Ok(rows)
    }
}

/// Reads one line into cells that are reused.
struct Line<'a, 'de>(&'a mut Vec<Cell<'de>>);

impl<'de> Visitor<'de> for Line<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of values")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut line: A) -> Result<(), A::Error> {
        while let Some(cell) = line.next_element()? {
            self.0.push(cell);
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Cell<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyCell;
        impl<'de> Visitor<'de> for AnyCell {
            type Value = Cell<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a whole number or nothing")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cell<'de>, E> {
                Ok(Cell::Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Cell<'de>, E> {
                Ok(Cell::Text(Cow::Owned(text.to_owned())))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Cell<'de>, E> {
                Ok(Cell::Number(number))
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Cell<'de>, E> {
                i64::try_from(number).map(Cell::Number).map_err(E::custom)
            }

            fn visit_unit<E>(self) -> Result<Cell<'de>, E> {
                Ok(Cell::Nothing)
            }
        }
        deserializer.deserialize_any(AnyCell)
    }
}

/// Whether a text is one JSON value on one line, as the log's states are.
pub fn is_json_line(text: &str) -> bool {
    !text.contains(['\n', '\r']) && serde_json::from_str::<IgnoredAny>(text).is_ok()
}
