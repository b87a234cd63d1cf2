//! Sign-ins and sessions that wait to be written, while nothing can be written: a bounded number of them.
//! `crate::session::deferred` writes them. Sessions that were ended meanwhile are remembered as ended.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering},
};

use domain::{Caller, limits};

/// How often writing is tried, milliseconds: on a full disk each attempt takes time.
const TRIED_EVERY_MS: i64 = 1_000;

/// A session as stored. Times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// SHA-256 of the cookie's id, which itself is never stored.
    pub id_hash: [u8; 32],
    /// The operator's key; `None`: nobody has signed in with the session yet.
    pub operator_id: Option<i64>,
    /// What the session holds; opaque here.
    pub data: Vec<u8>,
    /// When it began.
    pub created_at: i64,
    /// When it was last used.
    pub seen_at: i64,
    /// When it expires unless it is used; the absolute limit follows from `created_at`.
    pub expires_at: i64,
    /// The address that it was last used from.
    pub address: Option<String>,
    /// The browser, as it names itself.
    pub user_agent: String,
}

impl StoredSession {
    /// Whether it has expired at the time `now`: idle for too long, or signed in too long ago.
    pub fn is_over(&self, now: i64) -> bool {
        self.expires_at < now || (self.operator_id.is_some() && self.created_at < now - limits::SESSION_ABSOLUTE_MS)
    }
}

/// One operator's sign-in, session, or both.
#[derive(Debug, Clone)]
pub struct DeferredSession {
    /// Distinguishes it from all others of this process.
    pub number: usize,
    /// The operator's key.
    pub operator: i64,
    /// The hash of the password that was right: with another one the session is over.
    pub password_hash: Option<String>,
    /// Who signed in and when (milliseconds since 1970), unless that is written already.
    pub sign_in: Option<(Caller, i64)>,
    /// The session that it began, unless that has ended.
    pub session: Option<StoredSession>,
}

impl DeferredSession {
    fn has_session(&self, id_hash: [u8; 32]) -> bool {
        self.session.as_ref().is_some_and(|session| session.id_hash == id_hash)
    }
}

/// What waits to be written. One for a store.
#[derive(Debug, Default)]
pub struct DeferredSessions {
    entries: Mutex<Vec<DeferredSession>>,
    /// Sessions that are over and whose rows still exist.
    ended: Mutex<Vec<[u8; 32]>>,
    any_ended: AtomicBool,
    /// The number of entries, so that requests need no lock while there are none.
    count: AtomicUsize,
    tried_at: AtomicI64,
    number: AtomicUsize,
}

impl DeferredSessions {
    fn entries(&self) -> MutexGuard<'_, Vec<DeferredSession>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<T>(&self, change: impl FnOnce(&mut Vec<DeferredSession>) -> T) -> T {
        let mut entries = self.entries();
        let result = change(&mut entries);
        entries.retain(|entry| entry.sign_in.is_some() || entry.session.is_some());
        self.count.store(entries.len(), Ordering::Release);
        result
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.count.load(Ordering::Acquire) == 0
    }

    /// Everything that waits, the oldest first.
    pub fn all(&self) -> Vec<DeferredSession> {
        self.entries().clone()
    }

    /// The entry with that number, as it is now.
    pub fn numbered(&self, number: usize) -> Option<DeferredSession> {
        self.entries().iter().find(|entry| entry.number == number).cloned()
    }

    /// The entry with that session.
    pub fn of_session(&self, id_hash: [u8; 32]) -> Option<DeferredSession> {
        if self.is_empty() {
            return None;
        }
        self.entries().iter().find(|entry| entry.has_session(id_hash)).cloned()
    }

    /// Adds an entry; `false` when there are [`limits::DEFERRED_SIGN_INS`] already. The sign-in has its time, milliseconds since
    /// 1970.
    pub fn add(
        &self,
        operator: i64,
        password_hash: Option<String>,
        sign_in: Option<(Caller, i64)>,
        session: Option<StoredSession>,
    ) -> bool {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        self.change(|entries| {
            let room = entries.len() < limits::DEFERRED_SIGN_INS;
            if room {
                entries.push(DeferredSession { number, operator, password_hash, sign_in, session });
            }
            room
        })
    }

    /// Adds a session to the latest sign-in of its operator that has none; `false` when there is none.
    pub fn join(&self, operator: i64, session: &StoredSession) -> bool {
        self.change(|entries| {
            let waits = |entry: &&mut DeferredSession| entry.operator == operator && entry.session.is_none();
            let entry = entries.iter_mut().rev().find(waits);
            entry.map(|entry| entry.session = Some(session.clone())).is_some()
        })
    }

    /// Replaces a session that waits here; `false` when it does not. The time of its creation stays.
    pub fn save(&self, session: &StoredSession) -> bool {
        !self.is_empty()
            && self.change(|entries| {
                let entry = entries.iter_mut().find(|entry| entry.has_session(session.id_hash));
                let kept = entry.and_then(|entry| entry.session.as_mut());
                kept.map(|kept| *kept = StoredSession { created_at: kept.created_at, ..session.clone() }).is_some()
            })
    }

    /// Ends a session if it waits here. Its sign-in is written all the same.
    pub fn delete(&self, id_hash: [u8; 32]) {
        if !self.is_empty() {
            self.change(|entries| {
                if let Some(entry) = entries.iter_mut().find(|entry| entry.has_session(id_hash)) {
                    entry.session = None;
                }
            });
        }
    }

    /// Removes the entry with that number, which is written.
    pub fn remove(&self, number: usize) {
        self.change(|entries| entries.retain(|entry| entry.number != number));
    }

    /// Remembers that a session has ended whose row cannot be deleted now; `false` when there are [`limits::DEFERRED_SIGN_INS`]
    /// already.
    pub fn end(&self, id_hash: [u8; 32]) -> bool {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let room = ended.len() < limits::DEFERRED_SIGN_INS;
        if room {
            ended.push(id_hash);
            self.any_ended.store(true, Ordering::Release);
        }
        room
    }

    /// Whether a session was ended and its row may still exist.
    pub fn has_ended(&self, id_hash: [u8; 32]) -> bool {
        self.any_ended.load(Ordering::Acquire) && self.ended().contains(&id_hash)
    }

    /// Sessions that were ended and whose rows may still exist.
    pub fn ended(&self) -> Vec<[u8; 32]> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Forgets an ended session, whose row is deleted.
    pub fn is_deleted(&self, id_hash: [u8; 32]) {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.retain(|other| *other != id_hash);
        self.any_ended.store(!ended.is_empty(), Ordering::Release);
    }

    /// Whether there is something to write and the last attempt was at least a second before `now`; a caller that gets `true` has
    /// to try.
    pub fn may_try(&self, now: i64) -> bool {
        let tried_at = self.tried_at.load(Ordering::Relaxed);
        let nothing = self.is_empty() && !self.any_ended.load(Ordering::Acquire);
        if nothing || (now - tried_at).abs() < TRIED_EVERY_MS {
            return false;
        }
        self.tried_at.compare_exchange(tried_at, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}
