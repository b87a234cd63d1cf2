//! SQL of credentials: what operators do with them in the settings.

use serde_json::json;
use sqlx::SqliteConnection;

use super::{CredentialRow, FreshCredential, rules::CredentialName};
use crate::{
    Caller, Code, Error, Permission, Result, Store,
    application::AppId,
    db::{self, Change, difference, now, number, refuse},
    error::{Checks, Entity},
    event::Action,
    limits,
};

/// What ids and secrets begin with: `YXA6` once encoded, as those of Easemob do.
const BEGINNING: &[u8] = b"ap:";

fn new_client_id() -> String {
    db::random_text::<18>(BEGINNING)
}

/// A new secret and its hash.
fn new_secret() -> (String, [u8; 32]) {
    let secret = db::random_text::<33>(BEGINNING);
    let hash = db::token_hash(&secret);
    (secret, hash)
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    name: String,
    client_id: String,
    created_at: i64,
    rotated_at: Option<i64>,
    last_used_at: Option<i64>,
    tokens: i64,
}

/// The app's credentials, newest first. For operators alone.
pub async fn list(store: &Store, caller: &Caller, app: AppId) -> Result<Vec<CredentialRow>> {
    caller.require(Permission::Read)?;
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, name, client_id, created_at, rotated_at, last_used_at,
                (SELECT count(*) FROM api_token t WHERE t.credential_id = c.id AND (t.expires_at IS NULL OR t.expires_at > $2)) AS tokens
         FROM api_credential c WHERE app_id = $1 ORDER BY created_at DESC, id DESC",
    )
    .bind(app.0)
    .bind(now())
    .fetch_all(store.reader())
    .await?;
    let row = |row: Row| {
        Ok(CredentialRow {
            id: row.id,
            name: row.name,
            client_id: row.client_id,
            created_at: row.created_at,
            rotated_at: row.rotated_at,
            last_used_at: row.last_used_at,
            tokens: number(row.tokens)?,
        })
    };
    rows.into_iter().map(row).collect()
}

/// Begins a change of credentials. For operators alone: a credential must not make or keep others.
async fn begin<'a>(store: &'a Store, caller: &Caller, action: Action, app: AppId, target: &str) -> Result<Change<'a>> {
    if let Err(error) = caller.require(Permission::Write) {
        return Err(refuse(store, caller, action, Some(app), target, error).await);
    }
    Change::begin(store, caller, Permission::Write, action, Some(app), target).await
}

/// The same for a credential that exists; a refusal is recorded under its name.
async fn begin_with<'a>(store: &'a Store, caller: &Caller, action: Action, app: AppId, id: i64) -> Result<Change<'a>> {
    let named = read(&mut *store.reader().acquire().await?, app, id).await;
    begin(store, caller, action, app, &named.map_or_else(|_| id.to_string(), |found| found.name)).await
}

/// A credential as the changes here need it.
struct Found {
    name: String,
    client_id: String,
}

async fn read(db: &mut SqliteConnection, app: AppId, id: i64) -> Result<Found> {
    let row: Option<(String, String)> =
        sqlx::query_as("SELECT name, client_id FROM api_credential WHERE id = $1 AND app_id = $2")
            .bind(id)
            .bind(app.0)
            .fetch_optional(db)
            .await?;
    row.map(|(name, client_id)| Found { name, client_id }).ok_or(Error::NotFound(Entity::Credential))
}

fn name_of(input: &str) -> Result<CredentialName> {
    let mut checks = Checks::new();
    let name = checks.take("name", CredentialName::parse(input));
    checks.finish(|| name)
}

/// [`Code::Taken`] at `name` when another credential of the app has it.
async fn name_is_free(db: &mut SqliteConnection, app: AppId, name: &CredentialName, except: i64) -> Result<()> {
    let taken: i64 =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM api_credential WHERE app_id = $1 AND name = $2 AND id <> $3)")
            .bind(app.0)
            .bind(name.as_str())
            .bind(except)
            .fetch_one(db)
            .await?;
    if taken == 0 { Ok(()) } else { Err(Error::field("name", Code::Taken)) }
}

/// Makes a credential. [`Code::Taken`] and [`Code::TooManyItems`] at `name`.
pub async fn create(store: &Store, caller: &Caller, app: AppId, name: &str) -> Result<FreshCredential> {
    let mut change = begin(store, caller, Action::CredentialCreate, app, name.trim()).await?;
    let result = insert(&mut change, app, name).await;
    change.finish(result).await
}

async fn insert(change: &mut Change<'_>, app: AppId, name: &str) -> Result<FreshCredential> {
    let name = name_of(name)?;
    name_is_free(change.db(), app, &name, 0).await?;
    let max = limits::CREDENTIALS_PER_APP as usize;
    let has: i64 =
        sqlx::query_scalar("SELECT count(*) FROM api_credential WHERE app_id = $1").bind(app.0).fetch_one(change.db()).await?;
    let actual = number::<usize>(has)? + 1;
    if actual > max {
        return Err(Error::field("name", Code::TooManyItems { max, actual }));
    }
    let (client_id, (client_secret, hash)) = (new_client_id(), new_secret());
    let at = change.at();
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO api_credential (app_id, name, client_id, secret_hash, created_at) VALUES ($1, $2, $3, $4, $5) RETURNING id",
    )
    .bind(app.0)
    .bind(name.as_str())
    .bind(&client_id)
    .bind(hash.to_vec())
    .bind(at)
    .fetch_one(change.db())
    .await?;
    change.event(name.as_str(), None, Some(json!({ "name": name.as_str(), "client_id": client_id }))).await?;
    Ok(FreshCredential { id, name: name.into_string(), client_id, client_secret })
}

/// Gives a credential another name.
pub async fn rename(store: &Store, caller: &Caller, app: AppId, id: i64, name: &str) -> Result<()> {
    let mut change = begin_with(store, caller, Action::CredentialEdit, app, id).await?;
    let result = rename_in(&mut change, app, id, name).await;
    change.finish(result).await
}

async fn rename_in(change: &mut Change<'_>, app: AppId, id: i64, name: &str) -> Result<()> {
    let name = name_of(name)?;
    let found = read(change.db(), app, id).await?;
    let Some((before, after)) = difference(json!({ "name": found.name }), json!({ "name": name.as_str() })) else {
        return Ok(());
    };
    name_is_free(change.db(), app, &name, id).await?;
    sqlx::query("UPDATE api_credential SET name = $1 WHERE id = $2").bind(name.as_str()).bind(id).execute(change.db()).await?;
    change.event(&found.name, Some(before), Some(after)).await
}

/// Gives a credential a new secret. The old one is void at once, and so are the tokens that were got with it: whoever rotates
/// because a secret leaked wants those gone too.
pub async fn rotate(store: &Store, caller: &Caller, app: AppId, id: i64) -> Result<FreshCredential> {
    let mut change = begin_with(store, caller, Action::CredentialRotate, app, id).await?;
    let result = rotate_in(&mut change, app, id).await;
    change.finish(result).await
}

async fn rotate_in(change: &mut Change<'_>, app: AppId, id: i64) -> Result<FreshCredential> {
    let found = read(change.db(), app, id).await?;
    let (client_secret, hash) = new_secret();
    let at = change.at();
    sqlx::query("UPDATE api_credential SET secret_hash = $1, rotated_at = $2 WHERE id = $3")
        .bind(hash.to_vec())
        .bind(at)
        .bind(id)
        .execute(change.db())
        .await?;
    let ended =
        sqlx::query("DELETE FROM api_token WHERE credential_id = $1").bind(id).execute(change.db()).await?.rows_affected();
    change.event(&found.name, None, Some(json!({ "ended_tokens": ended }))).await?;
    Ok(FreshCredential { id, name: found.name, client_id: found.client_id, client_secret })
}

/// Deletes a credential and every token that was got with it.
pub async fn revoke(store: &Store, caller: &Caller, app: AppId, id: i64) -> Result<()> {
    let mut change = begin_with(store, caller, Action::CredentialRevoke, app, id).await?;
    let result = revoke_in(&mut change, app, id).await;
    change.finish(result).await
}

async fn revoke_in(change: &mut Change<'_>, app: AppId, id: i64) -> Result<()> {
    let found = read(change.db(), app, id).await?;
    sqlx::query("DELETE FROM api_credential WHERE id = $1").bind(id).execute(change.db()).await?;
    change.event(&found.name, Some(json!({ "name": found.name, "client_id": found.client_id })), None).await
}
