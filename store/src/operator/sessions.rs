//! Sessions of operators: operators see and end their own, owners those of all.

use domain::{Caller, Error, Permission, Result, error::Entity, event::Action, limits, operator::SessionRow};
use serde_json::json;

use super::{end_sessions, manage::spec_of, own_account::caller_identity, wanted};
use crate::{
    Store,
    change::{Change, ChangeSpec},
    db::{OrFault, now, query, query_as},
    in_change,
};

#[derive(sqlx::FromRow)]
struct Session {
    id: i64,
    id_hash: Vec<u8>,
    created_at: i64,
    seen_at: i64,
    address: Option<String>,
    user_agent: String,
}

/// The caller's sessions that are not over, the latest used first. `current` is the hash of the session that asks.
/// [`Error::Unauthenticated`] for callers that are not operators.
pub async fn sessions(store: &Store, caller: &Caller, current: Option<[u8; 32]>) -> Result<Vec<SessionRow>> {
    let (id, _) = caller_identity(caller)?;
    live(store, id, current).await
}

/// The sessions of any operator that are not over, for owners, the latest used first; [`Entity::Operator`] not found. `current`
/// is the hash of the session that asks.
pub async fn sessions_of(store: &Store, caller: &Caller, operator: i64, current: Option<[u8; 32]>) -> Result<Vec<SessionRow>> {
    caller.require(Permission::Operators)?;
    wanted(&mut store.read().await?, operator).await?;
    live(store, operator, current).await
}

async fn live(store: &Store, operator: i64, current: Option<[u8; 32]>) -> Result<Vec<SessionRow>> {
    let rows: Vec<Session> = query_as(
        "SELECT id, id_hash, created_at, seen_at, address, user_agent FROM session
         WHERE operator_id = $1 AND expires_at >= $2 AND created_at >= $3 ORDER BY seen_at DESC, id DESC",
    )
    .bind(operator)
    .bind(now())
    .bind(now() - limits::SESSION_ABSOLUTE_MS)
    .fetch_all(store.reader())
    .await
    .or_fault()?;
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

/// Ends one of the caller's own sessions; [`Entity::Session`] not found for a session of any other operator.
pub async fn end_session(store: &Store, caller: &Caller, id: i64) -> Result<()> {
    let (operator, name) = caller_identity(caller)?;
    in_change!(ChangeSpec::without_permission(store, caller, Action::SessionEnd, None, name), |change| {
        end_one(change, operator, name, id).await
    })
}

/// Ends one session of any operator, for owners; [`Entity::Session`] not found when it belongs to another operator. The target of
/// the event is the operator of the session.
pub async fn end_session_of(store: &Store, caller: &Caller, operator: i64, id: i64) -> Result<()> {
    in_change!(spec_of(store, caller, Action::SessionEnd, operator).await?, |change| {
        let name = wanted(change.db(), operator).await?.name;
        end_one(change, operator, &name, id).await
    })
}

async fn end_one(change: &mut Change<'_>, operator: i64, name: &str, id: i64) -> Result<()> {
    let ended = query("DELETE FROM session WHERE id = $1 AND operator_id = $2").bind(id).bind(operator);
    if ended.execute(change.db()).await.or_fault()?.rows_affected() == 0 {
        return Err(Error::NotFound(Entity::Session));
    }
    change.event(name, Some(json!({ "sessions": 1 })), None).await
}

/// Ends all of the caller's sessions except `current`; how many.
pub async fn end_other_sessions(store: &Store, caller: &Caller, current: Option<[u8; 32]>) -> Result<u64> {
    let (operator, name) = caller_identity(caller)?;
    in_change!(ChangeSpec::without_permission(store, caller, Action::SessionEnd, None, name), |change| {
        end_all(change, operator, name, current).await
    })
}

/// Ends all sessions of any operator except `current`, for owners; how many. [`Entity::Operator`] not found.
pub async fn end_sessions_of(store: &Store, caller: &Caller, operator: i64, current: Option<[u8; 32]>) -> Result<u64> {
    in_change!(spec_of(store, caller, Action::SessionEnd, operator).await?, |change| {
        let name = wanted(change.db(), operator).await?.name;
        end_all(change, operator, &name, current).await
    })
}

async fn end_all(change: &mut Change<'_>, operator: i64, name: &str, keep: Option<[u8; 32]>) -> Result<u64> {
    let ended = end_sessions(change.db(), operator, keep).await?;
    if ended > 0 {
        change.event(name, Some(json!({ "sessions": ended })), None).await?;
    }
    Ok(ended)
}
