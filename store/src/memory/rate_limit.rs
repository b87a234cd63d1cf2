//! How many events of one kind the log takes from one place, which is whoever a quota is for (`Source` in `refusals`). Events
//! are kept, so a flood of refusals must not become a flood of events: each place has so many at once and then a few, all
//! places together have more, and what was left out is counted and reported with the next event, or when the process ends in
//! order. Kept in memory; a process that is killed loses it. Pure: the time is a parameter.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
};

/// Events of one kind and place: so many at once, then one in ten seconds.
const PLACE: RefillRate = RefillRate { burst: 60, every_ms: 10_000 };
/// The same for one kind and all places together. More than one place can use up, so that no place hides others.
const ALL: RefillRate = RefillRate { burst: 300, every_ms: 2_000 };
/// Places that are remembered; all others share one quota.
const PLACES: usize = 10_000;

#[derive(Debug, Clone, Copy)]
struct RefillRate {
    burst: i64,
    every_ms: i64,
}

/// How much of its quota one place has used.
#[derive(Debug, Default)]
struct Quota {
    /// When the whole quota is free again, milliseconds since 1970.
    free_at: i64,
    left_out: u64,
}

impl Quota {
    fn take(&mut self, rate: RefillRate, now: i64) -> bool {
        let from = self.free_at.max(now);
        let free = from - now <= (rate.burst - 1) * rate.every_ms;
        if free {
            self.free_at = from + rate.every_ms;
        }
        free
    }
}

/// The quotas by kind and place.
#[derive(Debug)]
pub struct EventRateLimiter<K, P>(Mutex<Inner<K, P>>);

#[derive(Debug)]
struct Inner<K, P> {
    /// `None`: all places for which there was no room.
    places: HashMap<(K, Option<P>), Quota>,
    all: HashMap<K, Quota>,
}

impl<K, P> Default for EventRateLimiter<K, P> {
    fn default() -> Self {
        Self(Mutex::new(Inner { places: HashMap::new(), all: HashMap::new() }))
    }
}

impl<K: Copy + Eq + Hash, P: Eq + Hash> EventRateLimiter<K, P> {
    /// Whether one more event of this kind is recorded from this place at the time `now`, milliseconds since 1970; if so, how
    /// many were left out since the last one that was recorded.
    pub fn take(&self, kind: K, place: P, now: i64) -> Option<u64> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Inner { places, all } = &mut *inner;
        let known = (kind, Some(place));
        let key = if places.len() < PLACES || places.contains_key(&known) { known } else { (kind, None) };
        let place = places.entry(key).or_default();
        let all = all.entry(kind).or_default();
        // The place first: an event that it may not record takes nothing from others.
        if !place.take(PLACE, now) {
            place.left_out += 1;
            return None;
        }
        if !all.take(ALL, now) {
            all.left_out += 1;
            return None;
        }
        Some(std::mem::take(&mut place.left_out) + std::mem::take(&mut all.left_out))
    }

    /// Counts events as left out that were to be recorded or reported, and could not be.
    pub fn lost(&self, kind: K, number: u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).all.entry(kind).or_default().left_out += number;
    }

    /// How many events were left out and not reported yet, by kind; from now on they count as reported.
    pub fn take_left_out(&self) -> Vec<(K, u64)> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Inner { places, all } = &mut *inner;
        for ((kind, _), place) in places.iter_mut() {
            all.entry(*kind).or_default().left_out += std::mem::take(&mut place.left_out);
        }
        let told = all.iter_mut().map(|(kind, place)| (*kind, std::mem::take(&mut place.left_out)));
        told.filter(|(_, number)| *number > 0).collect()
    }

    /// Forgets places whose whole quota is free again; what they were denied is reported with the next event of the kind.
    pub fn clean(&self, now: i64) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Inner { places, all } = &mut *inner;
        places.retain(|(kind, _), place| {
            let idle = place.free_at <= now;
            if idle {
                all.entry(*kind).or_default().left_out += place.left_out;
            }
            !idle
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    #[test]
    fn a_place_has_sixty_and_then_one_in_ten_seconds_with_a_count() {
        let limiter = EventRateLimiter::default();
        let at_once = (0..1000).filter_map(|_| limiter.take("x", 1, MINUTE)).collect::<Vec<_>>();
        assert_eq!(at_once, [0; 60]);
        assert_eq!(limiter.take("x", 1, MINUTE + 9_999), None);
        assert_eq!(limiter.take("x", 1, MINUTE + 10_000), Some(941));
        assert_eq!(limiter.take("x", 1, MINUTE + 10_000), None);
        assert_eq!(limiter.take("y", 1, MINUTE), Some(0), "another kind");
        assert_eq!(limiter.take("x", 2, MINUTE), Some(0), "another place");
        let later = (0..100).filter_map(|_| limiter.take("x", 1, 20 * MINUTE)).collect::<Vec<_>>();
        assert_eq!((later.len(), later[0]), (60, 1), "all is free again");
    }

    #[test]
    fn a_flood_from_everywhere_fills_neither_log_nor_memory() {
        let limiter = EventRateLimiter::default();
        let recorded = (0..200_000_u64).filter_map(|place| limiter.take("x", place, 0)).count();
        assert_eq!(recorded, 300);
        assert!(limiter.0.lock().unwrap().places.len() <= PLACES + 1);
        let told = limiter.take("x", 7, 2_000).expect("room for one");
        assert!(told > 9_000, "{told}");
        // What was not reported yet is reported after the places are forgotten.
        limiter.take("x", 8, 2_000);
        limiter.clean(100 * MINUTE);
        assert!(limiter.0.lock().unwrap().places.is_empty());
        let rest = limiter.take("x", 9, 100 * MINUTE).expect("room");
        assert_eq!(told + rest, 200_000 + 1 - 300, "each is recorded or told of");
    }

    #[test]
    fn what_nobody_has_told_is_told_in_the_end() {
        let limiter = EventRateLimiter::default();
        let recorded = (0..1000).filter(|n| limiter.take("x", n % 3, 0).is_some()).count() as u64;
        limiter.take("y", 1, 0);
        assert_eq!(limiter.take_left_out(), [("x", 1000 - recorded)]);
        assert_eq!(limiter.take_left_out(), []);
        assert_eq!(limiter.take("x", 1, MINUTE), Some(0));
    }

    #[test]
    fn one_place_hides_no_other() {
        let limiter = EventRateLimiter::default();
        for _ in 0..10_000 {
            limiter.take("x", 1, 0);
        }
        assert_eq!(limiter.take("x", 2, 0), Some(0));
        limiter.lost("x", 1);
        assert_eq!(limiter.take("x", 2, 0), Some(1));
    }
}
