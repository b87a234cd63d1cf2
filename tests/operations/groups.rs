//! Groups: making, editing, deleting.

use domain::{
    Error,
    error::{Conflict, Entity},
    group::{EditGroupInput, NewGroupInput},
    page::ListParams,
    selection::Matching,
};
use store::Scope;
use store::db::query_scalar;
use world::{World, admin, broken, new_group, viewer};

#[tokio::test]
async fn a_group_gets_an_id_and_its_owner_becomes_a_member() {
    let w = World::new().await;
    w.account("amy").await;
    for (kind, mark) in [("Work", '1'), ("Public", '2'), ("Meeting", '3'), ("AVChatRoom", 'a')] {
        let id = store::group::create(w.scope(&admin()), &new_group("", kind, "amy")).await.unwrap();
        assert!(id.starts_with(&format!("@TGS#{mark}")) && id.len() == 15, "{id}");
        assert!(id[6..].bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()), "{id}");
        let group = store::group::get(w.scope(&viewer()), &id).await.unwrap();
        assert_eq!(group.owner.unwrap().username, "amy");
        let keeps = kind != "AVChatRoom";
        assert_eq!((group.member_count, group.max_member_count), (keeps.then_some(1), keeps.then_some(2000)));
        let members = store::member::list(w.scope(&viewer()), &id, &ListParams::default()).await;
        if keeps {
            assert_eq!(members.unwrap().items[0].role, domain::member::MemberRole::Owner);
        } else {
            assert_eq!(members, Err(Error::Conflict(Conflict::NoMemberList)));
        }
    }
    w.sound().await;
}

#[tokio::test]
async fn custom_ids_are_unique_in_an_app_and_owners_registered() {
    let w = World::new().await;
    w.group("a#b@c/d?e%f g", "Work", "").await;
    assert_eq!(store::group::get(w.scope(&viewer()), "a#b@c/d?e%f g").await.unwrap().owner, None);
    let create = async |app, id: &str, owner: &str| {
        store::group::create(Scope::new(&w.store, &admin(), app), &new_group(id, "Work", owner)).await
    };
    assert_eq!(
        broken(create(w.app, "a#b@c/d?e%f g", "nobody").await),
        [r#"owner: NotRegistered(["nobody"])"#, "group_id: Taken"]
    );
    assert_eq!(create(w.other, "a#b@c/d?e%f g", "").await.unwrap(), "a#b@c/d?e%f g");
    // An account of another app is not registered in this one.
    w.account("amy").await;
    assert_eq!(broken(create(w.other, "x", "amy").await), [r#"owner: NotRegistered(["amy"])"#]);
    assert_eq!(broken(create(w.app, "@TGS#mine", "").await), ["group_id: ReservedPrefix"]);
}

#[tokio::test]
async fn edits_need_the_version_that_they_saw() {
    let w = World::new().await;
    w.group("g", "Work", "").await;
    let edit = async |name: &str, introduction: &str, version: &str| {
        let input = EditGroupInput { name: name.into(), introduction: introduction.into(), version: version.into() };
        store::group::edit(w.scope(&admin()), "g", &input).await
    };
    edit("새 이름", "</textarea><script>\r\n\u{202e}😀", "1").await.unwrap();
    let group = store::group::get(w.scope(&viewer()), "g").await.unwrap();
    assert_eq!(
        (group.name.as_str(), group.introduction.as_str(), group.version),
        ("새 이름", "</textarea><script>\n\u{202e}😀", 2)
    );
    assert_eq!(edit("x", "", "1").await, Err(Error::Conflict(Conflict::ChangedMeanwhile)));
    assert_eq!(broken(edit("", "", "2").await), ["name: Required"]);
    let events = w.event_count().await;
    edit("새 이름", "</textarea><script>\n\u{202e}😀", "2").await.unwrap();
    assert_eq!(w.event_count().await, events);
    edit("새 이름", "", "2").await.unwrap();
    let event = w.last_event().await;
    assert_eq!(event.changes.len(), 1);
    assert_eq!(event.changes[0].field, "introduction");
    let missing = store::group::edit(w.scope(&admin()), "nope", &EditGroupInput::default()).await;
    assert_eq!(missing, Err(Error::NotFound(Entity::Group)));
    w.sound().await;
}

#[tokio::test]
async fn deleting_takes_members_and_messages_along_and_leaves_accounts() {
    let w = World::new().await;
    w.accounts(&["amy", "bob"]).await;
    w.group("g", "Work", "amy").await;
    w.group("h", "Work", "amy").await;
    store::member::add(w.scope(&admin()), "g", "bob").await.unwrap();
    store::message::send(w.scope(&admin()), vec!["g".into(), "h".into()], "hi").await.unwrap();
    let ids = vec!["g".to_owned(), "gone".to_owned()];
    let summary = store::group::summary(w.scope(&viewer()), ids.clone(), Matching::default()).await.unwrap();
    assert_eq!((summary.groups, summary.members, summary.messages), (1, 2, 1));
    assert_eq!(summary.first, [("g".to_owned(), "name".to_owned())]);
    let report = store::group::delete(w.scope(&admin()), ids, "").await.unwrap();
    assert_eq!((report.done, report.gone), (1, vec!["gone".to_owned()]));
    let mut raw = w.raw().await;
    for (sql, left) in [
        ("SELECT count(*) FROM member", 1),
        ("SELECT count(*) FROM message", 1),
        ("SELECT count(*) FROM account", 2),
        ("SELECT group_count FROM application WHERE app_name = 'chat'", 1),
    ] {
        assert_eq!(query_scalar::<i64>(sql).fetch_one(&mut raw).await.unwrap(), left, "{sql}");
    }
    let event = w.last_done().await;
    assert_eq!((event.row.target.as_str(), event.changes.len()), ("g", 4)); // id, name, owner and members
    w.sound().await;
}

#[tokio::test]
async fn viewers_change_nothing_and_it_is_recorded() {
    let w = World::new().await;
    let refused = store::group::create(w.scope(&viewer()), &NewGroupInput::default()).await;
    assert_eq!(refused, Err(Error::Forbidden));
    let event = w.last_event().await;
    assert_eq!((event.row.outcome, event.row.operator.as_str()), (domain::event::Outcome::Refused, "olga"));
    assert_eq!(event.changes[0].after.as_deref(), Some("forbidden"));
}
