//! What one connection is about, as far as its limits are concerned: what it waits for, since when, and when that is over.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

use super::Limits;

/// What a connection is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing of a request has arrived: of the first one, or of a further one.
    First,
    Idle,
    /// The headers of a request are coming.
    Headers,
    /// A request is being answered; its body may still arrive.
    Busy,
    /// What still arrives is discarded.
    Lingering,
}

#[derive(Debug)]
struct State {
    phase: Phase,
    since: Instant,
    /// Busy: the work waits for the next piece of the body since then.
    awaited: Option<Instant>,
    /// The answer waits for its reader since then.
    unread: Option<Instant>,
    /// Busy: bytes that were received and sent.
    moved: u64,
    /// Busy: the body is complete.
    whole: bool,
    /// Busy: no byte of the body arrived for too long.
    stalled: bool,
    /// Busy: something followed the body, which is the next request.
    next: bool,
    /// Another connection needs the slot.
    evicted: bool,
    /// The server stops.
    hurried: bool,
}

/// One connection. It is updated from both sides: what is read and written, and what is requested and answered.
#[derive(Debug)]
pub struct ConnectionMonitor {
    limits: Arc<Limits>,
    state: Mutex<State>,
    eviction: Notify,
}

impl ConnectionMonitor {
    pub fn new(limits: Arc<Limits>) -> Self {
        let state = State {
            phase: Phase::First,
            since: Instant::now(),
            awaited: None,
            unread: None,
            moved: 0,
            whole: true,
            stalled: false,
            next: false,
            evicted: false,
            hurried: false,
        };
        Self { limits, state: Mutex::new(state), eviction: Notify::new() }
    }

    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// So many bytes were received.
    pub fn read(&self, bytes: usize) {
        let mut state = self.state();
        match state.phase {
            Phase::First | Phase::Idle => state.enter(Phase::Headers),
            Phase::Busy if state.whole => state.next = true,
            Phase::Busy => state.moved += bytes as u64,
            Phase::Headers | Phase::Lingering => {}
        }
    }

    /// So many bytes were sent.
    pub fn wrote(&self, bytes: usize) {
        let mut state = self.state();
        state.unread = None;
        match state.phase {
            Phase::Busy => state.moved += bytes as u64,
            // The end of an answer.
            Phase::Idle => state.since = Instant::now(),
            _ => {}
        }
    }

    /// What is to be written is not taken.
    pub fn is_not_read(&self) {
        self.state().unread.get_or_insert_with(Instant::now);
    }

    /// A request is there with its headers; `whole`: it has no body.
    pub fn asked(&self, whole: bool) {
        let mut state = self.state();
        state.enter(Phase::Busy);
        (state.whole, state.next, state.stalled, state.moved) = (whole, false, false, 0);
    }

    /// The work waits for the next piece of the body.
    pub fn awaits_body(&self) {
        self.state().awaited.get_or_insert_with(Instant::now);
    }

    /// A piece of the body arrived; `whole`: it was the last.
    pub fn took_body(&self, whole: bool) {
        let mut state = self.state();
        state.awaited = None;
        state.whole |= whole;
    }

    /// No piece of the body arrived for too long.
    pub fn stalled(&self) {
        let mut state = self.state();
        (state.awaited, state.stalled) = (None, true);
    }

    /// Whether the work waits for the next piece of the body.
    pub fn is_awaiting(&self) -> bool {
        self.state().awaited.is_some()
    }

    /// Whether the request has arrived completely.
    pub fn is_whole(&self) -> bool {
        self.state().whole
    }

    /// The answer was handed over.
    pub fn answered(&self) {
        let mut state = self.state();
        state.awaited = None;
        if state.phase == Phase::Busy && state.whole {
            let next = if state.next { Phase::Headers } else { Phase::Idle };
            state.enter(next);
        }
    }

    /// The connection is over for the server; whether what the client still sends is to be discarded, so that the client gets to
    /// read the answer: a connection that is closed over something unread is reset, and the answer with it.
    pub fn lingers(&self) -> bool {
        let mut state = self.state();
        let unheard = match state.phase {
            Phase::Busy => !state.whole && !state.stalled,
            Phase::Headers => true,
            Phase::First | Phase::Idle | Phase::Lingering => false,
        };
        let lingers = unheard && !state.hurried && !state.evicted;
        if lingers {
            state.enter(Phase::Lingering);
        }
        lingers
    }

    /// The server stops: it does not wait for what is discarded.
    pub fn hurry(&self) {
        self.state().hurried = true;
    }

    /// When the connection has to end, in its present state.
    pub fn deadline(&self) -> Option<Instant> {
        let state = self.state();
        if let Some(since) = state.unread {
            return Some(since + self.limits.unread_for);
        }
        let within = match state.phase {
            Phase::First | Phase::Headers => self.limits.headers_within,
            Phase::Idle => self.limits.idle_for,
            // The body reports its own silence, and the answer has its own time limit.
            Phase::Busy => return None,
            Phase::Lingering if state.hurried => Duration::ZERO,
            Phase::Lingering => self.limits.linger.at_most,
        };
        Some(state.since + within)
    }

    /// For how long it has done nothing, or hardly anything; `None`: it is active. Only the time counts, whatever the state: the connection
    /// that was active last is ended last, and a new one stays.
    pub fn wasted(&self, now: Instant) -> Option<Duration> {
        let state = self.state();
        if state.evicted { None } else { self.wasted_in(&state, now) }
    }

    fn wasted_in(&self, state: &State, now: Instant) -> Option<Duration> {
        let age = now.saturating_duration_since(state.since);
        let grace = self.limits.grace;
        let silent = |since: Option<Instant>| since.map(|since| now.saturating_duration_since(since));
        let rate = u128::from(state.moved) * 1000 / age.as_millis().max(1);
        let trickles = age >= 4 * grace && rate < u128::from(Limits::SLOW);
        // A reader takes a lot at once and then nothing for a while; a sender does not.
        let is_slow = silent(state.awaited).is_some_and(|silent| silent >= 4 * grace || trickles)
            || silent(state.unread).is_some_and(|silent| silent >= 8 * grace);
        let wastes = age >= grace && (state.phase != Phase::Busy || is_slow);
        wastes.then_some(age)
    }

    /// Ends the connection, because another one needs the slot.
    pub fn evict(&self) {
        self.state().evicted = true;
        self.eviction.notify_one();
    }

    /// Whether the connection that is to end is still idle, now that received bytes were looked at: on a busy machine, a request can have
    /// waited here while the connection looked idle.
    pub fn gives_up(&self) -> bool {
        let mut state = self.state();
        state.evicted = self.wasted_in(&state, Instant::now()).is_some();
        state.evicted
    }

    /// Until another connection needs the slot.
    pub async fn evicted(&self) {
        self.eviction.notified().await;
    }
}

impl State {
    fn enter(&mut self, phase: Phase) {
        (self.phase, self.since) = (phase, Instant::now());
    }
}
