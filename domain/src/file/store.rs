//! SQL of shared files, and where their bytes lie: `files/ab/cdef…` in the data folder, by the SHA-256 of the content.
//!
//! A row is written in the same transaction in which its file is put in place, so there is no row without a file. A file that lost its
//! last row is taken away afterwards, again inside a transaction that has looked; what a killed process leaves is found by [`clean`].
//! The writer has one connection, so these two never meet.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use futures_util::TryStreamExt;
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::QueryBuilder;
use tokio::{fs::File, io::AsyncWriteExt};
use uuid::Uuid;

use super::{
    FileNamed, FileRow, FileSummary,
    rules::{FileName, check_size},
};
use crate::{
    Actor, Caller, Code, Error, Permission, Result, Store,
    application::AppId,
    db::{self, Change, Keyset, Placed, Recorded, Scratch, capped_count, disk_fault, number, push_like, refuse},
    error::Entity,
    event::Action,
    group::store::place,
    page::{BatchReport, CursorKey, ListParams, ListQuery, Page, SortKey, batch_ids, confirm_number},
};

/// Contents that one transaction of the sweeper looks at.
const SWEPT_AT_ONCE: u32 = 100;

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    file_id: String,
    file_name: String,
    file_size: i64,
    file_owner: String,
    created_at: i64,
    sha256: Vec<u8>,
}

impl Row {
    fn file(self) -> Result<FileRow> {
        Ok(FileRow {
            file_id: self.file_id,
            file_name: self.file_name,
            file_size: number(self.file_size)?,
            file_owner: self.file_owner,
            created_at: self.created_at,
        })
    }
}

impl Placed for Row {
    fn id(&self) -> i64 {
        self.id
    }

    fn key(&self, _: SortKey) -> CursorKey {
        CursorKey::Number(self.created_at)
    }
}

const COLUMNS: &str =
    "SELECT id, file_id, file_name, file_size, file_owner, created_at, sha256 FROM group_file WHERE group_key = ";

/// One page of a group's files, newest first. The search term is looked for in the name.
pub async fn list(store: &Store, caller: &Caller, app: AppId, group_id: &str, params: &ListParams) -> Result<Page<FileRow>> {
    caller.require_in(app, Permission::Read)?;
    let params =
        ListParams { q: params.q.clone(), size: params.size.clone(), cursor: params.cursor.clone(), ..Default::default() };
    let query = ListQuery::parse(&params, |_| Err::<(), _>(Code::NotChoice))?;
    let mut db = store.reader().acquire().await?;
    let group = place(&mut db, app, group_id).await?;
    let keyset = Keyset { key: "created_at", id: "id", sort: query.sort, size: query.size.get(), cursor: query.cursor.as_ref() };
    let filter = |start| {
        let mut sql = QueryBuilder::new(start);
        sql.push_bind(group.key);
        if !query.search.is_empty() {
            push_like(&mut sql, ["file_name", "file_owner"], &query.search);
        }
        sql
    };
    let total = capped_count(&mut db, filter("SELECT count(*) FROM (SELECT 1 FROM group_file WHERE group_key = ")).await?;
    let mut sql = filter(COLUMNS);
    keyset.push_after(&mut sql);
    keyset.push_order(&mut sql);
    let rows: Vec<Row> = sql.build_query_as().fetch_all(&mut *db).await?;
    keyset.page(rows, total, Row::file)
}

/// Files of a group from the `skip`th on, at most `limit`, newest first: as the group REST API pages them.
pub async fn api_list(
    store: &Store,
    caller: &Caller,
    app: AppId,
    group_id: &str,
    (skip, limit): (u32, u32),
) -> Result<Vec<FileRow>> {
    caller.require_in(app, Permission::Read)?;
    let mut db = store.reader().acquire().await?;
    let group = place(&mut db, app, group_id).await?;
    let mut sql = QueryBuilder::new(COLUMNS);
    sql.push_bind(group.key).push(" ORDER BY created_at DESC, id DESC LIMIT ").push_bind(limit).push(" OFFSET ").push_bind(skip);
    let rows: Vec<Row> = sql.build_query_as().fetch_all(&mut *db).await?;
    rows.into_iter().map(Row::file).collect()
}

/// One file and where its bytes lie; [`Entity::Group`] or [`Entity::File`] not found.
pub async fn find(store: &Store, caller: &Caller, app: AppId, group_id: &str, file_id: &str) -> Result<(FileRow, PathBuf)> {
    caller.require_in(app, Permission::Read)?;
    let mut db = store.reader().acquire().await?;
    let group = place(&mut db, app, group_id).await?;
    let mut sql = QueryBuilder::new(COLUMNS);
    sql.push_bind(group.key).push(" AND file_id = ").push_bind(file_id.to_owned());
    let row: Option<Row> = sql.build_query_as().fetch_optional(&mut *db).await?;
    let row = row.ok_or(Error::NotFound(Entity::File))?;
    let path = content_path(store, &row.sha256);
    Ok((row.file()?, path))
}

/// What deleting these files would take away.
pub async fn summary(store: &Store, caller: &Caller, app: AppId, group_id: &str, ids: Vec<String>) -> Result<FileSummary> {
    caller.require_in(app, Permission::Read)?;
    let ids = batch_ids("ids", ids)?;
    let mut db = store.reader().acquire().await?;
    let group = place(&mut db, app, group_id).await?;
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT f.file_id, f.file_name FROM json_each($2) AS item JOIN group_file f ON f.file_id = item.value WHERE f.group_key = $1",
    )
    .bind(group.key)
    .bind(db::json(&ids)?)
    .fetch_all(&mut *db)
    .await?;
    Ok(FileSummary { files: rows.into_iter().map(|(file_id, file_name)| FileNamed { file_id, file_name }).collect() })
}

fn folder(store: &Store) -> PathBuf {
    store.folder().join("files")
}

fn content_path(store: &Store, sha256: &[u8]) -> PathBuf {
    let hex = hex(sha256);
    let (front, rest) = hex.split_at(hex.len().min(2));
    folder(store).join(front).join(rest)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file on its way here. Dropping it leaves nothing.
#[derive(Debug)]
pub struct Upload {
    store: Store,
    caller: Caller,
    app: AppId,
    group_id: String,
    // Before the scratch: it is closed before it is removed.
    file: File,
    scratch: Scratch,
    hash: Sha256,
    size: u64,
}

impl Upload {
    /// Begins one, for whoever may write, into a group that is there. A refusal is recorded.
    pub async fn begin(store: &Store, caller: &Caller, app: AppId, group_id: &str) -> Result<Self> {
        let begun = async {
            caller.require_in(app, Permission::Write)?;
            place(&mut *store.reader().acquire().await?, app, group_id).await?;
            let scratch = Scratch::new(&folder(store))?;
            let file = File::from_std(scratch.create()?);
            Ok(Self {
                store: store.clone(),
                caller: caller.clone(),
                app,
                group_id: group_id.to_owned(),
                file,
                scratch,
                hash: Sha256::new(),
                size: 0,
            })
        };
        match begun.await {
            Ok(upload) => Ok(upload),
            Err(error) => Err(refuse(store, caller, Action::FileUpload, Some(app), group_id, error).await),
        }
    }

    /// Takes the next piece; [`Code::FileTooLarge`] at `file` beyond [`crate::limits::GROUP_FILE_BYTES`].
    pub async fn write(&mut self, piece: &[u8]) -> Result<()> {
        self.size += piece.len() as u64;
        if let Err(code) = check_size(self.size) {
            let error = Error::field("file", code);
            return Err(refuse(&self.store, &self.caller, Action::FileUpload, Some(self.app), &self.group_id, error).await);
        }
        self.hash.update(piece);
        self.file.write_all(piece).await.map_err(disk_fault)
    }

    /// Shares it under that name.
    pub async fn finish(self, file_name: &str) -> Result<FileRow> {
        let Self { store, caller, app, group_id, mut file, scratch, hash, size } = self;
        // Before the transaction: the disk takes its time, and other writers wait for it.
        file.flush().await.map_err(disk_fault)?;
        file.sync_all().await.map_err(disk_fault)?;
        drop(file);
        let mut change = Change::begin(&store, &caller, Permission::Write, Action::FileUpload, Some(app), &group_id).await?;
        let result = async {
            let name = FileName::parse(file_name).map_err(|code| Error::field("file", code))?;
            let group = place(change.db(), app, &group_id).await?;
            let sha256: [u8; 32] = hash.finalize().into();
            put(scratch, &content_path(&store, &sha256))?;
            let file_owner = match &caller.actor {
                Actor::Account { username, .. } => username.clone(),
                _ => String::new(),
            };
            let row = FileRow {
                file_id: Uuid::new_v4().to_string(),
                file_name: name.into_string(),
                file_size: size,
                file_owner,
                created_at: change.at(),
            };
            sqlx::query(
                "INSERT INTO group_file (group_key, file_id, file_name, file_size, sha256, file_owner, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(group.key)
            .bind(&row.file_id)
            .bind(&row.file_name)
            .bind(i64::try_from(size).unwrap_or(i64::MAX))
            .bind(&sha256[..])
            .bind(&row.file_owner)
            .bind(row.created_at)
            .execute(change.db())
            .await?;
            let after = json!({ "file_id": row.file_id, "file_name": row.file_name, "file_size": row.file_size });
            change.event(&group_id, None, Some(after)).await?;
            Ok(row)
        };
        let result = result.await;
        change.finish(result).await
    }
}

/// Puts a finished file in its place, on the disk for good. The same content may lie there already.
fn put(scratch: Scratch, path: &Path) -> Result<()> {
    let folder = path.parent().ok_or_else(|| disk_fault("a content without a folder"))?;
    db::make_folder(folder).map_err(disk_fault)?;
    if !path.exists() {
        scratch.becomes(path)?;
        // The name too must outlive a power cut, not only the bytes.
        fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(disk_fault)?;
    }
    Ok(())
}

/// Takes files away from a group; ids of none are told as gone.
pub async fn delete(
    store: &Store,
    caller: &Caller,
    app: AppId,
    group_id: &str,
    ids: Vec<String>,
    confirm: &str,
) -> Result<BatchReport> {
    let mut change = Change::begin(store, caller, Permission::Write, Action::FileDelete, Some(app), group_id).await?;
    let result = async {
        let ids = batch_ids("ids", ids)?;
        confirm_number(ids.len() as u64, confirm)?;
        let group = place(change.db(), app, group_id).await?;
        let deleted: Vec<(String, String)> = sqlx::query_as(
            "DELETE FROM group_file WHERE group_key = $1 AND file_id IN (SELECT value FROM json_each($2))
             RETURNING file_id, file_name",
        )
        .bind(group.key)
        .bind(db::json(&ids)?)
        .fetch_all(change.db())
        .await?;
        let gone: Vec<String> = ids.into_iter().filter(|id| !deleted.iter().any(|(deleted, _)| deleted == id)).collect();
        let event = |(file_id, file_name): &(String, String)| {
            let before = Some(json!({ "file_id": file_id, "file_name": file_name }));
            Recorded { target: group_id.to_owned(), before, ..Recorded::default() }
        };
        change.events(deleted.iter().map(event).collect()).await?;
        Ok(BatchReport { done: deleted.len() as u64, refused: Vec::new(), gone })
    };
    let result = result.await;
    change.finish(result).await
}

/// The ids of files whose content is not there as it should be; at most 20.
pub(crate) async fn missing(store: &Store) -> Result<Vec<String>> {
    let mut rows = sqlx::query_as("SELECT file_id, sha256, file_size FROM group_file ORDER BY id").fetch(store.reader());
    let mut missing = Vec::new();
    while let Some((file_id, sha256, size)) = rows.try_next().await? {
        let (file_id, sha256, size): (String, Vec<u8>, i64) = (file_id, sha256, size);
        let there = fs::metadata(content_path(store, &sha256)).is_ok_and(|about| i64::try_from(about.len()) == Ok(size));
        if !there && missing.len() < 20 {
            missing.push(file_id);
        }
    }
    Ok(missing)
}

/// Takes contents that nobody shares any more off the disk, whenever rows have gone. Runs until it is dropped.
pub async fn sweep_always(store: Store) {
    loop {
        store.files_gone().await;
        if let Err(error) = sweep(&store).await {
            tracing::warn!(%error, "shared files without a group could not be removed; the next clean-up tries again");
        }
    }
}

/// The same once; how many files went.
pub async fn sweep(store: &Store) -> Result<u64> {
    let mut removed = 0;
    loop {
        let waiting: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM file_garbage)").fetch_one(store.reader()).await?;
        if !waiting {
            return Ok(removed);
        }
        let mut transaction = store.write().await?;
        let contents: Vec<(Vec<u8>, bool)> = sqlx::query_as(
            "DELETE FROM file_garbage WHERE sha256 IN (SELECT sha256 FROM file_garbage LIMIT $1)
             RETURNING sha256, EXISTS (SELECT 1 FROM group_file f WHERE f.sha256 = file_garbage.sha256)",
        )
        .bind(SWEPT_AT_ONCE)
        .fetch_all(&mut *transaction)
        .await?;
        for (sha256, _) in contents.iter().filter(|(_, shared)| !shared) {
            removed += u64::from(remove(&content_path(store, sha256))?);
        }
        transaction.commit().await?;
    }
}

fn remove(path: &Path) -> Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(disk_fault(error)),
    }
}

/// Removes what a process before this one left: unfinished uploads, and contents that no row tells of. How many files.
pub async fn clean(store: &Store) -> Result<u64> {
    let mut removed = sweep(store).await?;
    let entries = match fs::read_dir(folder(store)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(removed),
        Err(error) => return Err(disk_fault(error)),
    };
    for entry in entries {
        let entry = entry.map_err(disk_fault)?;
        if entry.file_type().map_err(disk_fault)?.is_dir() {
            removed += clean_folder(store, &entry.path()).await?;
        } else if Scratch::is_left_behind(&entry.file_name().to_string_lossy()) {
            removed += u64::from(remove(&entry.path())?);
        }
    }
    Ok(removed)
}

/// One of the folders that the contents lie in, by the first two digits of their hash.
async fn clean_folder(store: &Store, folder: &Path) -> Result<u64> {
    let front = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let names = |entry: io::Result<fs::DirEntry>| Ok(format!("{front}{}", entry?.file_name().to_string_lossy()));
    // Inside a transaction: nobody puts a content in place meanwhile.
    let mut transaction = store.write().await?;
    let there: Vec<String> = fs::read_dir(folder).and_then(|entries| entries.map(names).collect()).map_err(disk_fault)?;
    let stray: Vec<String> = sqlx::query_scalar(
        "SELECT item.value FROM json_each($1) AS item
         WHERE NOT EXISTS (SELECT 1 FROM group_file f WHERE f.sha256 = unhex(item.value))",
    )
    .bind(db::json(&there)?)
    .fetch_all(&mut *transaction)
    .await?;
    let mut removed = 0;
    for name in &stray {
        removed += u64::from(remove(&folder.join(&name[front.len()..]))?);
    }
    transaction.commit().await?;
    Ok(removed)
}
