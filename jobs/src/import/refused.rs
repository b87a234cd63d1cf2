//! Files that imports return: the refused rows as they came, with the reason in the first column, ready to be corrected and sent
//! again; and templates. Made on request, in a temporary file that has no name any more when it is sent.

use std::{
    fs::File,
    io::{Seek, SeekFrom},
};

use domain::{
    Error, Permission, Result,
    error::Entity,
    export::ExportFormat,
    import::{ImportList, MatchedColumn, RefusedRow, RowProblem, columns::fields, row::ImportRow},
    job::FailureReason,
    operator::Language,
};
use store::{
    Scope, Store,
    import::{
        files::{self, TempFile, fault, rows_path},
        find_of_job,
    },
    job::{failed_items, row},
};
use tokio::task::spawn_blocking;
use words::columns::{is_reason, reason_title, title};

use super::{rows::RowsReader, sheet::SheetWriter};

/// A file to send. It ends with its handle, because it has no name.
#[derive(Debug)]
pub struct MadeFile {
    /// The open file, at its beginning.
    pub file: File,
    /// Size of the file, bytes.
    pub size: u64,
    /// How the file is written; gives the media type of the answer.
    pub format: ExportFormat,
    /// The name that the browser saves the file under.
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

/// Runs work that waits for the disk on a thread where it delays nobody; a panic in it becomes an error like any other, as in
/// exports.
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
            ExportFormat::Xlsx | ExportFormat::Csv => title(language, list.exported(), field).to_owned(),
        });
        let writer = SheetWriter::begin(scratch.create()?, folder, format, titles.collect())?;
        MadeFile::new(writer, format, format!("{}-template.{}", list.as_str(), format.as_str()))
    })
    .await
}

/// The rows that a job's import refused, for the operator who started the job: in the file's own format and columns, with the
/// reason in the first column, in the words of `sentence`. [`Entity::Import`] not found when there are none, or not any more.
pub async fn refused(
    scope: Scope<'_>,
    job: i64,
    language: Language,
    sentence: impl Fn(&RowProblem) -> String + Send + Sync + Clone + 'static,
) -> Result<MadeFile> {
    let Scope { store, caller, app } = scope;
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
        // The reasons of an earlier import make room for the new ones.
        let kept: Vec<usize> = (0..columns.len()).filter(|&place| !is_reason(&columns[place].title)).collect();
        let titles = titles(&columns, &kept, language);
        let writer = SheetWriter::begin(scratch.create()?, folder, format, titles)?;
        let reader = RowsReader::open(&path, 0).map_err(fault)?;
        Ok(FileWriter { writer, reader, kept, columns: columns.len(), _scratch: scratch })
    })
    .await?;
    let job = row(Scope::new(store, caller, app), job).await?;
    let mut after = 0;
    loop {
        let found = failed_items(store, &job, after).await?;
        let Some((last, _)) = found.last() else { break };
        after = *last;
        let rows: Vec<RefusedRow> = found
            .into_iter()
            .filter_map(|(_, trouble)| match trouble.reason {
                Some(FailureReason::Row(row)) => Some(row),
                Some(FailureReason::Item(_)) | None => None,
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

/// The file while it is being made.
struct FileWriter {
    writer: SheetWriter,
    reader: RowsReader,
    /// Positions of the cells that are returned.
    kept: Vec<usize>,
    columns: usize,
    _scratch: TempFile,
}

impl FileWriter {
    /// Writes these rows, which are in the order of the file.
    fn rows(mut self, rows: &[RefusedRow], sentence: &impl Fn(&RowProblem) -> String) -> Result<Self> {
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

    fn row(&mut self, line: &ImportRow, reason: &str) -> Result<()> {
        let cells = line.cells();
        let known = self.kept.iter().filter_map(|&place| cells.get(place));
        // Cells beyond the titles are the reason why such a row is refused.
        let beyond = cells.iter().skip(self.columns);
        let all: Vec<Option<&str>> = std::iter::once(Some(reason)).chain(known.chain(beyond).map(Option::as_deref)).collect();
        self.writer.row(&all)
    }
}
