//! SQL of credentials: what operators do with them in the settings.

pub mod known_networks;
mod token_events;
pub mod tokens;

use std::borrow::Cow;

use domain::{
    Caller, Code, Error, Permission, Result,
    application::AppId,
    credential::{
        Access, CreatedCredential, CredentialCreator, CredentialInput, CredentialRow, CredentialWithSecret, Overlap,
        rules::{CredentialFields, CredentialName, expiry_day},
    },
    error::{Checks, Entity},
    event::Action,
    limits,
};
use serde_json::{Value, json};

use crate::{
    Scope, Store,
    change::{Change, ChangeSpec, diff},
    db::{self, Conn, OrFault, ServerTable, decode_int, now, query, query_as, query_scalar},
    in_change,
};

/// The beginning of ids and secrets: `YXA6` when encoded, as in those of Easemob.
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
    created_by: Option<String>,
    expires_at: Option<i64>,
    read_only: bool,
    addresses: String,
    old_secret_until: Option<i64>,
}

impl Row {
    fn listed(self, at: i64) -> Result<CredentialRow> {
        Ok(CredentialRow {
            id: self.id,
            name: self.name,
            client_id: self.client_id,
            created_at: self.created_at,
            rotated_at: self.rotated_at,
            last_used_at: self.last_used_at,
            tokens: decode_int(self.tokens)?,
            made_by: match self.created_by {
                None => CredentialCreator::Unknown,
                Some(name) if name.is_empty() => CredentialCreator::CommandLine,
                Some(name) => CredentialCreator::Operator(name),
            },
            expires_at: self.expires_at,
            expires: self.expires_at.map(expiry_day).unwrap_or_default(),
            expired: self.expires_at.is_some_and(|end| end <= at),
            access: access(self.read_only),
            addresses: list_of(&self.addresses),
            old_secret_until: self.old_secret_until.filter(|until| *until > at),
        })
    }
}

fn access(read_only: bool) -> Access {
    if read_only { Access::Read } else { Access::Write }
}

/// Addresses as the database stores them: separated by spaces.
fn list_of(kept: &str) -> Vec<String> {
    kept.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The app's credentials, newest first. Only operators may read them.
pub async fn list(scope: Scope<'_>) -> Result<Vec<CredentialRow>> {
    scope.require_operator(Permission::Read)?;
    let at = now();
    let rows: Vec<Row> = query_as(
        "SELECT id, name, client_id, created_at, rotated_at, last_used_at, created_by, expires_at, read_only, addresses, old_secret_until,
                (SELECT count(*) FROM api_token t WHERE t.credential_id = c.id AND (t.expires_at IS NULL OR t.expires_at > $2)) AS tokens
         FROM api_credential c WHERE app_id = $1 ORDER BY created_at DESC, id DESC",
    )
    .bind(scope.app.key())
    .bind(at)
    .fetch_all(scope.store.reader())
    .await.or_fault()?;
    rows.into_iter().map(|row| row.listed(at)).collect()
}

/// Credentials of all apps that an operator has made and that still exist, newest first. Only owners may read them.
pub async fn made_by(store: &Store, caller: &Caller, operator: i64) -> Result<Vec<CreatedCredential>> {
    caller.require(Permission::Operators)?;
    let rows: Vec<(String, String, String)> = query_as(
        "SELECT p.org_name, p.app_name, c.name FROM api_credential c JOIN application p ON p.id = c.app_id
         WHERE c.created_by_id = $1 ORDER BY c.id DESC",
    )
    .bind(operator)
    .fetch_all(store.reader())
    .await
    .or_fault()?;
    Ok(rows.into_iter().map(|(org_name, app_name, name)| CreatedCredential { org_name, app_name, name }).collect())
}

/// A change of credentials. Only operators may make one: a credential must not make or extend others.
fn spec<'a>(scope: Scope<'a>, action: Action, target: impl Into<Cow<'a, str>>) -> ChangeSpec<'a> {
    ChangeSpec::by_operator(scope, Permission::Write, action, target)
}

/// The same for a credential that exists; a refusal is recorded under its name.
async fn spec_of(scope: Scope<'_>, action: Action, id: i64) -> Result<ChangeSpec<'_>> {
    let named = read(&mut scope.store.read().await?, scope.app, id).await;
    Ok(spec(scope, action, named.map_or_else(|_| id.to_string(), |found| found.name)))
}

/// A credential with the columns that the changes here need.
#[derive(sqlx::FromRow)]
struct Found {
    name: String,
    client_id: String,
    secret_hash: Vec<u8>,
    expires_at: Option<i64>,
    read_only: bool,
    addresses: String,
}

impl Found {
    /// The fields that can be edited, as the log shows them.
    fn state(&self) -> Value {
        state(&self.name, self.expires_at, self.read_only, &self.addresses)
    }
}

fn state(name: &str, expires_at: Option<i64>, read_only: bool, addresses: &str) -> Value {
    json!({ "name": name, "expires_at": expires_at, "access": access(read_only), "addresses": addresses })
}

async fn read(db: &mut Conn, app: AppId, id: i64) -> Result<Found> {
    let sql =
        "SELECT name, client_id, secret_hash, expires_at, read_only, addresses FROM api_credential WHERE id = $1 AND app_id = $2";
    let row: Option<Found> = query_as(sql).bind(id).bind(app.key()).fetch_optional(db).await.or_fault()?;
    row.ok_or(Error::NotFound(Entity::Credential))
}

/// [`Code::Taken`] at `name` when another credential of the app has that name.
async fn name_is_free(db: &mut Conn, app: AppId, name: &CredentialName, except: i64) -> Result<()> {
    let taken: bool = query_scalar("SELECT EXISTS (SELECT 1 FROM api_credential WHERE app_id = $1 AND name = $2 AND id <> $3)")
        .bind(app.key())
        .bind(name.as_str())
        .bind(except)
        .fetch_one(db)
        .await
        .or_fault()?;
    if taken { Err(Error::field("name", Code::Taken)) } else { Ok(()) }
}

/// Makes a credential; the answer has its secret, which is not stored and cannot be read again. [`Code::Taken`] and
/// [`Code::TooManyItems`] at `name`; [`Code::NotFuture`] for an expiry in the past.
pub async fn create(scope: Scope<'_>, input: impl Into<CredentialInput>) -> Result<CredentialWithSecret> {
    let input = input.into();
    in_change!(spec(scope, Action::CredentialCreate, input.name.trim()), |change| insert(change, scope.app, &input).await)
}

async fn insert(change: &mut Change<'_>, app: AppId, input: &CredentialInput) -> Result<CredentialWithSecret> {
    let CredentialFields { name, expires_at, access, addresses } = CredentialFields::parse(input, None, change.at())?;
    name_is_free(change.db(), app, &name, 0).await?;
    let max = limits::CREDENTIALS_PER_APP as usize;
    let has: i64 = query_scalar("SELECT count(*) FROM api_credential WHERE app_id = $1")
        .bind(app.key())
        .fetch_one(change.db())
        .await
        .or_fault()?;
    let actual = decode_int::<usize>(has)? + 1;
    if actual > max {
        return Err(Error::field("name", Code::TooManyItems { max, actual }));
    }
    let (client_id, (client_secret, hash)) = (new_client_id(), new_secret());
    let (at, read_only, addresses) = (change.at(), access == Access::Read, addresses.texts().join(" "));
    let (by_id, by) = change.caller().actor.operator().map_or_else(Default::default, |(id, name)| (Some(id), name.to_owned()));
    let id = change.server_key(ServerTable::Credential).await?;
    query(
        "INSERT INTO api_credential
             (id, app_id, name, client_id, secret_hash, created_at, created_by, created_by_id, expires_at, read_only, addresses)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(id)
    .bind(app.key())
    .bind(name.as_str())
    .bind(&client_id)
    .bind(hash.to_vec())
    .bind(at)
    .bind(by)
    .bind(by_id)
    .bind(expires_at)
    .bind(read_only)
    .bind(&addresses)
    .execute(change.db())
    .await
    .or_fault()?;
    let mut after = state(name.as_str(), expires_at, read_only, &addresses);
    after["client_id"] = client_id.clone().into();
    change.event(name.as_str(), None, Some(after)).await?;
    Ok(CredentialWithSecret { id, name: name.into_string(), client_id, client_secret })
}

/// Changes the name and the limits of a credential. They apply to the credential and its tokens at once.
pub async fn edit(scope: Scope<'_>, id: i64, input: impl Into<CredentialInput>) -> Result<()> {
    let input = input.into();
    in_change!(spec_of(scope, Action::CredentialEdit, id).await?, |change| edit_in(change, scope.app, id, &input).await)
}

async fn edit_in(change: &mut Change<'_>, app: AppId, id: i64, input: &CredentialInput) -> Result<()> {
    let found = read(change.db(), app, id).await?;
    let CredentialFields { name, expires_at, access, addresses } = CredentialFields::parse(input, found.expires_at, change.at())?;
    let (read_only, addresses) = (access == Access::Read, addresses.texts().join(" "));
    let Some((before, after)) = diff(found.state(), state(name.as_str(), expires_at, read_only, &addresses)) else {
        return Ok(());
    };
    name_is_free(change.db(), app, &name, id).await?;
    query("UPDATE api_credential SET name = $1, expires_at = $2, read_only = $3, addresses = $4 WHERE id = $5")
        .bind(name.as_str())
        .bind(expires_at)
        .bind(read_only)
        .bind(&addresses)
        .bind(id)
        .execute(change.db())
        .await
        .or_fault()?;
    change.event(&found.name, Some(before), Some(after)).await
}

/// Gives a credential a new secret, which only this answer has. Without an overlap (an [`Overlap`] word; empty: none) the old
/// secret becomes invalid at once, and the tokens that were got with it end: a secret that leaked must not stay useful through
/// them. With an overlap both secrets are valid until it ends, and all tokens that were got with the old one end with it. A
/// secret that an earlier rotation kept valid becomes invalid in any case.
pub async fn rotate(scope: Scope<'_>, id: i64, overlap: &str) -> Result<CredentialWithSecret> {
    in_change!(spec_of(scope, Action::CredentialRotate, id).await?, |change| rotate_in(change, scope.app, id, overlap).await)
}

async fn rotate_in(change: &mut Change<'_>, app: AppId, id: i64, overlap: &str) -> Result<CredentialWithSecret> {
    let mut checks = Checks::new();
    let word = overlap.trim();
    let overlap = checks.take("overlap", if word.is_empty() { Ok(Overlap::None) } else { Overlap::parse(word) });
    let overlap = checks.finish(|| overlap)?;
    let found = read(change.db(), app, id).await?;
    let (client_secret, hash) = new_secret();
    let at = change.at();
    let until = (overlap != Overlap::None).then(|| at + overlap.ms());
    query(
        "UPDATE api_credential SET secret_hash = $1, rotated_at = $2, old_secret_hash = $3, old_secret_until = $4 WHERE id = $5",
    )
    .bind(hash.to_vec())
    .bind(at)
    .bind(until.map(|_| found.secret_hash))
    .bind(until)
    .bind(id)
    .execute(change.db())
    .await
    .or_fault()?;
    // The secret before this one ends now, and so do the tokens that were got with it.
    query("DELETE FROM api_token WHERE credential_id = $1 AND secret_until IS NOT NULL")
        .bind(id)
        .execute(change.db())
        .await
        .or_fault()?;
    let sql = match until {
        None => "DELETE FROM api_token WHERE credential_id = $1",
        Some(_) => {
            "UPDATE api_token SET secret_until = min(coalesce(secret_until, $2), $2), expires_at = min(coalesce(expires_at, $2), $2)
             WHERE credential_id = $1"
        }
    };
    let touched = query(sql).bind(id).bind(until).execute(change.db()).await.or_fault()?.rows_affected();
    let after = match until {
        None => json!({ "ended_tokens": touched }),
        Some(until) => json!({ "old_secret_until": until, "tokens": touched }),
    };
    change.event(&found.name, None, Some(after)).await?;
    Ok(CredentialWithSecret { id, name: found.name, client_id: found.client_id, client_secret })
}

/// Deletes a credential and every token that was got with it.
pub async fn revoke(scope: Scope<'_>, id: i64) -> Result<()> {
    in_change!(spec_of(scope, Action::CredentialRevoke, id).await?, |change| revoke_in(change, scope.app, id).await)
}

async fn revoke_in(change: &mut Change<'_>, app: AppId, id: i64) -> Result<()> {
    let found = read(change.db(), app, id).await?;
    query("DELETE FROM api_credential WHERE id = $1").bind(id).execute(change.db()).await.or_fault()?;
    change.event(&found.name, Some(json!({ "name": found.name, "client_id": found.client_id })), None).await
}
