//! Files that imports give back: the refused rows as they came, with the reason in front, ready to be fixed and sent again; and
//! templates. Made when they are asked for, in a file that has lost its name by the time that it is sent.

use std::{
    fs::File,
    io::{Seek, SeekFrom},
};

use domain::{
    Caller, Error, Permission, Result,
    application::AppId,
    error::Entity,
    export::ExportFormat,
    import::{
        ImportList, MatchedColumn, RefusedRow, Trouble,
        columns::{fields, is_reason, reason_title, title},
        row::Line,
    },
    job::Why,
    operator::Language,
};
use store::{
    Store,
    import::{
        files::{self, Scratch, fault, rows_path},
        find_of_job,
    },
    job::{row, troubles},
};
use tokio::task::spawn_blocking;

use super::{rows::RowsReader, sheet::SheetWriter};

/// A file to send. It is gone with its handle.
#[derive(Debug)]
pub struct MadeFile {
    pub file: File,
    /// Bytes.
    pub size: u64,
    pub format: ExportFormat,
    pub name: String,
}

impl MadeFile {
    fn new(writer: SheetWriter, format: ExportFormat, name: String) -> Result<Self> {
        let mut file = writer.finish()?;
        let size = file.seek(SeekFrom::End(0)).map_err(fault)?;
        file.seek(SeekFrom::Start(0)).map_err(fault)?;
        Ok(Self { file, size, format, name })
    }
}

/// Runs what waits for the disk where that holds nobody up; a panic in it is a fault like any other, as in exports.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    spawn_blocking(work).await.unwrap_or_else(|error| Err(fault(error)))
}

/// An empty file with the titles of a list in the reader's language.
pub async fn template(store: &Store, list: ImportList, format: ExportFormat, language: Language) -> Result<MadeFile> {
    let scratch = files::scratch(store)?;
    blocking(move || {
        let folder = scratch.path().parent().unwrap_or(scratch.path());
        let titles = fields(list).map(|field| match format {
            ExportFormat::JsonLines => field.to_owned(),
            _ => title(list, field, language).to_owned(),
        });
        let writer = SheetWriter::begin(scratch.create()?, folder, format, titles.collect())?;
        MadeFile::new(writer, format, format!("{}-template.{}", list.as_str(), format.as_str()))
    })
    .await
}

/// The rows that a job's import refused, for the operator who started it: in the file's own format and columns, with the reason in
/// front, in the words of `sentence`. [`Entity::Import`] not found when there are none, or not any more.
pub async fn refused(
    store: &Store,
    caller: &Caller,
    app: AppId,
    job: i64,
    language: Language,
    sentence: impl Fn(&Trouble) -> String + Send + Sync + Clone + 'static,
) -> Result<MadeFile> {
    caller.require(Permission::Read)?;
    let missing = || Error::NotFound(Entity::Import);
    let import = find_of_job(store, app, job).await?;
    let path = rows_path(store, import.id);
    if !import.is_of(caller) || import.counts()?.refused == 0 || !path.is_file() {
        return Err(missing());
    }
    let (format, columns) = (import.format()?, import.preview()?.columns);
    let scratch = files::scratch(store)?;
    let stem = import.file_name().rsplit_once('.').map_or(import.file_name(), |(stem, _)| stem);
    let name = format!("{stem}-refused.{}", format.as_str());
    let mut making = blocking(move || {
        let folder = scratch.path().parent().unwrap_or(scratch.path());
        // What refused rows came back with before makes room for what is wrong now.
        let kept: Vec<usize> = (0..columns.len()).filter(|&place| !is_reason(&columns[place].title)).collect();
        let titles = titles(&columns, &kept, language);
        let writer = SheetWriter::begin(scratch.create()?, folder, format, titles)?;
        let reader = RowsReader::open(&path, 0).map_err(fault)?;
        Ok(Making { writer, reader, kept, columns: columns.len(), _scratch: scratch })
    })
    .await?;
    let job = row(store, caller, app, job).await?;
    let mut after = 0;
    loop {
        let found = troubles(store, &job, after).await?;
        let Some((last, _)) = found.last() else { break };
        after = *last;
        let rows: Vec<RefusedRow> = found
            .into_iter()
            .filter_map(|(_, trouble)| match trouble.reason {
                Some(Why::Row(row)) => Some(row),
                _ => None,
            })
            .collect();
        let sentence = sentence.clone();
        making = blocking(move || making.rows(&rows, &sentence)).await?;
    }
    blocking(move || MadeFile::new(making.writer, format, name)).await
}

fn titles(columns: &[MatchedColumn], kept: &[usize], language: Language) -> Vec<String> {
    let reason = std::iter::once(reason_title(language).to_owned());
    reason.chain(kept.iter().map(|&place| columns[place].title.clone())).collect()
}

/// The file while it is made.
struct Making {
    writer: SheetWriter,
    reader: RowsReader,
    /// Places of the cells that come back.
    kept: Vec<usize>,
    columns: usize,
    _scratch: Scratch,
}

impl Making {
    /// Writes these rows, which stand in the order of the file.
    fn rows(mut self, rows: &[RefusedRow], sentence: &impl Fn(&Trouble) -> String) -> Result<Self> {
        for refused in rows {
            while let Some(line) = self.reader.next().map_err(fault)? {
                if line.row() == refused.row {
                    self.row(&line, &sentence(&refused.trouble))?;
                    break;
                }
            }
        }
        Ok(self)
    }

    fn row(&mut self, line: &Line, reason: &str) -> Result<()> {
        let cells = line.cells();
        let known = self.kept.iter().filter_map(|&place| cells.get(place));
        // Cells beyond the titles are what such a row is refused for.
        let beyond = cells.iter().skip(self.columns);
        let all: Vec<Option<&str>> = std::iter::once(Some(reason)).chain(known.chain(beyond).map(Option::as_deref)).collect();
        self.writer.row(&all)
    }
}
