//! Making, finding and dropping export files.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::Connection;
use tokio::task::spawn_blocking;

use super::{
    Export, ExportFormat, ExportInput, ExportList, ExportRequest, ExportStarted, job,
    made::{Made, Old, action, app_name, folder, operator, path_of, record, remove, row_of_job},
    rows::Reading,
    write::write,
};
use crate::{
    Caller, Error, Permission, Result, Store,
    application::AppId,
    db::{new_token, now, refuse, token_hash, word},
    error::Entity,
    limits,
    operator::Language,
};

/// The age from which a file without a row is a stray: no request takes so long. A job may; its file is known by its name.
const STRAY_AFTER: Duration = Duration::from_secs(60 * 60);

/// A file that is ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    pub path: PathBuf,
    pub format: ExportFormat,
    /// The name to save it under.
    pub file_name: String,
}

/// Makes a file of what a form asks for, its header in the reader's language. An operator keeps [`limits::EXPORTS_PER_OPERATOR`]
/// files.
pub async fn start(store: &Store, caller: &Caller, app: AppId, input: &ExportInput, language: Language) -> Result<ExportStarted> {
    let request = ExportRequest::parse(input, language);
    let (list, target) = match &request {
        Ok(request) => (request.list(), request.target().to_owned()),
        Err(_) => (ExportList::parse(&input.list).unwrap_or(ExportList::Accounts), input.group_id.clone()),
    };
    let started = async {
        caller.require(Permission::Read)?;
        store.space().require(0)?;
        start_checked(store, caller, app, input, &request?).await
    };
    match started.await {
        Ok(started) => Ok(started),
        // Anybody who may read can export, so the one writer is only asked for at the end, or for a refusal.
        Err(error) => Err(refuse(store, caller, action(list), Some(app), &target, error).await),
    }
}

/// All columns of these accounts as CSV, newest account first; one request names so few that it is never a job.
pub async fn accounts(store: &Store, caller: &Caller, app: AppId, ids: Vec<String>, language: Language) -> Result<Export> {
    const { assert!(limits::BATCH_ITEMS as u64 <= limits::EXPORT_AT_ONCE) };
    let list = ExportList::Accounts;
    let columns = list.columns().iter().map(|column| column.key.to_owned()).collect();
    let (list, format) = (list.as_str().to_owned(), ExportFormat::Csv.as_str().to_owned());
    match start(store, caller, app, &ExportInput { list, format, columns, ids, ..ExportInput::default() }, language).await? {
        ExportStarted::Ready(export) => Ok(export),
        ExportStarted::Job(id) => Err(Error::Internal(format!("a small export became job {id}"))),
    }
}

/// How many rows a request is about; its format and columns do not matter.
pub async fn count(store: &Store, caller: &Caller, app: AppId, mut input: ExportInput) -> Result<u64> {
    caller.require(Permission::Read)?;
    let list = ExportList::parse(&input.list).map_err(|code| Error::field("list", code))?;
    input.format = ExportFormat::JsonLines.as_str().to_owned();
    input.columns = list.columns().iter().map(|column| column.key.to_owned()).collect();
    let request = ExportRequest::parse(&input, Language::En)?;
    let mut db = store.reader().acquire().await?;
    Ok(Reading::begin(&mut db, caller, app, &request).await?.total)
}

async fn start_checked(
    store: &Store,
    caller: &Caller,
    app: AppId,
    input: &ExportInput,
    request: &ExportRequest,
) -> Result<ExportStarted> {
    let mut db = store.reader().acquire().await?;
    // One state of the data for the whole file.
    let mut snapshot = db.begin().await?;
    let app_name = app_name(&mut snapshot, app).await?;
    let mut reading = Reading::begin(&mut snapshot, caller, app, request).await?;
    if reading.total > limits::EXPORT_AT_ONCE {
        snapshot.rollback().await?;
        drop(db);
        return job::create(store, caller, app, input, request, reading.total).await.map(ExportStarted::Job);
    }
    let gone = std::mem::take(&mut reading.gone);
    let (token, hash) = new_token();
    let of = Made { app, app_name, hash, job: None, input, request };
    let path = path_of(store, &hash, None, request.format);
    let always = async |_| store.space().require(0).map(|()| true);
    let Some((file, written)) = write(&mut snapshot, reading, request, path, always).await? else {
        return Err(Error::Internal("an export ended before its end".to_owned()));
    };
    snapshot.rollback().await?;
    drop(db);
    record(store, caller, &of, file, written).await?;
    Ok(ExportStarted::Ready(Export { token, list: request.list(), rows: written.rows, gone, cut: written.cut }))
}

/// The file of a token; [`Entity::Export`] not found for another app, another operator, or too late.
pub async fn find(store: &Store, caller: &Caller, app: AppId, token: &str) -> Result<ExportFile> {
    caller.require(Permission::Read)?;
    let hash = token_hash(token);
    let found: Option<(String, String)> = sqlx::query_as(
        "SELECT file_name, format FROM export
         WHERE token_hash = $1 AND app_id = $2 AND operator_id IS $3 AND created_at >= $4 AND job_id IS NULL",
    )
    .bind(hash.to_vec())
    .bind(app.0)
    .bind(operator(caller))
    .bind(now() - limits::EXPORT_KEPT_MS)
    .fetch_optional(store.reader())
    .await?;
    let (file_name, format) = found.ok_or(Error::NotFound(Entity::Export))?;
    let format = word(&format, ExportFormat::parse)?;
    there(ExportFile { path: path_of(store, &hash, None, format), format, file_name })
}

/// The file that a job made, for the operator who started the job; [`Entity::Export`] not found as for [`find`], and while the
/// job has not ended.
pub async fn find_of_job(store: &Store, caller: &Caller, app: AppId, job: i64) -> Result<ExportFile> {
    let (file_name, format, ..) = row_of_job(store, caller, app, job).await?;
    there(ExportFile { path: path_of(store, &[], Some(job), format), format, file_name })
}

/// The file, if it is still there.
fn there(file: ExportFile) -> Result<ExportFile> {
    if file.path.is_file() { Ok(file) } else { Err(Error::NotFound(Entity::Export)) }
}

/// Drops exports that are older than [`limits::EXPORT_KEPT_MS`], files and rows, and files without a row; how many files.
pub async fn clean(store: &Store) -> Result<u64> {
    let mut transaction = store.write().await?;
    let old: Vec<Old> = sqlx::query_as("DELETE FROM export WHERE created_at < $1 RETURNING token_hash, job_id, format")
        .bind(now() - limits::EXPORT_KEPT_MS)
        .fetch_all(&mut *transaction)
        .await?;
    transaction.commit().await?;
    let mut dropped = 0;
    for old in old {
        dropped += u64::from(remove(&old.path(store)).await);
    }
    // Jobs first: the file of one that ends between the two questions has a row by the second.
    let jobs: Vec<i64> = sqlx::query_scalar("SELECT id FROM job WHERE finished_at IS NULL").fetch_all(store.reader()).await?;
    let kept: Vec<Old> = sqlx::query_as("SELECT token_hash, job_id, format FROM export").fetch_all(store.reader()).await?;
    let of_job =
        jobs.into_iter().flat_map(|job| ExportFormat::ALL.iter().map(move |&format| path_of(store, &[], Some(job), format)));
    let kept: HashSet<PathBuf> = kept.iter().map(|kept| kept.path(store)).chain(of_job).collect();
    let folder = folder(store);
    let strays = spawn_blocking(move || strays(&folder, &kept)).await.map_err(|error| Error::Internal(error.to_string()))?;
    for path in strays {
        dropped += u64::from(remove(&path).await);
    }
    Ok(dropped)
}

/// Files other than `kept`, left by a request or process that ended half way. Young ones may be getting their row just now. How long
/// ago a file was written to says nothing of workbooks: they are put together elsewhere, and stay empty until the end.
fn strays(folder: &Path, kept: &HashSet<PathBuf>) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let young = |entry: &fs::DirEntry| {
        let age = entry.metadata().and_then(|data| data.modified()).ok().and_then(|time| time.elapsed().ok());
        age.is_none_or(|age| age < STRAY_AFTER)
    };
    entries.flatten().filter(|entry| !young(entry)).map(|entry| entry.path()).filter(|path| !kept.contains(path)).collect()
}
