//! The file of an export while it is made: the database's thread reads a page while a thread that may wait for the disk writes
//! the page before it. An unfinished export leaves no file.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use domain::{
    Result,
    export::{ExportFormat, ExportRequest},
};
use store::{
    db::{Conn, make_folder, private},
    export::{ExportStats, rows::Reading},
    lines::{Page, fault, jsonl::JsonLinesWriter},
};
use tokio::task::spawn_blocking;

use super::{csv::CsvWriter, xlsx::XlsxWriter};

/// A file that is deleted when the value is dropped, unless [`Self::keep`] was called.
#[derive(Debug)]
pub(super) struct PartialFile {
    path: PathBuf,
    kept: bool,
}

impl PartialFile {
    /// From now on the file stays.
    pub fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for PartialFile {
    fn drop(&mut self) {
        if !self.kept
            && let Err(error) = fs::remove_file(&self.path)
        {
            tracing::warn!(%error, path = ?self.path, "an unfinished export could not be removed");
        }
    }
}

enum Writer {
    Csv(Box<CsvWriter<File>>),
    Xlsx(Box<XlsxWriter<File>>),
    JsonLines(JsonLinesWriter<File>),
}

/// A file that is being written.
struct ExportFileWriter {
    writer: Writer,
    // After the writer: the file is closed before it is removed.
    file: PartialFile,
    rows: u64,
}

impl ExportFileWriter {
    fn begin(path: &Path, request: &ExportRequest, rows: u64) -> Result<Self> {
        let folder = path.parent().unwrap_or(path);
        make_folder(folder).map_err(fault)?;
        // What a killed process has left of the same job.
        if let Err(error) = fs::remove_file(path)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            return Err(fault(error));
        }
        let out = private().write(true).create_new(true).open(path).map_err(fault)?;
        let file = PartialFile { path: path.to_owned(), kept: false };
        let writer = match request.format {
            ExportFormat::Csv => Writer::Csv(Box::new(CsvWriter::begin(out, request)?)),
            ExportFormat::Xlsx => Writer::Xlsx(Box::new(XlsxWriter::begin(out, request, rows)?)),
            ExportFormat::JsonLines => {
                let columns = request.columns.iter().map(|column| (column.key, column.kind));
                Writer::JsonLines(JsonLinesWriter::begin(out, columns))
            }
        };
        Ok(Self { writer, file, rows: 0 })
    }

    fn page(mut self, page: &Page) -> Result<Self> {
        self.rows += match &mut self.writer {
            Writer::Csv(writer) => page.each(|cells| writer.row(cells)),
            Writer::Xlsx(writer) => page.each(|cells| writer.row(cells)),
            Writer::JsonLines(writer) => page.each(|cells| writer.row(cells)),
        }?;
        Ok(self)
    }

    fn finish(self) -> Result<(PartialFile, ExportStats)> {
        let (out, cut) = match self.writer {
            Writer::Csv(writer) => (writer.finish()?, 0),
            Writer::Xlsx(writer) => writer.finish()?,
            Writer::JsonLines(writer) => (writer.finish()?, 0),
        };
        // On the disk before a row says that the file exists.
        out.sync_all().map_err(fault)?;
        Ok((self.file, ExportStats { rows: self.rows, cut }))
    }
}

/// Runs work that waits for the disk on a thread where it delays nobody. A panic in it becomes an error like any other.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    spawn_blocking(work).await.unwrap_or_else(|error| Err(fault(error)))
}

/// Writes all of a list to a new file. `go_on` receives the number of rows so far after each page and ends the work with `false`:
/// then there is no file and the answer is `None`.
pub(super) async fn write<G, F>(
    db: &mut Conn,
    mut reading: Reading,
    request: &ExportRequest,
    path: PathBuf,
    go_on: G,
) -> Result<Option<(PartialFile, ExportStats)>>
where
    G: Fn(u64) -> F,
    F: Future<Output = Result<bool>>,
{
    let request = request.clone();
    let total = reading.total;
    let mut making = blocking(move || ExportFileWriter::begin(&path, &request, total)).await?;
    let mut page = reading.next(db).await?;
    while let Some(this) = page {
        let (written, next) = tokio::join!(blocking(move || making.page(&this)), reading.next(db));
        making = written?;
        page = next?;
        if !go_on(making.rows).await? {
            return Ok(None);
        }
    }
    blocking(move || making.finish()).await.map(Some)
}
