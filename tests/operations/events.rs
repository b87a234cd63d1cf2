//! The log: append-only, merged from app and server, filtered, and silent about secrets.

use domain::{
    Error,
    error::Entity,
    event::{Action, EventParams, Outcome},
    export::{ExportInput, ExportOutcome},
    group,
    member::MemberChange,
    operator::{Language, Role},
};
use store::Scope;
use store::db::{query, query_scalar};
use world::{World, admin, new_account, viewer};

#[tokio::test]
async fn the_table_itself_refuses_changes() {
    let w = World::new().await;
    let mut raw = w.raw().await;
    for sql in ["UPDATE event SET target = 'x'", "DELETE FROM event", "UPDATE event SET at = 0 WHERE id = 1"] {
        let error = query(sql).execute(&mut raw).await.unwrap_err().to_string();
        assert!(error.contains("events are never"), "{error}");
    }
    assert_eq!(w.event_count().await, 2);
}

#[tokio::test]
async fn a_groups_events_are_its_own() {
    let w = World::new().await;
    // An account may have a group's name.
    for name in ["lunch", "ada"] {
        w.account(name).await;
    }
    for id in ["lunch", "other"] {
        let input =
            group::NewGroupInput { name: id.into(), group_type: "Public".into(), group_id: id.into(), ..Default::default() };
        store::group::create(w.scope(&admin()), &input).await.unwrap();
    }
    store::member::add(w.scope(&admin()), "lunch", "ada").await.unwrap();
    store::member::change(w.scope(&admin()), "lunch", vec!["ada".into()], MemberChange::SetAdmin).await.unwrap();
    let list = async |params| store::event::list_of_group(w.scope(&viewer()), "lunch", &params).await;
    let page = list(EventParams { target: "other".into(), ..EventParams::default() }).await.unwrap().page;
    let actions: Vec<Action> = page.items.iter().map(|row| row.action).collect();
    assert_eq!(actions, [Action::MemberRole, Action::MemberAdd, Action::GroupCreate]);
    assert_eq!(page.total.number, 3);
    let added = EventParams { action: "member.add".into(), ..EventParams::default() };
    assert_eq!(list(added).await.unwrap().page.total.number, 1);
    let params = EventParams::default();
    let nowhere = store::event::list_of_group(Scope::new(&w.store, &viewer(), w.other), "lunch", &params).await;
    assert_eq!(nowhere.unwrap_err(), Error::NotFound(Entity::Group));
    let nobody = domain::Caller::anonymous(None);
    assert!(store::event::list_of_group(w.scope(&nobody), "lunch", &params).await.is_err());
}

#[tokio::test]
async fn the_apps_events_and_the_servers_are_one_list() {
    let w = World::new().await;
    w.operator("owner", Role::Owner).await;
    for i in 0..30 {
        w.account(&format!("a{i}")).await;
        store::operator::sign_in_throttled(&w.store, &domain::Caller::anonymous(None), &format!("x{i}")).await.unwrap();
    }
    store::account::create(Scope::new(&w.store, &admin(), w.other), &new_account("hidden")).await.unwrap();
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let params = EventParams { cursor, ..EventParams::default() };
        let page = store::event::list(&w.store, &admin(), Some(w.app), &params).await.unwrap();
        assert_eq!(page.operators, ["owner"]);
        assert_eq!(page.page.total.number, 63);
        seen.extend(page.page.items);
        match page.page.next {
            Some(next) => cursor = next,
            None => break,
        }
    }
    assert_eq!(seen.len(), 63);
    assert!(seen.iter().rev().map(|e| (e.at, e.id)).is_sorted());
    assert_eq!(seen.iter().filter(|e| e.in_app).count(), 30);
    assert!(seen.iter().all(|e| e.target != "hidden"));
    let server = store::event::list(&w.store, &admin(), None, &EventParams::default()).await.unwrap();
    assert_eq!(server.page.total.number, 33);
    assert!(server.page.items.iter().all(|e| !e.in_app));
}

/// Who only reads sees what was done in the app, and neither from where nor who else there is.
#[tokio::test]
async fn viewers_see_the_apps_events_without_addresses() {
    let w = World::new().await;
    let ada = w.operator("ada", Role::Admin).await;
    w.operator("silent", Role::Owner).await;
    store::account::create(w.scope(&ada), &new_account("amy")).await.unwrap();
    store::account::create(w.scope(&admin()), &new_account("bob")).await.unwrap();
    store::operator::sign_in_throttled(&w.store, &domain::Caller::anonymous(Some("203.0.113.5".into())), "ada").await.unwrap();
    let params = EventParams::default();
    let page = store::event::list(&w.store, &viewer(), Some(w.app), &params).await.unwrap();
    assert_eq!(page.page.total.number, 2);
    assert!(page.page.items.iter().all(|row| row.in_app && row.address.is_none()), "{:?}", page.page.items);
    assert_eq!(page.operators, ["ada"], "those who appear, and are operators");
    assert_eq!(store::event::list(&w.store, &viewer(), None, &params).await, Err(Error::Forbidden));
    let all = store::event::list(&w.store, &admin(), Some(w.app), &params).await.unwrap();
    assert!(all.page.items.iter().any(|row| row.address.as_deref() == Some("192.0.2.7")));
    assert_eq!(all.operators, ["ada", "silent"]);
    let server = all.page.items.iter().find(|row| !row.in_app).unwrap().id;
    assert_eq!(store::event::get(&w.store, &viewer(), Some(w.app), server).await, Err(Error::NotFound(Entity::Event)));
    assert_eq!(store::event::get(&w.store, &viewer(), None, server).await, Err(Error::Forbidden));
    let own = page.page.items[0].id;
    assert_eq!(store::event::get(&w.store, &viewer(), Some(w.app), own).await.unwrap().row.address, None);
    assert!(store::event::get(&w.store, &admin(), Some(w.app), own).await.unwrap().row.address.is_some());

    // The other pages that show events, and the exports.
    let account = store::account::page(w.scope(&viewer()), "amy", &Default::default()).await.unwrap();
    assert!(!account.events.is_empty() && account.events.iter().all(|row| row.address.is_none()));
    let overview = store::overview::get(w.scope(&viewer())).await.unwrap();
    assert!(!overview.events.is_empty() && overview.events.iter().all(|row| row.address.is_none()));
    for format in ["csv", "jsonl"] {
        let file = async |caller| {
            let columns = ["scope", "action", "target", "address"].map(str::to_owned).to_vec();
            let input = ExportInput { list: "events".into(), format: format.into(), columns, ..ExportInput::default() };
            let started = jobs::export::start(w.scope(caller), &input, Language::En).await.unwrap();
            let ExportOutcome::Ready(made) = started else { panic!("a job") };
            let file = store::export::find(w.scope(caller), &made.token).await.unwrap();
            std::fs::read_to_string(file.path).unwrap()
        };
        let (reads, owns) = (file(&w.operator(&format!("vi-{format}"), Role::Viewer).await).await, file(&ada).await);
        assert!(reads.contains("amy") && !reads.contains("192.0.2") && !reads.contains("server"), "{reads}");
        assert!(owns.contains("192.0.2.7") && owns.contains("server"), "{owns}");
    }
}

#[tokio::test]
async fn filters_narrow_the_list_and_other_apps_stay_out() {
    let w = World::new().await;
    w.account("amy").await;
    w.group("g", "Work", "amy").await;
    store::account::create(Scope::new(&w.store, &admin(), w.other), &new_account("hidden")).await.unwrap();
    let count = async |params: EventParams| {
        store::event::list(&w.store, &viewer(), Some(w.app), &params).await.unwrap().page.total.number
    };
    assert_eq!(count(EventParams { action: "group.create".into(), ..Default::default() }).await, 1);
    assert_eq!(count(EventParams { target: "amy".into(), ..Default::default() }).await, 1);
    assert_eq!(count(EventParams { operator: "olga".into(), ..Default::default() }).await, 2);
    assert_eq!(count(EventParams { operator: "nobody".into(), ..Default::default() }).await, 0);
    assert_eq!(count(EventParams { to: "2020-01-01".into(), ..Default::default() }).await, 0);
    assert_eq!(count(EventParams { from: "2020-01-01".into(), target: "g".into(), ..Default::default() }).await, 1);
    let id: i64 = query_scalar("SELECT id FROM event WHERE target = 'hidden'").fetch_one(&mut w.raw().await).await.unwrap();
    assert_eq!(store::event::get(&w.store, &viewer(), Some(w.app), id).await, Err(Error::NotFound(Entity::Event)));
    assert!(store::event::get(&w.store, &viewer(), Some(w.other), id).await.is_ok());
}

#[tokio::test]
async fn refusals_name_codes_and_never_what_was_typed() {
    let w = World::new().await;
    let mut input = new_account("amy");
    input.nickname = "secret\0".into();
    input.account_type = "secret".into();
    store::account::create(w.scope(&admin()), &input).await.unwrap_err();
    let event = w.last_event().await;
    assert_eq!(
        (event.row.outcome, event.row.action, event.row.target.as_str()),
        (Outcome::Refused, Action::AccountCreate, "amy")
    );
    let told: Vec<(&str, &str)> = event.changes.iter().map(|c| (c.field.as_str(), c.after.as_deref().unwrap())).collect();
    assert_eq!(told, [("error", "invalid"), ("error.nickname", "NulCharacter"), ("error.type", "NotChoice")]);

    // A typed target is truncated, so that nobody fills the log with it.
    let long = "x".repeat(5000);
    store::account::create(w.scope(&admin()), &new_account(&long)).await.unwrap_err();
    assert_eq!(w.last_event().await.row.target.len(), 128);
}
