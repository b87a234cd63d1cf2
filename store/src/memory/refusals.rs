//! Refusals outside of a change: tokens that are not issued, bearer tokens that are not valid, reads that are not allowed. They
//! are reported without waiting, limited by rate, and counted where they are left out. `crate::refusals` writes them.

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

/// Refusals that may wait to be written. Any further ones are only counted.
const WAITING: usize = 1_000;
/// Refusals that are written in one transaction.
const AT_ONCE: usize = 100;

/// The branch of the log that a refusal belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefusalScope {
    /// The whole server.
    Server,
    /// An app.
    App(AppId),
    /// The app that an address names, if there is one of that name; otherwise the server.
    Named {
        /// The name of the organisation in the address.
        org: String,
        /// The name of the app in the address.
        app: String,
    },
}

/// One refusal.
#[derive(Debug, Clone)]
pub struct RefusalEvent {
    /// The action that was refused.
    pub action: Action,
    /// The branch of the log.
    pub scope: RefusalScope,
    /// Who was refused.
    pub caller: Caller,
    /// Credential, username or address of a call. Strangers may have typed it.
    pub target: String,
    /// A code that Roster chooses, such as `wrong_secret`.
    pub reason: &'static str,
}

/// A refusal that waits to be written.
#[derive(Debug)]
pub struct PendingRefusal {
    /// The refusal.
    pub refused: RefusalEvent,
    /// How many refusals of the same kind were left out before it, since the last one that was recorded.
    pub left_out: u64,
    /// When it was refused, milliseconds since 1970.
    pub at: i64,
}

/// Whose quota a refusal uses.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Source {
    Operator(i64),
    Credential(i64),
    Account(i64),
    /// A stranger, by network; `None` where the address is not known.
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

/// The network of a stranger; for IPv6 the wide one, all of which one customer may have.
fn place_of(address: IpAddr) -> IpAddr {
    wide_network(address).map_or_else(|| network(address), IpAddr::V6)
}

/// The refusals of one store that wait, and their quotas.
#[derive(Debug, Default)]
pub struct Refusals {
    /// By kind and whether the caller is known: strangers use up nothing of the quota of known callers.
    limiter: EventRateLimiter<(Action, bool), Source>,
    waiting: Mutex<VecDeque<PendingRefusal>>,
    /// Locked while refusals are being written.
    pub(crate) turn: Arc<AsyncMutex<()>>,
    /// Notified when something waits.
    pub(crate) bell: Notify,
    /// Whether an error of writing was logged and writing has not succeeded since.
    pub(crate) faulty: AtomicBool,
}

impl Refusals {
    /// Reports a refusal, to be written soon; never waits. At most 1,000 wait, and the quotas of [`Self::allow`] apply; what is
    /// left out is counted. The target is cut to what the log keeps.
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

    /// Whether one more refusal of this caller is recorded, and how many were left out since the last one. Refusals that are
    /// recorded are also written to the log of the process, under the target `security`.
    pub fn allow(&self, action: Action, caller: &Caller, target: &str, reason: &str) -> Option<u64> {
        let left_out = self.limiter.take(kind(action, caller), Source::of(caller), now())?;
        let (address, action) = (caller.address.as_deref().unwrap_or("unknown"), action.as_str());
        // Quoted, because it may contain anything.
        tracing::warn!(target: "security", action, reason, address, who = ?caller.actor.name(), about = ?target, left_out, "refused");
        Some(left_out)
    }

    /// How many of each kind were left out since the last one that was recorded; from now on they count as reported. The flag
    /// says whether the callers were known.
    pub(crate) fn take_left_out(&self) -> Vec<((Action, bool), u64)> {
        self.limiter.take_left_out()
    }

    /// Counts those that were taken as left out again, because they could not be reported.
    pub(crate) fn give_back(&self, left_out: Vec<((Action, bool), u64)>) {
        for (kind, number) in left_out {
            self.limiter.lost(kind, number);
        }
    }

    /// Counts refusals that were allowed and could not be written; the next one reports them.
    pub fn lost(&self, action: Action, caller: &Caller, number: u64) {
        self.limiter.lost(kind(action, caller), number);
    }

    /// Forgets callers that were not refused for a while. For the hourly clean-up.
    pub fn clean(&self) {
        self.limiter.clean(now());
    }

    /// Takes the oldest refusals that wait, at most as many as one transaction writes.
    pub(crate) fn next(&self) -> Vec<PendingRefusal> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let number = waiting.len().min(AT_ONCE);
        waiting.drain(..number).collect()
    }

    /// Puts refusals that could not be written back, as far as there is room.
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

/// Runs one request; also says whether a refusal was recorded meanwhile, so that none is reported twice.
pub async fn watch_for_refusals<F: Future>(work: F) -> (F::Output, bool) {
    RECORDED
        .scope(Cell::new(false), async {
            let output = work.await;
            (output, RECORDED.with(Cell::get))
        })
        .await
}

/// Notes that a refusal was recorded, for [`watch_for_refusals`].
pub fn mark_refusal() {
    // Outside of a request nothing asks for it.
    let _ = RECORDED.try_with(|recorded| recorded.set(true));
}
