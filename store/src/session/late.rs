//! Signing in while nothing can be written: whoever comes to see what fills the disk must be let in to read. Such a sign-in, its event and
//! the session it began are kept in memory, a bounded number of them, and written down as soon as something can be written. What is not
//! written when the process ends is lost; then whoever had it signs in anew. Sessions that were ended meanwhile are kept as ended.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering},
};

use domain::{Actor, Caller, Error, Result, event::Action, limits, operator::Me};
use serde_json::json;
use sqlx::SqliteExecutor;

use super::{StoredSession, is_over};
use crate::{
    Store,
    db::{Change, OrFault, Recorded, now},
    operator::me_on,
};

/// How often writing is tried again, milliseconds: on a full disk each attempt takes its time.
const TRIED_EVERY_MS: i64 = 1_000;

/// What waits to be written. One for a store.
#[derive(Debug, Default)]
pub struct Late {
    entries: Mutex<Vec<Entry>>,
    /// Sessions that are over and whose rows are still there.
    ended: Mutex<Vec<[u8; 32]>>,
    any_ended: AtomicBool,
    /// How many there are, for all the requests that come when there are none.
    count: AtomicUsize,
    tried_at: AtomicI64,
    number: AtomicUsize,
}

#[derive(Debug, Clone)]
struct Entry {
    number: usize,
    operator: i64,
    /// The password that was right: with another one the session is over.
    password_hash: Option<String>,
    /// Who signed in and when, unless that is written already.
    sign_in: Option<(Caller, i64)>,
    session: Option<StoredSession>,
}

impl Late {
    fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<T>(&self, change: impl FnOnce(&mut Vec<Entry>) -> T) -> T {
        let mut entries = self.entries();
        let result = change(&mut entries);
        entries.retain(|entry| entry.sign_in.is_some() || entry.session.is_some());
        self.count.store(entries.len(), Ordering::Release);
        result
    }

    pub fn is_empty(&self) -> bool {
        self.count.load(Ordering::Acquire) == 0
    }

    /// Ends a session whose row cannot go; `false` when there are too many.
    pub fn end(&self, id_hash: [u8; 32]) -> bool {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let room = ended.len() < limits::LATE_SIGN_INS;
        if room {
            ended.push(id_hash);
            self.any_ended.store(true, Ordering::Release);
        }
        room
    }

    /// Whether it was ended and its row may still be there.
    pub fn has_ended(&self, id_hash: [u8; 32]) -> bool {
        self.any_ended.load(Ordering::Acquire) && self.ended().contains(&id_hash)
    }

    fn ended(&self) -> Vec<[u8; 32]> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn is_deleted(&self, id_hash: [u8; 32]) {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.retain(|other| *other != id_hash);
        self.any_ended.store(!ended.is_empty(), Ordering::Release);
    }

    fn add(
        &self,
        operator: i64,
        password_hash: Option<String>,
        sign_in: Option<(Caller, i64)>,
        session: Option<StoredSession>,
    ) -> bool {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        self.change(|entries| {
            let room = entries.len() < limits::LATE_SIGN_INS;
            if room {
                entries.push(Entry { number, operator, password_hash, sign_in, session });
            }
            room
        })
    }

    fn session(&self, id_hash: [u8; 32]) -> Option<Entry> {
        if self.is_empty() {
            return None;
        }
        self.entries().iter().find(|entry| entry.session.as_ref().is_some_and(|session| session.id_hash == id_hash)).cloned()
    }
}

/// Lets an operator in whose sign-in `fault` kept from being written. Gives the fault back when too many wait already.
pub async fn sign_in(store: &Store, caller: &Caller, operator: i64, password_hash: Option<String>, fault: Error) -> Result<Me> {
    let mut db = store.reader().acquire().await.or_fault()?;
    let me = me_on(&mut db, operator).await?.ok_or(Error::SignInRefused)?;
    // The password was checked before: it must still be that one.
    if password_of(&mut *db, operator).await? != password_hash {
        return Err(Error::SignInRefused);
    }
    let actor = Actor::Operator { id: me.id, name: me.name.clone(), role: me.role };
    let caller = Caller { actor, address: caller.address.clone(), proof: None };
    if !store.late().add(operator, password_hash, Some((caller, now())), None) {
        return Err(fault);
    }
    tracing::warn!(operator = me.name, %fault, "signed in to read; the sign-in is written down once that is possible");
    Ok(me)
}

async fn password_of(db: impl SqliteExecutor<'_>, operator: i64) -> Result<Option<String>> {
    let found: Option<Option<String>> = sqlx::query_scalar("SELECT password_hash FROM operator WHERE id = $1")
        .bind(operator)
        .fetch_optional(db)
        .await
        .or_fault()?;
    Ok(found.flatten())
}

/// Keeps the session of somebody who is signed in and that `fault` kept from being written.
pub(super) async fn create(store: &Store, session: &StoredSession, fault: Error) -> Result<()> {
    let Some(operator) = session.operator_id else { return Err(fault) };
    let late = store.late();
    let joined = late.change(|entries| {
        let waits = |entry: &&mut Entry| entry.operator == operator && entry.session.is_none();
        let entry = entries.iter_mut().rev().find(waits);
        entry.map(|entry| entry.session = Some(session.clone())).is_some()
    });
    // The sign-in itself was still written.
    if joined || late.add(operator, password_of(store.reader(), operator).await?, None, Some(session.clone())) {
        return Ok(());
    }
    Err(fault)
}

/// A session that is kept here and is not over, with its operator, unless that one may not use Roster any more or has another password.
pub(super) async fn load(store: &Store, id_hash: [u8; 32]) -> Result<Option<(StoredSession, Option<Me>)>> {
    let Some(entry) = store.late().session(id_hash) else { return Ok(None) };
    let Some(session) = entry.session.filter(|session| !is_over(session, now())) else { return Ok(None) };
    let mut db = store.reader().acquire().await.or_fault()?;
    let me = me_on(&mut db, entry.operator).await?;
    let same = password_of(&mut *db, entry.operator).await? == entry.password_hash;
    Ok(Some((session, me.filter(|_| same))))
}

/// Whether a session is kept here, is not over, and is that operator's with the password of now.
pub(super) async fn holds(store: &Store, db: impl SqliteExecutor<'_>, id_hash: [u8; 32], operator: i64) -> Result<bool> {
    let Some(entry) = store.late().session(id_hash).filter(|entry| entry.operator == operator) else { return Ok(false) };
    let lives = entry.session.is_some_and(|session| !is_over(&session, now()));
    Ok(lives && password_of(db, operator).await? == entry.password_hash)
}

/// Saves a session that is kept here; `false` when it is not.
pub(super) fn save(store: &Store, session: &StoredSession) -> bool {
    let late = store.late();
    !late.is_empty()
        && late.change(|entries| {
            let kept = entries.iter_mut().filter_map(|entry| entry.session.as_mut()).find(|kept| kept.id_hash == session.id_hash);
            kept.map(|kept| *kept = StoredSession { created_at: kept.created_at, ..session.clone() }).is_some()
        })
}

/// Ends a session if it is kept here. Its sign-in is written down all the same.
pub(super) fn delete(store: &Store, id_hash: [u8; 32]) {
    let late = store.late();
    if !late.is_empty() {
        late.change(|entries| {
            let is_it = |entry: &&mut Entry| entry.session.as_ref().is_some_and(|kept| kept.id_hash == id_hash);
            if let Some(entry) = entries.iter_mut().find(is_it) {
                entry.session = None;
            }
        });
    }
}

/// Writes down what waits, if that is possible by now; does nothing when nothing waits or when it was tried a moment ago.
pub async fn write(store: &Store) {
    let late = store.late();
    let (at, tried_at) = (now(), late.tried_at.load(Ordering::Relaxed));
    if (late.is_empty() && !late.any_ended.load(Ordering::Acquire)) || (at - tried_at).abs() < TRIED_EVERY_MS {
        return;
    }
    // Whoever sets it is the one to try.
    if late.tried_at.compare_exchange(tried_at, at, Ordering::Relaxed, Ordering::Relaxed).is_err() {
        return;
    }
    write_now(store).await;
}

/// The same at once.
pub async fn write_now(store: &Store) {
    for id_hash in store.late().ended() {
        match super::delete_row(store, id_hash).await {
            Ok(()) => store.late().is_deleted(id_hash),
            Err(Error::Storage(_) | Error::Busy) => return,
            Err(error) => tracing::error!(%error, "a session that is over could not be deleted"),
        }
    }
    let entries = store.late().entries().clone();
    for entry in entries {
        match write_one(store, &entry).await {
            Ok(()) => store.late().change(|entries| entries.retain(|kept| kept.number != entry.number)),
            Err(Error::Storage(_) | Error::Busy) => return,
            Err(error) => tracing::error!(%error, "a sign-in that waits to be written down could not be"),
        }
    }
}

async fn write_one(store: &Store, entry: &Entry) -> Result<()> {
    let caller = entry.sign_in.clone().map_or_else(Caller::system, |(caller, _)| caller);
    let mut change = Change::begin_as(store, &caller, Action::SignIn, None, "").await?;
    let result = write_in(store, &mut change, entry).await;
    change.finish(result).await
}

async fn write_in(store: &Store, change: &mut Change<'_>, entry: &Entry) -> Result<()> {
    if let Some((Caller { actor: Actor::Operator { name, .. }, .. }, at)) = &entry.sign_in {
        sqlx::query("UPDATE operator SET last_sign_in_at = max(coalesce(last_sign_in_at, 0), $1) WHERE id = $2")
            .bind(at)
            .bind(entry.operator)
            .execute(change.db())
            .await
            .or_fault()?;
        let after = Some(json!({ "written_at": change.at() }));
        change.events(vec![Recorded { target: name.clone(), after, at: Some(*at), ..Recorded::default() }]).await?;
    }
    // As it is by now: it was used meanwhile. Whoever ends it from here on waits for this transaction (`super::delete`).
    let kept = store.late().entries().iter().find(|kept| kept.number == entry.number).and_then(|kept| kept.session.clone());
    let Some(session) = kept.filter(|session| !is_over(session, now())) else { return Ok(()) };
    let allowed: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM operator WHERE id = $1 AND disabled = 0 AND password_hash IS $2)")
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
        let operator: i64 = sqlx::query_scalar("SELECT id FROM operator").fetch_one(store.reader()).await.expect("an id");
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
        assert!(store.late().add(operator, hash, None, Some(session.clone())));
        let entry = store.late().session(session.id_hash).expect("it is kept");
        let mut change = Change::begin_as(&store, &Caller::system(), Action::SignIn, None, "").await.expect("a change");
        let result = write_in(&store, &mut change, &entry).await;
        // Written, and not on the disk yet.
        let ended = tokio::spawn({
            let store = store.clone();
            async move { super::super::delete(&store, [7; 32]).await }
        });
        while store.late().session(session.id_hash).is_some() {
            tokio::task::yield_now().await;
        }
        change.finish(result).await.expect("written");
        ended.await.expect("no panic").expect("signed out");
        let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM session").fetch_one(store.reader()).await.expect("a number");
        assert_eq!(rows, 0, "it does not come back");
        assert_eq!(super::super::load(&store, session.id_hash).await, Ok(None));
    }
}
