//! Password hashes: Argon2id with OWASP's parameters, outside the async threads, and few at a time because each takes 19 MiB.

pub mod weak;

use std::sync::Arc;

use argon2::{
    ARGON2ID_IDENT, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version,
    password_hash::{Salt, SaltString},
};
use domain::{Actor, Caller, Error, Result, limits};
use rand::RngCore;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
};

/// Hashes that are computed at the same time.
const UNDER_WAY: usize = 2;

/// Used instead of the hash of an operator or account that does not exist, so that the time of an answer says nothing: the hash of
/// «nobody has this password», made once and for all, so that the first sign-in does not wait for a second one.
const DUMMY: &str = "$argon2id$v=19$m=19456,t=2,p=1$UM0d6VCxMODSsoELbY0opQ$s9V9ApAY2CtIrN5UlHizKxqL0ebCSf0kTHthe4L8pyM";

/// On whose behalf a password is checked or hashed. Each has a separate queue, so that a flood in one does not block the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashingQueue {
    /// Anybody on the network, accounts of apps too.
    Anyone,
    /// Back ends of apps: strangers do not keep them waiting, nor do they keep others waiting.
    BackEnd,
    /// An operator who is signed in, has a set-up link, or uses a browser that is known.
    Operator,
    /// The command line, which waits as long as necessary.
    System,
}

impl HashingQueue {
    /// The queue of a caller.
    pub fn of(caller: &Caller) -> Self {
        match caller.actor {
            Actor::System => Self::System,
            Actor::Operator { .. } => Self::Operator,
            Actor::Credential { .. } => Self::BackEnd,
            Actor::Account { .. } | Actor::Anonymous => Self::Anyone,
        }
    }
}

/// The places where passwords are hashed, and the queues for them. One for a store.
#[derive(Debug)]
pub struct HashingPool {
    places: Arc<Semaphore>,
    anyone: Semaphore,
    back_ends: Semaphore,
    operators: Semaphore,
}

impl Default for HashingPool {
    fn default() -> Self {
        let line = || Semaphore::new(limits::PASSWORDS_WAITING);
        Self { places: Arc::new(Semaphore::new(UNDER_WAY)), anyone: line(), back_ends: line(), operators: line() }
    }
}

impl HashingPool {
    /// A place, after at most [`limits::PASSWORDS_WAITING`] others of the same queue; [`Error::Busy`] at once when so many wait
    /// already.
    async fn place(&self, line: HashingQueue) -> Result<OwnedSemaphorePermit> {
        if let Ok(free) = self.places.clone().try_acquire_owned() {
            return Ok(free);
        }
        let waiting = match line {
            HashingQueue::Anyone => Some(&self.anyone),
            HashingQueue::BackEnd => Some(&self.back_ends),
            HashingQueue::Operator => Some(&self.operators),
            HashingQueue::System => None,
        };
        let _waits = waiting.map(Semaphore::try_acquire).transpose().map_err(|_| Error::Busy)?;
        self.places.clone().acquire_owned().await.map_err(internal)
    }

    /// Runs work in a place, which is taken until the work is done, also when nobody waits for the answer any more.
    async fn work<T: Send + 'static>(&self, line: HashingQueue, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let place = self.place(line).await?;
        let working = spawn_blocking(move || {
            let _place = place;
            work()
        });
        working.await.map_err(internal)
    }
}

/// The result of checking a password.
#[derive(Debug, Default)]
pub struct PasswordCheck {
    /// Whether the password is right.
    pub fits: bool,
    /// A new hash with today's parameters, when the password is right and its hash was made with weaker ones.
    pub renewed: Option<String>,
}

/// OWASP Password Storage Cheat Sheet: Argon2id, 19 MiB, two passes, one lane.
fn params() -> Result<Params> {
    Params::new(19 * 1024, 2, 1, None).map_err(internal)
}

fn argon2() -> Result<Argon2<'static>> {
    Ok(Argon2::new(argon2::Algorithm::Argon2id, Version::V0x13, params()?))
}

fn hash_now(password: &str) -> Result<String> {
    let mut salt = [0; Salt::RECOMMENDED_LENGTH];
    rand::rng().fill_bytes(&mut salt);
    let salt = SaltString::encode_b64(&salt).map_err(internal)?;
    Ok(argon2()?.hash_password(password.as_bytes(), &salt).map_err(internal)?.to_string())
}

fn verify_now(password: &str, hash: Option<&str>) -> PasswordCheck {
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(DUMMY)) else { return PasswordCheck::default() };
    let fits = argon2().is_ok_and(|argon2| argon2.verify_password(password.as_bytes(), &parsed).is_ok()) && hash.is_some();
    // A new hash that cannot be made now is made at the next sign-in.
    let renewed = (fits && is_weaker(&parsed)).then(|| hash_now(password).ok()).flatten();
    PasswordCheck { fits, renewed }
}

/// Whether a hash was made with weaker parameters than today's. Stronger ones stay: an older Roster must not weaken the hash of a
/// newer one.
fn is_weaker(hash: &PasswordHash<'_>) -> bool {
    let (Ok(today), Ok(then)) = (params(), Params::try_from(hash)) else { return true };
    let old = hash.algorithm != ARGON2ID_IDENT || hash.version != Some(Version::V0x13.into());
    old || then.m_cost() < today.m_cost() || then.t_cost() < today.t_cost()
}

/// The hash of a new password, in PHC form. [`Error::Busy`] when too many wait.
pub async fn hash(queue: &HashingPool, line: HashingQueue, password: &str) -> Result<String> {
    let password = password.to_owned();
    queue.work(line, move || hash_now(&password)).await?
}

/// Whether the password is right for the hash; always the same work, also without a hash. [`Error::Busy`] when too many wait.
pub async fn verify(queue: &HashingPool, line: HashingQueue, password: &str, hash: Option<String>) -> Result<PasswordCheck> {
    // No password is longer, so more characters would only cost time.
    let password: String = password.chars().take(limits::PASSWORD_MAX_CHARS + 1).collect();
    queue.work(line, move || verify_now(&password, hash.as_deref())).await
}

fn internal(error: impl std::fmt::Display) -> Error {
    tracing::error!(%error, "hashing a password failed");
    Error::Internal(error.to_string())
}

#[cfg(test)]
mod tests {
    use std::task::Poll;

    use super::*;

    /// Polls it once: the result if it is ready.
    async fn begun<T>(future: &mut (impl Future<Output = T> + Unpin)) -> Option<T> {
        std::future::poll_fn(|context| {
            Poll::Ready(match std::pin::Pin::new(&mut *future).poll(context) {
                Poll::Ready(value) => Some(value),
                Poll::Pending => None,
            })
        })
        .await
    }

    #[tokio::test]
    async fn a_full_line_turns_away_at_once_and_keeps_no_other_line_out() {
        let queue = HashingPool::default();
        let mut taken = Vec::new();
        for _ in 0..UNDER_WAY {
            taken.push(queue.place(HashingQueue::Anyone).await.expect("a free place"));
        }
        let mut waiting: Vec<_> = (0..limits::PASSWORDS_WAITING).map(|_| Box::pin(queue.place(HashingQueue::Anyone))).collect();
        for one in &mut waiting {
            assert!(begun(one).await.is_none(), "it waits");
        }
        assert_eq!(
            begun(&mut Box::pin(queue.place(HashingQueue::Anyone))).await.map(|place| place.err()),
            Some(Some(Error::Busy))
        );
        // An operator waits for those that came before, and no longer.
        let mut operator = Box::pin(queue.place(HashingQueue::Operator));
        assert!(begun(&mut operator).await.is_none());
        let mut system = Box::pin(queue.place(HashingQueue::System));
        assert!(begun(&mut system).await.is_none());
        // A caller that gives up leaves the queue.
        waiting.pop();
        let mut next = Box::pin(queue.place(HashingQueue::Anyone));
        assert!(begun(&mut next).await.is_none(), "there is room in the line again");
        taken.clear();
        assert!(begun(&mut waiting[0]).await.is_some(), "the first in line is the next");
    }

    #[test]
    fn weaker_hashes_are_made_anew_when_they_fit_and_only_then() {
        let weak = Argon2::new(argon2::Algorithm::Argon2id, Version::V0x13, Params::new(8 * 1024, 1, 1, None).expect("params"));
        let salt = SaltString::encode_b64(&[7; 16]).expect("a salt");
        let old = weak.hash_password(b"a few words in a row", &salt).expect("a hash").to_string();
        assert!(verify_now("another few words", Some(&old)).renewed.is_none());
        let PasswordCheck { fits, renewed } = verify_now("a few words in a row", Some(&old));
        let renewed = renewed.expect("a new hash");
        assert!(fits && renewed.contains("m=19456,t=2,p=1"), "{renewed}");
        let again = verify_now("a few words in a row", Some(&renewed));
        assert!(again.fits && again.renewed.is_none());
        assert!(!verify_now("nobody has this password", None).fits, "nobody has the stand-in's");
        let dummy = verify_now("nobody has this password", Some(DUMMY));
        assert!(dummy.fits && dummy.renewed.is_none(), "a real hash of today");
        let cost = |params: Params| (params.m_cost(), params.t_cost(), params.p_cost());
        let dummy = Params::try_from(&PasswordHash::new(DUMMY).expect("a hash")).expect("params");
        assert_eq!(cost(dummy), cost(params().expect("params")), "as much work as a new one");
    }
}
