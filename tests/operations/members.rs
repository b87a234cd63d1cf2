//! Members: adding with a report, removing, the list.

use domain::{
    Error,
    error::Conflict,
    event::{Action, Outcome},
    page::{ListParams, Reason, Refusal},
};
use store::db::query;
use world::{World, admin, broken, params, viewer};

fn refusal(id: &str, reason: Reason) -> Refusal {
    Refusal { id: id.into(), reason }
}

#[tokio::test]
async fn each_name_is_reported_while_the_others_are_added() {
    let w = World::new().await;
    w.accounts(&["amy", "bob", "cid", "dan"]).await;
    w.group("g", "Work", "amy").await;
    query("UPDATE \"group\" SET max_member_count = 3").execute(&mut w.raw().await).await.unwrap();
    let report = store::member::add(w.scope(&admin()), "g", "bob, ghost; amy\nbob 小明 cid dan").await.unwrap();
    assert_eq!(report.done, 2);
    assert_eq!(
        report.refused,
        [
            refusal("ghost", Reason::NotRegistered),
            refusal("amy", Reason::AlreadyMember),
            refusal("小明", Reason::NotRegistered),
            refusal("dan", Reason::GroupFull),
        ]
    );
    let group = store::group::get(w.scope(&viewer()), "g").await.unwrap();
    assert_eq!((group.member_count, group.max_member_count), (Some(3), Some(3)));
    let events = w.events().await;
    assert_eq!(events.iter().filter(|e| e.action == Action::MemberAdd && e.outcome == Outcome::Done).count(), 2);
    assert_eq!(
        w.refused_items(Action::MemberAdd).await,
        [
            r#"g {"reason":"NotRegistered","username":"ghost"}"#,
            r#"g {"reason":"AlreadyMember","username":"amy"}"#,
            r#"g {"reason":"NotRegistered","username":"小明"}"#,
            r#"g {"reason":"GroupFull","username":"dan"}"#,
        ]
    );
    // A typed username is truncated, so that nobody fills the log with it.
    store::member::add(w.scope(&admin()), "g", &"x".repeat(5000)).await.unwrap();
    assert_eq!(w.last_event().await.changes[1].after.as_ref().unwrap().len(), 128);
    w.sound().await;
}

#[tokio::test]
async fn the_owner_stays_and_strangers_are_gone() {
    let w = World::new().await;
    w.accounts(&["amy", "bob", "cid"]).await;
    w.group("g", "Work", "amy").await;
    store::member::add(w.scope(&admin()), "g", "bob").await.unwrap();
    let chosen = ["amy", "bob", "cid", "ghost"].map(str::to_owned).to_vec();
    let report = store::member::delete(w.scope(&admin()), "g", chosen, "").await.unwrap();
    assert_eq!((report.done, report.gone), (1, vec!["cid".to_owned(), "ghost".to_owned()]));
    assert_eq!(report.refused, [refusal("amy", Reason::Owner)]);
    assert_eq!(
        w.refused_items(Action::MemberDelete).await,
        [
            r#"g {"reason":"Owner","username":"amy"}"#,
            r#"g {"reason":"NotMember","username":"cid"}"#,
            r#"g {"reason":"NotRegistered","username":"ghost"}"#,
        ]
    );
    w.sound().await;
}

#[tokio::test]
async fn audio_video_groups_keep_no_list() {
    let w = World::new().await;
    w.account("amy").await;
    w.group("live", "AVChatRoom", "amy").await;
    let conflict = Error::Conflict(Conflict::NoMemberList);
    assert_eq!(store::member::add(w.scope(&admin()), "live", "amy").await, Err(conflict.clone()));
    let removed = store::member::delete(w.scope(&admin()), "live", vec!["amy".into()], "").await;
    assert_eq!(removed, Err(conflict));
    w.sound().await;
}

#[tokio::test]
async fn the_list_is_searched_and_walked_in_order_of_joining() {
    let w = World::new().await;
    w.fill(45).await;
    w.group("g", "Work", "u0007").await;
    let names: Vec<String> = world::names("u", 45);
    store::member::add(w.scope(&admin()), "g", &names.join("\n")).await.unwrap();
    let first = store::member::list(w.scope(&viewer()), "g", &ListParams::default()).await.unwrap();
    assert_eq!((first.items[0].username.as_str(), first.items.len(), first.total.number), ("u0007", 20, 45));
    let newest = store::member::list(w.scope(&viewer()), "g", &params("", "", "-created")).await.unwrap();
    assert_eq!(newest.items[0].username, "u0045");
    let found = store::member::list(w.scope(&viewer()), "g", &params("004", "", "")).await.unwrap();
    assert_eq!((found.items.len(), found.total.number), (7, 7));
    assert_eq!(store::member::list(w.scope(&viewer()), "g", &params("_", "", "")).await.unwrap().items.len(), 0);
    let owners = store::member::list(w.scope(&viewer()), "g", &params("", "Owner", "")).await.unwrap();
    assert_eq!(owners.items.len(), 1);
    assert_eq!(broken(store::member::add(w.scope(&admin()), "g", " , ").await), ["usernames: Required"]);
}
