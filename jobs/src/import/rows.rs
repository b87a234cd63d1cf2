//! The rows of an upload as plain lines: written once when the file is read, walked by the preview and then by the job. A line is
//! a JSON array of the row's number, the number of an earlier row with the same key (or 0), and the cells. A place in this file
//! is a byte offset, so that a job that was interrupted needs to read nothing again.

use std::{
    cell::RefCell,
    collections::HashMap,
    fs::File,
    hash::{BuildHasher, RandomState},
    io::{self, BufRead, BufReader, BufWriter, Seek, SeekFrom, Write},
    path::Path,
};

use domain::{
    import::{
        ImportList,
        columns::keys,
        row::{Fields, ImportRow},
    },
    limits,
    moment::Moment,
    upload::FileProblem,
};
use store::{Store, db::private};

use super::read_error::ReadError;

/// After so many bytes of rows the writer asks again whether the disk has room for as many.
const ROOM_ASKED_EVERY: u64 = 16 * 1024 * 1024;

thread_local! {
    /// The function that answers whether the disk has room, for the file that this thread reads: the readers in between have no
    /// store.
    static ROOM: RefCell<Option<Store>> = const { RefCell::new(None) };
}

/// Reads a file on this thread; what is written meanwhile leaves the reserve of the disk free.
pub(super) fn within_room<T>(store: Store, read: impl FnOnce() -> T) -> T {
    /// The thread reads other files afterwards, also when this one panics.
    struct Asked;
    impl Drop for Asked {
        fn drop(&mut self) {
            ROOM.set(None);
        }
    }
    ROOM.set(Some(store));
    let _asked = Asked;
    read()
}

/// Whether so many bytes may be written by this thread.
fn require_room(bytes: u64) -> io::Result<()> {
    let room = ROOM.with_borrow(|store| store.as_ref().map_or(Ok(()), |store| store.space().require(bytes)));
    room.map_err(|_| io::ErrorKind::StorageFull.into())
}

/// Bytes of the lines that are held at once, and one line more.
const CHUNK_BYTES: u64 = 4 * 1024 * 1024;

/// Writes the lines, and notices rows with the same key.
pub(super) struct RowsWriter {
    file: BufWriter<File>,
    list: ImportList,
    fields: Fields,
    rows: u32,
    /// The line that is being written.
    line: Vec<u8>,
    /// Bytes of the file so far, and the most that it may have.
    bytes: u64,
    most: u64,
    /// The disk had room for so many bytes.
    room: u64,
    seen: HashMap<u64, u32>,
    hasher: RandomState,
    /// The times of the first row and of the last one, as the rows give them.
    times: Option<(String, String)>,
}

/// The result of reading a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Read {
    pub rows: u32,
    /// Whether the oldest row is the first.
    pub ascending: bool,
}

impl RowsWriter {
    pub fn create(path: &Path, list: ImportList, fields: Fields) -> io::Result<Self> {
        let file = private().write(true).create(true).truncate(true).open(path)?;
        Ok(Self {
            file: BufWriter::with_capacity(256 * 1024, file),
            list,
            fields,
            rows: 0,
            line: Vec::new(),
            bytes: 0,
            most: limits::IMPORT_ROWS_BYTES,
            room: 0,
            seen: HashMap::new(),
            hasher: RandomState::new(),
            times: None,
        })
    }

    /// Adds a row; a row without a single value is skipped. [`FileProblem::UnpackedTooLarge`] when the rows need more of the disk
    /// than allowed: a workbook stores a long text once and may show it in a million rows.
    pub fn row(&mut self, row: u32, cells: Vec<Option<String>>) -> Result<(), ReadError> {
        let bytes: u64 = cells.iter().flatten().map(|cell| cell.len() as u64).sum();
        if bytes == 0 {
            return Ok(());
        }
        if bytes > limits::IMPORT_ROW_BYTES {
            return Err(FileProblem::RowTooLarge { row, max: limits::IMPORT_ROW_BYTES }.into());
        }
        // Rows with a wrong number of cells are refused one by one, but a row with more cells than a file may have columns ends
        // the reading.
        if cells.len() > limits::IMPORT_COLUMNS {
            return Err(FileProblem::TooManyColumns { max: limits::IMPORT_COLUMNS, actual: cells.len() }.into());
        }
        if self.rows == limits::IMPORT_ROWS {
            return Err(FileProblem::TooManyRows { max: limits::IMPORT_ROWS }.into());
        }
        self.rows += 1;
        let key: Vec<&str> = keys(self.list).iter().map(|key| self.fields.get(&cells, key).unwrap_or_default().trim()).collect();
        let mut same_as = 0;
        // Rows without a key are refused one by one for that. Two keys have the same hash once in 10^19 pairs.
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
        self.line.clear();
        serde_json::to_writer(&mut self.line, &ImportRow(row, same_as, cells)).map_err(io::Error::from)?;
        self.line.push(b'\n');
        self.bytes += self.line.len() as u64;
        if self.bytes > self.most {
            return Err(FileProblem::UnpackedTooLarge { max: self.most }.into());
        }
        if self.bytes > self.room {
            require_room(ROOM_ASKED_EVERY)?;
            self.room = self.bytes + ROOM_ASKED_EVERY;
        }
        self.file.write_all(&self.line)?;
        Ok(())
    }

    /// The result of the reading; everything is on the disk when this returns.
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
    /// Starts at the offset of a line.
    pub fn open(path: &Path, offset: u64) -> io::Result<Self> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(offset))?;
        Ok(Self { file: BufReader::with_capacity(256 * 1024, file), offset, buffer: String::new() })
    }

    pub fn next(&mut self) -> io::Result<Option<ImportRow>> {
        self.buffer.clear();
        let read = self.file.read_line(&mut self.buffer)?;
        if read == 0 {
            return Ok(None);
        }
        self.offset += read as u64;
        Ok(Some(serde_json::from_str(&self.buffer)?))
    }

    /// Up to `most` lines, fewer where they are long, each with the offset of the line after it.
    pub fn take(&mut self, most: usize) -> io::Result<Vec<(ImportRow, u64)>> {
        let mut lines = Vec::with_capacity(most.min(10_000));
        let end = self.offset + CHUNK_BYTES;
        while lines.len() < most
            && self.offset < end
            && let Some(line) = self.next()?
        {
            lines.push((line, self.offset));
        }
        Ok(lines)
    }
}

#[cfg(test)]
mod tests {
    use words::columns::match_columns;

    use super::*;

    fn fields(list: ImportList, titles: &[&str], group_id: &str) -> Fields {
        let titles: Vec<String> = titles.iter().map(|title| (*title).to_owned()).collect();
        Fields::new(&match_columns(list, &titles, Some("group_id")).unwrap(), group_id)
    }

    #[test]
    fn rows_end_where_they_would_fill_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows");
        let fields = fields(ImportList::Accounts, &["username", "nickname"], "");
        let mut writer = RowsWriter::create(&path, ImportList::Accounts, fields).unwrap();
        assert_eq!(writer.most, limits::IMPORT_ROWS_BYTES);
        writer.most = 1_000_000;
        let cells = |row: u32| vec![Some(format!("u{row}")), Some("x".repeat(100_000))];
        let refused = (2..).map(|row| writer.row(row, cells(row))).find_map(Result::err);
        assert!(matches!(refused, Some(ReadError::Problem(FileProblem::UnpackedTooLarge { max: 1_000_000 }))), "{refused:?}");
        assert_eq!(writer.rows, 10);
        drop(writer);
        assert!(std::fs::metadata(&path).unwrap().len() <= 1_000_000);
    }

    #[test]
    fn a_row_without_a_group_is_of_the_uploads_group() {
        let fields = fields(ImportList::Members, &["group_id", "username"], "G");
        let row = |cells: [Option<&str>; 2]| cells.map(|cell| cell.map(str::to_owned)).to_vec();
        assert_eq!(fields.get(&row([None, Some("a")]), "group_id"), Some("G"));
        assert_eq!(fields.get(&row([Some("H"), Some("a")]), "group_id"), Some("H"));
        assert_eq!(fields.get(&row([None, None]), "username"), None);
    }
}
