//! Making, finding and dropping export files. A file's name on the disk is the hash of its token.

use std::{
    collections::HashSet,
    fs,
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::task::spawn_blocking;

use super::{ACCOUNT_COLUMNS, Export, guard::guard};
use crate::{
    Actor, Caller, Error, Permission, Result, Store,
    account::{self, Account},
    application::AppId,
    db::{self, Change, make_folder, new_token, now, private, refuse, token_hash},
    error::Entity,
    event::Action,
    limits,
    page::batch_ids,
};

/// Usernames that the event of an export holds.
const NAMES_IN_EVENT: usize = 100;
/// The age from which a file without a row is a stray: longer than any export takes.
const STRAY_AFTER: Duration = Duration::from_secs(60 * 60);

/// A file that is ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    pub path: PathBuf,
    /// The name to save it under.
    pub file_name: String,
}

/// Writes the accounts to a CSV file, in the order in which they are named. `headers` are the titles of [`ACCOUNT_COLUMNS`] in
/// the reader's language; with another number of them the column names stand in. An operator keeps
/// [`limits::EXPORTS_PER_OPERATOR`] files.
pub async fn accounts(store: &Store, caller: &Caller, app: AppId, usernames: Vec<String>, headers: &[String]) -> Result<Export> {
    let target = if let [one] = &usernames[..] { one.clone() } else { String::new() };
    // Anybody who may read can export, so the one writer is only asked for at the end.
    let chosen = match choose(store, caller, app, usernames).await {
        Ok(chosen) => chosen,
        Err(error) => return Err(refuse(store, caller, Action::AccountExport, Some(app), &target, error).await),
    };
    let rows = chosen.accounts.len() as u64;
    let first: Vec<&str> = chosen.accounts.iter().take(NAMES_IN_EVENT).map(|account| account.username.as_str()).collect();
    let after = json!({ "rows": rows, "usernames": first.join(", ") });
    let (token, hash) = new_token();
    let path = path_of(store, &hash);
    let (file, titles, accounts) = (path.clone(), headers.to_vec(), chosen.accounts);
    let saved = spawn_blocking(move || save(&file, &csv(&accounts, &titles)?));
    let saved = saved.await.unwrap_or_else(|error| Err(Error::Internal(error.to_string())));
    let recorded = match saved {
        Ok(()) => record(store, caller, app, &chosen.target, &chosen.app_name, hash, after).await,
        Err(error) => Err(error),
    };
    match recorded {
        Ok(dropped) => {
            for hash in dropped {
                remove(&path_of(store, &hash)).await;
            }
            Ok(Export { token, rows, gone: chosen.gone })
        }
        Err(error) => {
            // Nothing was recorded, so nothing may stay. It may not have been made at all.
            let _ = tokio::fs::remove_file(&path).await;
            Err(error)
        }
    }
}

/// What goes into a file and into the log of it.
struct Chosen {
    accounts: Vec<Account>,
    gone: Vec<String>,
    target: String,
    app_name: String,
}

async fn choose(store: &Store, caller: &Caller, app: AppId, usernames: Vec<String>) -> Result<Chosen> {
    caller.require(Permission::Read)?;
    let usernames = batch_ids("ids", usernames)?;
    let app_name: Option<String> =
        sqlx::query_scalar("SELECT app_name FROM application WHERE id = $1").bind(app.0).fetch_optional(store.reader()).await?;
    let app_name = app_name.ok_or(Error::NotFound(Entity::Application))?;
    let accounts = account::store::read_many(store.reader(), app, &db::json(&usernames)?).await?;
    let found: HashSet<&str> = accounts.iter().map(|account| account.username.as_str()).collect();
    let gone = usernames.iter().filter(|name| !found.contains(name.as_str())).cloned().collect();
    let target = if let [one] = &usernames[..] { one.clone() } else { String::new() };
    Ok(Chosen { accounts, gone, target, app_name })
}

/// Row and event of a file that is written; the hashes of the operator's oldest files, which lost their rows to it.
async fn record(
    store: &Store,
    caller: &Caller,
    app: AppId,
    target: &str,
    app_name: &str,
    hash: [u8; 32],
    after: Value,
) -> Result<Vec<Vec<u8>>> {
    let mut change = Change::begin(store, caller, Permission::Read, Action::AccountExport, Some(app), target).await?;
    let result = record_in(&mut change, app, target, app_name, hash, after).await;
    change.finish(result).await
}

async fn record_in(
    change: &mut Change<'_>,
    app: AppId,
    target: &str,
    app_name: &str,
    hash: [u8; 32],
    after: Value,
) -> Result<Vec<Vec<u8>>> {
    let (operator, at) = (operator(change.caller()), change.at());
    sqlx::query("INSERT INTO export (token_hash, app_id, operator_id, file_name, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(hash.to_vec())
        .bind(app.0)
        .bind(operator)
        .bind(format!("{app_name}-accounts-{}.csv", compact_time(at)))
        .bind(at)
        .execute(change.db())
        .await?;
    let dropped = sqlx::query_scalar(
        "DELETE FROM export WHERE operator_id IS $1 AND rowid NOT IN
         (SELECT rowid FROM export WHERE operator_id IS $1 ORDER BY created_at DESC, rowid DESC LIMIT $2) RETURNING token_hash",
    )
    .bind(operator)
    .bind(limits::EXPORTS_PER_OPERATOR)
    .fetch_all(change.db())
    .await?;
    change.event(target, None, Some(after)).await?;
    Ok(dropped)
}

fn operator(caller: &Caller) -> Option<i64> {
    match caller.actor {
        Actor::Operator { id, .. } => Some(id),
        _ => None,
    }
}

fn save(path: &Path, bytes: &[u8]) -> Result<()> {
    let fault = |error: &dyn std::fmt::Display| {
        tracing::error!(%error, "an export could not be written");
        Error::Internal(error.to_string())
    };
    if let Some(folder) = path.parent() {
        make_folder(folder).map_err(|error| fault(&error))?;
    }
    let mut file = private().write(true).create_new(true).open(path).map_err(|error| fault(&error))?;
    file.write_all(bytes).map_err(|error| fault(&error))
}

fn csv(accounts: &[Account], headers: &[String]) -> Result<Vec<u8>> {
    let fault = |error: csv::Error| Error::Internal(error.to_string());
    // The mark tells spreadsheets that the text is UTF-8.
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
    if headers.len() == ACCOUNT_COLUMNS.len() {
        writer.write_record(headers.iter().map(|title| guard(title).into_owned())).map_err(fault)?;
    } else {
        writer.write_record(ACCOUNT_COLUMNS).map_err(fault)?;
    }
    for account in accounts {
        writer.write_record(cells(account).iter().map(|cell| guard(cell).into_owned())).map_err(fault)?;
    }
    writer.into_inner().map_err(|error| Error::Internal(error.to_string()))
}

/// The values of [`ACCOUNT_COLUMNS`] as the wire has them; empty where nothing was set.
fn cells(account: &Account) -> [String; ACCOUNT_COLUMNS.len()] {
    let profile = &account.profile;
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    [
        account.username.clone(),
        account.account_type.as_str().to_owned(),
        profile.nickname.clone(),
        profile.gender.as_str().to_owned(),
        number(profile.birthday),
        profile.location.clone(),
        profile.self_signature.clone(),
        profile.allow_type.as_str().to_owned(),
        number(profile.language),
        profile.image.clone(),
        profile.msg_settings.to_string(),
        profile.admin_forbid_type.as_str().to_owned(),
        number(profile.level),
        number(profile.role),
        iso_time(account.created_at),
    ]
}

fn utc(at: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(at.div_euclid(1000)).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// ISO 8601 in UTC, to the second.
fn iso_time(at: i64) -> String {
    let t = utc(at);
    let (month, day) = (u8::from(t.month()), t.day());
    format!("{:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", t.year(), t.hour(), t.minute(), t.second())
}

/// `YYYYMMDD-HHMMSS` in UTC, for file names.
fn compact_time(at: i64) -> String {
    let t = utc(at);
    let (month, day) = (u8::from(t.month()), t.day());
    format!("{:04}{month:02}{day:02}-{:02}{:02}{:02}", t.year(), t.hour(), t.minute(), t.second())
}

fn path_of(store: &Store, hash: &[u8]) -> PathBuf {
    let name: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    folder(store).join(format!("{name}.csv"))
}

fn folder(store: &Store) -> PathBuf {
    store.folder().join("exports")
}

/// The file of a token; [`Entity::Export`] not found for another app, another operator, or too late.
pub async fn find(store: &Store, caller: &Caller, app: AppId, token: &str) -> Result<ExportFile> {
    caller.require(Permission::Read)?;
    let hash = token_hash(token);
    let file_name: Option<String> = sqlx::query_scalar(
        "SELECT file_name FROM export WHERE token_hash = $1 AND app_id = $2 AND operator_id IS $3 AND created_at >= $4",
    )
    .bind(hash.to_vec())
    .bind(app.0)
    .bind(operator(caller))
    .bind(now() - limits::EXPORT_KEPT_MS)
    .fetch_optional(store.reader())
    .await?;
    let file_name = file_name.ok_or(Error::NotFound(Entity::Export))?;
    let path = path_of(store, &hash);
    if path.is_file() { Ok(ExportFile { path, file_name }) } else { Err(Error::NotFound(Entity::Export)) }
}

/// Drops exports that are older than [`limits::EXPORT_KEPT_MS`], files and rows, and files without a row; how many files.
pub async fn clean(store: &Store) -> Result<u64> {
    let mut transaction = store.write().await?;
    let old: Vec<Vec<u8>> = sqlx::query_scalar("DELETE FROM export WHERE created_at < $1 RETURNING token_hash")
        .bind(now() - limits::EXPORT_KEPT_MS)
        .fetch_all(&mut *transaction)
        .await?;
    transaction.commit().await?;
    let mut dropped = 0;
    for hash in old {
        dropped += u64::from(remove(&path_of(store, &hash)).await);
    }
    let kept: Vec<Vec<u8>> = sqlx::query_scalar("SELECT token_hash FROM export").fetch_all(store.reader()).await?;
    let kept: HashSet<PathBuf> = kept.iter().map(|hash| path_of(store, hash)).collect();
    let folder = folder(store);
    let strays = spawn_blocking(move || strays(&folder, &kept)).await.map_err(|error| Error::Internal(error.to_string()))?;
    for path in strays {
        dropped += u64::from(remove(&path).await);
    }
    Ok(dropped)
}

/// Files that no row tells of, left by a request or process that ended half way. Young ones may be getting their row just now.
fn strays(folder: &Path, kept: &HashSet<PathBuf>) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let young = |entry: &fs::DirEntry| {
        let age = entry.metadata().and_then(|data| data.modified()).ok().and_then(|time| time.elapsed().ok());
        age.is_none_or(|age| age < STRAY_AFTER)
    };
    entries.flatten().filter(|entry| !young(entry)).map(|entry| entry.path()).filter(|path| !kept.contains(path)).collect()
}

/// Removes a file; whether it did.
async fn remove(path: &Path) -> bool {
    match tokio::fs::remove_file(path).await {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(%error, ?path, "an old export could not be removed");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_utc() {
        assert_eq!(iso_time(951_782_399_999), "2000-02-28T23:59:59Z");
        assert_eq!(compact_time(951_782_400_000), "20000229-000000");
    }
}
