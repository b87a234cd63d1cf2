//! Who may have a connection: so many from one address, so many in all. When there is no more room, those give theirs up that have
//! stalled or do nothing; whoever is at work keeps it.

use std::{
    collections::{BTreeMap, HashMap},
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

use super::{Limits, monitor::ConnectionMonitor};

/// How long one that was accepted waits for room when everybody is at work.
const SLOT_TIMEOUT: Duration = Duration::from_secs(3);
/// How many times what an address may have a /48 of IPv6 may have.
const WIDE_TIMES: usize = 4;
/// Connections of an address that are not many: a browser opens six.
const FEW: usize = 6;
/// How often is looked whether somebody has stalled meanwhile.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Connections of one address that wait for room, and a quarter of those of a /48.
const WAITING_OF_ADDRESS: usize = 4;

/// Why there is no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoSlot {
    /// For this address.
    Address,
    /// For the /48 of IPv6 that it belongs to.
    Network,
    /// For anybody.
    All,
}

#[derive(Debug, Default)]
struct Inner {
    last: u64,
    open: HashMap<u64, (Option<IpAddr>, Arc<ConnectionMonitor>)>,
    addresses: HashMap<IpAddr, usize>,
    /// By the /48 of IPv6, of which one customer may have 65,536 times a /64.
    wide: HashMap<Ipv6Addr, usize>,
    /// Those that wait for room, in the order in which they came; few, so that looking at all of them costs little.
    waiting: BTreeMap<u64, Waiter>,
}

/// One that waits.
#[derive(Debug, Clone, Copy)]
struct Waiter {
    address: Option<IpAddr>,
    /// For room that anybody's connection takes, and not its own address's alone.
    for_all: bool,
}

impl Inner {
    /// How many come before one with that number when there is room for anybody.
    fn ahead_of(&self, number: u64) -> usize {
        self.waiting.range(..number).filter(|(_, waits)| waits.for_all).count()
    }

    /// How many of these wait.
    fn waiting_of(&self, counts: impl Fn(IpAddr) -> bool) -> usize {
        self.waiting.values().filter(|waits| waits.address.is_some_and(&counts)).count()
    }
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
pub struct ConnectionSlots {
    limits: Arc<Limits>,
    proxies: Vec<IpNet>,
    inner: Mutex<Inner>,
    /// Rung when one has ended.
    left: Notify,
}

impl ConnectionSlots {
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
    pub fn enter(self: &Arc<Self>, peer: IpAddr) -> Result<ConnectionSlot, NoSlot> {
        self.enter_as(self.counted(peer), u64::MAX)
    }

    /// A place among those that wait for room, because of that. Whoever opens many connections must not keep out everybody who opens one:
    /// an address that has more than [`FEW`] already, or whose /48 has, may take only the first half of these places, and none takes more
    /// than its share.
    pub fn queue(self: &Arc<Self>, peer: IpAddr, full: NoSlot) -> Option<QueuedConnection> {
        let address = self.counted(peer);
        let mut inner = self.inner();
        let mut has_few = true;
        if let Some(address) = address {
            let waiting = inner.waiting_of(|other| other == address);
            let open = inner.addresses.get(&address).copied().unwrap_or(0);
            if waiting >= WAITING_OF_ADDRESS {
                return None;
            }
            has_few = open + waiting <= FEW;
            if let Some(wide) = wide_network(address) {
                let waiting = inner.waiting_of(|other| wide_network(other) == Some(wide));
                let open = inner.wide.get(&wide).copied().unwrap_or(0);
                if waiting >= WAITING_OF_ADDRESS * WIDE_TIMES {
                    return None;
                }
                has_few &= open + waiting <= FEW * WIDE_TIMES;
            }
        }
        if inner.waiting.len() >= if has_few { self.limits.waiting } else { self.limits.waiting.div_ceil(2) } {
            return None;
        }
        inner.last += 1;
        let number = inner.last;
        inner.waiting.insert(number, Waiter { address, for_all: full == NoSlot::All });
        Some(QueuedConnection { slots: self.clone(), address, number })
    }

    /// `number`: what it waits with; those with smaller ones come first.
    fn enter_as(self: &Arc<Self>, address: Option<IpAddr>, number: u64) -> Result<ConnectionSlot, NoSlot> {
        let mut inner = self.inner();
        if let Some(address) = address
            && inner.addresses.get(&address).is_some_and(|count| *count >= self.limits.of_address)
        {
            return Err(NoSlot::Address);
        }
        let wide = address.and_then(wide_network);
        if wide.is_some_and(|wide| inner.wide.get(&wide).is_some_and(|count| *count >= self.limits.of_address * WIDE_TIMES)) {
            return Err(NoSlot::Network);
        }
        if inner.open.len() + inner.ahead_of(number) >= self.limits.in_all {
            if let Some(waits) = inner.waiting.get_mut(&number) {
                waits.for_all = true;
            }
            return Err(NoSlot::All);
        }
        if let Some(address) = address {
            *inner.addresses.entry(address).or_default() += 1;
        }
        if let Some(wide) = wide {
            *inner.wide.entry(wide).or_default() += 1;
        }
        inner.last += 1;
        let (id, monitor) = (inner.last, Arc::new(ConnectionMonitor::new(self.limits.clone())));
        inner.open.insert(id, (address, monitor.clone()));
        Ok(ConnectionSlot { slots: self.clone(), id, monitor })
    }

    /// Ends the connection that has done nothing for the longest, of those that are in the way of one from that address; whether there was
    /// one.
    fn make_room(&self, address: Option<IpAddr>, full: NoSlot) -> bool {
        let network = address.and_then(wide_network);
        self.evict_one(|other| match full {
            NoSlot::Address => other == address,
            NoSlot::Network => other.and_then(wide_network) == network,
            NoSlot::All => true,
        })
    }

    /// Ends the connection, of anybody, that has done nothing for the longest; whether there was one.
    pub fn make_room_for_anybody(&self) -> bool {
        self.evict_one(|_| true)
    }

    fn evict_one(&self, counts: impl Fn(Option<IpAddr>) -> bool) -> bool {
        let now = Instant::now();
        let inner = self.inner();
        let counted = inner.open.values().filter(|(address, _)| counts(*address));
        let first = counted.filter_map(|(_, monitor)| Some((monitor.wasted(now)?, monitor))).max_by_key(|(wasted, _)| *wasted);
        if let Some((_, monitor)) = first {
            monitor.evict();
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
pub struct QueuedConnection {
    slots: Arc<ConnectionSlots>,
    address: Option<IpAddr>,
    number: u64,
}

impl QueuedConnection {
    /// Room for one more connection, if need be that of one that does nothing.
    pub async fn admit(self) -> Result<ConnectionSlot, NoSlot> {
        let slots = &self.slots;
        let until = Instant::now() + SLOT_TIMEOUT;
        loop {
            // Before the look, so that what leaves after it is heard.
            let left = slots.left.notified();
            let full = match slots.enter_as(self.address, self.number) {
                Ok(slot) => return Ok(slot),
                Err(full) => full,
            };
            let makes_room = slots.make_room(self.address, full);
            if (full != NoSlot::All && !makes_room) || Instant::now() >= until {
                return Err(full);
            }
            // Either way the next look tells.
            let _ = timeout(LOOK_EVERY, left).await;
        }
    }
}

impl Drop for QueuedConnection {
    fn drop(&mut self) {
        self.slots.inner().waiting.remove(&self.number);
        // Whoever comes next has one less before it.
        self.slots.left.notify_waiters();
    }
}

/// The room of one connection; dropping it gives it back.
#[derive(Debug)]
pub struct ConnectionSlot {
    slots: Arc<ConnectionSlots>,
    id: u64,
    pub monitor: Arc<ConnectionMonitor>,
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        let mut inner = self.slots.inner();
        if let Some((Some(address), _)) = inner.open.remove(&self.id) {
            take_one(&mut inner.addresses, &address);
            if let Some(wide) = wide_network(address) {
                take_one(&mut inner.wide, &wide);
            }
        }
        drop(inner);
        // All who wait, as only the first of them may enter; and one more, who is about to wait.
        self.slots.left.notify_waiters();
        self.slots.left.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn addresses_are_counted_by_what_one_client_has_and_proxies_not_at_all() {
        let limits = Limits { of_address: 2, in_all: 6, ..Limits::default() };
        let slots = Arc::new(ConnectionSlots::new(limits, vec!["10.0.0.0/8".parse().unwrap()]));
        let mut held = Vec::new();
        for (peer, expected) in [
            ("192.0.2.1", None),
            ("::ffff:192.0.2.1", None),
            ("192.0.2.1", Some(NoSlot::Address)),
            ("2001:db8::1", None),
            ("2001:db8::2", None),
            ("2001:db8::3", Some(NoSlot::Address)),
            ("2001:db8:0:1::1", None),
            ("10.0.0.1", None),
            ("127.0.0.1", Some(NoSlot::All)),
        ] {
            match slots.enter(peer.parse().unwrap()) {
                Ok(slot) => {
                    assert_eq!(None, expected, "{peer}");
                    held.push(slot);
                }
                Err(full) => assert_eq!(Some(full), expected, "{peer}"),
            }
        }
        held.clear();
        let inner = slots.inner();
        assert_eq!((inner.open.len(), inner.addresses.len(), inner.wide.len()), (0, 0, 0));
    }

    #[tokio::test]
    async fn a_wide_network_has_four_times_what_an_address_has() {
        let limits = Limits { of_address: 2, in_all: 100, ..Limits::default() };
        let slots = Arc::new(ConnectionSlots::new(limits, vec![]));
        let held: Vec<_> = (0..20).filter_map(|n| slots.enter(format!("2001:db8:0:{n:x}::1").parse().unwrap()).ok()).collect();
        assert_eq!(held.len(), 8);
        assert!(slots.enter("2001:db8:1::1".parse().unwrap()).is_ok(), "another one");
    }

    #[tokio::test]
    async fn whoever_does_nothing_for_the_longest_goes_first_and_whoever_works_stays() {
        let limits = Limits { in_all: 6, grace: Duration::ZERO, ..Limits::default() };
        let slots = Arc::new(ConnectionSlots::new(limits, vec![]));
        let mut held = Vec::new();
        for n in 1..=5 {
            held.push(slots.enter(format!("192.0.2.{n}").parse().unwrap()).unwrap());
        }
        let [works, streams, stalls, idles, half] = [0, 1, 2, 3, 4].map(|n: usize| held[n].monitor.clone());
        for monitor in [&works, &streams, &stalls, &idles] {
            monitor.read(100);
            monitor.asked(false);
        }
        stalls.awaits_body();
        for monitor in [&works, &streams, &idles] {
            monitor.took_body(true);
        }
        idles.answered();
        half.read(1);
        let newest = slots.enter("192.0.2.6".parse().unwrap()).unwrap();
        let gone = async |monitor: &ConnectionMonitor| timeout(Duration::ZERO, monitor.evicted()).await.is_ok();
        for (name, monitor) in [("stalls", &stalls), ("idles", &idles), ("half", &half), ("newest", &newest.monitor)] {
            assert!(slots.make_room_for_anybody());
            assert!(gone(monitor).await, "{name}");
        }
        assert!(!slots.make_room_for_anybody(), "the others are at work");
        assert!(!gone(&works).await && !gone(&streams).await);
    }

    #[tokio::test]
    async fn whoever_opens_many_keeps_nobody_else_from_waiting() {
        let limits = Limits { of_address: 100, in_all: 8, waiting: 6, grace: Duration::from_secs(60), ..Limits::default() };
        let slots = Arc::new(ConnectionSlots::new(limits, vec!["10.0.0.0/8".parse().unwrap()]));
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        let all = |peer: IpAddr| std::iter::from_fn(|| slots.queue(peer, NoSlot::All)).collect::<Vec<_>>();
        let held: Vec<_> = (0..8).map(|_| slots.enter(address("192.0.2.1")).unwrap()).collect();
        let many = all(address("192.0.2.1"));
        assert_eq!(many.len(), 3, "half for whoever has many");
        let few = all(address("192.0.2.2"));
        assert_eq!(few.len(), 3, "the other half for whoever has few");
        drop((many, few, held));
        // One customer's /48 has 65,536 addresses that count as one each.
        let limits = Limits { in_all: 1, waiting: 64, ..Limits::default() };
        let slots = Arc::new(ConnectionSlots::new(limits, vec!["10.0.0.0/8".parse().unwrap()]));
        let one: Vec<_> = (0..20).filter_map(|_| slots.queue(address("192.0.2.9"), NoSlot::All)).collect();
        assert_eq!(one.len(), WAITING_OF_ADDRESS);
        let wide: Vec<_> = (0..60).filter_map(|n| slots.queue(address(&format!("2001:db8:0:{n:x}::1")), NoSlot::All)).collect();
        assert_eq!(wide.len(), WAITING_OF_ADDRESS * WIDE_TIMES);
        assert!(slots.queue(address("2001:db8:1::1"), NoSlot::All).is_some(), "another network");
        let proxied: Vec<_> = (0..20).filter_map(|_| slots.queue(address("10.0.0.1"), NoSlot::All)).collect();
        assert_eq!(proxied.len(), 20, "proxies carry everybody's");
        drop((one, wide, proxied));
        assert!(slots.inner().waiting.is_empty());
    }

    #[tokio::test]
    async fn whoever_waits_comes_before_those_who_come_later() {
        let limits = Limits { in_all: 1, grace: Duration::from_secs(60), ..Limits::default() };
        let slots = Arc::new(ConnectionSlots::new(limits, vec![]));
        let [held, first, second]: [IpAddr; 3] = ["192.0.2.1", "192.0.2.2", "192.0.2.3"].map(|address| address.parse().unwrap());
        let slot = slots.enter(held).unwrap();
        let first = slots.queue(first, NoSlot::All).expect("a place to wait");
        let second = slots.queue(second, NoSlot::All).expect("a place to wait");
        drop(slot);
        assert_eq!(slots.enter(held).err(), Some(NoSlot::All), "others wait for it");
        // The second looks at once and again and again; the first had its look before.
        let (second, (first, waited)) = tokio::join!(second.admit(), async {
            tokio::time::sleep(2 * LOOK_EVERY).await;
            let was_free = slots.open() == 0;
            let slot = first.admit().await;
            (slot.map(drop), was_free)
        });
        assert_eq!((first.err(), waited), (None, true));
        assert!(second.is_ok(), "then the second");
    }

    #[tokio::test]
    async fn who_waits_for_its_own_address_keeps_nobody_else_out() {
        let limits = Limits { of_address: 1, in_all: 2, grace: Duration::from_secs(60), ..Limits::default() };
        let slots = Arc::new(ConnectionSlots::new(limits, vec![]));
        let [one, other]: [IpAddr; 2] = ["192.0.2.1", "192.0.2.2"].map(|address| address.parse().unwrap());
        let _place = slots.enter(one).unwrap();
        let _waits = slots.queue(one, slots.enter(one).unwrap_err()).expect("a place to wait");
        assert!(slots.enter(other).is_ok());
    }

    #[tokio::test]
    async fn idle_neighbours_give_way_in_a_wide_network_too() {
        let limits = Limits { of_address: 1, in_all: 100, grace: Duration::ZERO, ..Limits::default() };
        let slots = Arc::new(ConnectionSlots::new(limits, vec![]));
        let address = |n: usize| format!("2001:db8:0:{n:x}::1").parse::<IpAddr>().unwrap();
        let idle = slots.enter("192.0.2.1".parse().unwrap()).unwrap();
        let mut held: Vec<_> = (0..WIDE_TIMES).map(|n| slots.enter(address(n)).unwrap()).collect();
        let full = slots.enter(address(9)).unwrap_err();
        assert_eq!(full, NoSlot::Network);
        let admitted = tokio::spawn(slots.queue(address(9), full).expect("a place to wait").admit());
        held[0].monitor.evicted().await;
        held.remove(0);
        assert!(admitted.await.unwrap().is_ok());
        assert!(timeout(Duration::ZERO, idle.monitor.evicted()).await.is_err(), "of another network");
    }
}
