//! Reading an uploaded file, whatever its format, into plain rows; with flat memory, however large the file is or claims to be.
//! Blocking: for a thread of its own.

mod cpu_limit;
mod directory;
mod json_lines;
mod text;
mod workbook;

use std::{fs::File, io::Read, path::Path};

use domain::{
    export::ExportFormat,
    import::{ImportList, MatchedColumn, row::Fields},
    operator::Language,
    upload::{FileProblem, ImportEncoding},
};
use words::columns::match_columns;

use self::cpu_limit::CpuLimit;
use super::{
    read_error::{ReadError, hidden, problem_in},
    rows::{Read as Rest, RowsWriter},
};

/// What to read, and as what.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub list: ImportList,
    pub format: ExportFormat,
    pub encoding: ImportEncoding,
    /// The reader's language, for texts that are not UTF-8.
    pub language: Language,
    /// The group of a member list, when the upload names one; else, and for other lists, empty.
    pub group_id: String,
}

/// The format by the first bytes of the file; `.jsonl` and `.csv` only differ in their first character.
pub(super) fn format(path: &Path) -> Result<ExportFormat, ReadError> {
    let mut start = Vec::new();
    File::open(path)?.take(4096).read_to_end(&mut start)?;
    if start.is_empty() {
        return Err(FileProblem::Empty.into());
    }
    // The compound file of old or encrypted workbooks, PDF, gzip: all contain bytes that no text has.
    match &start[..] {
        [b'P', b'K', 3, 4, ..] => return Ok(ExportFormat::Xlsx),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return Ok(ExportFormat::Csv),
        [b'P', b'K', ..] | [0xd0, 0xcf, 0x11, 0xe0, ..] | [b'%', b'P', b'D', b'F', ..] | [0x1f, 0x8b, ..] => {
            return Err(FileProblem::UnknownFormat.into());
        }
        bytes if bytes.contains(&0) => return Err(FileProblem::UnknownFormat.into()),
        _ => {}
    }
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start);
    match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None if start.len() < 4096 => Err(FileProblem::Empty.into()),
        Some(b'{') => Ok(ExportFormat::JsonLines),
        _ => Ok(ExportFormat::Csv),
    }
}

/// Receives titles and rows as a format finds them.
struct Rows<'a> {
    source: &'a Source,
    to: &'a Path,
    /// Checked with each row: a short piece of a file may stand for many long rows.
    cpu_limit: CpuLimit,
    writer: Option<RowsWriter>,
    columns: Vec<MatchedColumn>,
}

impl Rows<'_> {
    /// Takes the titles, once. A problem of the titles ends the reading.
    fn titles(&mut self, titles: &[String]) -> Result<(), ReadError> {
        let given = (!self.source.group_id.is_empty()).then_some("group_id");
        self.columns = match_columns(self.source.list, titles, given)?;
        let fields = Fields::new(&self.columns, &self.source.group_id);
        self.writer = Some(RowsWriter::create(self.to, self.source.list, fields)?);
        Ok(())
    }

    fn row(&mut self, row: u32, cells: Vec<Option<String>>) -> Result<(), ReadError> {
        self.cpu_limit.check()?;
        match &mut self.writer {
            Some(writer) => writer.row(row, cells),
            None => Err(FileProblem::NoColumn.into()),
        }
    }
}

/// Reads the file `from` into the rows file `to`.
pub(super) fn read(from: &Path, to: &Path, source: &Source) -> Result<(Vec<MatchedColumn>, Rest), ReadError> {
    let cpu_limit = CpuLimit::start();
    let mut rows = Rows { source, to, cpu_limit, writer: None, columns: Vec::new() };
    let open = || File::open(from);
    match source.format {
        ExportFormat::Csv => text::csv(open, source, cpu_limit, &mut rows)?,
        ExportFormat::JsonLines => json_lines::read(open, source, cpu_limit, &mut rows)?,
        ExportFormat::Xlsx => workbook::read(open, cpu_limit, &mut rows)?,
    }
    match rows.writer {
        Some(writer) => Ok((rows.columns, writer.finish()?)),
        None => Err(FileProblem::Empty.into()),
    }
}
