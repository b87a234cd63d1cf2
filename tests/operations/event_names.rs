//! The log names what an event is about, also after it was deleted: «who deleted the group “Sandbox”».

use std::collections::BTreeSet;

use domain::{
    Caller,
    application::AppId,
    event::{Action, EventParams, EventRow, Outcome, TargetKind},
    export::{ExportInput, ExportOutcome},
    group::{EditGroupInput, NewGroupInput},
    job::BatchOutcome,
    member::{MemberChange, UsernameMatch},
    operator::{Language, Role},
    selection::Matching,
};
use jobs::batch;
use store::{Scope, Store, db::query_scalar};
use world::{World, admin, names, viewer};

use crate::{
    export_formats::input,
    exports::ready,
    files::share,
    imports::{admin_of, imported},
};

fn sandbox() -> NewGroupInput {
    NewGroupInput { name: "Sandbox".into(), owner: "amy".into(), group_type: "Work".into(), group_id: "g".into() }
}

async fn with_sandbox() -> World {
    let w = World::new().await;
    w.accounts(&["amy", "bob", "cid"]).await;
    store::group::create(w.scope(&admin()), &sandbox()).await.unwrap();
    w
}

/// What a search finds, newest first.
async fn found(store: &Store, app: Option<AppId>, target: &str) -> Vec<EventRow> {
    let params = EventParams { target: target.into(), size: "100".into(), ..EventParams::default() };
    let page = store::event::list(store, &admin(), app, &params).await.unwrap().page;
    assert_eq!(page.items.len() as u64, page.total.number.min(100));
    page.items
}

fn told(rows: &[EventRow]) -> Vec<(Action, &str, &str, bool)> {
    rows.iter().map(|row| (row.action, &*row.target, &*row.target_name, row.target_exists)).collect()
}

async fn events_of(w: &World) -> Vec<EventRow> {
    let sql = "SELECT id FROM event WHERE app_id = (SELECT id FROM application WHERE app_name = 'chat') ORDER BY id";
    let ids: Vec<i64> = query_scalar(sql).fetch_all(&mut w.raw().await).await.unwrap();
    let mut rows = vec![];
    for id in ids {
        rows.push(store::event::get(&w.store, &admin(), Some(w.app), id).await.unwrap().row);
    }
    rows
}

#[tokio::test]
async fn whatever_is_done_to_a_group_names_it() {
    let w = with_sandbox().await;
    admin_of(&w).await;
    let (store, app) = (&w.store, w.app);
    let bob = || vec!["bob".to_owned()];
    store::member::add(Scope::new(store, &admin(), app), "g", "bob cid").await.unwrap();
    for what in [
        MemberChange::SetAdmin,
        MemberChange::UnsetAdmin,
        MemberChange::Mute { until: domain::limits::MUTED_FOREVER },
        MemberChange::Unmute,
        MemberChange::Allow,
        MemberChange::Disallow,
        MemberChange::Block,
        MemberChange::Unblock,
    ] {
        let report = store::member::change(Scope::new(store, &admin(), app), "g", bob(), what).await.unwrap();
        assert_eq!(report.done, 1, "{what:?}");
    }
    imported(&w, b"group_id,username,role\ng,cid,Admin\n", "members", "update").await;
    store::member::transfer(Scope::new(store, &admin(), app), "g", "cid", UsernameMatch::Exact).await.unwrap();
    store::group::announce(Scope::new(store, &admin(), app), "g", "Hear").await.unwrap();
    store::group::mute_all(Scope::new(store, &admin(), app), "g", true).await.unwrap();
    store::message::send(Scope::new(store, &admin(), app), vec!["g".into()], "hi").await.unwrap();
    let shared = share(&w, "g", "a.txt", b"a").await.unwrap();
    store::file::delete(Scope::new(store, &admin(), app), "g", vec![shared.file_id], "").await.unwrap();
    let ada = w.operator("ada", Role::Viewer).await;
    for list in ["members", "messages"] {
        let wanted = ExportInput { group_id: "g".into(), matching: everybody(), ..input(list, "csv") };
        ready(&w, &ada, &wanted).await;
    }
    ready(&w, &ada, &ExportInput { ids: vec!["g".into()], ..input("groups", "csv") }).await;
    let id = match batch::delete_members(Scope::new(store, &admin(), app), "g", vec![], everybody(), "").await.unwrap() {
        BatchOutcome::Queued(id) => Some(id),
        BatchOutcome::Completed(_) => None,
    };
    assert!(id.is_none(), "so few are no job");
    w.fill(600).await;
    store::member::add(Scope::new(store, &admin(), app), "g", &names("u", 600).join(" ")).await.unwrap();
    let started = batch::delete_members(Scope::new(store, &admin(), app), "g", vec![], everybody(), "600").await.unwrap();
    let BatchOutcome::Queued(id) = started else { panic!("so many are a job") };
    jobs::job::cancel(Scope::new(store, &admin(), app), id).await.unwrap();
    store::group::edit(
        Scope::new(store, &admin(), app),
        "g",
        &EditGroupInput { name: "Sandbox".into(), introduction: "Sand".into(), version: version(&w).await },
    )
    .await
    .unwrap();
    // Refused ones too.
    store::group::announce(Scope::new(store, &viewer(), app), "g", "no").await.unwrap_err();
    store::group::delete(Scope::new(store, &admin(), app), vec!["g".into(), "never".into()], "").await.unwrap();

    let (mut seen, mut wrong) = (BTreeSet::new(), vec![]);
    for row in events_of(&w).await.into_iter().filter(|row| row.target == "g") {
        seen.insert(row.action);
        if row.target_name != "Sandbox" || row.target_exists {
            wrong.push((row.action, row.target_name));
        }
    }
    assert_eq!(wrong, []);
    let all: BTreeSet<Action> = Action::ALL.iter().copied().filter(|action| action.target_kind() == TargetKind::Group).collect();
    assert_eq!(all.difference(&seen).collect::<Vec<_>>(), Vec::<&Action>::new(), "each was tried");
    w.sound().await;
}

fn everybody() -> Matching {
    Matching { all: "1".into(), ..Matching::default() }
}

async fn version(w: &World) -> String {
    store::group::get(w.scope(&viewer()), "g").await.unwrap().version.to_string()
}

#[tokio::test]
async fn who_deleted_the_group_is_found_by_its_names() {
    let w = with_sandbox().await;
    store::member::add(w.scope(&admin()), "g", "bob").await.unwrap();
    w.group("other", "Work", "amy").await;
    let edit = EditGroupInput { name: "砂场 Renamed".into(), introduction: String::new(), version: version(&w).await };
    store::group::edit(w.scope(&admin()), "g", &edit).await.unwrap();
    let there = told(&found(&w.store, Some(w.app), "renamed").await).iter().all(|row| row.3);
    assert!(there);
    store::group::delete(w.scope(&admin()), vec!["g".into()], "").await.unwrap();
    let expected = [
        (Action::GroupDelete, "g", "砂场 Renamed", false),
        (Action::GroupEdit, "g", "砂场 Renamed", false),
        (Action::MemberAdd, "g", "Sandbox", false),
        (Action::GroupCreate, "g", "Sandbox", false),
    ];
    // By either name, by a part of it in any case, by two characters and by one, by the id.
    for term in ["Sandbox", "andbo", "SAND", "砂场 Renamed", "砂场", "砂", "g"] {
        assert_eq!(told(&found(&w.store, Some(w.app), term).await), expected, "{term}");
    }
    assert_eq!(found(&w.store, Some(w.app), "Sandboxes").await, []);
    assert_eq!(found(&w.store, Some(w.other), "Sandbox").await, [], "another app's log says nothing of it");
    assert_eq!(found(&w.store, None, "Sandbox").await, []);
    let event = w.last_event().await;
    let before: Vec<(&str, &str)> = event.changes.iter().map(|c| (&*c.field, c.before.as_deref().unwrap())).collect();
    assert_eq!(before, [("group_id", "g"), ("member_count", "2"), ("name", "砂场 Renamed"), ("owner", "amy")]);
    assert_eq!(event.row.outcome, Outcome::Done);
    w.sound().await;
}

#[tokio::test]
async fn batches_jobs_and_back_ends_leave_the_names_too() {
    let w = with_sandbox().await;
    admin_of(&w).await;
    w.fill(700).await;
    let BatchOutcome::Queued(_) = batch::delete_groups(w.scope(&admin()), vec![], everybody(), "701").await.unwrap() else {
        panic!("so many are a job")
    };
    jobs::run::run_waiting(&w.store).await.unwrap();
    assert_eq!(found(&w.store, Some(w.app), "Sandbox").await[0].action, Action::GroupDelete);
    // More targets than are scanned in parallel: all that contain the term, by name and by id, on one list.
    let named = EventParams { target: "name".into(), action: "group.delete".into(), ..EventParams::default() };
    let page = store::event::list(&w.store, &admin(), Some(w.app), &named).await.unwrap().page;
    assert_eq!((page.total.number, page.items.len()), (700, 20));
    assert!(page.items.iter().rev().map(|row| (row.at, row.id)).is_sorted());
    let next = EventParams { cursor: page.next.clone().unwrap(), ..named };
    let second = store::event::list(&w.store, &admin(), Some(w.app), &next).await.unwrap().page;
    assert!(second.items[0].id < page.items[19].id);
    assert_eq!(found(&w.store, Some(w.app), "g0007").await.len(), 1);

    store::group::create(w.scope(&admin()), &sandbox()).await.unwrap();
    let acme = store::application::named(&w.store, "acme", "chat").await.unwrap().unwrap();
    store::account::users::delete(Scope::new(&w.store, &admin(), &acme), "amy").await.unwrap();
    let deleted = found(&w.store, Some(w.app), "Sandbox").await;
    assert_eq!(told(&deleted)[0], (Action::GroupDelete, "g", "Sandbox", false));
    w.sound().await;
}

#[tokio::test]
async fn apps_credentials_and_operators_are_named_and_accounts_by_username_alone() {
    let w = World::new().await;
    let owner = w.operator("Olga", Role::Owner).await;
    store::application::edit(w.scope(&owner), "Acme Chat").await.unwrap();
    let key = store::credential::create(w.scope(&owner), "Back end").await.unwrap();
    store::credential::edit(w.scope(&owner), key.id, "Old end").await.unwrap();
    store::credential::revoke(w.scope(&owner), key.id).await.unwrap();
    let mut input = world::new_account("bob");
    input.nickname = "Robert Secret".into();
    store::account::create(w.scope(&owner), &input).await.unwrap();
    store::account::delete(w.scope(&owner), vec!["bob".into()], "").await.unwrap();
    w.operator("Émile", Role::Viewer).await;
    for typed in ["stranger", "ÉMILE"] {
        store::operator::sign_in_throttled(&w.store, &Caller::anonymous(None), typed).await.unwrap();
    }

    let app = Some(w.app);
    assert_eq!(told(&found(&w.store, app, "acme ch").await)[0], (Action::ApplicationEdit, "acme/chat", "Acme Chat", true));
    assert_eq!(
        told(&found(&w.store, app, "end").await),
        [
            (Action::CredentialRevoke, "Old end", "Old end", false),
            (Action::CredentialEdit, "Back end", "Back end", false),
            (Action::CredentialCreate, "Back end", "Back end", false),
        ]
    );
    assert_eq!(told(&found(&w.store, None, "olg").await), [(Action::OperatorAdd, "Olga", "Olga", true)]);
    assert_eq!(
        told(&found(&w.store, None, "Émile").await),
        [(Action::SignIn, "ÉMILE", "Émile", true), (Action::OperatorAdd, "Émile", "Émile", true)],
        "in any case, in every script"
    );
    assert_eq!(
        told(&found(&w.store, app, "bob").await),
        [(Action::AccountDelete, "bob", "", false), (Action::AccountCreate, "bob", "", false)]
    );
    assert_eq!(found(&w.store, app, "Secret").await, [], "nicknames are nowhere");
    let kept: i64 = query_scalar("SELECT count(*) FROM event_name WHERE name LIKE '%Secret%' OR target LIKE '%stra%'")
        .fetch_one(&mut w.raw().await)
        .await
        .unwrap();
    assert_eq!(kept, 0, "what strangers type is no name");
}

#[tokio::test]
async fn exports_have_the_names_and_take_the_same_filter() {
    let w = with_sandbox().await;
    w.group("other", "Work", "amy").await;
    store::group::delete(w.scope(&admin()), vec!["g".into()], "").await.unwrap();
    let ada = w.operator("ada", Role::Viewer).await;
    for format in ["csv", "jsonl"] {
        let mut wanted = input("events", format);
        wanted.columns = ["action", "target", "target_name"].map(str::to_owned).to_vec();
        wanted.log.target = "sandb".into();
        let ExportOutcome::Ready(made) = jobs::export::start(w.scope(&ada), &wanted, Language::En).await.unwrap() else {
            panic!("so few are no job")
        };
        let file = store::export::find(w.scope(&ada), &made.token).await.unwrap();
        let text = std::fs::read_to_string(file.path).unwrap();
        let expected = match format {
            "csv" => "Action,Target,Name of target\r\ngroup.delete,g,Sandbox\r\ngroup.create,g,Sandbox\r\n".to_owned(),
            _ => ["group.delete", "group.create"]
                .map(|action| format!("{{\"action\":\"{action}\",\"target\":\"g\",\"target_name\":\"Sandbox\"}}\n"))
                .concat(),
        };
        assert_eq!(text.trim_start_matches('\u{feff}'), expected);
    }
}
