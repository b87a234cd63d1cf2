//! Accounts: making, editing, deleting, suggesting; the ten admins.

use domain::{
    Error,
    account::{self, NewAccountInput, Profile, ProfileInput, checked::CheckedProfile},
    error::{Conflict, Entity},
    page::ListParams,
    selection::Matching,
};
use store::Scope;
use world::{World, admin, broken, new_account, viewer};

pub fn form(profile: &Profile, version: i64) -> ProfileInput {
    let number = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    ProfileInput {
        nickname: profile.nickname.clone(),
        gender: profile.gender.as_str().into(),
        birthday: profile.birthday.and_then(account::rules::birthday_text).unwrap_or_default(),
        location: profile.location.clone(),
        self_signature: profile.self_signature.clone(),
        allow_type: profile.allow_type.as_str().into(),
        language: number(profile.language),
        image: profile.image.clone(),
        msg_settings: if profile.msg_settings & 1 == 1 { "do_not_receive" } else { "receive" }.into(),
        admin_forbid_type: profile.admin_forbid_type.as_str().into(),
        level: number(profile.level),
        role: number(profile.role),
        version: version.to_string(),
    }
}

#[tokio::test]
async fn every_field_of_a_profile_comes_back() {
    let w = World::new().await;
    w.account("amy").await;
    let input = ProfileInput {
        nickname: "</textarea><script>alert('x')</script>\u{202e}\u{1F468}\u{200D}\u{1F469}".into(),
        gender: "Gender_Type_Female".into(),
        birthday: "1990-07-04".into(),
        location: "深圳".into(),
        self_signature: "a\r\n\"b\"\\' %_".into(),
        allow_type: "AllowType_Type_DenyAny".into(),
        language: "4294967295".into(),
        image: "https://a.example/ä.png?x=1&y=2".into(),
        msg_settings: "do_not_receive".into(),
        admin_forbid_type: "AdminForbid_Type_SendOut".into(),
        level: "0".into(),
        role: "7".into(),
        version: "1".into(),
    };
    store::account::edit(w.scope(&admin()), "amy", &input).await.unwrap();
    let read = store::account::get(w.scope(&viewer()), "amy").await.unwrap();
    assert_eq!(read.version, 2);
    assert_eq!(*CheckedProfile::parse(&input, &read.profile).unwrap(), read.profile);
    assert_eq!(read.profile.nickname, input.nickname);

    // Filled from an older version: refused. Nothing changed: nothing recorded.
    let stale = store::account::edit(w.scope(&admin()), "amy", &ProfileInput { level: "3".into(), ..input }).await;
    assert_eq!(stale, Err(Error::Conflict(Conflict::ChangedMeanwhile)));
    let events = w.event_count().await;
    store::account::edit(w.scope(&admin()), "amy", &form(&read.profile, 2)).await.unwrap();
    assert_eq!(w.event_count().await, events);
    assert_eq!(store::account::get(w.scope(&viewer()), "amy").await.unwrap().version, 2);
}

#[tokio::test]
async fn usernames_are_unique_in_an_app_only() {
    let w = World::new().await;
    w.account("amy").await;
    assert_eq!(broken(store::account::create(w.scope(&admin()), &new_account("amy")).await), ["username: Taken"]);
    store::account::create(w.scope(&admin()), &new_account("Amy")).await.unwrap();
    store::account::create(Scope::new(&w.store, &admin(), w.other), &new_account("amy")).await.unwrap();
    assert_eq!(store::account::create(w.scope(&viewer()), &new_account("b")).await, Err(Error::Forbidden));
    let missing = store::account::get(w.scope(&viewer()), "nobody").await;
    assert_eq!(missing, Err(Error::NotFound(Entity::Account)));
    w.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_admins_even_under_thirty_requests_at_once() {
    let w = World::new().await;
    let mut tasks = tokio::task::JoinSet::new();
    for i in 0..30 {
        let (store, app) = (w.store.clone(), w.app);
        tasks.spawn(async move {
            let input = NewAccountInput { account_type: "Admin".into(), ..new_account(&format!("admin{i}")) };
            store::account::create(Scope::new(&store, &admin(), app), &input).await
        });
    }
    let results = tasks.join_all().await;
    assert_eq!(results.iter().filter(|r| r.is_ok()).count(), 10);
    for refused in results.into_iter().filter(Result::is_err) {
        assert_eq!(broken(refused), ["type: TooManyAdmins { max: 10 }"]);
    }
    let app = store::application::get(w.scope(&viewer())).await.unwrap();
    assert_eq!((app.account_count, app.admin_count), (10, 10));
    // The other app has its own ten.
    let input = NewAccountInput { account_type: "Admin".into(), ..new_account("first") };
    store::account::create(Scope::new(&w.store, &admin(), w.other), &input).await.unwrap();
    w.sound().await;
}

#[tokio::test]
async fn deleted_accounts_leave_their_groups_and_owned_groups_become_ownerless() {
    let w = World::new().await;
    w.accounts(&["amy", "bob", "cid"]).await;
    w.group("g1", "Work", "amy").await;
    w.group("g2", "Public", "bob").await;
    w.group("live", "AVChatRoom", "amy").await;
    for (group, who) in [("g1", "bob,cid"), ("g2", "amy")] {
        store::member::add(w.scope(&admin()), group, who).await.unwrap();
    }
    let chosen = vec!["amy".to_owned(), "ghost".to_owned(), "amy".to_owned()];
    let summary = store::account::summary(w.scope(&viewer()), chosen.clone(), Matching::default()).await.unwrap();
    assert_eq!((summary.accounts, summary.owned_groups, summary.memberships, summary.first.len()), (1, 2, 2, 1));
    let report = store::account::delete(w.scope(&admin()), chosen, "").await.unwrap();
    assert_eq!((report.done, report.refused.len(), report.gone), (1, 0, vec!["ghost".to_owned()]));
    let g1 = store::group::get(w.scope(&viewer()), "g1").await.unwrap();
    assert_eq!((g1.owner, g1.member_count), (None, Some(2)));
    assert_eq!(store::group::get(w.scope(&viewer()), "g2").await.unwrap().member_count, Some(1));
    assert_eq!(store::group::get(w.scope(&viewer()), "live").await.unwrap().owner, None);
    let members = store::member::list(w.scope(&viewer()), "g1", &ListParams::default()).await.unwrap();
    assert_eq!(members.items.iter().map(|m| m.username.as_str()).collect::<Vec<_>>(), ["bob", "cid"]);
    let event = w.last_done().await;
    assert!(event.changes.iter().any(|c| c.field == "owned_group_ids" && c.before.as_deref() == Some(r#"["g1","live"]"#)));
    assert!(event.changes.iter().all(|c| c.after.is_none()));
    w.sound().await;
}

#[tokio::test]
async fn suggestions_begin_with_the_term_first() {
    let w = World::new().await;
    w.accounts(&["lin", "li_na", "collin", "ali", "bob"]).await;
    let mut input = new_account("zhang");
    input.nickname = "李小明".into();
    store::account::create(w.scope(&admin()), &input).await.unwrap();
    let suggest = async |term: &str| {
        let people = store::account::suggest(w.scope(&viewer()), term).await.unwrap();
        people.into_iter().map(|person| person.username).collect::<Vec<_>>()
    };
    assert_eq!(suggest("li").await, ["li_na", "lin", "ali", "collin"]);
    assert_eq!(suggest("lin").await, ["lin", "collin"]);
    assert_eq!(suggest("小明").await, ["zhang"]);
    assert_eq!(suggest("李小明").await, ["zhang"]);
    assert_eq!(suggest("").await.len(), 6);
    assert_eq!(suggest("%").await, Vec::<String>::new());
    w.fill(50).await;
    assert_eq!(suggest("u0").await.len(), 8);
}
