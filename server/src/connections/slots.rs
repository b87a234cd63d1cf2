//! Who may have a connection: so many from one address, so many in all. When no slot is free, stalled and idle connections are
//! ended; active ones are kept.

use std::{
    collections::{BTreeMap, HashMap},
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::credential::rules::{network, wide_network};
use ipnet::IpNet;
use tokio::{
    sync::Notify,
    time::{Instant, timeout},
};

use super::{Limits, monitor::ConnectionMonitor};

/// How long an accepted connection waits for a slot when all are active.
const SLOT_TIMEOUT: Duration = Duration::from_secs(3);
/// How many times what an address may have a /48 of IPv6 may have.
const WIDE_TIMES: usize = 4;
/// Connections of an address that are not many: a browser opens six.
const FEW: usize = 6;
/// How often it checks whether a connection has stalled in the meantime.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Connections of one address that wait for a slot, and a quarter of those of a /48.
const WAITING_OF_ADDRESS: usize = 4;

/// Why there is no slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoSlot {
    /// For this address.
    Address,
    /// For the /48 of IPv6 that it belongs to.
    Network,
    /// For any address.
    All,
}

#[derive(Debug, Default)]
struct Inner {
    last: u64,
    open: HashMap<u64, (Option<IpAddr>, Arc<ConnectionMonitor>)>,
    addresses: HashMap<IpAddr, usize>,
    /// By the /48 of IPv6, of which one customer may have 65,536 times a /64.
    wide: HashMap<Ipv6Addr, usize>,
    /// The waiting connections, in the order of their arrival; few, so that looking at all of them costs little.
    waiting: BTreeMap<u64, Waiter>,
}

/// One that waits.
#[derive(Debug, Clone, Copy)]
struct Waiter {
    address: Option<IpAddr>,
    /// For a slot that any connection may take, not only one of its own address.
    for_all: bool,
}

impl Inner {
    /// How many come before one with that number when a slot for any address is free.
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
    /// Connections of `proxies` are not counted by their address: they carry those of all clients.
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

    /// A slot for one more connection, if one is free that nothing waits for.
    pub fn enter(self: &Arc<Self>, peer: IpAddr) -> Result<ConnectionSlot, NoSlot> {
        self.enter_as(self.counted(peer), u64::MAX)
    }

    /// A place among those that wait for a slot, for that reason. An address that opens many connections must not keep out the others
    /// that open one: an address that has more than [`FEW`] already, or whose /48 has, may take only the first half of these places, and
    /// none takes more than its share.
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

    /// `number`: its position in the queue; smaller ones come first.
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

    /// Ends the connection that has been idle for the longest, of those that block one from that address; whether there was one.
    fn make_room(&self, address: Option<IpAddr>, full: NoSlot) -> bool {
        let network = address.and_then(wide_network);
        self.evict_one(|other| match full {
            NoSlot::Address => other == address,
            NoSlot::Network => other.and_then(wide_network) == network,
            NoSlot::All => true,
        })
    }

    /// Ends the connection, of any address, that has been idle for the longest; whether there was one.
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

/// A place among those that wait for a slot; dropping it frees the place.
#[derive(Debug)]
pub struct QueuedConnection {
    slots: Arc<ConnectionSlots>,
    address: Option<IpAddr>,
    number: u64,
}

impl QueuedConnection {
    /// A slot for one more connection, if need be that of an idle one.
    pub async fn admit(self) -> Result<ConnectionSlot, NoSlot> {
        let slots = &self.slots;
        let until = Instant::now() + SLOT_TIMEOUT;
        loop {
            // Before the look, so that a connection that ends after it is noticed.
            let left = slots.left.notified();
            let full = match slots.enter_as(self.address, self.number) {
                Ok(slot) => return Ok(slot),
                Err(full) => full,
            };
            let makes_room = slots.make_room(self.address, full);
            if (full != NoSlot::All && !makes_room) || Instant::now() >= until {
                return Err(full);
            }
            // Either way the next look finds out.
            let _ = timeout(LOOK_EVERY, left).await;
        }
    }
}

impl Drop for QueuedConnection {
    fn drop(&mut self) {
        self.slots.inner().waiting.remove(&self.number);
        // The next one has one less before it.
        self.slots.left.notify_waiters();
    }
}

/// The slot of one connection; dropping it frees the slot.
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
        // All that wait, because only the first of them may enter; and one more, which is about to wait.
        self.slots.left.notify_waiters();
        self.slots.left.notify_one();
    }
}

#[cfg(test)]
mod tests;
