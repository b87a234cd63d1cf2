//! Imports and the stored data: the decision for each row of a file (`plan`), writing the rows (`write`), the files (`files`).
//! The rows of the table `import` are here: what waits to be confirmed, its start, and what is dropped. An import belongs to one
//! operator alone.

pub mod files;
pub mod plan;
pub mod write;

use crate::{
    Scope, Store,
    change::{Change, ChangeSpec},
    db::{Builder, Executor, OrFault, ServerTable, decode_enum, decode_int, last_server_key, now, query, query_scalar},
    identity, in_change,
    job::{NewJob, insert as insert_job, started},
};
use domain::{
    Caller, Code, Error, Permission, Result,
    application::AppId,
    error::Entity,
    event::Action,
    export::ExportFormat,
    import::{ConflictMode, Import, ImportCounts, ImportList, JobImport, Preview, RowProblem},
    job::{JobCategory, JobState},
    limits,
};
use serde_json::json;
use tokio::task::spawn_blocking;

use self::files::{TempFile, fault, remove, rows_path, sweep};
use self::write::Keys;

/// A file that was read and will wait to be confirmed.
pub struct NewImport {
    /// The app that the rows are for.
    pub app: AppId,
    /// What the rows are.
    pub list: ImportList,
    /// How the file was written.
    pub format: ExportFormat,
    /// The file's name as the browser sent it.
    pub file_name: String,
    /// Size of the file, bytes.
    pub size: u64,
    /// The group of memberships whose rows name none; empty otherwise.
    pub group_id: String,
    /// Whether the first time in the file is earlier than the last one; see [`write::KeyOrder::ascending`].
    pub ascending: bool,
    /// What the page of the waiting import shows.
    pub preview: Preview,
}

/// Inserts an import whose rows were read, its number; [`limits::IMPORTS_PER_OPERATOR`] waiting ones of the operator stay, the
/// oldest are dropped. [`Error::Forbidden`] for operators who may not write.
pub async fn insert(store: &Store, caller: &Caller, new: NewImport, rows: TempFile) -> Result<i64> {
    let operator = caller.operator_id().ok();
    let preview = serde_json::to_string(&new.preview).map_err(fault)?;
    let mut transaction = store.write().await?;
    // As of now: the file may have taken long to arrive and to be read.
    identity::renewed(store, &mut transaction, caller).await?.require(Permission::Write)?;
    let id = transaction.server_key(ServerTable::Import).await?;
    query(
        "INSERT INTO import (id, app_id, operator_id, list, format, file_name, size, group_id, ascending, preview, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(id)
    .bind(new.app.key())
    .bind(operator)
    .bind(new.list.as_str())
    .bind(new.format.as_str())
    .bind(new.file_name)
    .bind(i64::try_from(new.size).unwrap_or(i64::MAX))
    .bind(new.group_id)
    .bind(i64::from(new.ascending))
    .bind(preview)
    .bind(now())
    .execute(&mut *transaction)
    .await
    .or_fault()?;
    let dropped: Vec<i64> = query_scalar(
        "DELETE FROM import WHERE job_id IS NULL AND operator_id IS NOT DISTINCT FROM $1 AND id NOT IN
         (SELECT id FROM import WHERE job_id IS NULL AND operator_id IS NOT DISTINCT FROM $1 ORDER BY id DESC LIMIT $2) RETURNING id",
    )
    .bind(operator)
    .bind(limits::IMPORTS_PER_OPERATOR)
    .fetch_all(&mut *transaction)
    .await
    .or_fault()?;
    // While nobody else writes, so that a sweep sees both or neither.
    rows.becomes(&rows_path(store, id))?;
    transaction.commit().await?;
    for old in dropped {
        remove(&rows_path(store, old));
    }
    Ok(id)
}

const COLUMNS: &str = "SELECT id, app_id, operator_id, list, format, file_name, size, group_id, ascending, preview, job_id, mode,
     started_at, place, next_key, keys_left, new, changed, unchanged, refused FROM import WHERE ";

/// An import as stored.
#[derive(sqlx::FromRow)]
pub struct Row {
    /// The number of the import.
    pub id: i64,
    app_id: i64,
    operator_id: Option<i64>,
    list: String,
    format: String,
    file_name: String,
    size: i64,
    /// The group of memberships whose rows name none; empty otherwise.
    pub group_id: String,
    ascending: i64,
    preview: String,
    job_id: Option<i64>,
    mode: Option<String>,
    /// When the job was started, milliseconds since 1970; rows without a time get it. `None`: not yet.
    pub started_at: Option<i64>,
    /// Where the next row begins in the file of rows, bytes.
    pub place: i64,
    next_key: i64,
    keys_left: i64,
    new: i64,
    changed: i64,
    unchanged: i64,
    refused: i64,
}

impl Row {
    /// The app that the rows are for.
    pub fn app(&self) -> AppId {
        AppId::of_row(self.app_id)
    }

    /// What the rows are.
    pub fn list(&self) -> Result<ImportList> {
        decode_enum(&self.list, ImportList::parse)
    }

    /// How the file was written.
    pub fn format(&self) -> Result<ExportFormat> {
        decode_enum(&self.format, ExportFormat::parse)
    }

    /// What happens to rows that exist with other values. [`Error::Internal`] before the start, which chooses it.
    pub fn mode(&self) -> Result<ConflictMode> {
        decode_enum(self.mode.as_deref().unwrap_or_default(), ConflictMode::parse)
    }

    /// See [`write::KeyOrder::ascending`].
    pub fn ascending(&self) -> bool {
        self.ascending != 0
    }

    /// The file's name as the browser sent it.
    pub fn file_name(&self) -> &str {
        &self.file_name
    }

    /// What the page of the waiting import shows.
    pub fn preview(&self) -> Result<Preview> {
        serde_json::from_str(&self.preview).map_err(fault)
    }

    /// The keys for the rows that follow.
    pub fn keys(&self) -> Result<Keys> {
        Ok(Keys { next: self.next_key, left: decode_int(self.keys_left)? })
    }

    /// What happened to the rows so far.
    pub fn counts(&self) -> Result<ImportCounts> {
        Ok(ImportCounts {
            new: decode_int(self.new)?,
            changed: decode_int(self.changed)?,
            unchanged: decode_int(self.unchanged)?,
            refused: decode_int(self.refused)?,
        })
    }

    /// Whether the import belongs to this operator.
    pub fn is_of(&self, caller: &Caller) -> bool {
        self.operator_id == caller.operator_id().ok()
    }
}

async fn find(db: impl Executor<'_>, app: AppId, id: i64) -> Result<Row> {
    let mut sql = Builder::new(COLUMNS);
    sql.push("id = ").push_bind(id).push(" AND app_id = ").push_bind(app.key());
    let row: Option<Row> = sql.build_query_as().fetch_optional(db).await.or_fault()?;
    row.ok_or(Error::NotFound(Entity::Import))
}

/// The import of a job; [`Entity::Import`] not found after it was dropped.
pub async fn find_of_job(store: &Store, app: AppId, job: i64) -> Result<Row> {
    let mut sql = Builder::new(COLUMNS);
    sql.push("job_id = ").push_bind(job).push(" AND app_id = ").push_bind(app.key());
    let row: Option<Row> = sql.build_query_as().fetch_optional(store.reader()).await.or_fault()?;
    row.ok_or(Error::NotFound(Entity::Import))
}

/// Whether a job's import has come to a row at which it stops; only the last row that it processed can be one.
pub async fn stopped(store: &Store, job: i64) -> Result<bool> {
    let sql = "SELECT reason FROM job_result WHERE job_id = $1 AND outcome = 'refused' ORDER BY seq DESC LIMIT 1";
    let last: Option<Option<String>> = query_scalar(sql).bind(job).fetch_optional(store.reader()).await.or_fault()?;
    let Some(reason) = last.flatten() else { return Ok(false) };
    let reason: serde_json::Value = serde_json::from_str(&reason).map_err(fault)?;
    Ok(reason["trouble"] == serde_json::to_value(RowProblem::Exists).map_err(fault)?)
}

async fn find_mine(db: impl Executor<'_>, caller: &Caller, app: AppId, id: i64) -> Result<Row> {
    caller.require(Permission::Write)?;
    let row = find(db, app, id).await?;
    if row.is_of(caller) { Ok(row) } else { Err(Error::NotFound(Entity::Import)) }
}

/// How far a job's import is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Where the next row begins in the file of rows, bytes.
    pub place: u64,
    /// The keys for the rows that follow.
    pub keys: Keys,
    /// What happened to the rows so far.
    pub counts: ImportCounts,
}

/// Stores how far an import is, in the transaction of its chunk.
pub async fn advance(change: &mut Change<'_>, id: i64, progress: Progress) -> Result<()> {
    let Progress { place, keys, counts } = progress;
    let stored = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    query(
        "UPDATE import SET place = $2, next_key = $3, keys_left = $4, new = $5, changed = $6, unchanged = $7, refused = $8
         WHERE id = $1",
    )
    .bind(id)
    .bind(stored(place))
    .bind(keys.next)
    .bind(stored(keys.left))
    .bind(stored(counts.new))
    .bind(stored(counts.changed))
    .bind(stored(counts.unchanged))
    .bind(stored(counts.refused))
    .execute(change.db())
    .await
    .or_fault()?;
    Ok(())
}

/// A file that waits to be imported, for the operator who sent it; [`Entity::Import`] not found for any other operator.
pub async fn get(scope: Scope<'_>, id: i64) -> Result<Import> {
    let row = find_mine(scope.store.reader(), scope.caller, scope.app, id).await?;
    Ok(Import {
        id: row.id,
        list: row.list()?,
        format: row.format()?,
        size: decode_int(row.size)?,
        preview: row.preview()?,
        group_id: row.group_id,
        file_name: row.file_name,
        job: row.job_id,
    })
}

/// Starts the job of an import; its number. A second call returns the same job. [`Code::RowsExist`] at `mode` for
/// [`ConflictMode::Stop`] when the preview found rows that exist with other values; [`Entity::Import`] not found for any other
/// operator.
pub async fn start(scope: Scope<'_>, id: i64, mode: &str) -> Result<i64> {
    let job = in_change!(ChangeSpec::in_app(scope, Permission::Write, Action::JobStart, ""), |change| {
        start_in(change, scope.caller, scope.app, id, mode).await
    })?;
    scope.store.wake_jobs(true);
    Ok(job)
}

async fn start_in(change: &mut Change<'_>, caller: &Caller, app: AppId, id: i64, mode: &str) -> Result<i64> {
    let row = find_mine(change.db(), caller, app, id).await?;
    if let Some(job) = row.job_id {
        return Ok(job);
    }
    let mode = ConflictMode::parse(mode).map_err(|code| Error::field("mode", code))?;
    let counts = row.preview()?.counts;
    if mode == ConflictMode::Stop && counts.changed > 0 {
        return Err(Error::field("mode", Code::RowsExist { rows: counts.changed }));
    }
    let kind = JobCategory::Import(row.list()?).kind();
    let input = json!({ "import": id, "file": row.file_name, "mode": mode });
    let new = NewJob { kind, target: row.group_id, input, total: counts.rows() };
    let job = insert_job(change, app, &new, JobState::Waiting).await?;
    let at = change.at();
    query("UPDATE import SET job_id = $1, mode = $2, started_at = $3 WHERE id = $4")
        .bind(job)
        .bind(mode.as_str())
        .bind(at)
        .bind(id)
        .execute(change.db())
        .await
        .or_fault()?;
    started(change, job, &new).await?;
    Ok(job)
}

/// Drops a file that waits to be imported, for its operator. An import with a job stays. [`Entity::Import`] not found for any
/// other operator.
pub async fn discard(scope: Scope<'_>, id: i64) -> Result<()> {
    let row = find_mine(scope.store.reader(), scope.caller, scope.app, id).await?;
    let mut transaction = scope.store.write().await?;
    let dropped =
        query("DELETE FROM import WHERE id = $1 AND job_id IS NULL").bind(row.id).execute(&mut *transaction).await.or_fault()?;
    transaction.commit().await?;
    if dropped.rows_affected() > 0 {
        remove(&rows_path(scope.store, row.id));
    }
    Ok(())
}

/// What the page of a job shows of its import; `None` after that is dropped.
pub async fn of_job(scope: Scope<'_>, job: i64) -> Result<Option<JobImport>> {
    let row = match find_of_job(scope.store, scope.app, job).await {
        Ok(row) => row,
        Err(Error::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let (counts, mode) = (row.counts()?, row.mode()?);
    let there = row.is_of(scope.caller) && counts.refused > 0 && rows_path(scope.store, row.id).is_file();
    Ok(Some(JobImport { file_name: row.file_name, mode, counts, refused_rows: there }))
}

/// Deletes the rows of a job's import when the job has ended and none was refused: nothing needs them any more.
pub async fn ended(store: &Store, job: i64) -> Result<()> {
    let id: Option<i64> = query_scalar(
        "SELECT i.id FROM import i JOIN job j ON j.id = i.job_id
         WHERE i.job_id = $1 AND i.refused = 0 AND j.finished_at IS NOT NULL",
    )
    .bind(job)
    .fetch_optional(store.reader())
    .await
    .or_fault()?;
    if let Some(id) = id {
        remove(&rows_path(store, id));
    }
    Ok(())
}

/// Drops imports that were not confirmed within [`limits::IMPORT_KEPT_MS`], and those whose job ended that long ago; files and
/// rows, and files that belong to no import. How many files.
pub async fn clean(store: &Store) -> Result<u64> {
    let before = now() - limits::IMPORT_KEPT_MS;
    let mut transaction = store.write().await?;
    query(
        "DELETE FROM import WHERE (job_id IS NULL AND created_at < $1)
         OR (job_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM job j WHERE j.id = import.job_id))",
    )
    .bind(before)
    .execute(&mut *transaction)
    .await
    .or_fault()?;
    // The counts stay with the job; the rows do not.
    let needed: Vec<i64> = query_scalar(
        "SELECT i.id FROM import i LEFT JOIN job j ON j.id = i.job_id
         WHERE j.finished_at IS NULL OR (i.refused > 0 AND j.finished_at >= $1)",
    )
    .bind(before)
    .fetch_all(&mut *transaction)
    .await
    .or_fault()?;
    // Numbers are not used twice, so an import that gets its rows from here on has a higher one.
    let last = last_server_key(&mut transaction, ServerTable::Import).await?;
    transaction.commit().await?;
    // Only now: a folder may take time, and others can write meanwhile.
    let of = store.clone();
    spawn_blocking(move || sweep(&of, &needed, last)).await.map_err(fault)
}
