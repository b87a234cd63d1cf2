//! How often a transaction is run again that the database has rolled back although nothing was wrong with it.

use std::time::{Duration, Instant};

use rand::Rng;

/// How often a change is run at most.
const MAX_RUNS: u32 = 5;
/// How long a change is run again for: a request that waits for its turn each time must end too.
const MAX_TIME: Duration = Duration::from_secs(15);
/// The pause before the second run, milliseconds; it doubles before each further run.
const FIRST_PAUSE_MS: u64 = 5;

/// How many times a change was run.
#[derive(Debug)]
pub struct Tries {
    runs: u32,
    began: Instant,
}

impl Default for Tries {
    fn default() -> Self {
        Self { runs: 0, began: Instant::now() }
    }
}

impl Tries {
    /// Waits a little and returns whether the change is to be run once more.
    pub(super) async fn one_more(&mut self) -> bool {
        self.runs += 1;
        if self.runs >= MAX_RUNS || self.began.elapsed() > MAX_TIME {
            return false;
        }
        let pause = FIRST_PAUSE_MS << (self.runs - 1);
        // Not all at once: changes that were rolled back together would meet again.
        let pause = rand::rng().random_range(pause / 2..=pause);
        tokio::time::sleep(Duration::from_millis(pause)).await;
        true
    }
}
