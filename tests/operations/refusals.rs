//! What the log records of refusals that are no changes: who, why, and no more of them than it can hold.

use std::time::Duration;

use domain::{
    Caller,
    event::{Action, Outcome},
    operator::Role,
};
use store::{
    Scope, Store,
    db::{query, query_as},
    refusals::{self, RefusalEvent, RefusalScope},
};
use world::World;

use crate::credentials::{app_of, asked, made, register};

fn from(address: &str) -> Caller {
    Caller::anonymous(Some(address.to_owned()))
}

fn refused(caller: Caller, target: &str) -> RefusalEvent {
    RefusalEvent {
        action: Action::AccessRefuse,
        scope: RefusalScope::Named { org: "acme".into(), app: "chat".into() },
        caller,
        target: target.to_owned(),
        reason: "unknown_token",
    }
}

#[tokio::test]
async fn tokens_that_are_not_given_say_why() {
    let w = World::new().await;
    let app = app_of(&w, "chat").await;
    register(&w, &app, "amy", "secret").await;
    let key = made(&w, "one").await;
    asked(&w, w.app, "YXA6nobody", "x", None).await.unwrap_err();
    asked(&w, w.app, &key.client_id, "hunter2", None).await.unwrap_err();
    let sign_in = async |name: &str, password: &str| {
        store::credential::tokens::for_password(Scope::new(&w.store, &from("10.0.0.1"), &app), name, password, None)
            .await
            .unwrap_err()
    };
    sign_in("AMY", "wrong").await;
    sign_in("my password", "amy").await;
    assert_eq!(w.refused_items(Action::TokenRefuse).await, Vec::<String>::new(), "nobody waits for the log");
    refusals::write(&w.store).await.unwrap();
    assert_eq!(
        w.refused_items(Action::TokenRefuse).await,
        [
            r#" {"reason":"unknown_client"}"#,
            r#"one {"reason":"wrong_secret"}"#,
            r#"amy {"reason":"wrong_password"}"#,
            r#" {"reason":"wrong_password"}"#,
        ]
    );
    let event = w.last_event().await.row;
    assert_eq!((event.in_app, event.outcome, event.address.as_deref()), (true, Outcome::Refused, Some("10.0.0.1")));
    w.sound().await;
}

#[tokio::test]
async fn a_flood_leaves_some_and_a_number() {
    let w = World::new().await;
    for n in 0..5_000 {
        w.store.refusals().report(refused(from("10.0.0.1"), &format!("GET /{n}\n{}", "x".repeat(5_000))));
    }
    refusals::write(&w.store).await.unwrap();
    let items = w.refused_items(Action::AccessRefuse).await;
    assert_eq!(items.len(), 60);
    assert!(items.iter().all(|item| item.len() < 200), "what was typed is cut");
    // From all addresses at once, too; and that hides nobody.
    for n in 0..5_000 {
        w.store.refusals().report(refused(from(&format!("10.1.{}.{}", n / 250, n % 250)), "x"));
    }
    refusals::write(&w.store).await.unwrap();
    let items = w.refused_items(Action::AccessRefuse).await;
    assert!((300..=310).contains(&items.len()), "{}", items.len());
    w.sound().await;
}

#[tokio::test]
async fn an_app_that_is_not_there_leaves_it_to_the_server() {
    let w = World::new().await;
    let scope = RefusalScope::Named { org: "acme".into(), app: "nowhere".into() };
    w.store.refusals().report(RefusalEvent { scope, ..refused(from("10.0.0.1"), "GET /acme/nowhere/users") });
    // Closing writes what waits.
    w.store.close().await;
    let store = store::Store::open(w.folder.path()).await.unwrap();
    let page = store::event::list(&store, &Caller::system(), None, &Default::default()).await.unwrap().page;
    assert_eq!((page.items[0].target.as_str(), page.items[0].in_app), ("GET /acme/nowhere/users", false));
}

#[tokio::test]
async fn refused_sign_ins_are_rationed_with_the_same_measure() {
    let w = World::new().await;
    let olga = w.operator("olga", Role::Owner).await;
    for n in 0..100 {
        store::operator::sign_in_throttled(&w.store, &from("10.0.0.1"), &format!("name{n}")).await.unwrap();
    }
    assert_eq!(w.refused_items(Action::SignIn).await.len(), 60);
    store::operator::sign_in_throttled(&w.store, &from("10.0.0.2"), "olga").await.unwrap();
    assert_eq!(w.refused_items(Action::SignIn).await.len(), 61, "another place");
    // An operator whose session was stolen cannot fill it either.
    for _ in 0..100 {
        store::operator::change_password_throttled(&w.store, &olga).await.unwrap();
    }
    assert_eq!(w.refused_items(Action::OperatorPassword).await.len(), 60);
    w.sound().await;
}

/// Events about refused calls, and how many calls those and their counts stand for.
async fn told_of(w: &World) -> (i64, i64) {
    let sql = "SELECT count(*), sum((actor <> 'system') + coalesce(state_after ->> 'left_out', 0)) FROM event
               WHERE action = 'access.refuse' AND outcome = 'refused'";
    query_as(sql).fetch_one(&mut w.raw().await).await.unwrap()
}

#[tokio::test]
async fn who_closes_in_order_tells_what_was_only_counted() {
    let w = World::new().await;
    for n in 0..1_000 {
        w.store.refusals().report(refused(from(&format!("10.0.0.{}", n % 2)), "x"));
    }
    refusals::write(&w.store).await.unwrap();
    let recorded = told_of(&w).await;
    assert!(recorded.0 == recorded.1 && recorded.0 < 200, "{recorded:?}");
    w.store.close().await;
    assert_eq!(told_of(&w).await, (recorded.0 + 1, 1_000));
    // Once is enough.
    let again = Store::open(w.folder.path()).await.unwrap();
    again.close().await;
    assert_eq!(told_of(&w).await, (recorded.0 + 1, 1_000));
}

#[tokio::test]
async fn what_is_being_written_when_the_server_stops_is_written_once() {
    let w = World::new().await;
    let mut raw = w.raw().await;
    query("BEGIN IMMEDIATE").execute(&mut raw).await.unwrap();
    for _ in 0..30 {
        w.store.refusals().report(refused(from("10.0.0.1"), "x"));
    }
    let writing = tokio::spawn(refusals::write_always(w.store.clone()));
    // They are taken from the waiting ones, and wait for the database.
    tokio::time::sleep(Duration::from_millis(200)).await;
    writing.abort();
    writing.await.unwrap_err();
    query("ROLLBACK").execute(&mut raw).await.unwrap();
    w.store.close().await;
    assert_eq!(told_of(&w).await, (30, 30));
}
