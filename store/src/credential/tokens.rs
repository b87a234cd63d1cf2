//! Bearer tokens of the REST APIs: given for a client's secret or a user's password, and looked up with every call.
//! `token_events.rs` records them in the log.

use std::fmt;

use domain::{
    Actor, Caller, Code, Error, Permission, Result,
    account::User,
    application::AppId,
    caller::Rights,
    credential::rules::{self, Addresses},
    error::{Conflict, Entity},
    event::Action,
    limits,
};
use subtle::ConstantTimeEq;

use super::{
    known_networks,
    token_events::{self, GrantType},
};
use crate::{
    AppScope, Scope, Store,
    db::{self, Conn, OrFault, now, query, query_as, query_scalar, token_hash},
    identity,
    memory::refusals::{RefusalEvent, RefusalScope},
    password::{self, HashingQueue, PasswordCheck},
};

pub use super::token_events::record_issued_tokens;
pub use crate::{
    identity::tokens::{find, proof},
    memory::tokens::TokenLookup,
};

/// How long an expired token is kept, so that its client can be told why it does not work any more.
const EXPIRED_KEPT_MS: i64 = 7 * limits::DAY_MS;
/// One in so many new tokens looks whether there are too many.
const LOOKED_AFTER_EACH: u8 = 16;
/// The beginning of tokens: `YWMt` when encoded.
const BEGINNING: &[u8] = b"ac-";

/// A new token.
#[derive(Clone, PartialEq, Eq)]
pub struct IssuedToken {
    /// The token itself, which only this answer has: the database stores its hash.
    pub token: String,
    /// How long it is valid, seconds; 0: forever.
    pub expires_in: i64,
    /// The token's user; `None` for a token of a credential.
    pub user: Option<User>,
}

impl fmt::Debug for IssuedToken {
    /// Leaves the token out, because printed values end up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuedToken").field("expires_in", &self.expires_in).field("user", &self.user).finish_non_exhaustive()
    }
}

/// A credential whose secret was presented and was right.
#[derive(Debug, Clone)]
pub struct Client {
    id: i64,
    app: AppId,
    name: String,
    secret_hash: Vec<u8>,
    address: Option<String>,
}

/// The rules by which an app gives tokens.
#[derive(sqlx::FromRow)]
struct Grants {
    password_grant: bool,
    inherit_grant: bool,
    token_ttl_max: i64,
}

async fn grants(db: &mut Conn, app: AppId) -> Result<Grants> {
    let sql = "SELECT password_grant, inherit_grant, token_ttl_max FROM application WHERE id = $1";
    let found = query_as(sql).bind(app.key()).fetch_optional(db).await.or_fault()?;
    found.ok_or(Error::NotFound(Entity::Application))
}

/// Reports to the log why a token was not given, and returns the error.
fn refused(store: &Store, app: AppId, caller: &Caller, target: &str, reason: &'static str, error: Error) -> Error {
    let (action, scope) = (Action::TokenRefuse, RefusalScope::App(app));
    store.refusals().report(RefusalEvent { action, scope, caller: caller.clone(), target: target.to_owned(), reason });
    error
}

/// Reports to the log that a password was not checked, because there were too many attempts.
pub fn throttled(scope: AppScope<'_>) {
    let Scope { store, caller, app } = scope;
    refused(store, app.id, caller, "", "throttled", Error::Throttled { retry_after_s: 0 });
}

/// Gives a token to a credential. `ttl`: its lifetime in seconds, see [`rules::lifetime`]; the app may limit it further.
/// [`Code::Mismatch`] at `client_secret` when the secret has become invalid in the meantime.
pub async fn for_client(store: &Store, client: Client, ttl: Option<i64>) -> Result<IssuedToken> {
    let asked = lifetime(ttl)?;
    let mut transaction = store.write().await?;
    let at = now();
    // The secret was checked outside the transaction: it must still be the current one, or an old one that is still valid.
    let good: Option<(Vec<u8>, Option<i64>)> = query_as(
        "SELECT secret_hash, old_secret_until FROM api_credential
         WHERE id = $1 AND (expires_at IS NULL OR expires_at > $3)
           AND (secret_hash = $2 OR (old_secret_hash = $2 AND old_secret_until > $3))",
    )
    .bind(client.id)
    .bind(&client.secret_hash)
    .bind(at)
    .fetch_optional(&mut *transaction)
    .await
    .or_fault()?;
    let Some((current, old_until)) = good else { return Err(Error::field("client_secret", Code::Mismatch)) };
    let until = if current == client.secret_hash { None } else { old_until };
    let life = Life { at, asked, max: grants(&mut transaction, client.app).await?.token_ttl_max, until };
    let (token, expires_in) = insert(&mut transaction, client.app, Owner::Credential(client.id), life).await?;
    identity::tokens::used(&mut transaction, client.id, at).await?;
    let rights = Rights { read_only: false, until };
    let actor = Actor::Credential { id: client.id, name: client.name, app: client.app.key(), rights };
    let caller = Caller { actor, address: client.address, proof: None };
    token_events::note(&mut transaction, &caller, client.app, GrantType::Credentials, None, at).await?;
    transaction.commit().await?;
    Ok(IssuedToken { token, expires_in, user: None })
}

#[derive(sqlx::FromRow)]
struct Keys {
    id: i64,
    name: String,
    secret_hash: Vec<u8>,
    old_secret_hash: Option<Vec<u8>>,
    old_secret_until: Option<i64>,
    expires_at: Option<i64>,
    addresses: String,
}

/// The credential with that id and secret, presented from that address; otherwise [`Code::Mismatch`] at `client_id` or
/// `client_secret`. One that has expired, or is not allowed from that address, is refused like a wrong secret, so that a thief of
/// the secret learns nothing from the answer. Done by a reader, because strangers must not keep the writer busy.
pub async fn client(store: &Store, app: AppId, client_id: &str, client_secret: &str, address: Option<&str>) -> Result<Client> {
    let nobody = Caller::anonymous(address.map(str::to_owned));
    let row: Option<Keys> = query_as(
        "SELECT id, name, secret_hash, old_secret_hash, old_secret_until, expires_at, addresses
         FROM api_credential WHERE client_id = $1 AND app_id = $2",
    )
    .bind(client_id)
    .bind(app.key())
    .fetch_optional(store.reader())
    .await
    .or_fault()?;
    let Some(row) = row else {
        let error = Error::field("client_id", Code::Mismatch);
        return Err(refused(store, app, &nobody, "", "unknown_client", error));
    };
    let (given, at) = (token_hash(client_secret), now());
    let old = row.old_secret_hash.filter(|_| row.old_secret_until.is_some_and(|until| until > at));
    let is = |hash: &[u8]| bool::from(given.as_slice().ct_eq(hash));
    let reason = if !is(&row.secret_hash) && !old.as_deref().is_some_and(is) {
        Some("wrong_secret")
    } else if row.expires_at.is_some_and(|end| end <= at) {
        Some("expired")
    } else if !Addresses::parse(&row.addresses).is_ok_and(|addresses| addresses.allow(address)) {
        Some("address")
    } else {
        None
    };
    if let Some(reason) = reason {
        let error = Error::field("client_secret", Code::Mismatch);
        return Err(refused(store, app, &nobody, &row.name, reason, error));
    }
    Ok(Client { id: row.id, app, name: row.name, secret_hash: given.to_vec(), address: nobody.address })
}

/// Gives a token to an account for its password. [`Error::SignInRefused`] when name and password do not match, the account has no
/// password or is deactivated, always after the same work; [`Error::Busy`] when too many passwords wait to be checked;
/// [`Conflict::GrantOff`] in an app that gives no tokens for passwords.
pub async fn for_password(scope: AppScope<'_>, username: &str, password: &str, ttl: Option<i64>) -> Result<IssuedToken> {
    let Scope { store, caller, app } = scope;
    let asked = lifetime(ttl)?;
    let found = {
        let mut db = store.read().await?;
        // Checked before the password costs any time.
        if !grants(&mut db, app.id).await?.password_grant {
            return Err(refused(store, app.id, caller, "", "grant_off", Error::Conflict(Conflict::GrantOff)));
        }
        crate::account::sign_in_row(&mut db, app, username).await?
    };
    let hash = found.as_ref().and_then(|found| found.password_hash.clone());
    let no = |name: &str, reason| refused(store, app.id, caller, name, reason, Error::SignInRefused);
    let PasswordCheck { fits, renewed } =
        password::verify(store.passwords(), HashingQueue::Anyone, password, hash.clone()).await?;
    if !fits {
        // An unknown name is not recorded: it may be a password in the wrong field.
        let name = found.as_ref().map_or("", |found| found.user.username.as_str());
        return Err(no(name, "wrong_password"));
    }
    let mut transaction = store.write().await?;
    // The password was checked outside the transaction: it must still be the same, and the account still active.
    let found = crate::account::sign_in_row(&mut transaction, app, username).await?;
    let grants = grants(&mut transaction, app.id).await?;
    let Some(found) = found.filter(|found| found.user.activated && found.password_hash == hash && grants.password_grant) else {
        transaction.rollback().await?;
        return Err(no(username, "not_active"));
    };
    if let Some(renewed) = renewed {
        // The same password, hashed with the current parameters.
        query("UPDATE account SET password_hash = $1 WHERE id = $2")
            .bind(renewed)
            .bind(found.id)
            .execute(&mut *transaction)
            .await
            .or_fault()?;
    }
    let at = now();
    let life = Life { at, asked, max: grants.token_ttl_max, until: None };
    let (token, expires_in) = insert(&mut transaction, app.id, Owner::Account { id: found.id, through: None }, life).await?;
    known_networks::remember(&mut transaction, found.id, caller.address.as_deref(), at).await?;
    let username = found.user.username.clone();
    let actor = Actor::Account { id: found.id, username, app: app.id.key(), rights: Rights::default(), through: None };
    let caller = Caller { actor, address: caller.address.clone(), proof: None };
    token_events::note(&mut transaction, &caller, app.id, GrantType::Password, Some(&found.user.username), at).await?;
    transaction.commit().await?;
    Ok(IssuedToken { token, expires_in, user: Some(found.user) })
}

/// Gives a token for an account to a back end of its app, without a password. [`Entity::Account`] not found, unless `register`
/// says to make it; [`Error::SignInRefused`] for a deactivated account; [`Conflict::GrantOff`] in an app that does not allow
/// this. The limits of the back end's credential apply to the token too: through one that only reads, users only read. The token
/// ends no later than the secret.
pub async fn for_account(scope: AppScope<'_>, username: &str, register: bool, ttl: Option<i64>) -> Result<IssuedToken> {
    let Scope { store, caller, app } = scope;
    let no = |name: &str, reason, error| refused(store, app.id, caller, name, reason, error);
    if let Err(error) = caller.require_in(app.id, Permission::Read) {
        return Err(no("", "forbidden", error));
    }
    let asked = lifetime(ttl)?;
    {
        let mut db = store.read().await?;
        if !grants(&mut db, app.id).await?.inherit_grant {
            return Err(no("", "grant_off", Error::Conflict(Conflict::GrantOff)));
        }
        let missing = register && crate::account::sign_in_row(&mut db, app, username).await?.is_none();
        drop(db);
        if missing {
            crate::account::users::register_without_password(scope, username).await?;
        }
    }
    let (through, rights) = match caller.actor {
        Actor::Credential { id, rights, .. } => (Some(id), rights),
        Actor::Operator { .. } | Actor::Account { .. } | Actor::System | Actor::Anonymous => (None, Rights::default()),
    };
    let mut transaction = store.write().await?;
    let at = now();
    if let Some(id) = through {
        // It may have been revoked a moment ago, perhaps by the command line.
        let sql = "SELECT EXISTS (SELECT 1 FROM api_credential WHERE id = $1 AND (expires_at IS NULL OR expires_at > $2))";
        let good: bool = query_scalar(sql).bind(id).bind(at).fetch_one(&mut *transaction).await.or_fault()?;
        if !good {
            return Err(Error::Unauthenticated);
        }
    }
    let found = crate::account::sign_in_row(&mut transaction, app, username).await?.ok_or(Error::NotFound(Entity::Account))?;
    if !found.user.activated {
        transaction.rollback().await?;
        return Err(no(&found.user.username, "not_active", Error::SignInRefused));
    }
    let grants = grants(&mut transaction, app.id).await?;
    if !grants.inherit_grant {
        transaction.rollback().await?;
        return Err(no("", "grant_off", Error::Conflict(Conflict::GrantOff)));
    }
    let life = Life { at, asked, max: grants.token_ttl_max, until: rights.until };
    let (token, expires_in) = insert(&mut transaction, app.id, Owner::Account { id: found.id, through }, life).await?;
    token_events::note(&mut transaction, caller, app.id, GrantType::Inherit, Some(&found.user.username), at).await?;
    transaction.commit().await?;
    Ok(IssuedToken { token, expires_in, user: Some(found.user) })
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

/// How long a new token is valid.
#[derive(Clone, Copy)]
struct Life {
    /// Now, milliseconds.
    at: i64,
    /// The lifetime that was asked for, seconds; 0: forever. `max`: the longest that the app allows, in the same form.
    asked: i64,
    max: i64,
    /// When the secret that it was got with ends, milliseconds since 1970; `None`: that secret has no end.
    until: Option<i64>,
}

impl Life {
    /// When the token ends, milliseconds since 1970, and in how many seconds; `None` and 0: never.
    fn end(self) -> (Option<i64>, i64) {
        let seconds = rules::at_most(self.asked, self.max);
        let end = (seconds != 0).then(|| self.at.saturating_add(seconds * 1000));
        match self.until {
            Some(until) if end.is_none_or(|end| until < end) => (Some(until), ((until - self.at) / 1000).max(1)),
            _ => (end, seconds),
        }
    }
}

/// Makes a token and, now and then, deletes the oldest where there are too many. Answers the token and how long it is valid,
/// seconds; 0: forever.
async fn insert(db: &mut Conn, app: AppId, owner: Owner, life: Life) -> Result<(String, i64)> {
    let token = db::random_text::<33>(BEGINNING);
    let (end, expires_in) = life.end();
    let (credential, account) = match owner {
        Owner::Credential(id) => (Some(id), None),
        Owner::Account { id, through } => (through, Some(id)),
    };
    let hash = token_hash(&token);
    query(
        "INSERT INTO api_token (token_hash, app_id, credential_id, account_id, created_at, expires_at, secret_until)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(hash.to_vec())
    .bind(app.key())
    .bind(credential)
    .bind(account)
    .bind(life.at)
    .bind(end)
    .bind(life.until)
    .execute(&mut *db)
    .await
    .or_fault()?;
    // Counting thousands takes too long to do it each time; a few too many do no harm.
    if !hash[0].is_multiple_of(LOOKED_AFTER_EACH) {
        return Ok((token, expires_in));
    }
    let (surplus, id) = match owner {
        Owner::Credential(id) => (
            "DELETE FROM api_token WHERE token_hash IN (
                 SELECT token_hash FROM api_token WHERE credential_id = $1 AND account_id IS NULL
                 ORDER BY created_at DESC LIMIT 9223372036854775807 OFFSET $2)",
            id,
        ),
        Owner::Account { id, .. } => (
            "DELETE FROM api_token WHERE token_hash IN (
                 SELECT token_hash FROM api_token WHERE account_id = $1 ORDER BY created_at DESC LIMIT 9223372036854775807 OFFSET $2)",
            id,
        ),
    };
    query(surplus).bind(id).bind(limits::API_TOKENS).execute(db).await.or_fault()?;
    Ok((token, expires_in))
}

/// Deletes tokens that expired more than seven days ago, and networks from which nobody has signed in for long; answers how many
/// tokens.
pub async fn delete_expired(store: &Store) -> Result<u64> {
    let mut transaction = store.write().await?;
    let dropped = query("DELETE FROM api_token WHERE expires_at < $1")
        .bind(now() - EXPIRED_KEPT_MS)
        .execute(&mut *transaction)
        .await
        .or_fault()?;
    known_networks::delete_old(&mut transaction, now()).await?;
    transaction.commit().await?;
    Ok(dropped.rows_affected())
}
