//! A rate limit on rows for visitors who have not signed in: posting forms without JavaScript creates a row that carries the answer to
//! the next page, and nobody may fill the disk that way. Held in memory; a restart resets it.

use std::{net::IpAddr, num::NonZeroU32, time::Duration};

use domain::credential::rules::network;
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};

/// Rows at once, then one every [`ONE_EVERY`], for one address.
const ONE_BURST: u32 = 30;
const ONE_EVERY: Duration = Duration::from_secs(10);
/// The same for all of them together.
const ALL_BURST: u32 = 300;
const ALL_EVERY: Duration = Duration::from_millis(200);

#[derive(Debug)]
pub struct VisitorLimiter {
    each: DefaultKeyedRateLimiter<Option<IpAddr>>,
    all: DefaultDirectRateLimiter,
}

impl Default for VisitorLimiter {
    fn default() -> Self {
        let quota = |burst, every| {
            let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
            Quota::with_period(every).unwrap_or(Quota::per_minute(burst)).allow_burst(burst)
        };
        Self { each: RateLimiter::keyed(quota(ONE_BURST, ONE_EVERY)), all: RateLimiter::direct(quota(ALL_BURST, ALL_EVERY)) }
    }
}

impl VisitorLimiter {
    /// Whether one more row may be made for this address.
    pub fn allow_session(&self, address: Option<IpAddr>) -> bool {
        self.each.check_key(&address.map(network)).is_ok() && self.all.check().is_ok()
    }

    /// Removes addresses that no longer wait. Called from the hourly clean-up.
    pub fn clean(&self) {
        self.each.retain_recent();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_cannot_make_rows_without_end() {
        let visitors = VisitorLimiter::default();
        let made =
            |address: &dyn Fn(u32) -> String| (0..100).filter(|n| visitors.allow_session(address(*n).parse().ok())).count();
        assert_eq!(made(&|_| "192.0.2.1".to_owned()), 30);
        assert_eq!(made(&|n| format!("2001:db8::{n:x}")), 30, "one network");
        assert_eq!(made(&|n| format!("192.0.2.{}", n + 2)), 100);
    }
}
