//! Brakes on guessing passwords: so many attempts an address, so many a name from there, then waiting. Held in memory; a restart
//! forgets it.

use std::{
    collections::HashMap,
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::limits;
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

/// Attempts at once, then one every [`ADDRESS_EVERY`], from one address under any name: people behind one router share it.
const ADDRESS_BURST: u32 = 50;
const ADDRESS_EVERY: Duration = Duration::from_secs(6);
/// The same for one name from one address.
const NAME_BURST: u32 = 10;
const NAME_EVERY: Duration = Duration::from_secs(30);
/// The same for one name from anywhere: against guessing from many addresses. Large, because whoever reaches it keeps the
/// operator out too.
const ANYWHERE_BURST: u32 = 200;
const ANYWHERE_EVERY: Duration = Duration::from_secs(3);
/// Attempts for one name from anywhere, right ones too: each costs a computation that others wait for.
const ALL_BURST: u32 = 300;
const ALL_EVERY: Duration = Duration::from_secs(1);
/// Events about attempts that the brakes refused: one a minute and address, so that one that comes all the time does not use up what the
/// store records of all refused sign-ins ([`domain::Store::strangers`]).
const REPORT_EVERY: Duration = Duration::from_secs(60);

/// Whoever asks: their network, or nothing when the address is not known.
type From = Option<IpAddr>;

/// Counts by a key; what turned out to be no guess is given back.
#[derive(Debug)]
struct Brake<K: Clone + Eq + Hash> {
    counted: DefaultKeyedRateLimiter<K>,
    /// How many the next ones have free.
    given_back: Mutex<HashMap<K, u32>>,
}

impl<K: Clone + Eq + Hash> Brake<K> {
    fn new(quota: Quota) -> Self {
        Self { counted: RateLimiter::keyed(quota), given_back: Mutex::default() }
    }

    fn check(&self, key: &K, clock: &DefaultClock) -> Result<(), u64> {
        let mut given_back = self.given_back.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(free) = given_back.get_mut(key) {
            *free -= 1;
            if *free == 0 {
                given_back.remove(key);
            }
            return Ok(());
        }
        drop(given_back);
        self.counted.check_key(key).map_err(|until| until.wait_time_from(clock.now()).as_secs().max(1))
    }

    /// One that was counted was no guess.
    fn give_back(&self, key: K) {
        *self.given_back.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default() += 1;
    }

    fn clean(&self) {
        self.counted.retain_recent();
        // By now all attempts would be free again in any case.
        self.given_back.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Counts sign-in attempts by address and by name.
#[derive(Debug)]
pub struct SignInThrottle {
    addresses: Brake<From>,
    names: Brake<(String, From)>,
    anywhere: Brake<String>,
    all: Brake<String>,
    reports: DefaultKeyedRateLimiter<From>,
    clock: DefaultClock,
}

fn quota(every: Duration, burst: u32) -> Quota {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(every).unwrap_or(Quota::per_minute(burst)).allow_burst(burst)
}

impl Default for SignInThrottle {
    fn default() -> Self {
        Self {
            addresses: Brake::new(quota(ADDRESS_EVERY, ADDRESS_BURST)),
            names: Brake::new(quota(NAME_EVERY, NAME_BURST)),
            anywhere: Brake::new(quota(ANYWHERE_EVERY, ANYWHERE_BURST)),
            all: Brake::new(quota(ALL_EVERY, ALL_BURST)),
            reports: RateLimiter::keyed(quota(REPORT_EVERY, 1)),
            clock: DefaultClock::default(),
        }
    }
}

impl SignInThrottle {
    /// Counts one attempt; `Err` holds the seconds to wait. The address comes first: whoever is refused by it leaves nothing in
    /// the memory, whatever names they send.
    pub fn attempt(&self, name: &str, address: Option<&str>) -> Result<(), u64> {
        let (from, name) = (from(address), key(name));
        self.addresses.check(&from, &self.clock)?;
        self.names.check(&(name.clone(), from), &self.clock)?;
        self.anywhere.check(&name, &self.clock)?;
        self.all.check(&name, &self.clock)
    }

    /// An attempt that was counted brought the right password, so it was no guess: where many people sign in from one address, or a
    /// back end for all of them, only mistakes add up, but for one name that is tried all the time.
    pub fn succeeded(&self, name: &str, address: Option<&str>) {
        let (from, name) = (from(address), key(name));
        self.addresses.give_back(from);
        self.names.give_back((name.clone(), from));
        self.anywhere.give_back(name);
    }

    /// Whether an attempt that was refused from this address should be recorded.
    pub fn worth_an_event(&self, address: Option<&str>) -> bool {
        self.reports.check_key(&from(address)).is_ok()
    }

    /// Forgets keys that no longer wait. Called from the server's hourly clean-up.
    pub fn clean(&self) {
        self.addresses.clean();
        self.names.clean();
        self.anywhere.clean();
        self.all.clean();
        self.reports.retain_recent();
    }
}

/// The network of an address: one household or machine has a whole /64 of IPv6 addresses to choose from.
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)).into(),
    }
}

fn from(address: Option<&str>) -> From {
    address.and_then(|text| text.parse().ok()).map(network)
}

/// What a typed name counts as; no longer than a name can be, because it is kept.
fn key(name: &str) -> String {
    name.trim().chars().take(limits::OPERATOR_NAME_CHARS).collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(count: u32, attempt: impl Fn(u32) -> bool) -> usize {
        (0..count).filter(|n| !attempt(*n)).count()
    }

    #[test]
    fn guessing_a_name_is_braked_but_not_for_others() {
        let throttle = SignInThrottle::default();
        assert_eq!(refused(NAME_BURST, |_| throttle.attempt("admin", Some("10.0.0.1")).is_ok()), 0);
        assert!(throttle.attempt(" ADMIN ", Some("10.0.0.1")).is_err_and(|wait| wait >= 1));
        assert!(throttle.attempt("other", Some("10.0.0.1")).is_ok());
        assert!(throttle.attempt("admin", Some("10.0.0.2")).is_ok(), "the operator is not locked out by somebody else");
    }

    #[test]
    fn a_name_is_braked_from_everywhere_in_the_end() {
        let throttle = SignInThrottle::default();
        let attempt = |n: u32| throttle.attempt("admin", Some(&format!("10.0.{}.{}", n / 250, n % 250))).is_ok();
        assert_eq!(refused(ANYWHERE_BURST, attempt), 0);
        assert!(throttle.attempt("admin", Some("10.1.1.1")).is_err());
    }

    #[test]
    fn an_address_is_braked_whatever_the_names() {
        let throttle = SignInThrottle::default();
        assert_eq!(refused(ADDRESS_BURST + 1, |n| throttle.attempt(&format!("name{n}"), Some("10.0.0.1")).is_ok()), 1);
        let attempt = |n| throttle.attempt(&format!("name{n}"), Some(&format!("2001:db8::{n:x}"))).is_ok();
        assert_eq!(refused(ADDRESS_BURST + 1, attempt), 1, "one network");
    }

    #[test]
    fn right_passwords_cost_nothing_and_buy_no_guesses() {
        let throttle = SignInThrottle::default();
        let attempt = |name: &str| throttle.attempt(name, Some("10.0.0.1")).is_ok();
        for n in 0..4 * ADDRESS_BURST {
            assert!(attempt(&format!("name{n}")));
            throttle.succeeded(&format!("name{n}"), Some("10.0.0.1"));
        }
        let same = |_: &u32| {
            let right = throttle.attempt("busy", Some("10.0.0.2")).is_ok();
            if right {
                throttle.succeeded("busy", Some("10.0.0.2"));
            }
            right
        };
        let often = (0..2 * ALL_BURST).filter(same).count();
        assert!((ALL_BURST as usize..=ALL_BURST as usize + 2).contains(&often), "one name all the time: {often}");
        // Right and wrong in turn: as many wrong ones as without the right ones.
        let wrong = (0..4 * ADDRESS_BURST).filter(|n| {
            let right = attempt("me");
            if right {
                throttle.succeeded("me", Some("10.0.0.1"));
            }
            right && attempt(&format!("victim{n}"))
        });
        assert_eq!(wrong.count(), ADDRESS_BURST as usize);
    }

    #[test]
    fn a_flood_fills_not_the_memory_and_one_address_not_the_log() {
        let throttle = SignInThrottle::default();
        let long = "x".repeat(1 << 20);
        let reported = (0..1000)
            .filter(|n| throttle.attempt(&format!("{n}{long}"), Some("10.0.0.1")).is_err())
            .filter(|_| throttle.worth_an_event(Some("10.0.0.1")))
            .count();
        assert_eq!(reported, 1);
        assert!(
            throttle.names.counted.len() <= ADDRESS_BURST as usize + 1
                && throttle.anywhere.counted.len() <= ADDRESS_BURST as usize + 1
        );
        assert_eq!(key(&long).len(), limits::OPERATOR_NAME_CHARS);
    }
}
