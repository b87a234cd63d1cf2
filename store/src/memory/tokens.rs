//! Tokens that were looked up within the last second, so that a busy client does not cost a search each time. What ends a token
//! in this process ends it here at once; what another process does (the command line), and that a token was deleted because there
//! were too many, is noticed within that second.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use domain::{Actor, application::AppRef, credential::rules::Addresses};

/// How long a token is remembered.
const KEPT: Duration = Duration::from_secs(1);
/// How many tokens; more than a server answers within that time.
const ROOM: usize = 20_000;

/// The result of looking a token up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenLookup {
    /// A valid token.
    Good {
        /// The app that the token was issued for.
        app: AppRef,
        /// The credential or account that the token stands for, with its rights.
        actor: Actor,
    },
    /// It was valid once.
    Expired,
    /// A token of a credential that may only be used from other addresses.
    Elsewhere,
    /// Never issued here; or its credential was revoked, rotated or has expired, or its account was deleted, deactivated or given
    /// another password.
    Unknown,
}

/// The result for a token, and the addresses that it may be used from; `None`: any.
type Found = (TokenLookup, Option<Arc<Addresses>>);

/// A token that was valid.
#[derive(Debug)]
struct Known {
    found: Found,
    /// When it expires, milliseconds since 1970; `None`: never.
    expires_at: Option<i64>,
    read: Instant,
    generation: u64,
}

/// The valid tokens by their hashes.
#[derive(Debug, Default)]
pub struct TokenCache {
    known: Mutex<HashMap<[u8; 32], Known>>,
    /// How many commits there were that may have ended tokens.
    generation: AtomicU64,
}

impl TokenCache {
    /// How many commits there were that may have ended tokens: what was read of tokens before the latest one is no longer valid.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    /// Notes that tokens may have ended, or changed their meaning.
    pub fn forget_all(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
    }

    /// The token, if it was found within the last second and none has ended since. `generation` is the present
    /// [`Self::generation`], `now` the time, milliseconds since 1970.
    pub fn get(&self, hash: &[u8; 32], generation: u64, now: i64) -> Option<Found> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.get(hash)?;
        let good = found.generation == generation && found.read.elapsed() < KEPT && found.expires_at.is_none_or(|end| end > now);
        good.then(|| found.found.clone())
    }

    /// Remembers a valid token. `generation` must be from before it was read. `expires_at`: milliseconds since 1970; `None`:
    /// never.
    pub fn put(&self, hash: [u8; 32], found: Found, expires_at: Option<i64>, generation: u64) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= ROOM {
            known.clear();
        }
        known.insert(hash, Known { found, expires_at, read: Instant::now(), generation });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_is_not_remembered() {
        let cache = TokenCache::default();
        let hash = [7; 32];
        cache.put(hash, (TokenLookup::Unknown, None), Some(100), 3);
        assert!(cache.get(&hash, 3, 99).is_some());
        assert!(cache.get(&hash, 3, 100).is_none(), "expired");
        assert!(cache.get(&hash, 4, 99).is_none(), "something ended tokens");
        assert!(cache.get(&[8; 32], 3, 99).is_none());
        for n in 0..=ROOM {
            let mut other = [0; 32];
            other[..8].copy_from_slice(&n.to_le_bytes());
            cache.put(other, (TokenLookup::Unknown, None), None, 3);
        }
        assert!(cache.known.lock().unwrap().len() <= ROOM);
    }
}
