//! How many requests the back ends and users of an app may send.

use std::{num::NonZeroU32, time::Duration};

use domain::{application::AppId, limits};
use governor::{
    DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use store::throttle::SignInThrottle;

/// A moment as the limiters count it.
type Moment = <DefaultClock as Clock>::Instant;

/// The keys by which requests are counted, each separately: what the users of an app send must not make its back end wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Counted {
    /// Calls with a token of the app.
    App(AppId),
    /// Calls with a token of this account.
    Account(i64),
    /// Tokens made for the app.
    Tokens(AppId),
}

/// What the APIs remember between requests. Held in memory; a restart resets it.
#[derive(Debug)]
pub struct Api {
    /// `None`: no limit.
    rates: Option<DefaultKeyedRateLimiter<Counted>>,
    /// Changes by accounts with tokens of their own: [`limits::OWN_WRITES`], whatever the configuration says.
    own_writes: DefaultKeyedRateLimiter<i64>,
    /// Of them the files that they share: [`limits::OWN_FILES`].
    own_files: DefaultKeyedRateLimiter<i64>,
    clock: DefaultClock,
    /// Attempts at the passwords of accounts; apart from those of operators.
    pub passwords: SignInThrottle,
}

impl Api {
    /// `rate`: requests a second for each app; 0: no limit.
    pub fn with_rate(rate: u32) -> Self {
        let rates = NonZeroU32::new(rate).map(|rate| RateLimiter::keyed(Quota::per_second(rate)));
        let keyed = |burst, every| RateLimiter::keyed(quota(burst, every));
        Self {
            rates,
            own_writes: keyed(limits::OWN_WRITES, limits::OWN_WRITES_EVERY),
            own_files: keyed(limits::OWN_FILES, limits::OWN_FILES_EVERY),
            clock: DefaultClock::default(),
            passwords: SignInThrottle::default(),
        }
    }

    /// Counts a call by which an account changes something; `Err` holds the seconds to wait. What accounts change about themselves
    /// stays in the audit log forever, so the rate is limited.
    pub fn count_own_write(&self, account: i64) -> Result<(), u64> {
        self.seconds(self.own_writes.check_key(&account))
    }

    /// The same for a file that an account shares.
    pub fn count_own_file(&self, account: i64) -> Result<(), u64> {
        self.seconds(self.own_files.check_key(&account))
    }

    fn seconds(&self, counted: Result<(), NotUntil<Moment>>) -> Result<(), u64> {
        counted.map_err(|until| until.wait_time_from(self.clock.now()).as_secs().max(1))
    }

    /// Counts one request; `Err` holds the seconds to wait.
    pub fn count(&self, counted: Counted) -> Result<(), u64> {
        let Some(rates) = &self.rates else { return Ok(()) };
        self.seconds(rates.check_key(&counted))
    }

    /// Removes keys that no longer wait. Called from the hourly clean-up.
    pub fn clean(&self) {
        if let Some(rates) = &self.rates {
            rates.retain_recent();
        }
        self.own_writes.retain_recent();
        self.own_files.retain_recent();
        self.passwords.clean();
    }
}

/// So many at once, then one per interval.
fn quota(burst: u32, every: Duration) -> Quota {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(every).unwrap_or(Quota::per_second(burst)).allow_burst(burst)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_change_little_at_once_and_each_by_itself() {
        let api = Api::with_rate(0);
        let allowed = |count: &dyn Fn() -> Result<(), u64>| (0..200).filter(|_| count().is_ok()).count();
        let writes = allowed(&|| api.count_own_write(1));
        // One more when the test is slow.
        assert!((limits::OWN_WRITES as usize..=limits::OWN_WRITES as usize + 1).contains(&writes), "{writes}");
        assert_eq!(allowed(&|| api.count_own_file(1)), limits::OWN_FILES as usize);
        assert!(api.count_own_file(1).is_err_and(|seconds| (1..=60).contains(&seconds)));
        assert_eq!((api.count_own_write(2), api.count_own_file(2)), (Ok(()), Ok(())));
    }
}
