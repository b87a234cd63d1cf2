//! The overview counts what was done, and stays right when groups are deleted with everything in them.

use domain::{
    Caller, Error, account,
    limits::{DAY_MS, OVERVIEW_EVENTS, OVERVIEW_GROUPS},
    overview::{Day, Overview, day_of},
};
use store::db::query;

use world::{World, admin, names, viewer};

async fn look(w: &World) -> Overview {
    store::overview::get(w.scope(&viewer())).await.unwrap()
}

#[tokio::test]
async fn what_is_done_is_counted_at_once() {
    let w = World::new().await;
    let before = look(&w).await;
    assert_eq!((before.accounts, before.groups, before.members, before.messages, before.admins), (0, 0, 0, 0, 0));
    assert!(before.days.iter().all(|day| *day == Day { day: day.day, ..Day::default() }));
    assert!(before.largest.is_empty() && before.most_active.is_empty() && before.events.is_empty());

    w.accounts(&["amy", "bob", "cid"]).await;
    let boss = account::NewAccountInput { account_type: "Admin".into(), ..world::new_account("boss") };
    store::account::create(w.scope(&admin()), &boss).await.unwrap();
    w.group("big", "Work", "amy").await;
    w.group("small", "Public", "bob").await;
    w.group("live", "AVChatRoom", "amy").await;
    w.group("empty", "Public", "").await;
    store::member::add(w.scope(&admin()), "big", "bob cid").await.unwrap();
    store::message::send(w.scope(&admin()), vec!["live".into(), "small".into()], "hi").await.unwrap();
    store::message::send(w.scope(&admin()), vec!["live".into(), "nowhere".into()], "hi").await.unwrap();
    // Refused ones do not count.
    store::account::create(w.scope(&admin()), &world::new_account("amy")).await.unwrap_err();

    let now = look(&w).await;
    assert_eq!((now.accounts, now.groups, now.members, now.messages, now.admins), (4, 4, 4, 3, 1));
    let today = now.today();
    assert_eq!(today.day, day_of(store::db::now()));
    assert_eq!((today.new_accounts, today.new_groups, today.deleted_groups, today.messages), (4, 4, 0, 3));
    let largest: Vec<_> = now.largest.iter().map(|g| (g.group_id.as_str(), g.member_count, g.max_member_count)).collect();
    assert_eq!(largest, [("big", Some(3), Some(2_000)), ("small", Some(1), Some(2_000))]);
    let active: Vec<_> = now.most_active.iter().map(|g| (g.group_id.as_str(), g.message_count, g.member_count)).collect();
    assert_eq!(active, [("live", 2, None), ("small", 1, Some(1))]);
    assert_eq!(now.events.len(), OVERVIEW_EVENTS as usize);
    assert_eq!(now.events[0].target, "amy");
    assert!(now.events.iter().all(|event| event.in_app));
    w.sound().await;
}

#[tokio::test]
async fn groups_and_accounts_that_go_take_their_counts_along() {
    let w = World::new().await;
    w.fill(12).await;
    for group in ["g0001", "g0002", "g0003"] {
        store::member::add(w.scope(&admin()), group, &names("u", 10).join(" ")).await.unwrap();
    }
    store::message::send(w.scope(&admin()), names("g", 3), "hi").await.unwrap();
    let full = look(&w).await;
    assert_eq!((full.members, full.messages), (30, 3));

    store::group::delete(w.scope(&admin()), vec!["g0001".into(), "g0002".into()], "").await.unwrap();
    let fewer = look(&w).await;
    assert_eq!((fewer.groups, fewer.members, fewer.messages), (10, 10, 1));
    // Sent stays sent, and what was deleted frees its share of the quota.
    let today = fewer.today();
    assert_eq!((today.messages, today.deleted_groups, today.net_groups()), (3, 2, -2));

    store::account::delete(w.scope(&admin()), vec!["u0001".into(), "u0011".into()], "").await.unwrap();
    assert_eq!((look(&w).await.accounts, look(&w).await.members), (10, 9));
    let report = store::member::delete(w.scope(&admin()), "g0003", vec!["u0002".into()], "").await.unwrap();
    assert_eq!((report.done, look(&w).await.members), (1, 8));
    w.sound().await;
}

#[tokio::test]
async fn messages_count_on_the_day_they_were_sent_whoever_sent_them() {
    let w = World::new().await;
    w.group("g", "Public", "").await;
    let now = store::db::now();
    let midnight = day_of(now) * DAY_MS;
    let mut raw = w.raw().await;
    let times = [midnight - 1, midnight, midnight - 29 * DAY_MS, midnight - 29 * DAY_MS - 1];
    for (seq, at) in (1..).zip(times) {
        let sql = "INSERT INTO message (group_key, seq, sender_type, sender, text, sent_at)
                   SELECT id, $1, 'account', 'amy', 'x', $2 FROM \"group\"";
        query(sql).bind(seq).bind(at).execute(&mut raw).await.unwrap();
    }
    query("UPDATE \"group\" SET next_msg_seq = 9").execute(&mut raw).await.unwrap();
    w.recount().await;
    let overview = look(&w).await;
    // A test that runs over midnight sees its messages a day further back.
    let shift = overview.today().day - day_of(now);
    let seen: Vec<_> =
        overview.days.iter().filter(|day| day.messages > 0).map(|day| (day.day - day_of(now), day.messages)).collect();
    let expected: Vec<(i64, u64)> = [(-29, 1), (-1, 1), (0, 1)].into_iter().filter(|(day, _)| *day >= shift - 29).collect();
    assert_eq!(seen, expected);
    assert_eq!(overview.messages, 4);
    w.sound().await;
}

#[tokio::test]
async fn rankings_are_short_and_strangers_see_nothing() {
    let w = World::new().await;
    w.fill(9).await;
    for n in 1..=9 {
        let group = format!("g{n:04}");
        store::member::add(w.scope(&admin()), &group, &names("u", n).join(" ")).await.unwrap();
    }
    let overview = look(&w).await;
    let sizes: Vec<u32> = overview.largest.iter().filter_map(|group| group.member_count).collect();
    assert_eq!(sizes, [9, 8, 7, 6, 5]);
    assert_eq!(sizes.len(), OVERVIEW_GROUPS as usize);
    let stranger = store::overview::get(w.scope(&Caller::anonymous(None))).await;
    assert_eq!(stranger, Err(Error::Unauthenticated));
}
