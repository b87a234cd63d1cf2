//! Who gets a connection, who waits for one, and who gives theirs up.

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
