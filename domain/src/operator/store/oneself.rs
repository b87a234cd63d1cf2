//! What operators do with their own account: password, preferences, sessions.

use serde_json::json;
use sqlx::SqliteConnection;

use super::{by_id, end_sessions, wanted};
use crate::{
    Actor, Caller, Code, Error, Result, Store,
    db::{Change, now, refuse},
    error::Entity,
    event::Action,
    limits,
    operator::{Language, Me, SessionRow, Theme, password, rules},
};

/// Who that id is; `None` when unknown, disabled, or without a password (it was reset).
pub async fn me(store: &Store, id: i64) -> Result<Option<Me>> {
    me_on(&mut *store.reader().acquire().await?, id).await
}

/// The same on a connection that is at hand.
pub(crate) async fn me_on(db: &mut SqliteConnection, id: i64) -> Result<Option<Me>> {
    let row = by_id(db, id).await?;
    row.filter(|row| row.disabled == 0 && row.password_hash.is_some()).map(super::Row::me).transpose()
}

/// Changes the caller's password and ends all their sessions but `keep_session`.
/// [`Code::WrongPassword`] at `current`, together with what is wrong with the new one.
pub async fn change_password(
    store: &Store,
    caller: &Caller,
    current: &str,
    password: &str,
    repeat: &str,
    keep_session: Option<[u8; 32]>,
) -> Result<()> {
    let (id, name) = oneself(caller)?;
    let prepared = async {
        let row = by_id(store.reader(), id).await?.ok_or(Error::Unauthenticated)?;
        let old = row.password_hash;
        let current_fits = password::fits(current, old.clone()).await?;
        let new = match (rules::new_password(password, repeat), current_fits) {
            (Ok(new), true) => new,
            (new, fits) => return Err(wrong(new.err(), fits)),
        };
        Ok((old, password::hash(new.as_str()).await?))
    };
    let (old, hash) = match prepared.await {
        Ok(prepared) => prepared,
        Err(error) => return Err(refuse(store, caller, Action::OperatorPassword, None, name, error).await),
    };
    let mut change = Change::begin_as(store, caller, Action::OperatorPassword, None, name).await?;
    let result = change_password_in(&mut change, id, old, &hash, keep_session).await;
    change.finish(result).await
}

async fn change_password_in(
    change: &mut Change<'_>,
    id: i64,
    old: Option<String>,
    hash: &str,
    keep: Option<[u8; 32]>,
) -> Result<()> {
    let row = wanted(change.db(), id).await?;
    if row.disabled != 0 || row.password_hash != old {
        // Disabled, reset or changed while the hashes were made.
        return Err(Error::field("current", Code::WrongPassword));
    }
    sqlx::query("UPDATE operator SET password_hash = $1 WHERE id = $2").bind(hash).bind(id).execute(change.db()).await?;
    end_sessions(change.db(), id, keep).await?;
    change.event(&row.name, None, None).await
}

fn wrong(new: Option<Error>, current_fits: bool) -> Error {
    let mut fields = match new {
        Some(Error::Invalid(fields)) => fields,
        Some(other) => return other,
        None => Vec::new(),
    };
    if !current_fits {
        fields.insert(0, crate::FieldError { field: "current".to_owned(), code: Code::WrongPassword });
    }
    Error::Invalid(fields)
}

/// Records that a change of password was turned away before the current one was looked at.
pub async fn change_password_throttled(store: &Store, caller: &Caller) -> Result<()> {
    let (_, name) = oneself(caller)?;
    refuse(store, caller, Action::OperatorPassword, None, name, Error::Throttled { retry_after_s: 0 }).await;
    Ok(())
}

/// Keeps how the caller likes the console; `None` leaves a setting as it is. No event: nobody's data change.
pub async fn set_preferences(store: &Store, caller: &Caller, language: Option<Language>, theme: Option<Theme>) -> Result<()> {
    let (id, _) = oneself(caller)?;
    let mut transaction = store.write().await?;
    sqlx::query("UPDATE operator SET language = coalesce($1, language), theme = coalesce($2, theme) WHERE id = $3")
        .bind(language.map(Language::as_str))
        .bind(theme.map(Theme::as_str))
        .bind(id)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await
}

#[derive(sqlx::FromRow)]
struct Session {
    id: i64,
    id_hash: Vec<u8>,
    created_at: i64,
    seen_at: i64,
    address: Option<String>,
    user_agent: String,
}

/// The caller's live sessions, the latest used first.
pub async fn sessions(store: &Store, caller: &Caller, current: Option<[u8; 32]>) -> Result<Vec<SessionRow>> {
    let (id, _) = oneself(caller)?;
    let rows: Vec<Session> = sqlx::query_as(
        "SELECT id, id_hash, created_at, seen_at, address, user_agent FROM session
         WHERE operator_id = $1 AND expires_at >= $2 AND created_at >= $3 ORDER BY seen_at DESC, id DESC",
    )
    .bind(id)
    .bind(now())
    .bind(now() - limits::SESSION_ABSOLUTE_MS)
    .fetch_all(store.reader())
    .await?;
    let row = |row: Session| SessionRow {
        id: row.id,
        created_at: row.created_at,
        seen_at: row.seen_at,
        address: row.address,
        user_agent: row.user_agent,
        current: current.is_some_and(|hash| row.id_hash == hash),
    };
    Ok(rows.into_iter().map(row).collect())
}

/// Ends one of the caller's own sessions; [`Entity::Session`] not found for anybody else's.
pub async fn end_session(store: &Store, caller: &Caller, id: i64) -> Result<()> {
    let (operator, name) = oneself(caller)?;
    let mut change = Change::begin_as(store, caller, Action::SessionEnd, None, name).await?;
    let result = end_session_in(&mut change, operator, name, id).await;
    change.finish(result).await
}

async fn end_session_in(change: &mut Change<'_>, operator: i64, name: &str, id: i64) -> Result<()> {
    let ended = sqlx::query("DELETE FROM session WHERE id = $1 AND operator_id = $2").bind(id).bind(operator);
    if ended.execute(change.db()).await?.rows_affected() == 0 {
        return Err(Error::NotFound(Entity::Session));
    }
    change.event(name, Some(json!({ "sessions": 1 })), None).await
}

/// Ends all of the caller's sessions but `current`; how many.
pub async fn end_other_sessions(store: &Store, caller: &Caller, current: Option<[u8; 32]>) -> Result<u64> {
    let (operator, name) = oneself(caller)?;
    let mut change = Change::begin_as(store, caller, Action::SessionEnd, None, name).await?;
    let result = end_others_in(&mut change, operator, name, current).await;
    change.finish(result).await
}

async fn end_others_in(change: &mut Change<'_>, operator: i64, name: &str, current: Option<[u8; 32]>) -> Result<u64> {
    let ended = end_sessions(change.db(), operator, current).await?;
    if ended > 0 {
        change.event(name, Some(json!({ "sessions": ended })), None).await?;
    }
    Ok(ended)
}

fn oneself(caller: &Caller) -> Result<(i64, &str)> {
    match &caller.actor {
        Actor::Operator { id, name, .. } => Ok((*id, name)),
        _ => Err(Error::Unauthenticated),
    }
}
