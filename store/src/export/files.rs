//! The file of an export: its name on the disk and for the reader, its row and its event. The name on the disk is the hash of its
//! token, or the number of its job.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use domain::{
    Caller, Error, Permission, Result,
    application::AppId,
    error::Entity,
    export::{ExportFormat, ExportInput, ExportList, ExportRequest, JobExport, times},
    limits,
};
use serde_json::{Map, Value};
use tokio::task::spawn_blocking;

use crate::{
    Scope, Store,
    change::{Change, ChangeSpec},
    db::{Conn, OrFault, decode_enum, decode_int, now, query, query_as, query_scalar, token_hash},
    in_change,
};

/// The age from which a file without a row is a stray: no request takes that long. A job may; its file is recognised by its name.
const STRAY_AFTER: Duration = Duration::from_secs(60 * 60);

/// The most ids that the event of an export contains.
const IDS_IN_EVENT: usize = 100;

/// How much was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportStats {
    /// Rows without the header.
    pub rows: u64,
    /// Texts that were cut, see [`domain::export::Export::cut`].
    pub cut: u64,
}

/// A file that can be downloaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// Where the file is on the disk.
    pub path: PathBuf,
    /// How the file is written.
    pub format: ExportFormat,
    /// The name to save the file under.
    pub file_name: String,
}

/// A file that was written, for its row and its event.
pub struct NewExport<'a> {
    /// The app whose data the file contains.
    pub app: AppId,
    /// The app's name, see [`app_name`]; begins the name of the file.
    pub app_name: String,
    /// SHA-256 of the token that the file is downloaded with. The file of a job has no such token: the hash only has to be
    /// unique.
    pub hash: [u8; 32],
    /// The job that wrote the file; `None`: it was written within a request.
    pub job: Option<i64>,
    /// What was asked for, as it came; the event records the filter.
    pub input: &'a ExportInput,
    /// What was asked for, checked.
    pub request: &'a ExportRequest,
}

impl NewExport<'_> {
    /// App, list, group if there is one, and time.
    fn file_name(&self, at: i64) -> String {
        let (app, list, format) = (&self.app_name, self.request.list(), self.request.format);
        let group: String = if list.is_of_group() {
            let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' };
            format!("-{}", self.request.target().trim_start_matches('@').chars().map(plain).collect::<String>())
        } else {
            String::new()
        };
        format!("{app}-{}{group}-{}.{}", list.as_str(), times::compact(at), format.as_str())
    }

    /// What the event records: how much, how, and of what.
    fn event(&self, written: ExportStats) -> Value {
        let mut after = Map::new();
        let (input, request) = (self.input, self.request);
        after.insert("rows".to_owned(), written.rows.into());
        after.insert("format".to_owned(), request.format.as_str().into());
        let columns: Vec<&str> = request.columns.iter().map(|column| column.key).collect();
        after.insert("columns".to_owned(), columns.join(", ").into());
        if let Some(job) = self.job {
            after.insert("job".to_owned(), job.into());
        }
        let matching = &input.matching;
        if !matching.is_all() && !input.ids.is_empty() {
            let first: Vec<&str> = input.ids.iter().take(IDS_IN_EVENT).map(String::as_str).collect();
            after.insert("ids".to_owned(), first.join(", ").into());
        }
        if matching.is_all() && !matching.except.is_empty() {
            after.insert("except".to_owned(), matching.except.len().into());
        }
        let log = &input.log;
        let filter = [
            ("q", &matching.q),
            ("type", &matching.kind),
            ("sort", &input.sort),
            ("operator", &log.operator),
            ("action", &log.action),
            ("target", &log.target),
            ("from", &log.from),
            ("to", &log.to),
        ];
        for (name, word) in filter.into_iter().filter(|(_, word)| !word.trim().is_empty()) {
            after.insert(name.to_owned(), word.trim().into());
        }
        Value::Object(after)
    }
}

/// Inserts the row and the event of a file that was written; [`limits::EXPORTS_PER_OPERATOR`] files of the operator stay, the
/// oldest ones are deleted. `keep` is called after the commit, so that the file stays.
pub async fn record(
    store: &Store,
    caller: &Caller,
    made: &NewExport<'_>,
    written: ExportStats,
    keep: impl FnOnce(),
) -> Result<()> {
    let (action, target) = (made.request.list().action(), made.request.target());
    let dropped =
        in_change!(ChangeSpec::in_app(Scope::new(store, caller, made.app), Permission::Read, action, target), |change| {
            record_in(change, made, written).await
        })?;
    keep();
    for old in dropped {
        remove(&old.path(store)).await;
    }
    Ok(())
}

async fn record_in(change: &mut Change<'_>, made: &NewExport<'_>, written: ExportStats) -> Result<Vec<StoredExport>> {
    let (operator, at) = (change.caller().operator_id().ok(), change.at());
    query(
        "INSERT INTO export (token_hash, app_id, operator_id, file_name, created_at, format, list, row_count, cut, job_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(made.hash.to_vec())
    .bind(made.app.key())
    .bind(operator)
    .bind(made.file_name(at))
    .bind(at)
    .bind(made.request.format.as_str())
    .bind(made.request.list().as_str())
    .bind(i64::try_from(written.rows).unwrap_or(i64::MAX))
    .bind(i64::try_from(written.cut).unwrap_or(i64::MAX))
    .bind(made.job)
    .execute(change.db())
    .await
    .or_fault()?;
    let dropped = query_as(
        "DELETE FROM export WHERE operator_id IS NOT DISTINCT FROM $1 AND token_hash NOT IN
         (SELECT token_hash FROM export WHERE operator_id IS NOT DISTINCT FROM $1
          ORDER BY created_at DESC, token_hash DESC LIMIT $2)
         RETURNING token_hash, job_id, format",
    )
    .bind(operator)
    .bind(limits::EXPORTS_PER_OPERATOR)
    .fetch_all(change.db())
    .await
    .or_fault()?;
    let after = made.event(written);
    change.event(made.request.target(), None, Some(after)).await?;
    Ok(dropped)
}

/// The columns that give a file its name on the disk.
#[derive(sqlx::FromRow)]
pub struct StoredExport {
    token_hash: Vec<u8>,
    job_id: Option<i64>,
    format: String,
}

impl StoredExport {
    /// Where the file is on the disk.
    pub fn path(&self, store: &Store) -> PathBuf {
        folder(store).join(stem(&self.token_hash, self.job_id)).with_extension(&self.format)
    }
}

fn stem(hash: &[u8], job: Option<i64>) -> String {
    match job {
        Some(id) => format!("job-{id}"),
        None => hash.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}

/// Where the file of an export is on the disk: named by its job if it has one, otherwise by the hash of its token.
pub fn path_of(store: &Store, hash: &[u8], job: Option<i64>, format: ExportFormat) -> PathBuf {
    folder(store).join(stem(hash, job)).with_extension(format.as_str())
}

/// The folder of all exports in the data folder.
pub fn folder(store: &Store) -> PathBuf {
    store.folder().join("exports")
}

/// Removes a file; whether it succeeded.
pub async fn remove(path: &Path) -> bool {
    match tokio::fs::remove_file(path).await {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(%error, ?path, "an old export could not be removed");
            false
        }
    }
}

/// The name of an app within its organisation, which files are named after; [`Entity::Application`] not found.
pub async fn app_name(db: &mut Conn, app: AppId) -> Result<String> {
    let name: Option<String> =
        query_scalar("SELECT app_name FROM application WHERE id = $1").bind(app.key()).fetch_optional(db).await.or_fault()?;
    name.ok_or(Error::NotFound(Entity::Application))
}

/// What a page shows of the file that a job made; `None` where [`find_of_job`] would find nothing.
pub async fn of_job(scope: Scope<'_>, job: i64) -> Result<Option<JobExport>> {
    let (_, format, list, rows, cut, made) = match row_of_job(scope, job).await {
        Ok(found) => found,
        Err(Error::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    match tokio::fs::metadata(path_of(scope.store, &[], Some(job), format)).await {
        Ok(file) => Ok(Some(JobExport { list, format, rows, cut, size: file.len(), until: made + limits::EXPORT_KEPT_MS })),
        Err(_) => Ok(None),
    }
}

/// File name, format, list, rows, cut cells and time of creation.
type OfJob = (String, ExportFormat, ExportList, u64, u64, i64);

/// The row of the file that a job made, for the operator who started the job. [`Entity::Export`] not found for any other
/// operator, and after [`limits::EXPORT_KEPT_MS`].
pub async fn row_of_job(scope: Scope<'_>, job: i64) -> Result<OfJob> {
    scope.require_operator(Permission::Read)?;
    let found: Option<(String, String, String, i64, i64, i64)> = query_as(
        "SELECT file_name, format, list, row_count, cut, created_at FROM export
         WHERE job_id = $1 AND app_id = $2 AND operator_id IS NOT DISTINCT FROM $3 AND created_at >= $4",
    )
    .bind(job)
    .bind(scope.app.key())
    .bind(scope.caller.operator_id().ok())
    .bind(now() - limits::EXPORT_KEPT_MS)
    .fetch_optional(scope.store.reader())
    .await
    .or_fault()?;
    let (file_name, format, list, rows, cut, made) = found.ok_or(Error::NotFound(Entity::Export))?;
    let (format, list) = (decode_enum(&format, ExportFormat::parse)?, decode_enum(&list, ExportList::parse)?);
    Ok((file_name, format, list, decode_int(rows)?, decode_int(cut)?, made))
}

/// The file of a token; [`Entity::Export`] not found for another app or another operator, and after [`limits::EXPORT_KEPT_MS`].
pub async fn find(scope: Scope<'_>, token: &str) -> Result<ExportFile> {
    scope.require_operator(Permission::Read)?;
    let hash = token_hash(token);
    let found: Option<(String, String)> = query_as(
        "SELECT file_name, format FROM export
         WHERE token_hash = $1 AND app_id = $2 AND operator_id IS NOT DISTINCT FROM $3 AND created_at >= $4 AND job_id IS NULL",
    )
    .bind(hash.to_vec())
    .bind(scope.app.key())
    .bind(scope.caller.operator_id().ok())
    .bind(now() - limits::EXPORT_KEPT_MS)
    .fetch_optional(scope.store.reader())
    .await
    .or_fault()?;
    let (file_name, format) = found.ok_or(Error::NotFound(Entity::Export))?;
    let format = decode_enum(&format, ExportFormat::parse)?;
    there(ExportFile { path: path_of(scope.store, &hash, None, format), format, file_name })
}

/// The file that a job made, for the operator who started the job; [`Entity::Export`] not found as in [`find`], and before the
/// job has ended.
pub async fn find_of_job(scope: Scope<'_>, job: i64) -> Result<ExportFile> {
    let (file_name, format, ..) = row_of_job(scope, job).await?;
    there(ExportFile { path: path_of(scope.store, &[], Some(job), format), format, file_name })
}

/// The file, if it still exists.
fn there(file: ExportFile) -> Result<ExportFile> {
    if file.path.is_file() { Ok(file) } else { Err(Error::NotFound(Entity::Export)) }
}

/// Deletes exports that are older than [`limits::EXPORT_KEPT_MS`], files and rows, and files without a row; how many files.
pub async fn clean(store: &Store) -> Result<u64> {
    let mut transaction = store.write().await?;
    let old: Vec<StoredExport> = query_as("DELETE FROM export WHERE created_at < $1 RETURNING token_hash, job_id, format")
        .bind(now() - limits::EXPORT_KEPT_MS)
        .fetch_all(&mut *transaction)
        .await
        .or_fault()?;
    transaction.commit().await?;
    let mut dropped = 0;
    for old in old {
        dropped += u64::from(remove(&old.path(store)).await);
    }
    // Jobs first: the file of a job that ends between the two queries has a row by the second.
    let jobs: Vec<i64> =
        query_scalar("SELECT id FROM job WHERE finished_at IS NULL").fetch_all(store.reader()).await.or_fault()?;
    let kept: Vec<StoredExport> =
        query_as("SELECT token_hash, job_id, format FROM export").fetch_all(store.reader()).await.or_fault()?;
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

/// Files other than `kept`, left by a request or process that ended half way. A young file may be about to get its row. The age
/// is that of the last write.
fn strays(folder: &Path, kept: &HashSet<PathBuf>) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let young = |entry: &fs::DirEntry| {
        let age = entry.metadata().and_then(|data| data.modified()).ok().and_then(|time| time.elapsed().ok());
        age.is_none_or(|age| age < STRAY_AFTER)
    };
    entries.flatten().filter(|entry| !young(entry)).map(|entry| entry.path()).filter(|path| !kept.contains(path)).collect()
}
