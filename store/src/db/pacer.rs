//! How many rows one transaction of a long job may change: so many that others hardly wait for it.

use std::{
    collections::{HashMap, VecDeque},
    time::{Duration, Instant},
};

use super::Store;

/// How long a chunk should hold the writer; others should never wait longer than 50 ms.
const CHUNK_TIME: Duration = Duration::from_millis(30);
/// The same while others write too: back ends wait for it with each call of the REST APIs.
const CONTENDED_CHUNK_TIME: Duration = Duration::from_millis(4);

/// The size of a chunk: as many rows as recently took 30 ms, or 4 ms while others write.
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

    /// Rows for the next chunk, from 20 to 20,000.
    pub fn budget(&self) -> u64 {
        self.budget
    }

    /// The same as `usize`, for numbers of items.
    pub fn rows(&self) -> usize {
        usize::try_from(self.budget).unwrap_or(usize::MAX)
    }

    /// Removes as many of the items as the budget allows from the queue, at least one; answers them and their weight in rows. An
    /// item without a weight counts as one row.
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
