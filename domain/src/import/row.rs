//! A row of an imported file, as it is kept between reading and writing.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{MatchedColumn, Meaning};

/// A row: its number in the file, the number of an earlier row with the same key (or 0), and its cells. A cell is `None` where
/// the file says nothing about the field (JSON Lines only).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRow(pub u32, pub u32, pub Vec<Option<String>>);

impl ImportRow {
    /// The number of the row, counted as a spreadsheet does; the titles are row 1.
    pub fn row(&self) -> u32 {
        self.0
    }

    /// The number of an earlier row with the same key; `None`: there is none.
    pub fn same_as(&self) -> Option<u32> {
        (self.1 > 0).then_some(self.1)
    }

    /// The cells, in the order of the file's columns.
    pub fn cells(&self) -> &[Option<String>] {
        &self.2
    }
}

/// Finds the cell of a field in a row.
#[derive(Debug, Clone)]
pub struct Fields {
    places: HashMap<String, usize>,
    /// Columns of the file, known or not: the cells that each row must have.
    pub columns: usize,
    /// The group of rows that name none; empty for none.
    group_id: String,
}

impl Fields {
    /// From the matched columns. `group_id` is the group that an upload of memberships names, and empty for any other upload.
    pub fn new(columns: &[MatchedColumn], group_id: &str) -> Self {
        let place = |(place, column): (usize, &MatchedColumn)| match &column.meaning {
            Meaning::Field(field) => Some((field.clone(), place)),
            Meaning::Derived | Meaning::Unknown => None,
        };
        let places = columns.iter().enumerate().filter_map(place).collect();
        Self { places, columns: columns.len(), group_id: group_id.to_owned() }
    }

    /// Whether the file has a column of that field.
    pub fn has(&self, field: &str) -> bool {
        self.places.contains_key(field)
    }

    /// The cell of a field, or the group that the upload names; `None` when there is no such column, or the row says nothing
    /// about it.
    pub fn get<'a>(&'a self, cells: &'a [Option<String>], field: &str) -> Option<&'a str> {
        let cell = self.places.get(field).and_then(|&place| cells.get(place)?.as_deref());
        cell.or((field == "group_id" && !self.group_id.is_empty()).then_some(self.group_id.as_str()))
    }
}
