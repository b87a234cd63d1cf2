//! Layouts, saved views, an account's page, the search over everything, and notifications of changes.

use domain::{
    Code, Error,
    account_page::AccountPageParams,
    error::Entity,
    feed::{ChangeCount, Kind},
    group,
    layout::{self, Density, LayoutInput, ListName},
    limits, member,
    operator::Role,
    search,
};
use store::{Scope, db::query, feed::from_page};
use world::{World, admin, new_group, viewer};

fn input(list: &str, columns: &[&str], size: &str) -> LayoutInput {
    let columns = columns.iter().map(|&column| column.to_owned()).collect();
    LayoutInput { list: list.into(), columns, density: "compact".into(), size: size.into() }
}

#[tokio::test]
async fn a_layout_is_kept_with_its_operator() {
    let w = World::new().await;
    let (ada, bob) = (w.operator("ada", Role::Viewer).await, w.operator("bob", Role::Viewer).await);
    let (ada_id, bob_id) = (ada.operator_id().unwrap(), bob.operator_id().unwrap());
    let answered = store::layout::set_list(&w.store, &ada, &input("groups", &["id", "members"], "50")).await.unwrap();
    let kept = store::operator::me(&w.store, ada_id).await.unwrap().unwrap().layout;
    assert_eq!(kept, answered);
    assert_eq!((kept.density, kept.groups.size), (Density::Compact, Some(50)));
    assert_eq!(kept.list(ListName::Groups).hidden, ["owner", "type", "created"]);
    assert!(kept.accounts.hidden.is_empty() && kept.keys);
    assert!(!store::layout::set_keys(&w.store, &ada, false).await.unwrap().keys);
    assert_eq!(store::operator::me(&w.store, ada_id).await.unwrap().unwrap().layout.groups, answered.groups);
    assert_eq!(store::operator::me(&w.store, bob_id).await.unwrap().unwrap().layout, layout::Layout::default());
    let refused = store::layout::set_list(&w.store, &ada, &input("groups", &["name"], "50")).await;
    assert_eq!(refused, Err(Error::field("columns", Code::NotChoice)));
    // One that a later version wrote does not lock its operator out.
    query("UPDATE operator SET layout = '{\"density\": \"huge\"}'").execute(&mut w.raw().await).await.unwrap();
    assert_eq!(store::operator::me(&w.store, ada_id).await.unwrap().unwrap().layout, layout::Layout::default());
}

#[tokio::test]
async fn views_are_private_to_operator_app_and_list() {
    let w = World::new().await;
    let (ada, bob) = (w.operator("ada", Role::Viewer).await, w.operator("bob", Role::Owner).await);
    let s = &w.store;
    store::view::save(Scope::new(s, &ada, w.app), "groups", " Work ", "type=Work").await.unwrap();
    store::view::save(Scope::new(s, &ada, w.app), "groups", "Chats", "?q=chat&sort=name").await.unwrap();
    store::view::save(Scope::new(s, &ada, w.app), "groups", "Work", "type=Work&sort=name").await.unwrap();
    let seen = store::view::list(Scope::new(s, &ada, w.app), "groups").await.unwrap();
    let pairs: Vec<(&str, &str)> = seen.iter().map(|view| (view.name.as_str(), view.query.as_str())).collect();
    assert_eq!(pairs, [("Chats", "q=chat&sort=name"), ("Work", "type=Work&sort=name")]);
    for (caller, app, list) in [(&bob, w.app, "groups"), (&ada, w.other, "groups"), (&ada, w.app, "accounts")] {
        assert!(store::view::list(Scope::new(s, caller, app), list).await.unwrap().is_empty());
    }
    let gone = Err(Error::NotFound(Entity::View));
    assert_eq!(store::view::delete(Scope::new(s, &bob, w.app), seen[0].id).await, gone);
    assert_eq!(store::view::delete(Scope::new(s, &ada, w.other), seen[0].id).await, gone);
    store::view::delete(Scope::new(s, &ada, w.app), seen[0].id).await.unwrap();
    assert_eq!(store::view::list(Scope::new(s, &ada, w.app), "groups").await.unwrap().len(), 1);
    for number in 1..limits::VIEWS {
        store::view::save(Scope::new(s, &ada, w.app), "groups", &format!("v{number}"), "").await.unwrap();
    }
    let full = Code::TooManyItems { max: limits::VIEWS, actual: limits::VIEWS + 1 };
    assert_eq!(
        store::view::save(Scope::new(s, &ada, w.app), "groups", "one more", "").await,
        Err(Error::field("view_name", full))
    );
    store::view::save(Scope::new(s, &ada, w.app), "groups", "Work", "").await.unwrap();
    let Err(Error::Invalid(fields)) = store::view::save(Scope::new(s, &ada, w.app), "members", "", "ü").await else {
        panic!("saved")
    };
    assert_eq!(fields.iter().map(|field| field.field.as_str()).collect::<Vec<_>>(), ["list", "view_name", "query"]);
    assert_eq!(store::view::list(Scope::new(s, &viewer(), w.app), "nope").await, Err(Error::field("list", Code::NotChoice)));
}

#[tokio::test]
async fn an_accounts_page_shows_its_groups_and_what_was_done_to_it() {
    let w = World::new().await;
    w.accounts(&["amy", "bob"]).await;
    for number in 1..=45 {
        let id = format!("g{number:02}");
        w.group(&id, if number <= 2 { "AVChatRoom" } else { "Public" }, if number <= 25 { "amy" } else { "bob" }).await;
        if number > 25 {
            store::member::add(w.scope(&admin()), &id, "amy").await.unwrap();
        }
    }
    // A group of the same name is not the account.
    w.group("amy", "Public", "bob").await;
    let page = async |params: &AccountPageParams| store::account::page(w.scope(&viewer()), "amy", params).await.unwrap();
    let mut params = AccountPageParams::default();
    let first = page(&params).await;
    assert_eq!((first.groups.total.number, first.owned.total.number), (43, 25), "live groups keep no members");
    assert_eq!(first.events.len(), 1);
    assert_eq!(first.events[0].action.as_str(), "account.create");
    let (mut joined, mut owned) = (vec![], vec![]);
    loop {
        let shown = page(&params).await;
        joined.extend(shown.groups.items.into_iter().map(|row| (row.joined_at, row.group_id, row.role)));
        let Some(next) = shown.groups.next else { break };
        params.cursor = next;
    }
    loop {
        let shown = page(&params).await;
        owned.extend(shown.owned.items.into_iter().map(|row| row.group_id));
        let Some(next) = shown.owned.next else { break };
        params.owned = next;
    }
    assert_eq!((joined.len(), owned.len()), (43, 25));
    assert!(joined.is_sorted_by(|a, b| a.0 >= b.0));
    assert_eq!(joined.iter().filter(|row| row.2 == member::MemberRole::Owner).count(), 23);
    assert_eq!((owned[0].as_str(), owned[24].as_str()), ("g25", "g01"));
    let elsewhere = store::account::page(Scope::new(&w.store, &viewer(), w.other), "amy", &AccountPageParams::default()).await;
    assert_eq!(elsewhere, Err(Error::NotFound(Entity::Account)));
    let broken = AccountPageParams { owned: "x".into(), ..Default::default() };
    assert_eq!(store::account::page(w.scope(&viewer()), "amy", &broken).await, Err(Error::field("owned", Code::Malformed)));
}

#[tokio::test]
async fn the_search_finds_ids_beginnings_and_anything_in_between() {
    let w = World::new().await;
    w.accounts(&["amy", "tamy", "bob"]).await;
    for (id, name) in [("x1", "Amy's team"), ("x2", "team of amy"), ("amy", "zzz"), ("x4", "점심 팀")] {
        let input = group::NewGroupInput { name: name.into(), ..new_group(id, "Public", "") };
        store::group::create(w.scope(&admin()), &input).await.unwrap();
    }
    let found = store::search::find(w.scope(&viewer()), " amy ").await.unwrap();
    assert_eq!(found.groups.iter().map(|hit| hit.group_id.as_str()).collect::<Vec<_>>(), ["amy", "x1", "x2"]);
    assert_eq!(found.accounts.iter().map(|person| person.username.as_str()).collect::<Vec<_>>(), ["amy", "tamy"]);
    let korean = store::search::find(w.scope(&viewer()), "심").await.unwrap();
    assert_eq!((korean.groups.len(), korean.groups[0].group_id.as_str()), (1, "x4"));
    assert_eq!(store::search::find(w.scope(&viewer()), "  ").await.unwrap(), search::SearchResults::default());
    assert_eq!(
        store::search::find(Scope::new(&w.store, &viewer(), w.other), "amy").await.unwrap(),
        search::SearchResults::default()
    );
    let long = store::search::find(w.scope(&viewer()), &"x".repeat(101)).await;
    assert_eq!(long, Err(Error::field("q", Code::TooManyChars { max: 100, actual: 101 })));
}

#[tokio::test]
async fn what_is_committed_is_told_and_what_is_not_is_told_as_refused() {
    let w = World::new().await;
    w.accounts(&["amy", "bob"]).await;
    w.group("room", "Public", "").await;
    let mut followed = w.store.feed().subscribe(None);
    assert_eq!(followed.number, w.store.feed().number());
    let me = admin();
    let add = store::member::add(w.scope(&me), "room", "amy bob nobody");
    from_page("p1".to_owned(), add).await.unwrap();
    let told = followed.receiver.try_recv().unwrap();
    let one = |kind, group: Option<&str>, count| ChangeCount { kind, group: group.map(str::to_owned), count };
    assert_eq!(told.changed, [one(Kind::Member, Some("room"), 2), one(Kind::Other, None, 1)]);
    assert_eq!((told.app, told.page.as_deref(), told.number), (Some(w.app), Some("p1"), followed.number + 1));
    store::message::send(w.scope(&admin()), vec!["room".into()], "hi").await.unwrap();
    let told = followed.receiver.try_recv().unwrap();
    assert_eq!((told.changed.as_slice(), told.page.as_deref()), ([one(Kind::Message, Some("room"), 1)].as_slice(), None));
    store::member::add(w.scope(&viewer()), "room", "amy").await.unwrap_err();
    assert_eq!(followed.receiver.try_recv().unwrap().changed, [one(Kind::Other, None, 1)]);
    // Reading notifies nobody.
    store::account::get(w.scope(&viewer()), "amy").await.unwrap();
    assert!(followed.receiver.try_recv().is_err());
}
