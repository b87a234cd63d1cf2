//! Signing in while nothing can be written: operators who come to see what fills the disk must be able to sign in and read. Such
//! a sign-in, its event and the session that it began are kept in memory, a bounded number of them, and written as soon as
//! something can be written. What is not written when the process ends is lost; then the operator signs in again. Sessions that
//! were ended meanwhile are remembered as ended.

use domain::{Actor, Caller, Error, Result, event::Action, operator::Me};
use serde_json::json;

use super::StoredSession;
use crate::{
    Store,
    change::{Change, ChangeSpec, NewEvent},
    db::{OrFault, now, query, query_scalar},
    identity::password_of,
    in_change,
    memory::sessions::DeferredSession,
    operator::me_on,
};

/// Keeps the session of an operator who is signed in, which `fault` prevents from being written. Returns the fault when too many
/// wait already.
pub(super) async fn create(store: &Store, session: &StoredSession, fault: Error) -> Result<()> {
    let Some(operator) = session.operator_id else { return Err(fault) };
    let deferred = store.deferred_sessions();
    // The sign-in itself was still written.
    if deferred.join(operator, session)
        || deferred.add(operator, password_of(store.reader(), operator).await?, None, Some(session.clone()))
    {
        return Ok(());
    }
    Err(fault)
}

/// A session that waits here and is not over, with its operator, unless the operator may not use Roster any more or has another
/// password.
pub(super) async fn load(store: &Store, id_hash: [u8; 32]) -> Result<Option<(StoredSession, Option<Me>)>> {
    let Some(entry) = store.deferred_sessions().of_session(id_hash) else { return Ok(None) };
    let Some(session) = entry.session.filter(|session| !session.is_over(now())) else { return Ok(None) };
    let mut db = store.read().await?;
    let me = me_on(&mut db, entry.operator).await?;
    let same = password_of(&mut db, entry.operator).await? == entry.password_hash;
    Ok(Some((session, me.filter(|_| same))))
}

/// Writes what waits, if that is possible by now; does nothing when nothing waits or the last attempt was less than a second ago.
pub async fn write(store: &Store) {
    if store.deferred_sessions().may_try(now()) {
        write_now(store).await;
    }
}

/// The same at once.
pub async fn write_now(store: &Store) {
    for id_hash in store.deferred_sessions().ended() {
        match super::delete_row(store, id_hash).await {
            Ok(()) => store.deferred_sessions().is_deleted(id_hash),
            Err(Error::Storage(_) | Error::Busy) => return,
            Err(error) => tracing::error!(%error, "a session that is over could not be deleted"),
        }
    }
    for entry in store.deferred_sessions().all() {
        match write_one(store, &entry).await {
            Ok(()) => store.deferred_sessions().remove(entry.number),
            Err(Error::Storage(_) | Error::Busy) => return,
            Err(error) => tracing::error!(%error, "a sign-in that waits to be written down could not be"),
        }
    }
}

async fn write_one(store: &Store, entry: &DeferredSession) -> Result<()> {
    let caller = entry.sign_in.clone().map_or_else(Caller::system, |(caller, _)| caller);
    in_change!(ChangeSpec::without_permission(store, &caller, Action::SignIn, None, ""), |change| {
        write_in(store, change, entry).await
    })
}

async fn write_in(store: &Store, change: &mut Change<'_>, entry: &DeferredSession) -> Result<()> {
    if let Some((Caller { actor: Actor::Operator { name, .. }, .. }, at)) = &entry.sign_in {
        query(
            "UPDATE operator SET last_sign_in_at = CASE WHEN last_sign_in_at > $1 THEN last_sign_in_at ELSE $1 END WHERE id = $2",
        )
        .bind(at)
        .bind(entry.operator)
        .execute(change.db())
        .await
        .or_fault()?;
        let after = Some(json!({ "written_at": change.at() }));
        change.events(vec![NewEvent { target: name.clone(), after, at: Some(*at), ..NewEvent::default() }]).await?;
    }
    // Read again: it may have been used or ended meanwhile. Ending it from here on waits for this transaction (`super::delete`).
    let kept = store.deferred_sessions().numbered(entry.number).and_then(|kept| kept.session);
    let Some(session) = kept.filter(|session| !session.is_over(now())) else { return Ok(()) };
    let allowed: bool = query_scalar(
        "SELECT EXISTS (SELECT 1 FROM operator WHERE id = $1 AND disabled = FALSE AND password_hash IS NOT DISTINCT FROM $2)",
    )
    .bind(entry.operator)
    .bind(&entry.password_hash)
    .fetch_one(change.db())
    .await
    .or_fault()?;
    if allowed {
        super::insert(change.db(), &session).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::operator::Role;

    use super::*;
    use crate::operator as operators;

    #[tokio::test(flavor = "multi_thread")]
    async fn who_signs_out_while_the_session_is_written_down_is_signed_out() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).await.expect("a store");
        let password = "horse battery staple seven";
        operators::add_with_password(&store, &Caller::system(), "olga", Role::Owner, password).await.expect("an operator");
        let operator: i64 = query_scalar("SELECT id FROM operator").fetch_one(store.reader()).await.expect("an id");
        let session = StoredSession {
            id_hash: [7; 32],
            operator_id: Some(operator),
            data: vec![],
            created_at: now(),
            seen_at: now(),
            expires_at: now() + 60_000,
            address: None,
            user_agent: String::new(),
        };
        let hash = password_of(store.reader(), operator).await.expect("a password");
        assert!(store.deferred_sessions().add(operator, hash, None, Some(session.clone())));
        let entry = store.deferred_sessions().of_session(session.id_hash).expect("it is kept");
        let system = Caller::system();
        let spec = ChangeSpec::without_permission(&store, &system, Action::SignIn, None, "");
        let ended = in_change!(spec, |change| {
            write_in(&store, change, &entry).await?;
            // Written, and not committed yet.
            let ended = tokio::spawn({
                let store = store.clone();
                async move { super::super::delete(&store, [7; 32]).await }
            });
            while store.deferred_sessions().of_session(session.id_hash).is_some() {
                tokio::task::yield_now().await;
            }
            Ok(ended)
        });
        ended.expect("written").await.expect("no panic").expect("signed out");
        let rows: i64 = query_scalar("SELECT count(*) FROM session").fetch_one(store.reader()).await.expect("a number");
        assert_eq!(rows, 0, "it does not come back");
        assert_eq!(super::super::load(&store, session.id_hash).await, Ok(None));
    }
}
