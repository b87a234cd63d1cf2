//! Apps: making, finding, renaming.

use domain::{
    Caller, Error,
    application::NewApplicationInput,
    error::Entity,
    event::{EventParams, Outcome},
};
use world::{World, admin, broken, viewer};

fn input(org: &str, app: &str) -> NewApplicationInput {
    NewApplicationInput { display_name: "Chat ✨".into(), org_name: org.into(), app_name: app.into() }
}

#[tokio::test]
async fn apps_are_made_listed_and_renamed() {
    let w = World::new().await;
    let made = store::application::create(&w.store, &admin(), &input("acme", "new")).await.unwrap();
    assert_eq!((made.display_name.as_str(), made.account_count, made.group_count, made.admin_count), ("Chat ✨", 0, 0, 0));
    assert_eq!(store::application::list(&w.store, &viewer()).await.unwrap().len(), 3);
    store::application::edit(w.scope(&admin()), "채팅").await.unwrap();
    assert_eq!(store::application::get(w.scope(&viewer())).await.unwrap().display_name, "채팅");
    let event = w.last_event().await;
    assert_eq!((event.row.target.as_str(), event.changes[0].after.as_deref()), ("acme/chat", Some("채팅")));

    // Menus and addresses are served from memory, and know it at once.
    let names = store::application::names(&w.store, &viewer()).await.unwrap();
    let names: Vec<_> =
        names.iter().map(|app| (app.org_name.as_str(), app.app_name.as_str(), app.display_name.as_str())).collect();
    assert_eq!(names, [("acme", "new", "Chat ✨"), ("acme", "other", "other"), ("acme", "chat", "채팅")]);
    assert!(store::application::find(&w.store, &viewer(), "acme", "new").await.is_ok());

    // The same name again changes nothing and records nothing.
    let events = w.event_count().await;
    store::application::edit(w.scope(&admin()), "채팅").await.unwrap();
    assert_eq!(w.event_count().await, events);
}

#[tokio::test]
async fn names_are_unique_together_and_refusals_are_told() {
    let w = World::new().await;
    assert_eq!(broken(store::application::create(&w.store, &admin(), &input("acme", "chat")).await), ["app_name: Taken"]);
    assert!(store::application::create(&w.store, &admin(), &input("acme2", "chat")).await.is_ok());
    assert_eq!(broken(store::application::edit(w.scope(&admin()), " ").await), ["display_name: Blank"]);
    assert_eq!(store::application::create(&w.store, &viewer(), &input("a", "b")).await, Err(Error::Forbidden));
    let nobody = Caller::anonymous(None);
    assert_eq!(store::application::list(&w.store, &nobody).await, Err(Error::Unauthenticated));
    assert_eq!(store::application::names(&w.store, &nobody).await, Err(Error::Unauthenticated));
    let missing = store::application::find(&w.store, &admin(), "acme", "nope").await;
    assert_eq!(missing, Err(Error::NotFound(Entity::Application)));
}

#[tokio::test]
async fn making_and_renaming_stand_in_the_servers_log_and_in_the_apps() {
    let w = World::new().await;
    store::application::edit(w.scope(&admin()), "채팅").await.unwrap();
    store::application::edit(w.scope(&viewer()), "x").await.unwrap_err();
    store::application::edit(w.scope(&admin()), " ").await.unwrap_err();
    for (action, expected) in [
        ("application.create", vec![("acme/other", Outcome::Done), ("acme/chat", Outcome::Done)]),
        (
            "application.edit",
            vec![("acme/chat", Outcome::Refused), ("acme/chat", Outcome::Refused), ("acme/chat", Outcome::Done)],
        ),
    ] {
        for app in [None, Some(w.app)] {
            let params = EventParams { action: action.into(), ..EventParams::default() };
            let found = store::event::list(&w.store, &admin(), app, &params).await.unwrap().page.items;
            assert_eq!(found.iter().map(|e| (e.target.as_str(), e.outcome)).collect::<Vec<_>>(), expected);
            assert!(found.iter().all(|e| !e.in_app));
        }
    }
}
