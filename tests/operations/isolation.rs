//! Ids of another app are never reached, by any operation.

use domain::{Error, error::Entity, group::EditGroupInput, overview, page::ListParams, selection::Matching};
use store::Scope;
use world::{World, admin, params};

#[tokio::test]
async fn another_apps_ids_lead_nowhere() {
    let w = World::new().await;
    w.accounts(&["amy", "bob"]).await;
    w.group("room", "Work", "amy").await;
    let (me, s, other) = (admin(), &w.store, w.other);
    let before = w.event_count().await;

    let no_group = Error::NotFound(Entity::Group);
    let no_account = Error::NotFound(Entity::Account);
    let all = ListParams::default();
    assert_eq!(store::group::get(Scope::new(s, &me, other), "room").await, Err(no_group.clone()));
    assert_eq!(store::group::edit(Scope::new(s, &me, other), "room", &EditGroupInput::default()).await, Err(no_group.clone()));
    assert_eq!(store::member::list(Scope::new(s, &me, other), "room", &all).await, Err(no_group.clone()));
    assert_eq!(store::member::add(Scope::new(s, &me, other), "room", "bob").await, Err(no_group.clone()));
    assert_eq!(store::member::delete(Scope::new(s, &me, other), "room", vec!["amy".into()], "").await, Err(no_group.clone()));
    assert_eq!(store::message::list(Scope::new(s, &me, other), "room", &all).await, Err(no_group));
    assert_eq!(store::account::get(Scope::new(s, &me, other), "amy").await, Err(no_account.clone()));
    assert_eq!(store::account::edit(Scope::new(s, &me, other), "amy", &Default::default()).await, Err(no_account));
    for q in ["", "am", "amy"] {
        assert!(store::account::list(Scope::new(s, &me, other), &params(q, "", "")).await.unwrap().items.is_empty());
        assert!(store::account::suggest(Scope::new(s, &me, other), q).await.unwrap().is_empty());
    }
    for q in ["", "ro", "room"] {
        let page = store::group::list(Scope::new(s, &me, other), &params(q, "", "name")).await.unwrap();
        assert_eq!((page.items.len(), page.total.number), (0, 0));
    }
    assert_eq!(
        store::group::summary(Scope::new(s, &me, other), vec!["room".into()], Matching::default()).await.unwrap().groups,
        0
    );
    assert_eq!(
        store::account::summary(Scope::new(s, &me, other), vec!["amy".into()], Matching::default()).await.unwrap().accounts,
        0
    );
    let theirs = store::overview::get(Scope::new(s, &me, other)).await.unwrap();
    assert_eq!((theirs.accounts, theirs.groups, theirs.members, theirs.largest.len()), (0, 0, 0, 0));
    assert!(theirs.events.iter().all(|event| event.outcome == domain::event::Outcome::Refused), "only what was tried here");
    assert_eq!(theirs.today(), overview::Day { day: theirs.today().day, ..Default::default() });
    let gone = |report: domain::page::BatchReport| (report.done, report.gone.len());
    assert_eq!(gone(store::message::send(Scope::new(s, &me, other), vec!["room".into()], "hi").await.unwrap()), (0, 1));
    assert_eq!(gone(store::group::delete(Scope::new(s, &me, other), vec!["room".into()], "").await.unwrap()), (0, 1));
    assert_eq!(gone(store::account::delete(Scope::new(s, &me, other), vec!["amy".into()], "").await.unwrap()), (0, 1));

    // Members from another app are not registered.
    store::group::create(Scope::new(s, &me, other), &world::new_group("theirs", "Work", "")).await.unwrap();
    let report = store::member::add(Scope::new(s, &me, other), "theirs", "amy").await.unwrap();
    assert_eq!((report.done, report.refused.len()), (0, 1));

    // Nothing of the first app has changed; only the refusals (of four operations and four items) and the new group were recorded.
    let app = store::application::get(Scope::new(s, &me, w.app)).await.unwrap();
    assert_eq!((app.account_count, app.group_count), (2, 1));
    assert_eq!(store::group::get(Scope::new(s, &me, w.app), "room").await.unwrap().message_count, 0);
    assert_eq!(w.event_count().await, before + 4 + 4 + 1);
    w.sound().await;
}
