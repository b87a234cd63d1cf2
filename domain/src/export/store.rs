//! Making, finding and dropping export files. A file's name on the disk is the hash of its token.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use serde_json::json;
use time::OffsetDateTime;

use super::{ACCOUNT_COLUMNS, Export};
use crate::{
    Actor, Caller, Error, Permission, Result, Store,
    account::{self, Account},
    application::AppId,
    db::{self, Change, make_folder, new_token, now, private, token_hash},
    error::Entity,
    event::Action,
    limits,
    page::batch_ids,
};

/// Usernames that the event of an export holds.
const NAMES_IN_EVENT: usize = 100;

/// A file that is ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    pub path: PathBuf,
    /// The name to save it under.
    pub file_name: String,
}

/// Writes the accounts to a CSV file, in the order in which they are named. `headers` are the titles of [`ACCOUNT_COLUMNS`] in
/// the reader's language; with another number of them the column names stand in.
pub async fn accounts(store: &Store, caller: &Caller, app: AppId, usernames: Vec<String>, headers: &[String]) -> Result<Export> {
    let target = if let [one] = &usernames[..] { one.clone() } else { String::new() };
    let mut change = Change::begin(store, caller, Permission::Read, Action::AccountExport, Some(app), &target).await?;
    let (token, hash) = new_token();
    let path = path_of(store, &hash);
    let result = write(&mut change, app, usernames, headers, (token, hash), &path).await;
    let result = change.finish(result).await;
    if result.is_err() {
        // Nothing was recorded, so nothing may stay. It may not have been made at all.
        let _ = fs::remove_file(&path);
    }
    result
}

async fn write(
    change: &mut Change<'_>,
    app: AppId,
    usernames: Vec<String>,
    headers: &[String],
    (token, hash): (String, [u8; 32]),
    path: &Path,
) -> Result<Export> {
    let usernames = batch_ids("ids", usernames)?;
    let accounts = account::store::read_many(change.db(), app, &db::json(&usernames)?).await?;
    let found: std::collections::HashSet<&str> = accounts.iter().map(|account| account.username.as_str()).collect();
    let gone: Vec<String> = usernames.iter().filter(|name| !found.contains(name.as_str())).cloned().collect();
    let rows = accounts.len() as u64;
    let first: Vec<&str> = accounts.iter().take(NAMES_IN_EVENT).map(|account| account.username.as_str()).collect();
    let after = json!({ "rows": rows, "usernames": first.join(", ") });
    let target = if let [one] = &usernames[..] { one.as_str() } else { "" };

    let app_name: String =
        sqlx::query_scalar("SELECT app_name FROM application WHERE id = $1").bind(app.0).fetch_one(change.db()).await?;
    let file_name = format!("{app_name}-accounts-{}.csv", compact_time(change.at()));
    sqlx::query("INSERT INTO export (token_hash, app_id, operator_id, file_name, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(hash.to_vec())
        .bind(app.0)
        .bind(operator(change.caller()))
        .bind(file_name)
        .bind(change.at())
        .execute(change.db())
        .await?;
    change.event(target, None, Some(after)).await?;
    // Ten thousand rows are a few megabytes: written at once, before the row that tells of them is committed.
    save(path, &csv(&accounts, headers)?)?;
    Ok(Export { token, rows, gone })
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
        writer.write_record(headers.iter().map(|title| harmless(title))).map_err(fault)?;
    } else {
        writer.write_record(ACCOUNT_COLUMNS).map_err(fault)?;
    }
    for account in accounts {
        writer.write_record(cells(account).iter().map(|cell| harmless(cell))).map_err(fault)?;
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

/// Spreadsheets take a cell that begins like this for a formula (OWASP, CSV injection): an apostrophe makes it text.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
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
    store.folder().join("exports").join(format!("{name}.csv"))
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
    sqlx::query("DELETE FROM export WHERE created_at < $1")
        .bind(now() - limits::EXPORT_KEPT_MS)
        .execute(&mut *transaction)
        .await?;
    let kept: Vec<Vec<u8>> = sqlx::query_scalar("SELECT token_hash FROM export").fetch_all(&mut *transaction).await?;
    // Still inside the transaction: an export under way has its row before anybody can look here.
    let kept: std::collections::HashSet<PathBuf> = kept.iter().map(|hash| path_of(store, hash)).collect();
    let mut dropped = 0;
    if let Ok(entries) = fs::read_dir(store.folder().join("exports")) {
        for path in entries.flatten().map(|entry| entry.path()).filter(|path| !kept.contains(path)) {
            match fs::remove_file(&path) {
                Ok(()) => dropped += 1,
                Err(error) => tracing::warn!(%error, ?path, "an old export could not be removed"),
            }
        }
    }
    transaction.commit().await?;
    Ok(dropped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(harmless(cell), format!("'{cell}"));
        }
        for cell in ["", "a=1", "'=1", " =1", "小明"] {
            assert_eq!(harmless(cell), cell);
        }
    }

    #[test]
    fn times_are_written_in_utc() {
        assert_eq!(iso_time(951_782_399_999), "2000-02-28T23:59:59Z");
        assert_eq!(compact_time(951_782_400_000), "20000229-000000");
    }
}
