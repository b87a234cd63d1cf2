//! Deletes an archive on purpose. The archive's row stays and says so, because later events continue its numbers; so do the event
//! of the deletion and, in backups that were made before, the file.

use std::{fs, io};

use domain::{Caller, Error, Permission, Result, event::Action, page::confirm_number};
use serde_json::json;

use super::{folder, path_in, there};
use crate::{
    Store,
    change::{Change, ChangeSpec},
    db::{ContentRemoveLock, OrFault, disk_fault, query, query_scalar},
    in_change,
};

/// Deletes an archive permanently. Owners only. `confirm` is the number of its events as typed, needed above
/// [`limits::BATCH_TYPED_ABOVE`](domain::limits::BATCH_TYPED_ABOVE). [`Entity::Archive`](domain::error::Entity::Archive) not
/// found; [`Error::Busy`] while some of the events are still in the log.
pub async fn delete(store: &Store, caller: &Caller, file_name: &str, confirm: &str) -> Result<()> {
    in_change!(ChangeSpec::of_server(store, caller, Permission::Operators, Action::EventArchiveDelete, file_name), |change| {
        delete_in(change, file_name, confirm).await
    })?;
    if let Err(error) = remove_files(store).await {
        tracing::warn!(%error, file_name, "the file of a deleted archive could not be removed; trying again within an hour");
    }
    Ok(())
}

async fn delete_in(change: &mut Change<'_>, file_name: &str, confirm: &str) -> Result<()> {
    let archive = there(change.db(), file_name).await?.archive()?;
    confirm_number(archive.events, confirm)?;
    let left: bool = query_scalar("SELECT EXISTS (SELECT 1 FROM event WHERE id BETWEEN $1 AND $2)")
        .bind(archive.first_id)
        .bind(archive.last_id)
        .fetch_one(change.db())
        .await
        .or_fault()?;
    if left {
        return Err(Error::Busy);
    }
    let at = change.at();
    query("UPDATE event_archive SET deleted_at = $1 WHERE file_name = $2")
        .bind(at)
        .bind(file_name)
        .execute(change.db())
        .await
        .or_fault()?;
    let before = json!({
        "events": archive.events, "first_id": archive.first_id, "last_id": archive.last_id, "bytes": archive.bytes,
        "sha256": archive.sha256,
    });
    change.event(file_name, Some(before), None).await
}

/// Removes the files of deleted archives from the disk, also those that an earlier process was stopped before removing. While a
/// backup or a check reads them they stay, until the next attempt.
pub(super) async fn remove_files(store: &Store) -> Result<()> {
    let sql = "SELECT file_name FROM event_archive WHERE deleted_at IS NOT NULL";
    let names: Vec<String> = query_scalar(sql).fetch_all(store.reader()).await.or_fault()?;
    if names.is_empty() {
        return Ok(());
    }
    let (data, folder) = (store.folder().to_owned(), folder(store));
    let removed = tokio::task::spawn_blocking(move || {
        let Some(_removing) = ContentRemoveLock::begin(&data)? else { return Ok(()) };
        // A file that cannot be removed does not keep the others from being removed.
        let mut last = Ok(());
        for name in names {
            let removed = path_in(&folder, &name).and_then(|path| match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(disk_fault(error)),
                _ => Ok(()),
            });
            last = removed.and(last);
        }
        last
    });
    removed.await.map_err(|error| Error::Internal(error.to_string()))?
}
