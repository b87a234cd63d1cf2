//! SQL of shared files, and where their bytes are stored: `files/ab/cdef…` in the data folder, by the SHA-256 of the content.
//!
//! A row is written in the same transaction in which its file is put in place (`upload`), so there is no row without a file. A
//! file that lost its last row is removed later, inside a transaction that reads only what is committed; what a killed process
//! has left is found by [`clean`] (`sweep`). The writer has one connection, so these two never run at the same time. A content
//! that this database never knew is never removed (`aside`).

pub mod aside;
mod found;
pub mod quota;
mod sweep;
mod upload;

use std::path::{Path, PathBuf};

use serde_json::json;

pub use self::{
    sweep::{Cleaned, clean, sweep, sweep_always},
    upload::Upload,
};
use domain::{
    Actor, Caller, Code, Error, Permission, Result,
    application::AppId,
    error::Entity,
    event::Action,
    file::{FileRef, FileRow, FileSummary},
    member::MemberRole,
    page::{BatchReport, CursorKey, ListParams, ListQuery, Page, SortKey, batch_ids, confirm_number},
};

use crate::{
    Scope, Store,
    change::{ChangeSpec, NewEvent},
    db::{self, Builder, Conn, Keyset, KeysetRow, OrFault, capped_count, decode_int, push_like, query_as, query_scalar, sql},
    group::{GroupRef, authorize_read, group_ref, role_in},
    in_change,
};
pub use aside::sha256_of;
pub use found::wrong;

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
            file_size: decode_int(self.file_size)?,
            file_owner: self.file_owner,
            created_at: self.created_at,
        })
    }
}

impl KeysetRow for Row {
    fn id(&self) -> i64 {
        self.id
    }

    fn key(&self, _: SortKey) -> CursorKey {
        CursorKey::Number(self.created_at)
    }
}

const COLUMNS: &str =
    "SELECT id, file_id, file_name, file_size, file_owner, created_at, sha256 FROM group_file WHERE group_key = ";

/// One page of a group's files, newest first. The search term is looked for in the file's name and its owner's. [`Entity::Group`]
/// not found.
pub async fn list(scope: Scope<'_>, group_id: &str, params: &ListParams) -> Result<Page<FileRow>> {
    let Scope { store, caller, app } = scope;
    caller.require_in(app, Permission::Read)?;
    let params =
        ListParams { q: params.q.clone(), size: params.size.clone(), cursor: params.cursor.clone(), ..Default::default() };
    let query = ListQuery::parse(&params, |_| Err::<(), _>(Code::NotChoice))?;
    let mut db = store.read().await?;
    let group = group_ref(&mut db, app, group_id).await?;
    let keyset = Keyset { key: "created_at", id: "id", sort: query.sort, size: query.size.get(), cursor: query.cursor.as_ref() };
    let filter = |start| {
        let mut sql = Builder::new(start);
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
    let rows: Vec<Row> = sql.build_query_as().fetch_all(&mut db).await.or_fault()?;
    keyset.page(rows, total, Row::file)
}

/// Files of a group, at most `limit` after the first `skip`, newest first: as the group REST API pages them. [`Entity::Group`]
/// not found.
pub async fn api_list(scope: Scope<'_>, group_id: &str, (skip, limit): (u32, u32)) -> Result<Vec<FileRow>> {
    let mut db = scope.store.read().await?;
    let group = authorize_read(&mut db, scope.caller, scope.app, group_id).await?;
    let mut sql = Builder::new(COLUMNS);
    sql.push_bind(group.key).push(" ORDER BY created_at DESC, id DESC LIMIT ").push_bind(limit).push(" OFFSET ").push_bind(skip);
    let rows: Vec<Row> = sql.build_query_as().fetch_all(&mut db).await.or_fault()?;
    rows.into_iter().map(Row::file).collect()
}

/// One file and the path of its content; [`Entity::Group`] or [`Entity::File`] not found.
pub async fn find(scope: Scope<'_>, group_id: &str, file_id: &str) -> Result<(FileRow, PathBuf)> {
    let mut db = scope.store.read().await?;
    let group = authorize_read(&mut db, scope.caller, scope.app, group_id).await?;
    let mut sql = Builder::new(COLUMNS);
    sql.push_bind(group.key).push(" AND file_id = ").push_bind(file_id.to_owned());
    let row: Option<Row> = sql.build_query_as().fetch_optional(&mut db).await.or_fault()?;
    let row = row.ok_or(Error::NotFound(Entity::File))?;
    let path = content_path(scope.store, &row.sha256);
    Ok((row.file()?, path))
}

/// What deleting these files would remove; [`Entity::Group`] not found.
pub async fn summary(scope: Scope<'_>, group_id: &str, ids: Vec<String>) -> Result<FileSummary> {
    scope.require(Permission::Read)?;
    let ids = batch_ids("ids", ids)?;
    let mut db = scope.store.read().await?;
    let group = group_ref(&mut db, scope.app, group_id).await?;
    let rows: Vec<(String, String)> = query_as(sql!(
        "SELECT f.file_id, f.file_name FROM @items($2) JOIN group_file f ON f.file_id = item.value WHERE f.group_key = $1"
    ))
    .bind(group.key)
    .bind(db::json(&ids)?)
    .fetch_all(&mut db)
    .await
    .or_fault()?;
    Ok(FileSummary { files: rows.into_iter().map(|(file_id, file_name)| FileRef { file_id, file_name }).collect() })
}

fn folder(store: &Store) -> PathBuf {
    store.folder().join("files")
}

fn content_path(store: &Store, sha256: &[u8]) -> PathBuf {
    content_in(&folder(store), sha256)
}

/// The path of a content in a folder of contents.
pub fn content_in(files: &Path, sha256: &[u8]) -> PathBuf {
    let hex = hex(sha256);
    let (front, rest) = hex.split_at(hex.len().min(2));
    files.join(front).join(rest)
}

/// The places of a content in the data folder: its own, set aside, and its own again, because serving may move it there
/// meanwhile.
pub fn places(data: &Path, sha256: &[u8]) -> [PathBuf; 3] {
    let files = data.join("files");
    let place = content_in(&files, sha256);
    [place.clone(), files.join("aside").join(hex(sha256)), place]
}

/// Bytes as lower-case hexadecimal digits, two for each.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
/// Deletes files of a group; ids of no file are reported as missing. With a token of its own, a member deletes files that it has
/// shared, and owner and admins delete any ([`Error::Forbidden`] otherwise). `confirm` is the number of files as typed, needed
/// above [`limits::BATCH_TYPED_ABOVE`](domain::limits::BATCH_TYPED_ABOVE).
pub async fn delete(scope: Scope<'_>, group_id: &str, ids: Vec<String>, confirm: &str) -> Result<BatchReport> {
    let Scope { store, caller, app } = scope;
    in_change!(ChangeSpec::without_permission(store, caller, Action::FileDelete, Some(app), group_id), |change| {
        let caller = change.caller().clone();
        let group = may_share(change.db(), &caller, app, group_id).await?;
        let ids = batch_ids("ids", ids.clone())?;
        confirm_number(ids.len() as u64, confirm)?;
        require_own(change.db(), &caller, &group, &ids).await?;
        let deleted: Vec<(String, String, i64)> = query_as(sql!(
            "INSERT INTO file_garbage (sha256)
             SELECT DISTINCT sha256 FROM group_file WHERE group_key = $1 AND file_id IN @texts($2)
             ON CONFLICT DO NOTHING;
             DELETE FROM group_file WHERE group_key = $1 AND file_id IN @texts($2)
             RETURNING file_id, file_name, file_size"
        ))
        .bind(group.key)
        .bind(db::json(&ids)?)
        .fetch_all(change.db())
        .await
        .or_fault()?;
        let gone: Vec<String> = ids.into_iter().filter(|id| !deleted.iter().any(|(deleted, ..)| deleted == id)).collect();
        let event = |(file_id, file_name, _): &(String, String, i64)| {
            let before = Some(json!({ "file_id": file_id, "file_name": file_name }));
            NewEvent { target: group_id.to_owned(), before, ..NewEvent::default() }
        };
        change.events(deleted.iter().map(event).collect()).await?;
        let bytes: i64 = deleted.iter().map(|(.., bytes)| bytes).sum();
        quota::count(change.db(), app, group.key, -bytes).await?;
        Ok(BatchReport { done: deleted.len() as u64, refused: Vec::new(), gone })
    })
}

/// The group, for callers who may share a file in it.
async fn may_share(db: &mut Conn, caller: &Caller, app: AppId, group_id: &str) -> Result<GroupRef> {
    caller.account_or(app, Permission::Write)?;
    authorize_read(db, caller, app, group_id).await
}

/// [`Error::Forbidden`] for an ordinary member that names a file that another account has shared.
async fn require_own(db: &mut Conn, caller: &Caller, group: &GroupRef, ids: &[String]) -> Result<()> {
    let Actor::Account { id, username, .. } = &caller.actor else { return Ok(()) };
    if role_in(&mut *db, group.key, *id).await? != Some(MemberRole::Member) {
        return Ok(());
    }
    let foreign: bool = query_scalar(sql!(
        "SELECT EXISTS (SELECT 1 FROM @items($2) @join group_file f ON f.file_id = item.value
                        WHERE f.group_key = $1 AND f.file_owner <> $3)"
    ))
    .bind(group.key)
    .bind(db::json(ids)?)
    .bind(username)
    .fetch_one(db)
    .await
    .or_fault()?;
    if foreign { Err(Error::Forbidden) } else { Ok(()) }
}

/// Whether both are names of one file.
#[cfg(unix)]
fn is_same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |path: &Path| std::fs::symlink_metadata(path).map(|about| (about.dev(), about.ino())).ok();
    id(one).is_some_and(|id_of_one| Some(id_of_one) == id(other))
}

#[cfg(not(unix))]
fn is_same_file(_one: &Path, _other: &Path) -> bool {
    false
}
