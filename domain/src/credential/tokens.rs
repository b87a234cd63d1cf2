//! Bearer tokens of the REST APIs: got for a client's secret or a user's password, looked up with every call. Getting one is no
//! change of an app's data, so it leaves no event.

use std::fmt;

use sqlx::SqliteConnection;
use subtle::ConstantTimeEq;

use super::rules;
use crate::{
    Actor, Caller, Code, Error, Permission, Result, Store,
    account::{self, User},
    application::{AppId, AppRef},
    db::{self, now, token_hash},
    error::Entity,
    limits,
    operator::password::{self, Line, Looked},
};

/// How often a token that is used writes that down.
const TOUCH_EVERY_MS: i64 = limits::MINUTE_MS;
/// How long an expired token is kept, so that its client can be told why it does not work any more.
const EXPIRED_KEPT_MS: i64 = 7 * limits::DAY_MS;
/// One in so many new tokens looks whether there are too many.
const LOOKED_AFTER_EACH: u8 = 16;
/// `YWMt` once encoded.
const BEGINNING: &[u8] = b"ac-";

/// A new token.
#[derive(Clone, PartialEq, Eq)]
pub struct Issued {
    pub token: String,
    /// How long it is good, seconds; 0: for ever.
    pub expires_in: i64,
    /// Whose it is, unless it is a credential's.
    pub user: Option<User>,
}

impl fmt::Debug for Issued {
    /// Without the token: what is printed ends up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issued").field("expires_in", &self.expires_in).field("user", &self.user).finish_non_exhaustive()
    }
}

/// What a text that came as a token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presented {
    /// A token of this app, good for this actor.
    Good { app: AppRef, actor: Actor },
    /// Was good once.
    Expired,
    /// Never made here; or its credential was revoked or rotated, or its account deleted or deactivated, or given another password.
    Unknown,
}

#[derive(sqlx::FromRow)]
struct Row {
    expires_at: Option<i64>,
    last_used_at: Option<i64>,
    app_id: i64,
    uuid: String,
    org_name: String,
    app_name: String,
    credential_id: Option<i64>,
    credential: Option<String>,
    account_id: Option<i64>,
    username: Option<String>,
    activated: Option<i64>,
}

/// Looks a token up, and writes down that it was used, at most once a minute and without making the caller wait.
pub async fn find(store: &Store, token: &str) -> Result<Presented> {
    if !rules::looks_like_token(token) {
        return Ok(Presented::Unknown);
    }
    let (hash, at) = (token_hash(token), now());
    // Before the read: what ends tokens from here on makes it worthless.
    let generation = store.feed().token_ends();
    if let Some(found) = store.tokens().get(&hash, generation, at) {
        return Ok(found);
    }
    // By its hash: how long the search in the index takes tells nothing about the token.
    let row: Option<Row> = sqlx::query_as(
        "SELECT t.expires_at, t.last_used_at, t.app_id, p.uuid, p.org_name, p.app_name, t.credential_id, c.name AS credential,
                t.account_id, a.username, a.activated
         FROM api_token t JOIN application p ON p.id = t.app_id
         LEFT JOIN api_credential c ON c.id = t.credential_id LEFT JOIN account a ON a.id = t.account_id
         WHERE t.token_hash = $1",
    )
    .bind(hash.to_vec())
    .fetch_optional(store.reader())
    .await?;
    let Some(row) = row else { return Ok(Presented::Unknown) };
    if row.expires_at.is_some_and(|end| end <= at) {
        return Ok(Presented::Expired);
    }
    let actor = match (row.account_id.zip(row.username), row.credential_id.zip(row.credential)) {
        (Some((id, username)), _) if row.activated == Some(1) => Actor::Account { id, username, app: row.app_id },
        (None, Some((id, name))) => Actor::Credential { id, name, app: row.app_id },
        _ => return Ok(Presented::Unknown),
    };
    if row.last_used_at.is_none_or(|used| at - used >= TOUCH_EVERY_MS) {
        let store = store.clone();
        tokio::spawn(async move {
            if let Err(error) = touch(&store, hash, at).await {
                tracing::warn!(%error, "that a token was used could not be written down");
            }
        });
    }
    let app = AppRef { id: AppId(row.app_id), uuid: row.uuid, org_name: row.org_name, app_name: row.app_name };
    let found = Presented::Good { app, actor };
    store.tokens().put(hash, found.clone(), row.expires_at, generation);
    Ok(found)
}

async fn touch(store: &Store, hash: [u8; 32], at: i64) -> Result<()> {
    let mut transaction = store.write().await?;
    // Calls that came together find it done.
    let touched: Option<Option<i64>> = sqlx::query_scalar(
        "UPDATE api_token SET last_used_at = $1 WHERE token_hash = $2 AND (last_used_at IS NULL OR last_used_at <= $3)
         RETURNING CASE WHEN account_id IS NULL THEN credential_id END",
    )
    .bind(at)
    .bind(hash.to_vec())
    .bind(at - TOUCH_EVERY_MS)
    .fetch_optional(&mut *transaction)
    .await?;
    if let Some(Some(credential)) = touched {
        used(&mut transaction, credential, at).await?;
    }
    transaction.commit().await
}

/// A credential was used.
async fn used(db: &mut SqliteConnection, credential: i64, at: i64) -> Result<()> {
    sqlx::query("UPDATE api_credential SET last_used_at = max(coalesce(last_used_at, 0), $1) WHERE id = $2")
        .bind(at)
        .bind(credential)
        .execute(db)
        .await?;
    Ok(())
}

/// A credential whose secret was given.
#[derive(Clone)]
pub struct Client {
    id: i64,
    app: AppId,
    secret_hash: Vec<u8>,
}

/// A token of a credential. `ttl` in seconds, see [`rules::lifetime`].
pub async fn for_client(store: &Store, client: Client, ttl: Option<i64>) -> Result<Issued> {
    let lifetime = lifetime(ttl)?;
    let mut transaction = store.write().await?;
    // The secret was checked outside the transaction: it must still be that one.
    let good: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM api_credential WHERE id = $1 AND secret_hash = $2)")
        .bind(client.id)
        .bind(&client.secret_hash)
        .fetch_one(&mut *transaction)
        .await?;
    if !good {
        return Err(Error::field("client_secret", Code::Mismatch));
    }
    let token = insert(&mut transaction, client.app, Owner::Credential(client.id), lifetime).await?;
    used(&mut transaction, client.id, now()).await?;
    transaction.commit().await?;
    Ok(Issued { token, expires_in: lifetime, user: None })
}

/// The credential of that id and secret; [`Code::Mismatch`] at `client_id` or `client_secret`. Strangers must not keep the writer busy, so
/// they are turned away by a reader.
pub async fn client(store: &Store, app: AppId, client_id: &str, client_secret: &str) -> Result<Client> {
    let row: Option<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT id, secret_hash FROM api_credential WHERE client_id = $1 AND app_id = $2")
            .bind(client_id)
            .bind(app.0)
            .fetch_optional(store.reader())
            .await?;
    let Some((id, hash)) = row else { return Err(Error::field("client_id", Code::Mismatch)) };
    if !bool::from(token_hash(client_secret).as_slice().ct_eq(&hash)) {
        return Err(Error::field("client_secret", Code::Mismatch));
    }
    Ok(Client { id, app, secret_hash: hash })
}

/// A token of an account for its password. [`Error::SignInRefused`] when name and password do not fit, the account has no password or
/// is deactivated, always after the same work; [`Error::Busy`] when too many wait for that.
pub async fn for_password(store: &Store, app: &AppRef, username: &str, password: &str, ttl: Option<i64>) -> Result<Issued> {
    let lifetime = lifetime(ttl)?;
    let found = account::store::sign_in_row(&mut *store.reader().acquire().await?, app, username).await?;
    let hash = found.as_ref().and_then(|found| found.password_hash.clone());
    let Looked { fits, renewed } = password::look(store, Line::Anyone, password, hash.clone()).await?;
    if !fits {
        return Err(Error::SignInRefused);
    }
    let mut transaction = store.write().await?;
    // The password was checked outside the transaction: it must still be that one, and the account still active.
    let found = account::store::sign_in_row(&mut transaction, app, username).await?;
    let Some(found) = found.filter(|found| found.user.activated && found.password_hash == hash) else {
        return Err(Error::SignInRefused);
    };
    if let Some(renewed) = renewed {
        // The same password with today's parameters.
        sqlx::query("UPDATE account SET password_hash = $1 WHERE id = $2")
            .bind(renewed)
            .bind(found.id)
            .execute(&mut *transaction)
            .await?;
    }
    let token = insert(&mut transaction, app.id, Owner::Account { id: found.id, through: None }, lifetime).await?;
    transaction.commit().await?;
    Ok(Issued { token, expires_in: lifetime, user: Some(found.user) })
}

/// A token of an account for a back end of its app, which needs no password. [`Entity::Account`] not found, unless it may be made
/// (`register`); [`Error::SignInRefused`] while it is deactivated.
pub async fn for_account(
    store: &Store,
    caller: &Caller,
    app: &AppRef,
    username: &str,
    register: bool,
    ttl: Option<i64>,
) -> Result<Issued> {
    caller.require_in(app.id, Permission::Write)?;
    let lifetime = lifetime(ttl)?;
    if register && account::store::sign_in_row(&mut *store.reader().acquire().await?, app, username).await?.is_none() {
        account::store::users::register_without_password(store, caller, app, username).await?;
    }
    let through = match caller.actor {
        Actor::Credential { id, .. } => Some(id),
        _ => None,
    };
    let mut transaction = store.write().await?;
    if let Some(id) = through {
        // Revoked a moment ago, perhaps by the command line.
        let good: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM api_credential WHERE id = $1)")
            .bind(id)
            .fetch_one(&mut *transaction)
            .await?;
        if !good {
            return Err(Error::Unauthenticated);
        }
    }
    let found = account::store::sign_in_row(&mut transaction, app, username).await?.ok_or(Error::NotFound(Entity::Account))?;
    if !found.user.activated {
        return Err(Error::SignInRefused);
    }
    let token = insert(&mut transaction, app.id, Owner::Account { id: found.id, through }, lifetime).await?;
    transaction.commit().await?;
    Ok(Issued { token, expires_in: lifetime, user: Some(found.user) })
}

fn lifetime(ttl: Option<i64>) -> Result<i64> {
    rules::lifetime(ttl).map_err(|code| Error::field("ttl", code))
}

#[derive(Clone, Copy)]
enum Owner {
    Credential(i64),
    /// `through`: the credential that asked for it.
    Account {
        id: i64,
        through: Option<i64>,
    },
}

/// Makes a token and now and then ends the oldest where there are too many. `lifetime` in seconds; 0: for ever.
async fn insert(db: &mut SqliteConnection, app: AppId, owner: Owner, lifetime: i64) -> Result<String> {
    let token = db::random_text::<33>(BEGINNING);
    let at = now();
    let (credential, account) = match owner {
        Owner::Credential(id) => (Some(id), None),
        Owner::Account { id, through } => (through, Some(id)),
    };
    let hash = token_hash(&token);
    sqlx::query(
        "INSERT INTO api_token (token_hash, app_id, credential_id, account_id, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(hash.to_vec())
    .bind(app.0)
    .bind(credential)
    .bind(account)
    .bind(at)
    .bind((lifetime != 0).then(|| at.saturating_add(lifetime * 1000)))
    .execute(&mut *db)
    .await?;
    // Counting thousands is for now and then; a few too many do no harm.
    if !hash[0].is_multiple_of(LOOKED_AFTER_EACH) {
        return Ok(token);
    }
    let (surplus, id) = match owner {
        Owner::Credential(id) => (
            "DELETE FROM api_token WHERE token_hash IN (
                 SELECT token_hash FROM api_token WHERE credential_id = $1 AND account_id IS NULL
                 ORDER BY created_at DESC LIMIT -1 OFFSET $2)",
            id,
        ),
        Owner::Account { id, .. } => (
            "DELETE FROM api_token WHERE token_hash IN (
                 SELECT token_hash FROM api_token WHERE account_id = $1 ORDER BY created_at DESC LIMIT -1 OFFSET $2)",
            id,
        ),
    };
    sqlx::query(surplus).bind(id).bind(limits::API_TOKENS).execute(db).await?;
    Ok(token)
}

/// Ends every token of an account.
pub(crate) async fn end_of_account(db: &mut SqliteConnection, account: i64) -> Result<u64> {
    Ok(sqlx::query("DELETE FROM api_token WHERE account_id = $1").bind(account).execute(db).await?.rows_affected())
}

/// Drops tokens that expired a while ago; how many.
pub async fn delete_expired(store: &Store) -> Result<u64> {
    let mut transaction = store.write().await?;
    let dropped = sqlx::query("DELETE FROM api_token WHERE expires_at < $1")
        .bind(now() - EXPIRED_KEPT_MS)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(dropped.rows_affected())
}
