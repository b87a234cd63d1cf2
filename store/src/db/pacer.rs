//! How much one transaction takes on of work that goes on for long: as much as others do not wait for.

use std::{
    collections::{HashMap, VecDeque},
    time::{Duration, Instant},
};

use super::Store;

/// How long a chunk should hold the writer; others should never wait longer than 50 ms.
const CHUNK_TIME: Duration = Duration::from_millis(30);
/// The same while others do write: back ends that call the REST APIs wait with each call.
const CONTENDED_CHUNK_TIME: Duration = Duration::from_millis(4);

/// How much a chunk takes on: as much as took [`CHUNK_TIME`] lately, or [`CONTENDED_CHUNK_TIME`].
pub struct Pacer {
    /// Rows.
    budget: u64,
}

impl Default for Pacer {
    fn default() -> Self {
        Self { budget: 200 }
    }
}

impl Pacer {
    const MIN_BUDGET: u64 = 20;
    const MAX_BUDGET: u64 = 20_000;

    /// Rows for the next chunk.
    pub fn budget(&self) -> u64 {
        self.budget
    }

    /// The same, for what counts in places.
    pub fn rows(&self) -> usize {
        usize::try_from(self.budget).unwrap_or(usize::MAX)
    }

    /// Takes as many of the items as the budget allows, one at least; and what they weigh.
    pub fn take(&self, items: &mut VecDeque<(i64, String)>, weights: &HashMap<String, u64>) -> (Vec<(i64, String)>, u64) {
        let (mut taken, mut all) = (Vec::new(), 0);
        while let Some((_, item)) = items.front() {
            let weight = weights.get(item).copied().unwrap_or(1);
            if !taken.is_empty() && all + weight > self.budget {
                break;
            }
            all += weight;
            taken.extend(items.pop_front());
        }
        (taken, all)
    }

    /// A transaction on so many rows that began then, took so long and is committed now. Where others write, the commit is theirs
    /// too, and has waited for them.
    pub fn record(&mut self, weight: u64, worked: Duration, began: Instant, store: &Store) {
        let (time, goal) =
            if store.writer_was_contended() { (worked, CONTENDED_CHUNK_TIME) } else { (began.elapsed(), CHUNK_TIME) };
        self.learn(weight, time, goal);
    }

    fn learn(&mut self, weight: u64, time: Duration, goal: Duration) {
        let slow = time > goal;
        // A chunk that was small for other reasons says little of what a full one would take.
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

    fn items(n: i64) -> VecDeque<(i64, String)> {
        (1..=n).map(|seq| (seq, seq.to_string())).collect()
    }

    #[test]
    fn chunks_hold_what_the_budget_allows_and_one_at_least() {
        let pacer = Pacer { budget: 10 };
        let heavy = |weight| items(5).into_iter().map(|(_, item)| (item, weight)).collect::<HashMap<_, _>>();
        let taken = |n, weights| {
            let mut items = items(n);
            let (taken, weight) = pacer.take(&mut items, &weights);
            (taken.len(), weight, items.len())
        };
        assert_eq!(taken(5, heavy(4)), (2, 8, 3));
        assert_eq!(taken(5, heavy(400)), (1, 400, 4));
        assert_eq!(taken(50, HashMap::new()), (10, 10, 40));
        assert_eq!(taken(0, HashMap::new()), (0, 0, 0));
    }

    #[test]
    fn the_pace_follows_the_time_that_chunks_take() {
        let mut pacer = Pacer { budget: 1000 };
        pacer.learn(1000, CHUNK_TIME * 2, CHUNK_TIME);
        assert_eq!(pacer.budget, 500);
        pacer.learn(500, CHUNK_TIME / 2, CHUNK_TIME);
        assert_eq!(pacer.budget, 1000);
        pacer.learn(10, CHUNK_TIME / 2, CHUNK_TIME);
        assert_eq!(pacer.budget, 1000, "too small to tell");
        pacer.learn(1, CHUNK_TIME * 100, CHUNK_TIME);
        assert_eq!(pacer.budget, Pacer::MIN_BUDGET);
        let mut pacer = Pacer { budget: 1000 };
        pacer.learn(1000, CONTENDED_CHUNK_TIME, CONTENDED_CHUNK_TIME);
        assert_eq!(pacer.budget, 1000, "shorter chunks while others write");
        pacer.learn(1000, CONTENDED_CHUNK_TIME * 2, CONTENDED_CHUNK_TIME);
        assert_eq!(pacer.budget, 500);
    }
}
