//! Who may have a connection: so many from one address, so many in all. When there is no more room, those give theirs up that have
//! stalled or do nothing; whoever is at work keeps it.

use std::{
    collections::HashMap,
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use app::throttle::{network, wide_network};
use ipnet::IpNet;
use tokio::{
    sync::Notify,
    time::{Instant, timeout},
};

use super::{Limits, watch::Watch};

/// How long one that was accepted waits for room when everybody is at work.
const PATIENCE: Duration = Duration::from_secs(3);
/// How many times what an address may have a /48 of IPv6 may have.
const WIDE_TIMES: usize = 4;
/// Connections of an address that are not many: a browser opens six.
const FEW: usize = 6;
/// How often is looked whether somebody has stalled meanwhile.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Why there is no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    /// For this address.
    Address,
    /// For anybody.
    All,
}

#[derive(Debug, Default)]
struct Inner {
    last: u64,
    open: HashMap<u64, (Option<IpAddr>, Arc<Watch>)>,
    addresses: HashMap<IpAddr, usize>,
    /// By the /48 of IPv6, of which one customer may have 65,536 times a /64.
    wide: HashMap<Ipv6Addr, usize>,
    /// Those that wait for room.
    waiting: usize,
    waiting_of: HashMap<IpAddr, usize>,
}

/// One less of them.
fn take_one<K: Eq + Hash>(counts: &mut HashMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}

/// The open connections.
#[derive(Debug)]
pub struct Places {
    limits: Arc<Limits>,
    proxies: Vec<IpNet>,
    inner: Mutex<Inner>,
    /// Rung when one has ended.
    left: Notify,
}

impl Places {
    /// Connections of `proxies` are not counted by their address: they carry everybody's.
    pub fn new(limits: Limits, proxies: Vec<IpNet>) -> Self {
        Self { limits: Arc::new(limits), proxies, inner: Mutex::default(), left: Notify::new() }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a connection from there is counted by.
    fn counted(&self, peer: IpAddr) -> Option<IpAddr> {
        let peer = peer.to_canonical();
        (!self.proxies.iter().any(|net| net.contains(&peer))).then(|| network(peer))
    }

    /// Room for one more connection, if there is some that nobody waits for.
    pub fn enter(self: &Arc<Self>, peer: IpAddr) -> Result<Place, Full> {
        self.enter_as(self.counted(peer), true)
    }

    /// A place among those that wait for room. An address that has more than [`FEW`] already may take only the first half of these:
    /// otherwise whoever opens many connections would keep out everybody who opens one.
    pub fn queue(self: &Arc<Self>, peer: IpAddr) -> Option<Waiting> {
        let address = self.counted(peer);
        let mut inner = self.inner();
        let has = |of: &HashMap<IpAddr, usize>| address.and_then(|address| of.get(&address)).copied().unwrap_or(0);
        let has_few = has(&inner.addresses) + has(&inner.waiting_of) <= FEW;
        if inner.waiting >= if has_few { Limits::WAITING } else { Limits::WAITING / 2 } {
            return None;
        }
        inner.waiting += 1;
        if let Some(address) = address {
            *inner.waiting_of.entry(address).or_default() += 1;
        }
        Some(Waiting { places: self.clone(), address })
    }

    fn enter_as(self: &Arc<Self>, address: Option<IpAddr>, is_new: bool) -> Result<Place, Full> {
        let mut inner = self.inner();
        if let Some(address) = address
            && inner.addresses.get(&address).is_some_and(|count| *count >= self.limits.of_address)
        {
            return Err(Full::Address);
        }
        let wide = address.and_then(wide_network);
        if wide.is_some_and(|wide| inner.wide.get(&wide).is_some_and(|count| *count >= self.limits.of_address * WIDE_TIMES)) {
            return Err(Full::Address);
        }
        // Whoever waits was here before.
        let ahead = if is_new { inner.waiting } else { 0 };
        if inner.open.len() + ahead >= self.limits.in_all {
            return Err(Full::All);
        }
        if let Some(address) = address {
            *inner.addresses.entry(address).or_default() += 1;
        }
        if let Some(wide) = wide {
            *inner.wide.entry(wide).or_default() += 1;
        }
        inner.last += 1;
        let (id, watch) = (inner.last, Arc::new(Watch::new(self.limits.clone())));
        inner.open.insert(id, (address, watch.clone()));
        Ok(Place { places: self.clone(), id, watch })
    }

    /// Ends the connection, of that address or of any, that has done nothing for the longest; whether there was one.
    pub fn make_room(&self, of: Option<IpAddr>) -> bool {
        let now = Instant::now();
        let inner = self.inner();
        let counted = inner.open.values().filter(|(address, _)| of.is_none() || *address == of);
        let first = counted.filter_map(|(_, watch)| Some((watch.wasted(now)?, watch))).max_by_key(|(wasted, _)| *wasted);
        if let Some((_, watch)) = first {
            watch.evict();
        }
        first.is_some()
    }

    /// How many connections are open.
    pub fn open(&self) -> usize {
        self.inner().open.len()
    }

    /// Until all have ended.
    pub async fn emptied(&self) {
        while self.open() > 0 {
            self.left.notified().await;
        }
    }
}

/// A place among those that wait for room; dropping it gives it back.
#[derive(Debug)]
pub struct Waiting {
    places: Arc<Places>,
    address: Option<IpAddr>,
}

impl Waiting {
    /// Room for one more connection, if need be that of one that does nothing.
    pub async fn admit(self) -> Result<Place, Full> {
        let places = &self.places;
        let until = Instant::now() + PATIENCE;
        loop {
            let full = match places.enter_as(self.address, false) {
                Ok(place) => return Ok(place),
                Err(full) => full,
            };
            let makes_room = places.make_room(self.address.filter(|_| full == Full::Address));
            if (full == Full::Address && !makes_room) || Instant::now() >= until {
                return Err(full);
            }
            // Either way the next look tells.
            let _ = timeout(LOOK_EVERY, places.left.notified()).await;
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut inner = self.places.inner();
        inner.waiting -= 1;
        if let Some(address) = self.address {
            take_one(&mut inner.waiting_of, &address);
        }
    }
}

/// The room of one connection; dropping it gives it back.
#[derive(Debug)]
pub struct Place {
    places: Arc<Places>,
    id: u64,
    pub watch: Arc<Watch>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut inner = self.places.inner();
        if let Some((Some(address), _)) = inner.open.remove(&self.id) {
            take_one(&mut inner.addresses, &address);
            if let Some(wide) = wide_network(address) {
                take_one(&mut inner.wide, &wide);
            }
        }
        drop(inner);
        self.places.left.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn addresses_are_counted_by_what_one_client_has_and_proxies_not_at_all() {
        let limits = Limits { of_address: 2, in_all: 6, ..Limits::default() };
        let places = Arc::new(Places::new(limits, vec!["10.0.0.0/8".parse().unwrap()]));
        let mut held = Vec::new();
        for (peer, expected) in [
            ("192.0.2.1", None),
            ("::ffff:192.0.2.1", None),
            ("192.0.2.1", Some(Full::Address)),
            ("2001:db8::1", None),
            ("2001:db8::2", None),
            ("2001:db8::3", Some(Full::Address)),
            ("2001:db8:0:1::1", None),
            ("10.0.0.1", None),
            ("127.0.0.1", Some(Full::All)),
        ] {
            match places.enter(peer.parse().unwrap()) {
                Ok(place) => {
                    assert_eq!(None, expected, "{peer}");
                    held.push(place);
                }
                Err(full) => assert_eq!(Some(full), expected, "{peer}"),
            }
        }
        held.clear();
        let inner = places.inner();
        assert_eq!((inner.open.len(), inner.addresses.len(), inner.wide.len()), (0, 0, 0));
    }

    #[tokio::test]
    async fn a_wide_network_has_four_times_what_an_address_has() {
        let limits = Limits { of_address: 2, in_all: 100, ..Limits::default() };
        let places = Arc::new(Places::new(limits, vec![]));
        let held: Vec<_> = (0..20).filter_map(|n| places.enter(format!("2001:db8:0:{n:x}::1").parse().unwrap()).ok()).collect();
        assert_eq!(held.len(), 8);
        assert!(places.enter("2001:db8:1::1".parse().unwrap()).is_ok(), "another one");
    }

    #[tokio::test]
    async fn whoever_does_nothing_for_the_longest_goes_first_and_whoever_works_stays() {
        let limits = Limits { in_all: 6, grace: Duration::ZERO, ..Limits::default() };
        let places = Arc::new(Places::new(limits, vec![]));
        let mut held = Vec::new();
        for n in 1..=5 {
            held.push(places.enter(format!("192.0.2.{n}").parse().unwrap()).unwrap());
        }
        let [works, streams, stalls, idles, half] = [0, 1, 2, 3, 4].map(|n: usize| held[n].watch.clone());
        for watch in [&works, &streams, &stalls, &idles] {
            watch.read(100);
            watch.asked(false);
        }
        stalls.awaits_body();
        for watch in [&works, &streams, &idles] {
            watch.took_body(true);
        }
        idles.answered();
        half.read(1);
        let newest = places.enter("192.0.2.6".parse().unwrap()).unwrap();
        let gone = async |watch: &Watch| timeout(Duration::ZERO, watch.evicted()).await.is_ok();
        for (name, watch) in [("stalls", &stalls), ("idles", &idles), ("half", &half), ("newest", &newest.watch)] {
            assert!(places.make_room(None));
            assert!(gone(watch).await, "{name}");
        }
        assert!(!places.make_room(None), "the others are at work");
        assert!(!gone(&works).await && !gone(&streams).await);
    }

    #[tokio::test]
    async fn whoever_opens_many_keeps_nobody_else_from_waiting_and_who_waits_comes_first() {
        let limits = Limits { of_address: 100, in_all: 2, grace: Duration::ZERO, ..Limits::default() };
        let places = Arc::new(Places::new(limits, vec!["10.0.0.0/8".parse().unwrap()]));
        let [many, one]: [IpAddr; 2] = ["192.0.2.1", "192.0.2.2"].map(|address| address.parse().unwrap());
        let held = [places.enter(many).unwrap(), places.enter(many).unwrap()];
        let mut waiting: Vec<_> = std::iter::from_fn(|| places.queue(many)).collect();
        assert_eq!(waiting.len(), Limits::WAITING / 2, "half for whoever opens many");
        let waits = places.queue(one).expect("room for another one");
        let others: Vec<_> = std::iter::from_fn(|| places.queue(one)).collect();
        assert_eq!(others.len(), FEW, "and no more of these than are few");
        assert!(places.queue("10.0.0.1".parse().unwrap()).is_some(), "proxies carry everybody's");
        assert_eq!(places.enter(one).err(), Some(Full::All));
        drop(held);
        assert_eq!(places.enter(many).err(), Some(Full::All), "others wait for it");
        let place = waits.admit().await.expect("the room that others left");
        waiting.clear();
        drop(others);
        assert!(places.enter(many).is_ok(), "nobody waits any more");
        drop(place);
        let inner = places.inner();
        assert_eq!((inner.open.len(), inner.waiting, inner.waiting_of.len()), (0, 0, 0));
    }
}
