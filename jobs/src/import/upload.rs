//! An upload: streamed to the disk piece by piece, then read and previewed. An upload that fails leaves nothing on the disk.

use domain::{
    Caller, Code, Error, Permission, Result,
    application::AppId,
    event::{Action, rules::truncate_target},
    export::ExportFormat,
    import::{ImportList, MatchedColumn, UploadInput, row::Fields},
    limits,
    operator::Language,
    upload::{FileProblem, ImportEncoding},
};
use store::{
    Scope, Store,
    change::refuse,
    import::{
        NewImport,
        files::{self, TempFile, fault},
        insert,
        plan::Plan,
    },
};
use tokio::{
    fs::File,
    io::AsyncWriteExt,
    sync::{Semaphore, SemaphorePermit},
    task::spawn_blocking,
};
use words::import_names::wire;

use super::{
    preview::preview,
    read::{self, Source},
    read_error::ReadError,
    rows::{Read, within_room},
};

/// Uploads that are read and previewed at the same time; further ones wait. Each may need a processor for
/// [`limits::IMPORT_PROCESSOR_S`] and more for its preview, [`limits::IMPORT_TEXTS_BYTES`] of memory and less than as much again,
/// and [`limits::IMPORT_ROWS_BYTES`] of the disk.
static PLACES: Semaphore = Semaphore::const_new(2);

/// A file that is being uploaded.
#[derive(Debug)]
pub struct Upload {
    store: Store,
    caller: Caller,
    app: AppId,
    // Before the file: it is closed before it is removed.
    file: File,
    scratch: TempFile,
    size: u64,
}

/// An error of the form field with the file.
fn wrong(problem: FileProblem) -> Error {
    Error::field("file", Code::File(problem))
}

impl Upload {
    /// Begins an upload, for callers who may write. A refusal is recorded.
    pub async fn begin(scope: Scope<'_>) -> Result<Self> {
        let begun = async {
            scope.require_operator(Permission::Write)?;
            scope.store.space().require(0)?;
            let scratch = files::scratch(scope.store)?;
            let file = File::from_std(scratch.create()?);
            Ok(Self { store: scope.store.clone(), caller: scope.caller.clone(), app: scope.app, file, scratch, size: 0 })
        };
        match begun.await {
            Ok(upload) => Ok(upload),
            Err(error) => Err(refuse(scope.store, scope.caller, Action::JobStart, Some(scope.app), "", error).await),
        }
    }

    /// Writes the next piece; [`FileProblem::TooLarge`] beyond [`limits::IMPORT_BYTES`].
    pub async fn write(&mut self, piece: &[u8]) -> Result<()> {
        self.size += piece.len() as u64;
        if self.size > limits::IMPORT_BYTES {
            return Err(wrong(FileProblem::TooLarge { max: limits::IMPORT_BYTES }));
        }
        self.store.space().require(piece.len() as u64)?;
        self.file.write_all(piece).await.map_err(fault)
    }

    /// Reads the file and compares it with the stored data; gives the number of the import, which waits to be confirmed. A text
    /// that is not UTF-8 is read in the usual encoding of the reader's language. An operator has [`limits::IMPORTS_PER_OPERATOR`]
    /// imports waiting.
    pub async fn finish(self, input: &UploadInput, language: Language) -> Result<i64> {
        let (store, caller, app) = (self.store.clone(), self.caller.clone(), self.app);
        match self.read(input, language).await {
            Ok(id) => Ok(id),
            Err(error) => Err(refuse(&store, &caller, Action::JobStart, Some(app), "", error).await),
        }
    }

    async fn read(self, input: &UploadInput, language: Language) -> Result<i64> {
        let Self { store, caller, app, mut file, scratch, size } = self;
        file.flush().await.map_err(fault)?;
        drop(file);
        let list = ImportList::parse(&input.list).map_err(|code| Error::field("list", code))?;
        let encoding = match input.encoding.as_str() {
            "" => ImportEncoding::Auto,
            word => ImportEncoding::parse(word).map_err(|code| Error::field("encoding", code))?,
        };
        if size == 0 {
            return Err(wrong(FileProblem::Empty));
        }
        let group_id = if list == ImportList::Members { input.group_id.trim().to_owned() } else { String::new() };
        if !group_id.is_empty() {
            store::group::get(Scope::new(&store, &caller, app), &group_id).await?;
        }
        let place = PLACES.acquire().await.map_err(fault)?;
        let rows = files::scratch(&store)?;
        let (of_group, room) = (group_id.clone(), store.clone());
        // The files and the permit belong to the thread that works on them: they are released after it, even when nobody waits
        // for it any more.
        let read = spawn_blocking(move || {
            let format = read::format(scratch.path())?;
            let source = Source { list, format, encoding, language, group_id: of_group };
            let read = within_room(room, || read::read(scratch.path(), rows.path(), &source))?;
            Ok((format, rows, read, place))
        });
        let (format, rows, (columns, read), _place): (ExportFormat, TempFile, (Vec<MatchedColumn>, Read), SemaphorePermit<'_>) =
            read.await.map_err(fault)?.map_err(|error: ReadError| match error {
                ReadError::Problem(problem) => wrong(problem),
                ReadError::Fault(error) => fault(error),
            })?;
        let plan = Plan { app, list, fields: Fields::new(&columns, &group_id), wire };
        let preview = preview(&store, &plan, rows.path(), columns).await?;
        let file_name = input.file_name.rsplit(['/', '\\']).next().unwrap_or_default();
        let file_name = truncate_target(file_name).chars().filter(|c| !c.is_control()).collect();
        let new = NewImport { app, list, format, file_name, size, group_id, ascending: read.ascending, preview };
        insert(&store, &caller, new, rows).await
    }
}
