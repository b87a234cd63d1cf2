//! Batches of a thousand and more: all of it or nothing, one event per item.

use domain::{event::Action, operator::Role, selection::Matching};
use jobs::batch;
use store::db::{query, query_as, query_scalar};
use world::{World, admin, broken, names, viewer};

#[tokio::test]
async fn a_thousand_in_every_batch() {
    let w = World::new().await;
    w.fill(1200).await;
    let (users, groups) = (names("u", 1000), names("g", 1000));
    let count = async |action: Action| -> i64 {
        let sql = "SELECT count(*) FROM event WHERE action = $1 AND outcome = 'done'";
        query_scalar(sql).bind(action.as_str()).fetch_one(&mut w.raw().await).await.unwrap()
    };

    let sent = store::message::send(w.scope(&admin()), groups.clone(), "hi").await.unwrap();
    assert_eq!((sent.done, count(Action::MessageSend).await), (1000, 1000));
    let added = store::member::add(w.scope(&admin()), "g1100", &users.join(" ")).await.unwrap();
    assert_eq!((added.done, count(Action::MemberAdd).await), (1000, 1000));
    let short = store::member::delete(w.scope(&admin()), "g1100", users.clone(), "999").await;
    assert_eq!(broken(short), ["confirm: CountMismatch { expected: 1000 }"]);
    let removed = store::member::delete(w.scope(&admin()), "g1100", users[..500].to_vec(), "500").await.unwrap();
    assert_eq!((removed.done, count(Action::MemberDelete).await), (500, 500));
    let deleted = store::account::delete(w.scope(&admin()), users, "1,000").await.unwrap();
    assert_eq!((deleted.done, count(Action::AccountDelete).await), (1000, 1000));
    assert_eq!(store::group::get(w.scope(&viewer()), "g1100").await.unwrap().member_count, Some(0));
    let deleted = store::group::delete(w.scope(&admin()), groups, "1000").await.unwrap();
    assert_eq!((deleted.done, count(Action::GroupDelete).await), (1000, 1000));
    w.sound().await;
}

#[tokio::test]
async fn ten_thousand_are_one_request_and_more_are_not() {
    let w = World::new().await;
    w.fill(10_001).await;
    let too_many = store::group::delete(w.scope(&admin()), names("g", 10_001), "10001").await;
    assert_eq!(broken(too_many), ["ids: TooManyItems { max: 10000, actual: 10001 }"]);
    let ids = names("g", 10_000);
    assert_eq!(store::message::send(w.scope(&admin()), ids.clone(), "hi").await.unwrap().done, 10_000);
    assert_eq!(store::group::delete(w.scope(&admin()), ids, "10 000").await.unwrap().done, 10_000);
    w.sound().await;
}

#[tokio::test]
async fn a_batch_that_fails_half_way_leaves_nothing() {
    let w = World::new().await;
    w.fill(50).await;
    // One bad row: the 30th group refuses its message.
    let mut raw = w.raw().await;
    query(
        "CREATE TRIGGER fail BEFORE INSERT ON message WHEN new.group_key = (SELECT id FROM \"group\" WHERE group_id = 'g0030')
         BEGIN SELECT RAISE(ABORT, 'test'); END",
    )
    .execute(&mut raw)
    .await
    .unwrap();
    let events = w.event_count().await;
    let failed = store::message::send(w.scope(&admin()), names("g", 50), "hi").await;
    assert!(matches!(failed, Err(domain::Error::Internal(_))));
    assert_eq!(w.event_count().await, events);
    let sent: i64 =
        query_scalar("SELECT sum(message_count) + sum(next_msg_seq) FROM \"group\"").fetch_one(&mut raw).await.unwrap();
    assert_eq!(sent, 50);
    w.sound().await;
}

#[tokio::test]
async fn what_was_gone_is_an_event_too() {
    let w = World::new().await;
    w.fill(1).await;
    let ids = |prefix: &str| vec![format!("{prefix}0001"), format!("{prefix}9999"), "ghost".to_owned()];
    assert_eq!(store::message::send(w.scope(&admin()), ids("g"), "hi").await.unwrap().gone.len(), 2);
    assert_eq!(store::group::delete(w.scope(&admin()), ids("g"), "").await.unwrap().gone.len(), 2);
    assert_eq!(store::account::delete(w.scope(&admin()), ids("u"), "").await.unwrap().gone.len(), 2);
    for (action, prefix) in [(Action::MessageSend, "g"), (Action::GroupDelete, "g"), (Action::AccountDelete, "u")] {
        let told = [format!(r#"{prefix}9999 {{"error":"gone"}}"#), r#"ghost {"error":"gone"}"#.to_owned()];
        assert_eq!(w.refused_items(action).await, told);
    }
    // A batch of which nothing is left leaves a trace as well.
    let events = w.event_count().await;
    assert_eq!(store::group::delete(w.scope(&admin()), ids("g"), "").await.unwrap().done, 0);
    assert_eq!(w.event_count().await, events + 3);
}

#[tokio::test]
async fn a_wrong_number_writes_nothing_down() {
    let w = World::new().await;
    w.fill(5_001).await;
    let ada = w.operator("ada", Role::Admin).await;
    let mut raw = w.raw().await;
    // Whatever was stored, even if it was removed again later.
    for sql in [
        "CREATE TABLE written (what TEXT)",
        "CREATE TRIGGER job_written AFTER INSERT ON job BEGIN INSERT INTO written VALUES ('job'); END",
        "CREATE TRIGGER item_written AFTER INSERT ON job_item BEGIN INSERT INTO written VALUES ('item'); END",
    ] {
        query(sql).execute(&mut raw).await.unwrap();
    }
    let mut written = async || -> (i64, i64) {
        let sql = "SELECT (SELECT count(*) FROM job_item), (SELECT count(*) FROM written)";
        query_as(sql).fetch_one(&mut raw).await.unwrap()
    };
    let all = || Matching { all: "1".into(), ..Matching::default() };
    let wrong = [
        batch::delete_groups(w.scope(&ada), vec![], all(), "5000").await,
        batch::delete_accounts(w.scope(&ada), vec![], all(), "").await,
        batch::delete_groups(w.scope(&ada), names("g", 5_001), Matching::default(), "5002").await,
    ];
    for wrong in wrong {
        assert_eq!(broken(wrong), ["confirm: CountMismatch { expected: 5001 }"]);
    }
    assert_eq!(written().await, (0, 0));
    assert_eq!((w.refused_items(Action::GroupDelete).await.len(), w.refused_items(Action::AccountDelete).await.len()), (2, 1));
    // The right number stores each item once.
    batch::delete_groups(w.scope(&ada), vec![], all(), "5,001").await.unwrap();
    assert_eq!(written().await, (5_001, 5_002));
}
