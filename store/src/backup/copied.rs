//! What is changed in the copy of a database before it becomes a backup. Whatever is restored from it, by `roster restore` or by
//! hand, must not continue by itself: jobs that were open are ended, and rows about files that the backup does not have are
//! removed. Works on the schema of every released version (`tests/operations/upgrades.rs`).

use std::path::Path;

use domain::{backup::CUT_OFF, event::Action, limits::DAY_MS};
use serde_json::json;

use super::BackupError;
use crate::db::{
    Conn, FILE, enter_names, json as as_json, open_copy, query, query_as, query_scalar, sql, upkeep::quickly_seen_damage,
};

/// Opens the copy in the folder of a backup, which nobody else uses.
pub(super) async fn open(backup: &Path) -> Result<Conn, BackupError> {
    Ok(open_copy(&backup.join(FILE)).await?)
}

/// Ends the jobs that were open at the time `at`, with an event for each; answers how many.
pub(super) async fn end_jobs(db: &mut Conn, at: i64) -> Result<u64, BackupError> {
    // When something fails, the copy is discarded.
    query("BEGIN").execute(&mut *db).await?;
    let open: Vec<(i64, i64, String, String)> = query_as(
        "UPDATE job SET state = 'cancelled', cancelling = TRUE, error = $1, finished_at = $2
         WHERE state IN ('preparing', 'waiting', 'running') RETURNING id, app_id, kind, target",
    )
    .bind(CUT_OFF)
    .bind(at)
    .fetch_all(&mut *db)
    .await?;
    let item = |(id, app, kind, target): &(i64, i64, String, String)| json!({ "app": app, "target": target, "after": { "job": id, "kind": kind, "reason": CUT_OFF } });
    let items = as_json(&open.iter().map(item).collect::<Vec<_>>())?;
    query(sql!(
        "INSERT INTO event (id, at, app_id, actor, action, outcome, target, state_after, target_name)
         SELECT (SELECT coalesce(max(id), 0) FROM event) + @position, $1, item.value ->> 'app', 'system', $2, 'done',
             item.value ->> 'target', item.value -> 'after',
             coalesce((SELECT name FROM \"group\" AS g
                       WHERE g.app_id = item.value ->> 'app' AND g.group_id = item.value ->> 'target'), '')
         FROM @objects($3)"
    ))
    .bind(at)
    .bind(Action::JobCancel.as_str())
    .bind(&items)
    .execute(&mut *db)
    .await?;
    query(sql!(
        "INSERT INTO event_day (app_id, day, action, done)
         SELECT item.value ->> 'app', $1, $2, count(*) FROM @objects($3) WHERE true GROUP BY 1
         ON CONFLICT (app_id, day, action) DO UPDATE SET done = event_day.done + excluded.done"
    ))
    .bind(at / DAY_MS)
    .bind(Action::JobCancel.as_str())
    .bind(&items)
    .execute(&mut *db)
    .await?;
    enter_names(&mut *db, open.len()).await?;
    query("COMMIT").execute(&mut *db).await?;
    Ok(open.len() as u64)
}

/// Removes the rows about files that are no part of a backup: exports, and contents waiting for removal from the disk.
pub(super) async fn forget_files(db: &mut Conn) -> Result<(), BackupError> {
    for sql in ["DELETE FROM export", "DELETE FROM file_garbage"] {
        query(sql).execute(&mut *db).await?;
    }
    Ok(())
}

/// The imports whose rows somebody may still need: those that wait, and those with refused rows. One that was running is ended,
/// and nobody continues it.
pub(super) async fn imports(db: &mut Conn) -> Result<Vec<i64>, BackupError> {
    Ok(query_scalar("SELECT id FROM import WHERE job_id IS NULL OR refused > 0 ORDER BY id").fetch_all(db).await?)
}

/// The archives of the audit log: name, SHA-256, bytes.
pub(super) async fn archives(db: &mut Conn) -> Result<Vec<(String, [u8; 32], i64)>, BackupError> {
    let sql = "SELECT file_name, sha256, bytes FROM event_archive WHERE deleted_at IS NULL ORDER BY id";
    let rows: Vec<(String, Vec<u8>, i64)> = query_as(sql).fetch_all(db).await?;
    let unsound = |_| BackupError::Unsound { reason: "the sum of an archive has another length".to_owned() };
    rows.into_iter().map(|(name, sha256, bytes)| Ok((name, sha256.try_into().map_err(unsound)?, bytes))).collect()
}

/// Removes an import that waits and whose rows were removed while the backup was made.
pub(super) async fn forget_import(db: &mut Conn, id: i64) -> Result<(), BackupError> {
    query("DELETE FROM import WHERE id = $1 AND job_id IS NULL").bind(id).execute(db).await?;
    Ok(())
}

/// [`BackupError::Unsound`] when the copy is damaged.
pub(super) async fn require_sound(db: &mut Conn) -> Result<(), BackupError> {
    match quickly_seen_damage(db).await? {
        Some(reason) => Err(BackupError::Unsound { reason }),
        None => Ok(()),
    }
}
