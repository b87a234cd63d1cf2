//! How many rows one transaction of a long job may change: so many that others hardly wait for it.
//!
//! Work that can be divided goes in steps. While nobody waits for the writer many steps are one transaction, because pages that many rows
//! touch are then written once, and the longer nobody comes the longer the transactions get. Who comes waits for the end of the step that
//! runs. A short transaction is then committed; a long one, whose commit would take long, is taken back and done again in short ones.
//! For a while after that steps and transactions are short.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use super::Store;

/// How long a step takes while nobody waits for the writer. The search index writes what it has collected with each statement, so that
/// few large steps cost less than many small ones.
const STEP_TIME: Duration = Duration::from_millis(50);
/// The same while others write too: back ends wait for it with each call of the REST APIs.
const CONTENDED_STEP_TIME: Duration = Duration::from_millis(4);

/// How long steps go on in one transaction while nobody waits: at first, and after many transactions in which nobody came. That much
/// work is done twice when somebody comes.
const LONG: [Duration; 2] = [Duration::from_millis(250), Duration::from_secs(1)];
/// The same while others write too.
const SHORT: Duration = Duration::from_millis(30);
/// The longest transaction that is committed when somebody comes; its commit takes a few milliseconds.
const COMMITTED: Duration = Duration::from_millis(60);
/// How long nobody must have waited for steps and transactions to be long.
const QUIET: Duration = Duration::from_secs(2);

/// What follows a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Another step in the same transaction.
    Step,
    /// The commit.
    Commit,
    /// The transaction is to be taken back, because somebody waits and its commit would take long.
    RollBack,
}

/// The size of a step: as many rows as recently took 50 ms, or 4 ms while others write.
pub struct Pacer {
    /// Rows.
    budget: u64,
    /// When somebody last waited for the writer.
    wanted: Option<Instant>,
    /// How long steps go on while nobody waits, and the most that it may become.
    long: Duration,
    longest: Duration,
    /// Whether the work of this transaction was rolled back once.
    is_again: bool,
}

impl Default for Pacer {
    fn default() -> Self {
        Self { budget: 200, wanted: None, long: LONG[0], longest: LONG[1], is_again: false }
    }
}

impl Pacer {
    const MIN_BUDGET: u64 = 20;
    const MAX_BUDGET: u64 = 20_000;

    /// Rows for the next step, from 20 to 20,000.
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
    fn step(&mut self, weight: u64, time: Duration) {
        let goal = if self.is_quiet() { STEP_TIME } else { CONTENDED_STEP_TIME };
        self.learn(weight, time, goal);
    }

    /// Whether nobody has waited for the writer for a while, as far as that can be known.
    fn is_quiet(&self) -> bool {
        self.longest > SHORT && self.wanted.is_none_or(|at| at.elapsed() >= QUIET)
    }

    /// A pacer whose steps and transactions are always as short as beside others who write: for work beside which another process may
    /// write, whose writers are not seen here.
    pub fn always_short() -> Self {
        Self { long: SHORT, longest: SHORT, ..Self::default() }
    }

    /// The time of a transaction that has just begun. Who waited before that does not count, not even the one that begins it.
    pub fn begin(&self, store: &Store) -> Instant {
        store.writer_was_contended();
        Instant::now()
    }

    /// What follows a step of so many rows in the transaction that began at `began`. `step`: when the step began, and its rows, to which
    /// the size of the next one is adapted; `more`: whether anything is left for another step.
    pub fn after(&mut self, (step, weight): (Instant, u64), began: Instant, more: bool, store: &Store) -> Next {
        self.step(weight, step.elapsed());
        let is_wanted = store.writer_is_wanted();
        let was_wanted = store.writer_was_contended() || is_wanted;
        let next = self.next_after(began.elapsed(), is_wanted, was_wanted);
        if next == Next::Step && !more { Next::Commit } else { next }
    }

    fn next_after(&mut self, time: Duration, is_wanted: bool, was_wanted: bool) -> Next {
        let was_quiet = self.is_quiet();
        if was_wanted {
            if was_quiet {
                self.budget = (self.budget / 8).max(Self::MIN_BUDGET);
            }
            self.wanted = Some(Instant::now());
            self.long = LONG[0].min(self.longest);
        }
        // Only long ones, and only once: what takes long in short steps too has to be committed.
        if was_quiet && is_wanted && time > COMMITTED && !self.is_again {
            self.is_again = true;
            return Next::RollBack;
        }
        let is_quiet = self.is_quiet();
        if !is_wanted && time < if is_quiet { self.long } else { SHORT } {
            return Next::Step;
        }
        if !is_wanted && is_quiet {
            self.long = (2 * self.long).min(self.longest);
        }
        self.is_again = false;
        Next::Commit
    }

    fn learn(&mut self, weight: u64, time: Duration, goal: Duration) {
        let slow = time > goal;
        // A step that was small for other reasons says little about the time of a full one.
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
    fn the_pace_follows_the_time_that_steps_take() {
        let mut pacer = Pacer { budget: 1000, ..Pacer::default() };
        pacer.learn(1000, STEP_TIME * 2, STEP_TIME);
        assert_eq!(pacer.budget, 500);
        pacer.learn(500, STEP_TIME / 2, STEP_TIME);
        assert_eq!(pacer.budget, 1000);
        pacer.learn(10, STEP_TIME / 2, STEP_TIME);
        assert_eq!(pacer.budget, 1000, "too small to tell");
        pacer.learn(1, STEP_TIME * 100, STEP_TIME);
        assert_eq!(pacer.budget, Pacer::MIN_BUDGET);
        let mut pacer = Pacer { budget: 1000, ..Pacer::default() };
        pacer.learn(1000, CONTENDED_STEP_TIME, CONTENDED_STEP_TIME);
        assert_eq!(pacer.budget, 1000, "shorter steps while others write");
        pacer.learn(1000, CONTENDED_STEP_TIME * 2, CONTENDED_STEP_TIME);
        assert_eq!(pacer.budget, 500);
    }

    #[test]
    fn transactions_get_longer_until_somebody_waits() {
        let mut pacer = Pacer::default();
        for longest in [250, 500, 1000, 1000] {
            let longest = Duration::from_millis(longest);
            assert_eq!(pacer.next_after(longest - STEP_TIME, false, false), Next::Step);
            assert_eq!(pacer.next_after(longest, false, false), Next::Commit);
        }
        assert_eq!(pacer.next_after(COMMITTED, true, true), Next::Commit, "quickly committed");
        let mut pacer = Pacer { long: LONG[1], budget: 8000, ..Pacer::default() };
        assert_eq!(pacer.next_after(COMMITTED + STEP_TIME, true, true), Next::RollBack);
        assert_eq!(pacer.budget, 1000);
        assert_eq!(pacer.next_after(CONTENDED_STEP_TIME, false, false), Next::Step);
        assert_eq!(pacer.next_after(SHORT, false, false), Next::Commit);
        assert_eq!(pacer.next_after(Duration::from_secs(1), true, true), Next::Commit, "a short one is not done twice");
        // Long ones begin again, and not with the longest.
        pacer.wanted = Instant::now().checked_sub(QUIET);
        assert_eq!(pacer.next_after(SHORT, false, false), Next::Step);
        assert_eq!(pacer.next_after(LONG[0], false, false), Next::Commit);
    }

    #[test]
    fn nothing_is_rolled_back_twice() {
        let mut pacer = Pacer::default();
        for _ in 0..3 {
            // A step that takes longer than a while without anybody, so that it always counts as quiet.
            for expected in [Next::RollBack, Next::Commit] {
                pacer.wanted = None;
                assert_eq!(pacer.next_after(2 * QUIET, true, true), expected);
            }
        }
    }

    #[test]
    fn beside_another_process_transactions_and_steps_stay_short() {
        let mut pacer = Pacer { budget: 1000, ..Pacer::always_short() };
        for _ in 0..3 {
            assert_eq!(pacer.next_after(SHORT, false, false), Next::Commit);
        }
        assert_eq!(pacer.next_after(2 * COMMITTED, true, true), Next::Commit);
        pacer.step(1000, CONTENDED_STEP_TIME * 2);
        assert_eq!(pacer.budget, 500);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn only_those_count_who_wait_while_the_transaction_runs() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).await.expect("a store");
        let first = store.write().await.expect("a transaction");
        assert!(store.write_if_free().await.expect("asked").is_none());
        let job = tokio::spawn({
            let store = store.clone();
            async move { store.write().await.expect("a transaction") }
        });
        while !store.writer_is_wanted() {
            tokio::task::yield_now().await;
        }
        first.rollback().await.expect("rolled back");
        let mut pacer = Pacer::default();
        let transaction = job.await.expect("no panic");
        let began = pacer.begin(&store);
        assert_eq!(pacer.after((Instant::now(), 1), began, true, &store), Next::Step, "its own wait does not count");
        transaction.rollback().await.expect("rolled back");
        assert!(store.write_if_free().await.expect("asked").is_some());
    }
}
