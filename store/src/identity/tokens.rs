//! The identity of a bearer token: looked up with every call of the REST APIs, and within every change that a call makes. Issuing
//! tokens is in `crate::credential::tokens`.

use std::sync::Arc;

use domain::{
    Actor, Caller, Error, Result,
    application::{AppId, AppRef},
    caller::Rights,
    credential::rules::{self, Addresses},
    limits,
};

use crate::{
    Store,
    db::{Conn, Executor, OrFault, now, query, query_as, query_scalar, range, token_hash},
    memory::tokens::TokenLookup,
};

/// How often the use of a token is stored.
const TOUCH_EVERY_MS: i64 = limits::MINUTE_MS;

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
    credential_ends: Option<i64>,
    read_only: Option<i64>,
    addresses: Option<String>,
    secret_until: Option<i64>,
    account_id: Option<i64>,
    username: Option<String>,
    activated: Option<i64>,
}

/// Looks up a token that came from that address, and stores that it was used, at most once a minute and without making the caller
/// wait. Tokens of users are valid from any address, also those that a credential got for them: they are used by the users' own
/// devices.
pub async fn find(store: &Store, token: &str, address: Option<&str>) -> Result<TokenLookup> {
    let (found, addresses) = look_up(store, token).await?;
    Ok(if addresses.is_none_or(|addresses| addresses.allow(address)) { found } else { TokenLookup::Elsewhere })
}

async fn look_up(store: &Store, token: &str) -> Result<(TokenLookup, Option<Arc<Addresses>>)> {
    if !rules::looks_like_token(token) {
        return Ok((TokenLookup::Unknown, None));
    }
    look_up_hash(store, store.reader(), token_hash(token)).await
}

/// The [`Caller::proof`] of a token.
pub fn proof(token: &str) -> [u8; 32] {
    token_hash(token)
}

/// The caller as of now, within a change: see [`super::renewed`].
pub(super) async fn renewed(store: &Store, db: &mut Conn, token: [u8; 32], caller: &Caller) -> Result<Caller> {
    let (found, addresses) = look_up_hash(store, db, token).await?;
    let same_app = |actor: &Actor| match (actor, &caller.actor) {
        (Actor::Credential { app, .. }, Actor::Credential { app: own, .. }) => app == own,
        (Actor::Account { app, .. }, Actor::Account { app: own, .. }) => app == own,
        _ => false,
    };
    match found {
        TokenLookup::Good { actor, .. }
            if same_app(&actor) && addresses.is_none_or(|addresses| addresses.allow(caller.address.as_deref())) =>
        {
            Ok(Caller { actor, ..caller.clone() })
        }
        TokenLookup::Good { .. } | TokenLookup::Expired | TokenLookup::Elsewhere | TokenLookup::Unknown => {
            Err(Error::Unauthenticated)
        }
    }
}

async fn look_up_hash(store: &Store, db: impl Executor<'_>, hash: [u8; 32]) -> Result<(TokenLookup, Option<Arc<Addresses>>)> {
    let at = now();
    // Before the read: if tokens end from here on, the result is not cached as current.
    let generation = store.tokens().generation();
    if let Some(found) = store.tokens().get(&hash, generation, at) {
        return Ok(found);
    }
    // By its hash: how long the search in the index takes says nothing about the token.
    let row: Option<Row> = query_as(
        "SELECT t.expires_at, t.last_used_at, t.app_id, p.uuid, p.org_name, p.app_name, t.credential_id, c.name AS credential,
                c.expires_at AS credential_ends, c.read_only, c.addresses, t.secret_until, t.account_id, a.username, a.activated
         FROM api_token t JOIN application p ON p.id = t.app_id
         LEFT JOIN api_credential c ON c.id = t.credential_id LEFT JOIN account a ON a.id = t.account_id
         WHERE t.token_hash = $1",
    )
    .bind(hash.to_vec())
    .fetch_optional(db)
    .await
    .or_fault()?;
    let Some(row) = row else { return Ok((TokenLookup::Unknown, None)) };
    if row.expires_at.is_some_and(|end| end <= at) {
        return Ok((TokenLookup::Expired, None));
    }
    // As if its secret had been wrong from then on.
    if row.credential_ends.is_some_and(|end| end <= at) {
        return Ok((TokenLookup::Unknown, None));
    }
    let rights = Rights { read_only: row.read_only == Some(1), until: row.secret_until };
    let mut addresses = None;
    let actor = match (row.account_id.zip(row.username), row.credential_id.zip(row.credential)) {
        (Some((id, username)), key) if row.activated == Some(1) => {
            Actor::Account { id, username, app: row.app_id, rights, through: key.map(|(_, name)| name) }
        }
        (None, Some((id, name))) => {
            addresses = row.addresses.as_deref().filter(|text| !text.is_empty()).map(kept_addresses).transpose()?;
            Actor::Credential { id, name, app: row.app_id, rights }
        }
        _ => return Ok((TokenLookup::Unknown, None)),
    };
    if row.last_used_at.is_none_or(|used| at - used >= TOUCH_EVERY_MS) {
        let store = store.clone();
        tokio::spawn(async move {
            if let Err(error) = touch(&store, hash, at).await {
                tracing::warn!(%error, "that a token was used could not be written down");
            }
        });
    }
    let app = AppRef { id: AppId::of_row(row.app_id), uuid: row.uuid, org_name: row.org_name, app_name: row.app_name };
    let found = TokenLookup::Good { app, actor };
    let ends = [row.expires_at, row.credential_ends].into_iter().flatten().min();
    store.tokens().put(hash, (found.clone(), addresses.clone()), ends, generation);
    Ok((found, addresses))
}

fn kept_addresses(text: &str) -> Result<Arc<Addresses>> {
    Addresses::parse(text).map(Arc::new).map_err(|code| Error::Internal(format!("addresses in the database: {code:?}")))
}

async fn touch(store: &Store, hash: [u8; 32], at: i64) -> Result<()> {
    let mut transaction = store.write().await?;
    // Calls that came at the same time find it done.
    let touched: Option<Option<i64>> = query_scalar(
        "UPDATE api_token SET last_used_at = $1 WHERE token_hash = $2 AND (last_used_at IS NULL OR last_used_at <= $3)
         RETURNING CASE WHEN account_id IS NULL THEN credential_id END",
    )
    .bind(at)
    .bind(hash.to_vec())
    .bind(at - TOUCH_EVERY_MS)
    .fetch_optional(&mut *transaction)
    .await
    .or_fault()?;
    if let Some(Some(credential)) = touched {
        used(&mut transaction, credential, at).await?;
    }
    transaction.commit().await
}

/// Stores that a credential was used at that time, milliseconds since 1970.
pub async fn used(db: &mut Conn, credential: i64, at: i64) -> Result<()> {
    query("UPDATE api_credential SET last_used_at = CASE WHEN last_used_at > $1 THEN last_used_at ELSE $1 END WHERE id = $2")
        .bind(at)
        .bind(credential)
        .execute(db)
        .await
        .or_fault()?;
    Ok(())
}

/// Ends every token of an account; how many. Also forgets the networks that it has signed in from: those may be somebody else's.
pub async fn end_of_account(db: &mut Conn, account: i64) -> Result<u64> {
    query("DELETE FROM account_place WHERE account_id = $1").bind(account).execute(&mut *db).await.or_fault()?;
    Ok(query("DELETE FROM api_token WHERE account_id = $1").bind(account).execute(db).await.or_fault()?.rows_affected())
}

/// Ends every token of accounts of an app that was issued through a credential, or that was not; how many.
pub async fn end_of_way(db: &mut Conn, app: AppId, through_credential: bool) -> Result<u64> {
    let (low, high) = range(app);
    let sql = "DELETE FROM api_token WHERE account_id BETWEEN $1 AND $2 AND (credential_id IS NOT NULL) = $3";
    Ok(query(sql).bind(low).bind(high).bind(through_credential).execute(db).await.or_fault()?.rows_affected())
}
