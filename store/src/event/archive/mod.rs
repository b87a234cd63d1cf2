//! How long the log is kept, and the archives for its older part: files of JSON Lines in the folder `archive` of the data folder,
//! which stay there until an owner deletes them on purpose (`delete`).
//!
//! An event leaves the log only when it is in an archive that was read back from the disk and found complete (`file`). The entry
//! of the archive, its event and the first piece of the deletion are one transaction; the other pieces follow, each short. After
//! a kill the next start continues: a file without an entry is written again; rows that are covered by an entry and still exist
//! are deleted after the file has been read again. A trigger protects the log against everything else: only rows that an entered
//! archive covers can be deleted.
//!
//! One process archives at a time (`alone`): two would write the same events, and each would take the other's unfinished file for
//! a leftover.
//!
//! Lists, pages of groups and accounts and exports read the log, so they lose what is archived. The charts and figures of the
//! overview do not: they are drawn from separate counts.

mod delete;
mod file;

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use serde_json::json;

pub use self::delete::delete;
use domain::{
    Caller, Code, Error, Permission, Result,
    error::Entity,
    event::{Action, Archive, BlockingEvent, Retention, rules::is_archive_name},
    limits,
};

use self::file::{Content, read_back, write};
use crate::{
    Store,
    change::{self, Change, ChangeSpec, delete_events},
    db::{
        self, Conn, ContentRemoveLock, Next, OrFault, Pacer, ServerTable, decode_int, disk_fault, make_folder, query, query_as,
        query_scalar, sql,
    },
    in_change,
};

/// How often a process that waits for another one checks whether it has ended.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// The name of the folder in the data folder.
const FOLDER: &str = "archive";
/// The name of the setting; its value is a number of days.
const KEPT_DAYS: &str = "events_kept_days";

/// The columns of [`Row`], and the rest of the statement.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT file_name, first_id, last_id, first_at, last_at, events, bytes, sha256, archived_at, archived_by FROM event_archive ",
            $rest
        )
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    file_name: String,
    first_id: i64,
    last_id: i64,
    first_at: i64,
    last_at: i64,
    events: i64,
    bytes: i64,
    sha256: Vec<u8>,
    archived_at: i64,
    archived_by: String,
}

impl Row {
    fn archive(self) -> Result<Archive> {
        Ok(Archive {
            file_name: self.file_name,
            first_id: self.first_id,
            last_id: self.last_id,
            first_at: self.first_at,
            last_at: self.last_at,
            events: decode_int(self.events)?,
            bytes: decode_int(self.bytes)?,
            sha256: self.sha256.iter().map(|byte| format!("{byte:02x}")).collect(),
            archived_at: self.archived_at,
            archived_by: self.archived_by,
        })
    }
}

fn folder(store: &Store) -> PathBuf {
    store.folder().join(FOLDER)
}

/// How long the log is kept, and its archives; owners only.
pub async fn retention(store: &Store, caller: &Caller) -> Result<Retention> {
    retention_at(store, caller, db::now()).await
}

/// The same as of `now`, milliseconds since 1970.
pub async fn retention_at(store: &Store, caller: &Caller, now: i64) -> Result<Retention> {
    caller.require(Permission::Operators)?;
    let mut db = store.read().await?;
    let kept_days = kept_days(&mut db).await?;
    let rows: Vec<Row> = query_as(select!("WHERE deleted_at IS NULL ORDER BY id DESC")).fetch_all(&mut db).await.or_fault()?;
    let archives = rows.into_iter().map(Row::archive).collect::<Result<_>>()?;
    let held_back = match kept_days {
        0 => None,
        days => held_back(&mut db, week_before(days, now), now).await?,
    };
    Ok(Retention { kept_days, archives, held_back })
}

/// Sets for how many days the log is kept: [`limits::EVENTS_KEPT_DAYS`], or [`Code::NotChoice`] at `kept_days`. Owners only.
pub async fn set_retention(store: &Store, caller: &Caller, days: &str) -> Result<()> {
    in_change!(ChangeSpec::of_server(store, caller, Permission::Operators, Action::EventRetention, ""), |change| {
        set_retention_in(change, days).await
    })?;
    store.wake_archiver();
    Ok(())
}

async fn set_retention_in(change: &mut Change<'_>, days: &str) -> Result<()> {
    let days = days.parse().ok().filter(|days| limits::EVENTS_KEPT_DAYS.contains(days));
    let days = days.ok_or_else(|| Error::field("kept_days", Code::NotChoice))?;
    let before = kept_days(change.db()).await?;
    if before == days {
        return Ok(());
    }
    query("INSERT INTO server_setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        .bind(KEPT_DAYS)
        .bind(days.to_string())
        .execute(change.db())
        .await
        .or_fault()?;
    change.event("", Some(json!({ "kept_days": before })), Some(json!({ "kept_days": days }))).await
}

async fn kept_days(db: &mut Conn) -> Result<u32> {
    let value: Option<String> =
        query_scalar("SELECT value FROM server_setting WHERE name = $1").bind(KEPT_DAYS).fetch_optional(db).await.or_fault()?;
    Ok(value.and_then(|days| days.parse().ok()).unwrap_or(0))
}

/// One archive and the path of its file, for owners; [`Entity::Archive`] not found.
pub async fn find(store: &Store, caller: &Caller, file_name: &str) -> Result<(Archive, PathBuf)> {
    caller.require(Permission::Operators)?;
    let row = there(&mut store.read().await?, file_name).await?;
    let path = path_in(&folder(store), &row.file_name)?;
    Ok((row.archive()?, path))
}

/// The path of an archive's file. A restored database may have been written by others: no name may lead out of the folder.
fn path_in(folder: &Path, file_name: &str) -> Result<PathBuf> {
    match is_archive_name(file_name) {
        true => Ok(folder.join(file_name)),
        false => Err(Error::Internal(format!("{file_name:?} is no name of an archive"))),
    }
}

/// The row of an archive that was not deleted.
async fn there(db: &mut Conn, file_name: &str) -> Result<Row> {
    let row: Option<Row> =
        query_as(select!("WHERE file_name = $1 AND deleted_at IS NULL")).bind(file_name).fetch_optional(db).await.or_fault()?;
    row.ok_or(Error::NotFound(Entity::Archive))
}

/// Archives what is older than the setting says: at the start, after changes of the setting, after each [`wake`]. Runs until
/// dropped.
pub async fn run_always(store: Store) {
    loop {
        match keep(&store, db::now()).await {
            Ok(archives) => tracing::debug!(archives = archives.len(), "archived old events"),
            Err(error) => tracing::error!(%error, "old events could not be archived; trying again within an hour"),
        }
        store.wait_for_archiving().await;
    }
}

/// Wakes [`run_always`]: time has passed, and events may be old enough. For a timer.
pub fn wake(store: &Store) {
    store.wake_archiver();
}

/// Archives once, as of `now`, milliseconds since 1970; the new archives. By whole weeks, so that there are few small files.
pub async fn keep(store: &Store, now: i64) -> Result<Vec<Archive>> {
    let days = kept_days(&mut store.read().await?).await?;
    if days == 0 && !folder(store).exists() {
        finish(store).await?;
        return Ok(vec![]);
    }
    let _alone = alone(store).await?;
    if let Err(error) = delete::remove_files(store).await {
        tracing::error!(%error, "files of deleted archives could not be removed; trying again within an hour");
    }
    file::clean(store).await?;
    finish(store).await?;
    if days == 0 {
        return Ok(vec![]);
    }
    archive_alone(store, &Caller::system(), week_before(days, now)).await
}

/// The beginning of the week before which events are archived.
fn week_before(kept_days: u32, now: i64) -> i64 {
    let oldest = now.saturating_sub(i64::from(kept_days) * limits::DAY_MS);
    oldest.div_euclid(limits::ARCHIVED_EVERY_MS) * limits::ARCHIVED_EVERY_MS
}

/// The event that stays although later ones are older than `before`; see [`mod@file`].
async fn held_back(db: &mut Conn, before: i64, now: i64) -> Result<Option<BlockingEvent>> {
    let horizon: i64 =
        query_scalar("SELECT coalesce(max(last_id), 0) FROM event_archive").fetch_one(&mut *db).await.or_fault()?;
    let Some((id, at)) = file::first_that_stays(&mut *db, horizon, before, now).await? else { return Ok(None) };
    // Along the index over times, app by app: few events are older than `before`.
    let older: bool = query_scalar(sql!(
        "SELECT EXISTS (SELECT 1 FROM (SELECT 0 AS app_id UNION ALL SELECT id FROM application) AS branch
                        @join event AS e ON e.app_id = branch.app_id WHERE e.at < $1 AND e.id > $2)"
    ))
    // An event that waited in memory is dated earlier than its neighbours, and is no sign of a wrong clock.
    .bind(before - limits::HOUR_MS)
    .bind(id)
    .fetch_one(db)
    .await
    .or_fault()?;
    Ok(older.then_some(BlockingEvent { id, at }))
}

/// Waits until no other process archives.
async fn alone(store: &Store) -> Result<ContentRemoveLock> {
    make_folder(&folder(store)).map_err(disk_fault)?;
    loop {
        if let Some(alone) = ContentRemoveLock::begin(&folder(store))? {
            return Ok(alone);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Writes the events before that time, milliseconds since 1970, into archives of at most [`limits::ARCHIVE_EVENTS`] events, and
/// deletes them from the log. Events leave in the order in which they were written: an event that a wrong clock has dated later
/// holds back those after it, unless it is dated in the future, see `file`; [`Retention::held_back`] names it. Owners only.
pub async fn archive_before(store: &Store, caller: &Caller, before: i64) -> Result<Vec<Archive>> {
    if let Err(error) = caller.require(Permission::Operators) {
        return Err(change::refuse(store, caller, Action::EventArchive, None, "", error).await);
    }
    let _alone = alone(store).await?;
    archive_alone(store, caller, before).await
}

async fn archive_alone(store: &Store, caller: &Caller, before: i64) -> Result<Vec<Archive>> {
    finish(store).await?;
    let mut made = Vec::new();
    while let Some((file_name, content)) = write(store, &folder(store), horizon(store).await?, before).await? {
        if !is_whole(store, &file_name, &content).await? {
            return Err(Error::Internal(format!("the archive {file_name} does not hold what was written into it")));
        }
        made.push(enter(store, caller, &file_name, &content).await?);
        clear(store).await?;
    }
    Ok(made)
}

/// The last number of the events that are in archives.
async fn horizon(store: &Store) -> Result<i64> {
    query_scalar("SELECT coalesce(max(last_id), 0) FROM event_archive").fetch_one(store.reader()).await.or_fault()
}

/// Whether the file, read back from the disk, contains exactly the events of its range.
async fn is_whole(store: &Store, file_name: &str, content: &Content) -> Result<bool> {
    let (found, ids) = read_back(folder(store).join(file_name)).await?;
    let there: Vec<i64> = query_scalar("SELECT id FROM event WHERE id BETWEEN $1 AND $2 ORDER BY id")
        .bind(content.first_id)
        .bind(content.last_id)
        .fetch_all(store.reader())
        .await
        .or_fault()?;
    Ok(found == (content.sha256, content.bytes) && ids == there && ids.len() as u64 == content.events)
}

/// Enters an archive that was found complete, and begins to delete its events from the log.
async fn enter(store: &Store, caller: &Caller, file_name: &str, content: &Content) -> Result<Archive> {
    in_change!(ChangeSpec::of_server(store, caller, Permission::Operators, Action::EventArchive, file_name), |change| {
        enter_in(change, file_name, content).await
    })
}

async fn enter_in(change: &mut Change<'_>, file_name: &str, content: &Content) -> Result<Archive> {
    let row = Row {
        file_name: file_name.to_owned(),
        first_id: content.first_id,
        last_id: content.last_id,
        first_at: content.first_at,
        last_at: content.last_at,
        events: i64::try_from(content.events).unwrap_or(i64::MAX),
        bytes: i64::try_from(content.bytes).unwrap_or(i64::MAX),
        sha256: content.sha256.to_vec(),
        archived_at: change.at(),
        archived_by: change.caller().actor.operator().map_or_else(String::new, |(_, name)| name.to_owned()),
    };
    // Before the archive is entered: the log must have a later event, so that numbers are never used twice.
    let after = json!({ "events": row.events, "first_id": row.first_id, "last_id": row.last_id, "bytes": row.bytes });
    change.event(file_name, None, Some(after)).await?;
    let key = change.server_key(ServerTable::Archive).await?;
    query(
        "INSERT INTO event_archive
             (id, file_name, first_id, last_id, first_at, last_at, events, bytes, sha256, archived_at, archived_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(key)
    .bind(&row.file_name)
    .bind(row.first_id)
    .bind(row.last_id)
    .bind(row.first_at)
    .bind(row.last_at)
    .bind(row.events)
    .bind(row.bytes)
    .bind(&row.sha256)
    .bind(row.archived_at)
    .bind(&row.archived_by)
    .execute(change.db())
    .await
    .or_fault()?;
    clear_some(change.db(), Pacer::default().rows()).await?;
    row.archive()
}

/// Finishes a deletion that a process was stopped in, after reading the files again; [`Error::Internal`] for a damaged file.
pub async fn finish(store: &Store) -> Result<()> {
    let first: Option<i64> = query_scalar("SELECT min(id) FROM event").fetch_one(store.reader()).await.or_fault()?;
    let rows: Vec<Row> = query_as(select!("WHERE last_id >= $1 ORDER BY id"))
        .bind(first.unwrap_or(i64::MAX))
        .fetch_all(store.reader())
        .await
        .or_fault()?;
    if rows.is_empty() {
        return Ok(());
    }
    for row in rows {
        if let Some(fault) = fault(store.folder(), &row).await? {
            return Err(Error::Internal(format!("events stay in the log although they are archived: {fault}")));
        }
    }
    clear(store).await
}

/// Deletes the events that are in archives, in short pieces.
async fn clear(store: &Store) -> Result<()> {
    // `roster audit archive` does this beside a server, whose writers are not seen here.
    let mut pacer = Pacer::always_short();
    loop {
        let mut transaction = store.write().await?;
        let began = pacer.begin(store);
        let (is_over, next) = loop {
            let (step, rows) = (Instant::now(), pacer.rows());
            let gone = clear_some(&mut transaction, rows).await?;
            let is_over = gone < rows as u64;
            match pacer.after((step, gone), began, !is_over, store) {
                Next::Step => {}
                next @ (Next::Commit | Next::RollBack) => break (is_over, next),
            }
        };
        if next == Next::RollBack {
            transaction.rollback().await?;
            continue;
        }
        transaction.commit().await?;
        if is_over {
            return Ok(());
        }
    }
}

async fn clear_some(db: &mut Conn, rows: usize) -> Result<u64> {
    let (events, last): (i64, Option<i64>) = query_as(
        "SELECT count(*), max(id) FROM
         (SELECT id FROM event WHERE id <= (SELECT max(last_id) FROM event_archive) ORDER BY id LIMIT $1) AS first",
    )
    .bind(i64::try_from(rows).unwrap_or(i64::MAX))
    .fetch_one(&mut *db)
    .await
    .or_fault()?;
    if let Some(last) = last {
        delete_events(db, last, events).await?;
    }
    decode_int(events)
}

/// What is wrong with archives, a sentence each: missing, or not as entered. `data`: the data folder.
pub async fn faults(db: &mut Conn, data: &Path) -> Result<Vec<String>> {
    let rows: Vec<Row> = query_as(select!("WHERE deleted_at IS NULL ORDER BY id")).fetch_all(db).await.or_fault()?;
    let mut faults = Vec::new();
    for row in rows {
        faults.extend(fault(data, &row).await?);
    }
    Ok(faults)
}

async fn fault(data: &Path, row: &Row) -> Result<Option<String>> {
    let path = path_in(&data.join(FOLDER), &row.file_name)?;
    if !path.exists() {
        return Ok(Some(format!("an archive of the audit log is not in the folder archive: {}", row.file_name)));
    }
    let (found, ids) = read_back(path).await?;
    let same = found.0[..] == row.sha256[..] && i64::try_from(ids.len()) == Ok(row.events);
    Ok((!same).then(|| format!("an archive of the audit log is not as it was written: {}", row.file_name)))
}
