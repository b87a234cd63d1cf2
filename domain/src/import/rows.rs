//! The rows of an upload as plain lines: written once when the file is read, walked by the preview and then by the job. A line is a
//! JSON array of the row's number, the number of an earlier row with the same key (or 0), and the cells. A place in this file is a
//! byte offset, so whoever goes on after an interruption needs to read nothing again.

use std::{
    collections::HashMap,
    fs::File,
    hash::{BuildHasher, RandomState},
    io::{self, BufRead, BufReader, BufWriter, Seek, SeekFrom, Write},
    path::Path,
};

use serde::{Deserialize, Serialize};

use super::{FileProblem, MatchedColumn, Meaning, check::Moment, columns::keys, read::ReadError};
use crate::{db::private, import::ImportList, limits};

/// Bytes of the lines that are held at once, and one line more.
const CHUNK_BYTES: u64 = 4 * 1024 * 1024;

/// A row of the file. A cell is `None` where the file says nothing at all of it (JSON Lines only).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line(pub u32, pub u32, pub Vec<Option<String>>);

impl Line {
    pub fn row(&self) -> u32 {
        self.0
    }

    pub fn same_as(&self) -> Option<u32> {
        (self.1 > 0).then_some(self.1)
    }

    pub fn cells(&self) -> &[Option<String>] {
        &self.2
    }
}

/// Where the cells of a row stand by field.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    places: HashMap<String, usize>,
    pub columns: usize,
}

impl Fields {
    pub fn new(columns: &[MatchedColumn]) -> Self {
        let place = |(place, column): (usize, &MatchedColumn)| match &column.meaning {
            Meaning::Field(field) => Some((field.clone(), place)),
            _ => None,
        };
        Self { places: columns.iter().enumerate().filter_map(place).collect(), columns: columns.len() }
    }

    /// The cell of a field; `None` when there is no such column, or the row says nothing of it.
    pub fn get<'a>(&self, cells: &'a [Option<String>], field: &str) -> Option<&'a str> {
        cells.get(*self.places.get(field)?)?.as_deref()
    }
}

/// Writes the lines, and notices rows that are about the same thing.
pub(super) struct RowsWriter {
    file: BufWriter<File>,
    list: ImportList,
    fields: Fields,
    rows: u32,
    seen: HashMap<u64, u32>,
    hasher: RandomState,
    /// When the first row was made, and the last one, as they say it.
    times: Option<(String, String)>,
}

/// What was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Read {
    pub rows: u32,
    /// Whether the oldest stands first.
    pub ascending: bool,
}

impl RowsWriter {
    pub fn create(path: &Path, list: ImportList, columns: &[MatchedColumn]) -> io::Result<Self> {
        let file = private().write(true).create(true).truncate(true).open(path)?;
        Ok(Self {
            file: BufWriter::with_capacity(256 * 1024, file),
            list,
            fields: Fields::new(columns),
            rows: 0,
            seen: HashMap::new(),
            hasher: RandomState::new(),
            times: None,
        })
    }

    /// Takes a row; one without a single value is passed over.
    pub fn row(&mut self, row: u32, cells: Vec<Option<String>>) -> Result<(), ReadError> {
        let bytes: u64 = cells.iter().flatten().map(|cell| cell.len() as u64).sum();
        if bytes == 0 {
            return Ok(());
        }
        if bytes > limits::IMPORT_ROW_BYTES {
            return Err(FileProblem::RowTooLarge { row, max: limits::IMPORT_ROW_BYTES }.into());
        }
        if self.rows == limits::IMPORT_ROWS {
            return Err(FileProblem::TooManyRows { max: limits::IMPORT_ROWS }.into());
        }
        self.rows += 1;
        let key: Vec<&str> = keys(self.list).iter().map(|key| self.fields.get(&cells, key).unwrap_or_default().trim()).collect();
        let mut same_as = 0;
        // Rows without a key are refused one by one for that. Two keys fall on one number once in 10^19 pairs.
        if key.last().is_some_and(|last| !last.is_empty()) {
            let hash = self.hasher.hash_one(&key);
            same_as = *self.seen.entry(hash).or_insert(row);
            if same_as == row {
                same_as = 0;
            }
        }
        if let Some(time) = self.fields.get(&cells, "created_at").filter(|time| time.len() < 64) {
            match &mut self.times {
                None => self.times = Some((time.to_owned(), time.to_owned())),
                Some((_, last)) => time.clone_into(last),
            }
        }
        serde_json::to_writer(&mut self.file, &Line(row, same_as, cells)).map_err(io::Error::from)?;
        self.file.write_all(b"\n")?;
        Ok(())
    }

    /// What there was to read; on the disk when this returns.
    pub fn finish(mut self) -> Result<Read, ReadError> {
        self.file.flush()?;
        self.file.get_ref().sync_data()?;
        if self.rows == 0 {
            return Err(FileProblem::HeaderOnly.into());
        }
        let moment = |time: &str| Moment::parse(time).ok().map(|moment| moment.at);
        let ascending = self.times.is_some_and(|(first, last)| moment(&first) < moment(&last));
        Ok(Read { rows: self.rows, ascending })
    }
}

/// Walks the lines.
pub(super) struct RowsReader {
    file: BufReader<File>,
    offset: u64,
    buffer: String,
}

impl RowsReader {
    /// From a line's offset on.
    pub fn open(path: &Path, offset: u64) -> io::Result<Self> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(offset))?;
        Ok(Self { file: BufReader::with_capacity(256 * 1024, file), offset, buffer: String::new() })
    }

    /// Where the next line begins.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    pub fn next(&mut self) -> io::Result<Option<Line>> {
        self.buffer.clear();
        let read = self.file.read_line(&mut self.buffer)?;
        if read == 0 {
            return Ok(None);
        }
        self.offset += read as u64;
        Ok(Some(serde_json::from_str(&self.buffer)?))
    }

    /// Up to `most` lines, fewer where they are long.
    pub fn take(&mut self, most: usize) -> io::Result<Vec<Line>> {
        let mut lines = Vec::with_capacity(most.min(10_000));
        let end = self.offset + CHUNK_BYTES;
        while lines.len() < most
            && self.offset < end
            && let Some(line) = self.next()?
        {
            lines.push(line);
        }
        Ok(lines)
    }
}
