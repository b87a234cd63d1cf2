//! Refusals that belong to no change: tokens that are not given, bearer tokens that are not good, reads that are not allowed. Whoever
//! refuses reports them without waiting; they are rationed, and counted where they are left out. `crate::refusals` writes them.

use std::{
    cell::Cell,
    collections::VecDeque,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicBool},
};

use domain::{
    Actor, Caller,
    application::AppId,
    credential::rules::{network, wide_network},
    event::{Action, rules::truncate_target},
};
use tokio::sync::{Mutex as AsyncMutex, Notify};

use super::rate_limit::EventRateLimiter;
use crate::clock::now;

/// Refusals that may wait to be written. More are counted only.
const WAITING: usize = 1_000;
/// Refusals that are written in one transaction.
const AT_ONCE: usize = 100;

/// Where a refusal belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefusalScope {
    Server,
    App(AppId),
    /// The app that an address names, if there is one of that name.
    Named {
        org: String,
        app: String,
    },
}

/// One refusal.
#[derive(Debug, Clone)]
pub struct RefusalEvent {
    pub action: Action,
    pub scope: RefusalScope,
    pub caller: Caller,
    /// Credential, username, address of a call. Typed by strangers, perhaps.
    pub target: String,
    /// A word of ours, such as `wrong_secret`.
    pub reason: &'static str,
}

/// One that is to be written.
#[derive(Debug)]
pub struct PendingRefusal {
    pub refused: RefusalEvent,
    pub left_out: u64,
    pub at: i64,
}

/// Whom a ration belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Source {
    Operator(i64),
    Credential(i64),
    Account(i64),
    /// By network; `None` where the address is not known.
    Nobody(Option<IpAddr>),
}

impl Source {
    fn of(caller: &Caller) -> Self {
        match &caller.actor {
            Actor::Operator { id, .. } => Self::Operator(*id),
            Actor::Credential { id, .. } => Self::Credential(*id),
            Actor::Account { id, .. } => Self::Account(*id),
            Actor::System | Actor::Anonymous => {
                Self::Nobody(caller.address.as_deref().and_then(|text| text.parse().ok()).map(place_of))
            }
        }
    }
}

fn kind(action: Action, caller: &Caller) -> (Action, bool) {
    (action, !matches!(caller.actor, Actor::Anonymous))
}

/// The network of a stranger; of IPv6 the wide one, of which one customer may have all.
fn place_of(address: IpAddr) -> IpAddr {
    wide_network(address).map_or_else(|| network(address), IpAddr::V6)
}

/// What is refused at one store.
#[derive(Debug, Default)]
pub struct Refusals {
    /// By kind and whether it is somebody known: strangers use up nothing of theirs.
    limiter: EventRateLimiter<(Action, bool), Source>,
    waiting: Mutex<VecDeque<PendingRefusal>>,
    /// Held by whoever writes.
    pub(crate) turn: Arc<AsyncMutex<()>>,
    /// Rung when something waits.
    pub(crate) bell: Notify,
    /// Whether a fault of writing was logged and not mended since.
    pub(crate) faulty: AtomicBool,
}

impl Refusals {
    /// Tells of a refusal; never waits.
    pub fn report(&self, mut refused: RefusalEvent) {
        mark_refusal();
        refused.target.truncate(truncate_target(&refused.target).len());
        let Some(left_out) = self.allow(refused.action, &refused.caller, &refused.target, refused.reason) else { return };
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < WAITING {
            waiting.push_back(PendingRefusal { refused, left_out, at: now() });
            self.bell.notify_one();
        } else {
            self.limiter.lost(kind(refused.action, &refused.caller), left_out + 1);
        }
    }

    /// Whether one more refusal of this caller is recorded, and how many were left out since the last one. Those that are recorded go to
    /// the log of the process too, under the target `security`.
    pub fn allow(&self, action: Action, caller: &Caller, target: &str, reason: &str) -> Option<u64> {
        let left_out = self.limiter.take(kind(action, caller), Source::of(caller), now())?;
        let (address, action) = (caller.address.as_deref().unwrap_or("unknown"), action.as_str());
        // Quoted, as it may hold anything.
        tracing::warn!(target: "security", action, reason, address, who = ?caller.actor.name(), about = ?target, left_out, "refused");
        Some(left_out)
    }

    /// How many of each kind were left out since the last one that was recorded; they count as told from now on. The flag says whether it was
    /// somebody known.
    pub(crate) fn take_left_out(&self) -> Vec<((Action, bool), u64)> {
        self.limiter.take_left_out()
    }

    /// Those that were taken could not be told of.
    pub(crate) fn give_back(&self, left_out: Vec<((Action, bool), u64)>) {
        for (kind, number) in left_out {
            self.limiter.lost(kind, number);
        }
    }

    /// So many that were allowed could not be written; the next one tells of them.
    pub fn lost(&self, action: Action, caller: &Caller, number: u64) {
        self.limiter.lost(kind(action, caller), number);
    }

    /// Forgets who has not been refused for a while. Called from the hourly clean-up.
    pub fn clean(&self) {
        self.limiter.clean(now());
    }

    /// Takes the oldest of those that wait, at most so many as one transaction writes.
    pub(crate) fn next(&self) -> Vec<PendingRefusal> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let number = waiting.len().min(AT_ONCE);
        waiting.drain(..number).collect()
    }

    /// Those that could not be written wait on, as far as there is room.
    pub(crate) fn put_back(&self, items: Vec<PendingRefusal>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for item in items.into_iter().rev() {
            if waiting.len() < WAITING {
                waiting.push_front(item);
            } else {
                self.limiter.lost(kind(item.refused.action, &item.refused.caller), item.left_out + 1);
            }
        }
    }
}

tokio::task_local! {
    static RECORDED: Cell<bool>;
}

/// Runs one request; tells besides whether a refusal was recorded on its way, so that nobody tells of it twice.
pub async fn watch_for_refusals<F: Future>(work: F) -> (F::Output, bool) {
    RECORDED
        .scope(Cell::new(false), async {
            let output = work.await;
            (output, RECORDED.with(Cell::get))
        })
        .await
}

/// A refusal was recorded.
pub fn mark_refusal() {
    // Outside of a request nobody asks.
    let _ = RECORDED.try_with(|recorded| recorded.set(true));
}
