//! The sample app is what it says it is.

use std::collections::HashSet;
use store::Scope;
use store::db::query_scalar;

use domain::{Caller, event::EventParams, member, overview, page::ListParams};
use sample::demo;
use world::{World, broken, params};

#[tokio::test]
async fn the_sample_is_rich_and_sound() {
    let w = World::new().await;
    let made = demo::load(&w.store).await.unwrap();
    assert_eq!((made.org_name.as_str(), made.app_name.as_str(), made.display_name.as_str()), ("demo", "chat", "Demo Chat"));
    assert_eq!((made.account_count, made.group_count, made.admin_count), (300, 60, 3));
    w.sound().await;
    assert_eq!(broken(demo::load(&w.store).await), ["app_name: Taken"]);

    let system = Caller::system();
    let app = store::application::find(&w.store, &system, "demo", "chat").await.unwrap();
    let all = ListParams { size: "100".into(), ..params("", "", "name") };
    let groups = store::group::list(Scope::new(&w.store, &system, app), &all).await.unwrap().items;
    assert_eq!(groups.iter().map(|g| g.group_type).collect::<HashSet<_>>().len(), 4);
    assert!(groups.iter().filter(|g| g.owner.is_none()).count() >= 5);
    let mut sizes: Vec<u32> = groups.iter().filter_map(|g| g.member_count).collect();
    sizes.sort_unstable();
    assert!(sizes[sizes.len() / 2] < 30 && *sizes.last().unwrap() > 200, "{sizes:?}");
    for q in ["小", "김", "王"] {
        assert!(
            !store::account::list(Scope::new(&w.store, &system, app), &params(q, "", "")).await.unwrap().items.is_empty(),
            "{q}"
        );
    }
    let everyone = groups.iter().find(|g| g.name.starts_with("Everyone")).unwrap();
    let params = ListParams { size: "100".into(), ..ListParams::default() };
    let members = store::member::list(Scope::new(&w.store, &system, app), &everyone.group_id, &params).await.unwrap();
    assert!(members.items.iter().any(|m| m.last_spoke_at.is_some()));
    assert_eq!(members.items.iter().filter(|m| m.role == member::MemberRole::Admin).count(), 2);
    let group = store::group::get(Scope::new(&w.store, &system, app), &everyone.group_id).await.unwrap();
    assert!(group.announcement.starts_with("The office is closed") && group.announced_at.is_some());
    assert_eq!((group.listed.muted, group.listed.blocked, group.listed.allowed, group.file_count), (2, 1, 1, 2));
    let messages =
        store::message::list(Scope::new(&w.store, &system, app), &everyone.group_id, &ListParams::default()).await.unwrap();
    assert!(messages.total.number > 20);
    let log = store::event::list(&w.store, &system, Some(app), &EventParams::default()).await.unwrap();
    assert!(log.page.total.number > 1000);
    // The charts have something to show, and the figures are those of the lists.
    let overview = store::overview::get(Scope::new(&w.store, &system, app)).await.unwrap();
    assert_eq!((overview.accounts, overview.groups, overview.admins), (300, 60, 3));
    assert_eq!(overview.largest.first().map(|group| group.name.as_str()), Some("Everyone at Demo"));
    let sum = |of: fn(&overview::Day) -> u64| overview.days.iter().map(of).sum::<u64>();
    assert!(sum(|day| day.new_accounts) > 30 && sum(|day| day.messages) > 200);
    assert!(sum(|day| day.new_groups) >= 10 && sum(|day| day.deleted_groups) >= 5);
    let year: i64 =
        query_scalar("SELECT max(created_at) - min(created_at) FROM account").fetch_one(&mut w.raw().await).await.unwrap();
    assert!(year > 300 * domain::limits::DAY_MS);
    let future = "SELECT (SELECT count(*) FROM message WHERE sent_at > $1) + (SELECT count(*) FROM member WHERE joined_at > $1)
                  + (SELECT count(*) FROM account WHERE created_at > $1) + (SELECT count(*) FROM event WHERE at > $1)";
    let future: i64 = query_scalar(future).bind(store::db::now()).fetch_one(&mut w.raw().await).await.unwrap();
    assert_eq!(future, 0);
}
