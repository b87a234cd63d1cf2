//! How many rows one transaction of a long job may change: so many that others hardly wait for it.
//!
//! Work that can be divided goes in steps. While nobody waits for the writer, several steps of 30 ms are one transaction, because pages
//! that many rows touch are then written once; as soon as somebody waits, the step that runs is the last one of its transaction, and steps
//! take 4 ms.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use super::Store;

/// How long a chunk should hold the writer; others should never wait longer than 50 ms.
const CHUNK_TIME: Duration = Duration::from_millis(30);
/// The same while others write too: back ends wait for it with each call of the REST APIs.
const CONTENDED_CHUNK_TIME: Duration = Duration::from_millis(4);

/// How long a step takes, after which others get their turn.
const STEP_TIME: Duration = CONTENDED_CHUNK_TIME;
/// How long steps go on in one transaction while nobody waits. The first who comes waits for the end of the step and for the commit of
/// all of them.
const LONGEST: Duration = Duration::from_millis(250);
/// How long nobody must have waited for that; until then steps go on for [`CHUNK_TIME`].
const QUIET: Duration = Duration::from_secs(2);

/// The size of a chunk: as many rows as recently took 30 ms, or 4 ms while others write.
pub struct Pacer {
    /// Rows.
    budget: u64,
    /// When somebody last waited for the writer.
    wanted: Option<Instant>,
}

impl Default for Pacer {
    fn default() -> Self {
        Self { budget: 200, wanted: None }
    }
}

impl Pacer {
    const MIN_BUDGET: u64 = 20;
    const MAX_BUDGET: u64 = 20_000;

    /// Rows for the next chunk, from 20 to 20,000.
    pub fn budget(&self) -> u64 {
        self.budget
    }

    /// The same as `usize`, for numbers of items.
    pub fn rows(&self) -> usize {
        usize::try_from(self.budget).unwrap_or(usize::MAX)
    }

    /// How many of the items the budget allows for the next step, at least one, and their weight in rows. An item without a weight
    /// counts as one row.
    pub fn next<'a>(&self, items: impl Iterator<Item = &'a (i64, String)>, weights: &HashMap<String, u64>) -> (usize, u64) {
        let (mut number, mut all) = (0, 0);
        for (_, item) in items {
            let weight = weights.get(item).copied().unwrap_or(1);
            if number > 0 && all + weight > self.budget {
                break;
            }
            all += weight;
            number += 1;
        }
        (number, all)
    }

    /// Whether an item of that weight is too much for one step.
    pub fn is_too_heavy(&self, weight: u64) -> bool {
        weight > 4 * self.budget
    }

    /// Adapts the budget to a step of that many rows, which took so long.
    pub fn step(&mut self, weight: u64, time: Duration) {
        // The search index writes what it has collected with each statement, so that few large steps cost less than many small ones.
        let goal = if self.is_quiet() { CHUNK_TIME } else { STEP_TIME };
        self.learn(weight, time, goal);
    }

    /// Whether nobody has waited for the writer for a while.
    fn is_quiet(&self) -> bool {
        self.wanted.is_none_or(|at| at.elapsed() >= QUIET)
    }

    /// Whether the transaction that began then may take another step.
    pub fn goes_on(&mut self, began: Instant, store: &Store) -> bool {
        let is_wanted = store.writer_is_wanted();
        if store.writer_was_contended() || is_wanted {
            if self.is_quiet() {
                self.budget = (self.budget / 8).max(Self::MIN_BUDGET);
            }
            self.wanted = Some(Instant::now());
        }
        !is_wanted && began.elapsed() < if self.is_quiet() { LONGEST } else { CHUNK_TIME }
    }

    /// Adapts the budget to a transaction that is now committed. `weight`: its rows; `worked`: how long it ran before the commit;
    /// `began`: when it began. While others write only `worked` counts, because the commit is then theirs too and includes
    /// waiting for them.
    pub fn record(&mut self, weight: u64, worked: Duration, began: Instant, store: &Store) {
        let (time, goal) =
            if store.writer_was_contended() { (worked, CONTENDED_CHUNK_TIME) } else { (began.elapsed(), CHUNK_TIME) };
        self.learn(weight, time, goal);
    }

    fn learn(&mut self, weight: u64, time: Duration, goal: Duration) {
        let slow = time > goal;
        // A chunk that was small for other reasons says little about the time of a full one.
        if !slow && weight * 2 < self.budget {
            return;
        }
        let factor = (goal.as_secs_f64() / time.as_secs_f64().max(0.000_1)).clamp(0.25, 2.0);
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small number, clamped"
        )]
        let next = (weight as f64 * factor) as u64;
        self.budget = next.clamp(Self::MIN_BUDGET, Self::MAX_BUDGET);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_hold_what_the_budget_allows_and_one_at_least() {
        let pacer = Pacer { budget: 10, ..Pacer::default() };
        let items = |n: i64| (1..=n).map(|seq| (seq, seq.to_string())).collect::<Vec<_>>();
        let heavy = |weight| items(5).into_iter().map(|(_, item)| (item, weight)).collect::<HashMap<_, _>>();
        let next = |n, weights| pacer.next(items(n).iter(), &weights);
        assert_eq!(next(5, heavy(4)), (2, 8));
        assert_eq!(next(5, heavy(400)), (1, 400));
        assert_eq!(next(50, HashMap::new()), (10, 10));
        assert_eq!(next(0, HashMap::new()), (0, 0));
        assert!(pacer.is_too_heavy(41) && !pacer.is_too_heavy(40));
    }

    #[test]
    fn the_pace_follows_the_time_that_chunks_take() {
        let mut pacer = Pacer { budget: 1000, ..Pacer::default() };
        pacer.learn(1000, CHUNK_TIME * 2, CHUNK_TIME);
        assert_eq!(pacer.budget, 500);
        pacer.learn(500, CHUNK_TIME / 2, CHUNK_TIME);
        assert_eq!(pacer.budget, 1000);
        pacer.learn(10, CHUNK_TIME / 2, CHUNK_TIME);
        assert_eq!(pacer.budget, 1000, "too small to tell");
        pacer.learn(1, CHUNK_TIME * 100, CHUNK_TIME);
        assert_eq!(pacer.budget, Pacer::MIN_BUDGET);
        let mut pacer = Pacer { budget: 1000, ..Pacer::default() };
        pacer.learn(1000, CONTENDED_CHUNK_TIME, CONTENDED_CHUNK_TIME);
        assert_eq!(pacer.budget, 1000, "shorter chunks while others write");
        pacer.learn(1000, CONTENDED_CHUNK_TIME * 2, CONTENDED_CHUNK_TIME);
        assert_eq!(pacer.budget, 500);
    }
}
