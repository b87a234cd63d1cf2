//! Brakes on guessing passwords: so many attempts a name, so many an address, then waiting. Held in memory; a restart forgets it.

use std::{num::NonZeroU32, time::Duration};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

/// Attempts at once, then one every [`NAME_EVERY`], for one name from anywhere.
const NAME_BURST: u32 = 10;
const NAME_EVERY: Duration = Duration::from_secs(30);
/// The same for one address under any name: people behind one router share it.
const ADDRESS_BURST: u32 = 50;
const ADDRESS_EVERY: Duration = Duration::from_secs(6);

/// Counts sign-in attempts by name and by address.
#[derive(Debug)]
pub struct SignInThrottle {
    names: DefaultKeyedRateLimiter<String>,
    addresses: DefaultKeyedRateLimiter<String>,
    /// Refused attempts that are worth an event: one a minute and key, so that a flood cannot fill the log.
    reports: DefaultKeyedRateLimiter<String>,
    clock: DefaultClock,
}

fn quota(every: Duration, burst: u32) -> Quota {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(every).unwrap_or(Quota::per_minute(burst)).allow_burst(burst)
}

impl Default for SignInThrottle {
    fn default() -> Self {
        Self {
            names: RateLimiter::keyed(quota(NAME_EVERY, NAME_BURST)),
            addresses: RateLimiter::keyed(quota(ADDRESS_EVERY, ADDRESS_BURST)),
            reports: RateLimiter::keyed(quota(Duration::from_secs(60), 1)),
            clock: DefaultClock::default(),
        }
    }
}

impl SignInThrottle {
    /// Counts one attempt; `Err` holds the seconds to wait.
    pub fn attempt(&self, name: &str, address: Option<&str>) -> Result<(), u64> {
        let seconds = |until: governor::NotUntil<_>| until.wait_time_from(self.clock.now()).as_secs().max(1);
        self.names.check_key(&name.trim().to_lowercase()).map_err(seconds)?;
        if let Some(address) = address {
            self.addresses.check_key(&address.to_owned()).map_err(seconds)?;
        }
        Ok(())
    }

    /// Whether a throttled attempt should be recorded.
    pub fn worth_an_event(&self, name: &str) -> bool {
        self.reports.check_key(&name.trim().to_lowercase()).is_ok()
    }

    /// Forgets keys that no longer wait. Called from the server's hourly clean-up.
    pub fn clean(&self) {
        self.names.retain_recent();
        self.addresses.retain_recent();
        self.reports.retain_recent();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_braked_wherever_the_attempts_come_from() {
        let throttle = SignInThrottle::default();
        for n in 0..NAME_BURST {
            assert!(throttle.attempt("admin", Some(&format!("10.0.0.{n}"))).is_ok());
        }
        assert!(throttle.attempt(" ADMIN ", Some("10.0.1.1")).is_err_and(|wait| wait >= 1));
        assert!(throttle.attempt("other", Some("10.0.1.1")).is_ok());
    }

    #[test]
    fn an_address_is_braked_whatever_the_names() {
        let throttle = SignInThrottle::default();
        let refused = (0..=ADDRESS_BURST).filter(|n| throttle.attempt(&format!("name{n}"), Some("10.0.0.1")).is_err()).count();
        assert_eq!(refused, 1);
    }
}
