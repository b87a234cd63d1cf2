//! Refusals that belong to no change: tokens that are not given, bearer tokens that are not good, reads that are not allowed. They are
//! told by whoever refuses, without waiting, and written into the log by a task of their own; rationed, and counted where they are
//! left out. What waits to be written, and the count, when the process is killed is lost: these are the only events of which that is so.
//! A process that ends in order writes both.

use std::{
    cell::Cell,
    collections::VecDeque,
    net::IpAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::{
    Actor, Caller, Error, Result,
    application::AppId,
    credential::rules::{network, wide_network},
    event::Action,
};
use tokio::sync::{Mutex as AsyncMutex, Notify};

use super::ration::Rations;
use crate::{
    Store,
    credential::tokens,
    db::{cut, now, record_left_out, record_refusals},
};

/// Refusals that may wait to be written. More are counted only.
const WAITING: usize = 1_000;
/// Refusals that are written in one transaction.
const AT_ONCE: usize = 100;
/// How often it is looked whether something has to be told that nobody rang for.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Where a refusal belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
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
pub struct Refused {
    pub action: Action,
    pub scope: Scope,
    pub caller: Caller,
    /// Credential, username, address of a call. Typed by strangers, perhaps.
    pub target: String,
    /// A word of ours, such as `wrong_secret`.
    pub reason: &'static str,
}

/// One that is to be written.
#[derive(Debug)]
pub struct Waiting {
    pub refused: Refused,
    pub left_out: u64,
    pub at: i64,
}

/// Whom a ration belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Who {
    Operator(i64),
    Credential(i64),
    Account(i64),
    /// By network; `None` where the address is not known.
    Nobody(Option<IpAddr>),
}

impl Who {
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
    rations: Rations<(Action, bool), Who>,
    waiting: Mutex<VecDeque<Waiting>>,
    /// Held by whoever writes.
    turn: Arc<AsyncMutex<()>>,
    bell: Notify,
    /// Whether a fault of writing was logged and not mended since.
    faulty: AtomicBool,
}

impl Refusals {
    /// Tells of a refusal; never waits.
    pub fn tell(&self, mut refused: Refused) {
        noted();
        refused.target.truncate(cut(&refused.target).len());
        let Some(left_out) = self.allow(refused.action, &refused.caller, &refused.target, refused.reason) else { return };
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < WAITING {
            waiting.push_back(Waiting { refused, left_out, at: now() });
            self.bell.notify_one();
        } else {
            self.rations.lost(kind(refused.action, &refused.caller), left_out + 1);
        }
    }

    /// Whether one more refusal of this caller is recorded, and how many were left out since the last one. Those that are recorded go to
    /// the log of the process too, under the target `security`.
    pub fn allow(&self, action: Action, caller: &Caller, target: &str, reason: &str) -> Option<u64> {
        let left_out = self.rations.take(kind(action, caller), Who::of(caller), now())?;
        let (address, action) = (caller.address.as_deref().unwrap_or("unknown"), action.as_str());
        // Quoted, as it may hold anything.
        tracing::warn!(target: "security", action, reason, address, who = ?caller.actor.name(), about = ?target, left_out, "refused");
        Some(left_out)
    }

    /// So many that were allowed could not be written; the next one tells of them.
    pub fn lost(&self, action: Action, caller: &Caller, number: u64) {
        self.rations.lost(kind(action, caller), number);
    }

    /// Forgets who has not been refused for a while. Called from the hourly clean-up.
    pub fn clean(&self) {
        self.rations.clean(now());
    }

    fn next(&self) -> Vec<Waiting> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let number = waiting.len().min(AT_ONCE);
        waiting.drain(..number).collect()
    }

    /// Those that could not be written wait on, as far as there is room.
    fn put_back(&self, items: Vec<Waiting>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for item in items.into_iter().rev() {
            if waiting.len() < WAITING {
                waiting.push_front(item);
            } else {
                self.rations.lost(kind(item.refused.action, &item.refused.caller), item.left_out + 1);
            }
        }
    }
}

/// Writes everything that waits. What has begun goes on although whoever waits for it goes away: taken from those that wait, and neither
/// written nor put back, it would be lost.
pub async fn write(store: &Store) -> Result<()> {
    let store = store.clone();
    let written = tokio::spawn(async move {
        let turn = store.refusals().turn.clone();
        let _turn = turn.lock().await;
        write_all(&store).await
    });
    written.await.map_err(|error| Error::Internal(format!("refusals: {error}")))?
}

/// The same, and then how many of each kind were left out that nothing tells of yet: for the end of the process.
pub async fn write_last(store: &Store) -> Result<()> {
    write(store).await?;
    let untold = store.refusals().rations.untold();
    let numbers: Vec<(Action, u64)> = untold.iter().map(|((action, _), number)| (*action, *number)).collect();
    let recorded = record_left_out(store, &numbers).await;
    if recorded.is_err() {
        for (kind, number) in untold {
            store.refusals().rations.lost(kind, number);
        }
    }
    recorded
}

async fn write_all(store: &Store) -> Result<()> {
    loop {
        let mut items = store.refusals().next();
        if items.is_empty() {
            return Ok(());
        }
        let written = async {
            for item in &mut items {
                resolve(store, &mut item.refused).await?;
            }
            record_refusals(store, &items).await
        };
        if let Err(error) = written.await {
            store.refusals().put_back(items);
            return Err(error);
        }
    }
}

/// Finds the app of a name; an app that there is not leaves the event to the whole server, with the name before its target.
async fn resolve(store: &Store, refused: &mut Refused) -> Result<()> {
    let Scope::Named { org, app } = &refused.scope else { return Ok(()) };
    refused.scope = match crate::application::named(store, org, app).await? {
        Some(app) => Scope::App(app.id),
        None => Scope::Server,
    };
    Ok(())
}

/// Writes what is told, and what has to be told of tokens, until the task is dropped.
pub async fn write_always(store: Store) {
    loop {
        let refusals = store.refusals();
        let _ = tokio::time::timeout(LOOK_EVERY, refusals.bell.notified()).await;
        let result = match write(&store).await {
            Ok(()) => tokens::tell_of_issued(&store, now()).await,
            Err(error) => Err(error),
        };
        match result {
            Ok(()) => refusals.faulty.store(false, Ordering::Relaxed),
            Err(error) => {
                // Once: a full disk would fill the log of the process as well.
                if !refusals.faulty.swap(true, Ordering::Relaxed) {
                    tracing::error!(%error, "refusals could not be recorded; trying on");
                }
                tokio::time::sleep(Duration::from_secs(2)).await;
                refusals.bell.notify_one();
            }
        }
    }
}

tokio::task_local! {
    static RECORDED: Cell<bool>;
}

/// Runs one request; tells besides whether a refusal was recorded on its way, so that nobody tells of it twice.
pub async fn noting<F: Future>(work: F) -> (F::Output, bool) {
    RECORDED
        .scope(Cell::new(false), async {
            let output = work.await;
            (output, RECORDED.with(Cell::get))
        })
        .await
}

/// A refusal was recorded.
pub fn noted() {
    // Outside of a request nobody asks.
    let _ = RECORDED.try_with(|recorded| recorded.set(true));
}
