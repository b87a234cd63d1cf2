//! The REST APIs: which requests are theirs and how many an app may send. They know neither sessions nor cookies nor pages: what may be
//! done, a token says. One folder a dialect.

mod docs;
pub mod easemob;
pub mod openapi;

use std::num::NonZeroU32;

use app::throttle::SignInThrottle;
use domain::application::AppId;
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

/// Requests that an app may send within a second, unless the configuration says otherwise (Easemob: 100).
pub const DEFAULT_RATE: u32 = 100;

/// What requests are counted by, each by itself: what the users of an app send must not keep its back end waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Counted {
    /// Calls with a token of the app.
    App(AppId),
    /// Calls with a token of this account.
    Account(i64),
    /// Tokens made for the app.
    Tokens(AppId),
}

/// What the APIs remember between requests. Held in memory; a restart forgets it.
#[derive(Debug)]
pub struct Api {
    /// `None`: no limit.
    rates: Option<DefaultKeyedRateLimiter<Counted>>,
    clock: DefaultClock,
    /// Attempts at the passwords of accounts; apart from those of operators.
    pub passwords: SignInThrottle,
}

impl Api {
    /// `rate`: requests a second for each app; 0: as many as come.
    pub fn with_rate(rate: u32) -> Self {
        let rates = NonZeroU32::new(rate).map(|rate| RateLimiter::keyed(Quota::per_second(rate)));
        Self { rates, clock: DefaultClock::default(), passwords: SignInThrottle::default() }
    }

    /// Counts one request; `Err` holds the seconds to wait.
    pub fn count(&self, counted: Counted) -> Result<(), u64> {
        let Some(rates) = &self.rates else { return Ok(()) };
        rates.check_key(&counted).map_err(|until| until.wait_time_from(self.clock.now()).as_secs().max(1))
    }

    /// Forgets what no longer waits. Called from the hourly clean-up.
    pub fn clean(&self) {
        if let Some(rates) = &self.rates {
            rates.retain_recent();
        }
        self.passwords.clean();
    }
}
