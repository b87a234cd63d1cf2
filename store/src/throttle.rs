//! Rate limits on guessing passwords, of the console and of the REST APIs: so many attempts per address, so many per name from there,
//! then waiting. Held in memory; a restart resets it.

use std::{
    collections::HashMap,
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::{credential::known_networks::KnownNetwork, operator::DeviceId};
use domain::{
    credential::rules::{network, wide_network},
    limits,
};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

/// Attempts at once, then one every [`ADDRESS_EVERY`], from one address under any name: people behind one router share it.
const ADDRESS_BURST: u32 = 50;
const ADDRESS_EVERY: Duration = Duration::from_secs(6);
/// The same for all of a /48, of which one customer may have 65,536 such networks.
const WIDE_BURST: u32 = 100;
const WIDE_EVERY: Duration = Duration::from_secs(3);
/// The same for one name from one address.
const NAME_BURST: u32 = 10;
const NAME_EVERY: Duration = Duration::from_secs(30);
/// The same for one name from anywhere: against guessing from many addresses. Large, because reaching it keeps the operator out
/// of browsers that are not known.
const ANYWHERE_BURST: u32 = 200;
const ANYWHERE_EVERY: Duration = Duration::from_secs(3);
/// The same from one browser in which the operator has signed in before, or with a session: a stolen cookie must not guess forever
/// either. Beyond it, attempts count as a stranger's.
const KNOWN_BURST: u32 = 10;
const KNOWN_EVERY: Duration = Duration::from_secs(600);
/// Attempts for one name from anywhere, and of a known client, right ones too: each costs a computation that others wait for.
const ALL_BURST: u32 = 300;
const ALL_EVERY: Duration = Duration::from_secs(1);

/// The client: its network, or nothing when the address is not known.
type From = Option<IpAddr>;

/// A known client, whose attempts count apart from those of strangers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KnownClient {
    /// A browser in which the operator has signed in before.
    Device(DeviceId),
    /// A session, by the hash of its id: one that was stolen uses up its own attempts, not those of its operator elsewhere.
    Session([u8; 32]),
}

/// Counts by a key; an attempt that turned out to be no guess is refunded.
#[derive(Debug)]
struct KeyedLimiter<K: Clone + Eq + Hash> {
    counted: DefaultKeyedRateLimiter<K>,
    /// How many the next ones have free.
    given_back: Mutex<HashMap<K, u32>>,
}

impl<K: Clone + Eq + Hash> KeyedLimiter<K> {
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
    fn refund(&self, key: K) {
        *self.given_back.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default() += 1;
    }

    fn clean(&self) {
        self.counted.retain_recent();
        // After this time all attempts would be free again in any case.
        self.given_back.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Counts sign-in attempts by address and by name.
#[derive(Debug)]
pub struct SignInThrottle {
    addresses: KeyedLimiter<From>,
    wide: KeyedLimiter<Ipv6Addr>,
    names: KeyedLimiter<(String, From)>,
    anywhere: KeyedLimiter<String>,
    all: KeyedLimiter<String>,
    known: KeyedLimiter<KnownClient>,
    known_all: KeyedLimiter<KnownClient>,
    places: KeyedLimiter<KnownNetwork>,
    clock: DefaultClock,
}

fn quota(every: Duration, burst: u32) -> Quota {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(every).unwrap_or(Quota::per_minute(burst)).allow_burst(burst)
}

impl Default for SignInThrottle {
    fn default() -> Self {
        Self {
            addresses: KeyedLimiter::new(quota(ADDRESS_EVERY, ADDRESS_BURST)),
            wide: KeyedLimiter::new(quota(WIDE_EVERY, WIDE_BURST)),
            names: KeyedLimiter::new(quota(NAME_EVERY, NAME_BURST)),
            anywhere: KeyedLimiter::new(quota(ANYWHERE_EVERY, ANYWHERE_BURST)),
            all: KeyedLimiter::new(quota(ALL_EVERY, ALL_BURST)),
            known: KeyedLimiter::new(quota(KNOWN_EVERY, KNOWN_BURST)),
            known_all: KeyedLimiter::new(quota(ALL_EVERY, ALL_BURST)),
            places: KeyedLimiter::new(quota(ALL_EVERY, ALL_BURST)),
            clock: DefaultClock::default(),
        }
    }
}

impl SignInThrottle {
    /// Counts one attempt; `Err` holds the seconds to wait. The address comes first: attempts that it refuses leave nothing in
    /// the memory, whatever names they send.
    pub fn attempt(&self, name: &str, address: Option<&str>) -> Result<(), u64> {
        self.attempt_from(name, address, None)
    }

    /// The same of the user of an app. From a network from which the user has signed in before, strangers who try the name elsewhere do not
    /// count. All else does: many may share a network.
    pub fn attempt_from(&self, name: &str, address: Option<&str>, known: Option<KnownNetwork>) -> Result<(), u64> {
        let (from, name) = (from(address), key(name));
        self.addresses.check(&from, &self.clock)?;
        if let Some(wide) = from.and_then(wide_network) {
            self.wide.check(&wide, &self.clock)?;
        }
        self.names.check(&(name.clone(), from), &self.clock)?;
        if let Some(place) = known {
            return self.places.check(&place, &self.clock);
        }
        self.anywhere.check(&name, &self.clock)?;
        self.all.check(&name, &self.clock)
    }

    /// An attempt that was counted brought the right password, so it was no guess: where many people sign in from one address, or a
    /// back end for all of them, only mistakes add up, but for one name that is tried all the time.
    pub fn succeeded(&self, name: &str, address: Option<&str>) {
        self.succeeded_from(name, address, None);
    }

    /// The same for [`Self::attempt_from`].
    pub fn succeeded_from(&self, name: &str, address: Option<&str>, known: Option<KnownNetwork>) {
        let (from, name) = (from(address), key(name));
        self.addresses.refund(from);
        if let Some(wide) = from.and_then(wide_network) {
            self.wide.refund(wide);
        }
        self.names.refund((name.clone(), from));
        if known.is_none() {
            self.anywhere.refund(name);
        }
    }

    /// Counts one attempt of a known client; whether there was one left.
    pub fn attempt_known(&self, known: KnownClient) -> bool {
        self.known_all.check(&known, &self.clock).is_ok() && self.known.check(&known, &self.clock).is_ok()
    }

    /// Such an attempt brought the right password.
    pub fn known_succeeded(&self, known: KnownClient) {
        self.known.refund(known);
    }

    /// Seconds after which there is one more.
    pub fn known_retry_after_s(&self) -> u64 {
        KNOWN_EVERY.as_secs()
    }

    /// Removes keys that no longer wait. Called from the server's hourly clean-up.
    pub fn clean(&self) {
        self.addresses.clean();
        self.wide.clean();
        self.known.clean();
        self.known_all.clean();
        self.places.clean();
        self.names.clean();
        self.anywhere.clean();
        self.all.clean();
    }
}

fn from(address: Option<&str>) -> From {
    address.and_then(|text| text.parse().ok()).map(network)
}

/// The key of a typed name; no longer than a name can be, that of an account with its app's before it, because it is kept.
fn key(name: &str) -> String {
    name.trim().chars().take(limits::OPERATOR_NAME_CHARS + 9).collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(count: u32, attempt: impl Fn(u32) -> bool) -> usize {
        (0..count).filter(|n| !attempt(*n)).count()
    }

    #[test]
    fn guessing_a_name_is_throttled_but_not_for_others() {
        let throttle = SignInThrottle::default();
        assert_eq!(refused(NAME_BURST, |_| throttle.attempt("admin", Some("10.0.0.1")).is_ok()), 0);
        assert!(throttle.attempt(" ADMIN ", Some("10.0.0.1")).is_err_and(|wait| wait >= 1));
        assert!(throttle.attempt("other", Some("10.0.0.1")).is_ok());
        assert!(throttle.attempt("admin", Some("10.0.0.2")).is_ok(), "the operator is not locked out by somebody else");
    }

    #[test]
    fn a_name_is_throttled_from_everywhere_in_the_end() {
        let throttle = SignInThrottle::default();
        let attempt = |n: u32| throttle.attempt("admin", Some(&format!("10.0.{}.{}", n / 250, n % 250))).is_ok();
        assert_eq!(refused(ANYWHERE_BURST, attempt), 0);
        assert!(throttle.attempt("admin", Some("10.1.1.1")).is_err());
    }

    #[test]
    fn an_address_is_throttled_whatever_the_names() {
        let throttle = SignInThrottle::default();
        assert_eq!(refused(ADDRESS_BURST + 1, |n| throttle.attempt(&format!("name{n}"), Some("10.0.0.1")).is_ok()), 1);
        let attempt = |n| throttle.attempt(&format!("name{n}"), Some(&format!("2001:db8::{n:x}"))).is_ok();
        assert_eq!(refused(ADDRESS_BURST + 1, attempt), 1, "one network");
    }

    #[test]
    fn a_wide_network_is_one_of_few() {
        let throttle = SignInThrottle::default();
        let attempt = |n: u32| throttle.attempt(&format!("name{n}"), Some(&format!("2001:db8:7:{n:x}::1"))).is_ok();
        assert_eq!(refused(WIDE_BURST + 5, attempt), 5);
        assert!(throttle.attempt("name", Some("2001:db8:8::1")).is_ok(), "another network");
        assert!(throttle.attempt("name", Some("10.0.0.1")).is_ok());
    }

    #[test]
    fn whoever_is_known_has_attempts_of_their_own_and_few() {
        let throttle = SignInThrottle::default();
        for n in 0..=ANYWHERE_BURST {
            let _ = throttle.attempt("admin", Some(&format!("10.0.{}.{}", n / 250, n % 250)));
        }
        assert!(throttle.attempt("admin", Some("10.9.9.9")).is_err());
        let known = KnownClient::Session([7; 32]);
        for _ in 0..3 * KNOWN_BURST {
            assert!(throttle.attempt_known(known), "right ones cost nothing");
            throttle.known_succeeded(known);
        }
        assert_eq!(refused(KNOWN_BURST + 3, |_| throttle.attempt_known(known)), 3);
        assert!(throttle.attempt_known(KnownClient::Session([8; 32])));
        // Who shares a network with many users and tries one password with each has no more than any stranger.
        let at = |account| KnownNetwork::of(account, std::net::IpAddr::from([192, 0, 2, 1]));
        let tried = |n: u32| throttle.attempt_from(&format!("user {n}"), Some("192.0.2.1"), Some(at(i64::from(n)))).is_ok();
        assert_eq!(refused(1_000, tried), 1_000 - ADDRESS_BURST as usize);
        // Constant right ones make others wait, so they are not free either.
        let busy = KnownClient::Session([9; 32]);
        let often = (0..2 * ALL_BURST).filter(|_| {
            let there = throttle.attempt_known(busy);
            throttle.known_succeeded(busy);
            there
        });
        assert!((ALL_BURST as usize..=ALL_BURST as usize + 2).contains(&often.count()));
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
    fn a_flood_does_not_fill_the_memory() {
        let throttle = SignInThrottle::default();
        let long = "x".repeat(1 << 20);
        assert_eq!(refused(1000, |n| throttle.attempt(&format!("{n}{long}"), Some("10.0.0.1")).is_ok()), 950);
        assert!(
            throttle.names.counted.len() <= ADDRESS_BURST as usize + 1
                && throttle.anywhere.counted.len() <= ADDRESS_BURST as usize + 1
        );
        assert_eq!(key(&long).len(), limits::OPERATOR_NAME_CHARS + 9);
    }
}
