//! What is changed in the copy of a database before it becomes a backup. Whatever is restored from it, by `roster restore` or by
//! hand, must not continue by itself: jobs that were open are ended, and rows about files that the backup does not have are
//! removed. Works on older schemas too.

use std::path::Path;

use domain::{backup::CUT_OFF, event::Action, limits::DAY_MS};
use serde_json::json;
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use super::BackupError;
use crate::db::{FILE, json as as_json};

/// Opens the copy in the folder of a backup, which nobody else uses.
pub(super) async fn open(backup: &Path) -> Result<SqliteConnection, BackupError> {
    let options = SqliteConnectOptions::new()
        .filename(backup.join(FILE))
        .foreign_keys(true)
        .disable_statement_logging()
        // It is discarded when anything fails, and synced when nothing does.
        .pragma("journal_mode", "MEMORY")
        .pragma("synchronous", "OFF")
        .pragma("trusted_schema", "OFF")
        .pragma("temp_store", "MEMORY");
    Ok(SqliteConnection::connect_with(&options).await?)
}

pub(super) async fn has_table(db: &mut SqliteConnection, name: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = $1)")
        .bind(name)
        .fetch_one(db)
        .await
}

/// Ends the jobs that were open at the time `at`, with an event for each; answers how many.
pub(super) async fn end_jobs(db: &mut SqliteConnection, at: i64) -> Result<u64, BackupError> {
    if !has_table(db, "job").await? {
        return Ok(0);
    }
    let counts_days = has_table(db, "event_day").await?;
    let names_targets: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pragma_table_info('event') WHERE name = 'target_name')")
            .fetch_one(&mut *db)
            .await?;
    let mut transaction = db.begin().await?;
    let open: Vec<(i64, i64, String, String)> = sqlx::query_as(
        "UPDATE job SET state = 'cancelled', cancelling = 1, error = $1, finished_at = $2
         WHERE state IN ('preparing', 'waiting', 'running') RETURNING id, app_id, kind, target",
    )
    .bind(CUT_OFF)
    .bind(at)
    .fetch_all(&mut *transaction)
    .await?;
    let item = |(id, app, kind, target): &(i64, i64, String, String)| json!({ "app": app, "target": target, "after": { "job": id, "kind": kind, "reason": CUT_OFF } });
    let items = as_json(&open.iter().map(item).collect::<Vec<_>>())?;
    let insert = if names_targets {
        "INSERT INTO event (at, app_id, actor, action, outcome, target, state_after, target_name)
         SELECT $1, item.value ->> 'app', 'system', $2, 'done', item.value ->> 'target', item.value -> 'after',
             coalesce((SELECT name FROM \"group\" AS g WHERE g.app_id = item.value ->> 'app' AND g.group_id = item.value ->> 'target'), '')
         FROM json_each($3) AS item"
    } else {
        "INSERT INTO event (at, app_id, actor, action, outcome, target, state_after)
         SELECT $1, item.value ->> 'app', 'system', $2, 'done', item.value ->> 'target', item.value -> 'after'
         FROM json_each($3) AS item"
    };
    sqlx::query(insert).bind(at).bind(Action::JobCancel.as_str()).bind(&items).execute(&mut *transaction).await?;
    if counts_days {
        sqlx::query(
            "INSERT INTO event_day (app_id, day, action, done)
             SELECT item.value ->> 'app', $1, $2, count(*) FROM json_each($3) AS item WHERE true GROUP BY 1
             ON CONFLICT (app_id, day, action) DO UPDATE SET done = event_day.done + excluded.done",
        )
        .bind(at / DAY_MS)
        .bind(Action::JobCancel.as_str())
        .bind(&items)
        .execute(&mut *transaction)
        .await?;
    }
    transaction.commit().await?;
    Ok(open.len() as u64)
}

/// Removes the rows about files that are no part of a backup: exports, and contents waiting for removal from the disk.
pub(super) async fn forget_files(db: &mut SqliteConnection) -> Result<(), BackupError> {
    for (table, sql) in [("export", "DELETE FROM export"), ("file_garbage", "DELETE FROM file_garbage")] {
        if has_table(db, table).await? {
            sqlx::query(sql).execute(&mut *db).await?;
        }
    }
    Ok(())
}

/// The imports whose rows somebody may still need: those that wait, and those with refused rows. One that was running is ended,
/// and nobody continues it.
pub(super) async fn imports(db: &mut SqliteConnection) -> Result<Vec<i64>, BackupError> {
    if !has_table(db, "import").await? {
        return Ok(vec![]);
    }
    Ok(sqlx::query_scalar("SELECT id FROM import WHERE job_id IS NULL OR refused > 0 ORDER BY id").fetch_all(db).await?)
}

/// The archives of the audit log: name, SHA-256, bytes.
pub(super) async fn archives(db: &mut SqliteConnection) -> Result<Vec<(String, [u8; 32], i64)>, BackupError> {
    if !has_table(db, "event_archive").await? {
        return Ok(vec![]);
    }
    let are_deleted: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pragma_table_info('event_archive') WHERE name = 'deleted_at')")
            .fetch_one(&mut *db)
            .await?;
    let sql = if are_deleted {
        "SELECT file_name, sha256, bytes FROM event_archive WHERE deleted_at IS NULL ORDER BY id"
    } else {
        "SELECT file_name, sha256, bytes FROM event_archive ORDER BY id"
    };
    let rows: Vec<(String, Vec<u8>, i64)> = sqlx::query_as(sql).fetch_all(db).await?;
    let unsound = |_| BackupError::Unsound { reason: "the sum of an archive has another length".to_owned() };
    rows.into_iter().map(|(name, sha256, bytes)| Ok((name, sha256.try_into().map_err(unsound)?, bytes))).collect()
}

/// Removes an import that waits and whose rows were removed while the backup was made.
pub(super) async fn forget_import(db: &mut SqliteConnection, id: i64) -> Result<(), BackupError> {
    sqlx::query("DELETE FROM import WHERE id = $1 AND job_id IS NULL").bind(id).execute(db).await?;
    Ok(())
}

/// [`BackupError::Unsound`] when the copy is damaged.
pub(super) async fn require_sound(db: &mut SqliteConnection) -> Result<(), BackupError> {
    let found: Vec<String> = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_all(db).await?;
    match found.first().filter(|line| *line != "ok") {
        Some(reason) => Err(BackupError::Unsound { reason: reason.clone() }),
        None => Ok(()),
    }
}
