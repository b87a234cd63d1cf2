//! The current identity of a caller: what a session or a token allows at this moment, asked before every change.

pub mod tokens;

use domain::{Actor, Caller, Error, Result, limits, operator::Role};

use crate::{
    Store,
    db::{Conn, Executor, OrFault, decode_enum, now, query_as, query_scalar, sql},
};

/// The caller as of now: an operator with a session has the role that the database has, a token allows what its credential does.
/// [`Error::Unauthenticated`] when session or token have ended meanwhile, or their owner may not use Roster any more. One look-up
/// by a key, for every change.
pub async fn renewed(store: &Store, db: &mut Conn, caller: &Caller) -> Result<Caller> {
    let (session, id) = match (caller.proof, &caller.actor) {
        (Some(session), Actor::Operator { id, .. }) => (session, id),
        (Some(token), Actor::Credential { .. } | Actor::Account { .. }) => {
            return tokens::renewed(store, db, token, caller).await;
        }
        (None, _) | (Some(_), Actor::System | Actor::Anonymous) => return Ok(caller.clone()),
    };
    if store.deferred_sessions().has_ended(session) {
        return Err(Error::Unauthenticated);
    }
    let now = now();
    let mut found: Option<(String, String)> = query_as(sql!(
        "SELECT o.name, o.role FROM session s @join operator o ON o.id = s.operator_id
         WHERE s.id_hash = $1 AND s.operator_id = $2 AND s.expires_at >= $3 AND s.created_at >= $4
         AND o.disabled = FALSE AND o.password_hash IS NOT NULL"
    ))
    .bind(session.to_vec())
    .bind(id)
    .bind(now)
    .bind(now - limits::SESSION_ABSOLUTE_MS)
    .fetch_optional(&mut *db)
    .await
    .or_fault()?;
    if found.is_none() && is_kept(store, &mut *db, session, *id).await? {
        let sql = "SELECT name, role FROM operator WHERE id = $1 AND disabled = FALSE AND password_hash IS NOT NULL";
        found = query_as(sql).bind(id).fetch_optional(db).await.or_fault()?;
    }
    let (name, role) = found.ok_or(Error::Unauthenticated)?;
    let actor = Actor::Operator { id: *id, name, role: decode_enum(&role, Role::parse)? };
    Ok(Caller { actor, ..caller.clone() })
}

/// Whether a session that is not written yet belongs to that operator, is not over and began with the current password.
async fn is_kept(store: &Store, db: impl Executor<'_>, id_hash: [u8; 32], operator: i64) -> Result<bool> {
    let Some(entry) = store.deferred_sessions().of_session(id_hash).filter(|entry| entry.operator == operator) else {
        return Ok(false);
    };
    let lives = entry.session.is_some_and(|session| !session.is_over(now()));
    Ok(lives && password_of(db, operator).await? == entry.password_hash)
}

/// The hash of an operator's password; `None` without one, or without such an operator.
pub async fn password_of(db: impl Executor<'_>, operator: i64) -> Result<Option<String>> {
    let found: Option<Option<String>> =
        query_scalar("SELECT password_hash FROM operator WHERE id = $1").bind(operator).fetch_optional(db).await.or_fault()?;
    Ok(found.flatten())
}
