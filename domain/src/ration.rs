//! A ration of something that strangers can cause without end, such as events about refused sign-ins: so many at once, then one after
//! each refill; the others are counted, and the next that goes through tells how many they were. Held in memory; a restart forgets it.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// See the file. One for each kind of thing and server; whose doing it was makes no difference, because addresses cost nothing.
#[derive(Debug)]
pub struct Ration {
    /// How many go through at once.
    burst: u32,
    /// After how long one more does.
    refill: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// How many of the burst are used up at `since`.
    used: u32,
    /// From when on the time counts for the next refill; `None`: nothing is used up.
    since: Option<Instant>,
    left_out: u64,
}

/// What becomes of one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// Whether it goes through.
    pub record: bool,
    /// How many did not since the last that did, without this one.
    pub left_out: u64,
}

impl Ration {
    /// `burst` at once, then one every `refill`: in any stretch of time at most `burst` and one for each refill in it.
    pub fn new(burst: u32, refill: Duration) -> Self {
        Self { burst, refill, state: Mutex::default() }
    }

    /// Asks for one.
    pub fn take(&self) -> Decision {
        self.take_at(Instant::now())
    }

    /// The same at that moment.
    pub fn take_at(&self, now: Instant) -> Decision {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.refill(&mut state, now);
        let record = state.used < self.burst;
        if !record {
            state.left_out += 1;
            return Decision { record, left_out: state.left_out - 1 };
        }
        state.used += 1;
        state.since.get_or_insert(now);
        Decision { record, left_out: std::mem::take(&mut state.left_out) }
    }

    /// Counts one that something else has left out already.
    pub fn leave_out(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).left_out += 1;
    }

    fn refill(&self, state: &mut State, now: Instant) {
        let Some(since) = state.since else { return };
        let passed = now.saturating_duration_since(since);
        // A refill of nothing is no limit.
        let refills = passed.as_nanos().checked_div(self.refill.as_nanos()).unwrap_or(u128::MAX);
        match u32::try_from(refills) {
            Ok(refills) if refills < state.used => {
                state.used -= refills;
                state.since = Some(since + self.refill * refills);
            }
            _ => (state.used, state.since) = (0, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_leaves_the_burst_and_one_for_each_refill() {
        let (ration, start) = (Ration::new(60, Duration::from_secs(10)), Instant::now());
        // A thousand a second for ten minutes.
        let at = |n: u32| start + Duration::from_millis(n.into());
        let mut told = 0;
        let recorded = (0..600_000).filter(|n| {
            let decision = ration.take_at(at(*n));
            if decision.record {
                told += decision.left_out;
            }
            decision.record
        });
        assert_eq!(recorded.count(), 60 + 59);
        // The rest is told by the next one.
        let next = ration.take_at(at(600_000));
        assert!(next.record);
        assert_eq!(told + next.left_out + 60 + 59, 600_000);
        assert_eq!(ration.take_at(at(600_001)), Decision { record: false, left_out: 0 });
    }

    #[test]
    fn what_comes_seldom_goes_through_and_a_rest_refills() {
        let (ration, start) = (Ration::new(2, Duration::from_secs(10)), Instant::now());
        let take = |seconds| ration.take_at(start + Duration::from_secs(seconds));
        assert!((0..50).all(|n| take(n * 11).record));
        let (first, second, third) = (take(1000), take(1000), take(1000));
        assert_eq!([first, second, third].map(|decision| decision.record), [true, true, false]);
        ration.leave_out();
        assert!(!ration.take_at(start + Duration::from_secs(1009)).record);
        assert_eq!(ration.take_at(start + Duration::from_secs(1010)), Decision { record: true, left_out: 3 });
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing() {
        let (ration, start) = (Ration::new(1, Duration::from_secs(10)), Instant::now() + Duration::from_secs(60));
        assert!(ration.take_at(start).record);
        assert!(!ration.take_at(start - Duration::from_secs(30)).record);
    }
}
