//! The whole group model: flags, roles, transfer, mutes, block and allow lists, shared files, each with its event.

use domain::{
    Actor, Caller, Code, Error,
    error::Conflict,
    event::{Action, EventParams, EventSubject, Outcome},
    group::{
        EditGroupInput, GroupSettingsInput, GroupType,
        access::OwnAccess,
        checked::{GroupPatch, NewGroup, NewId},
        rules::{ApiGroupName, Avatar, CustomText, Description, MemberLimit},
    },
    limits,
    member::{BatchPolicy, MemberChange, MemberList, MemberRole, MembershipState, UsernameMatch},
    page::{ListParams, Reason},
};
use store::db::query;
use world::{World, admin, broken, viewer};

fn strings(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// A world with a group `g` of four, owned by amy.
pub async fn room() -> World {
    let w = World::new().await;
    w.accounts(&["amy", "bob", "cid", "dan", "eve"]).await;
    w.group("g", "Public", "amy").await;
    store::member::add(w.scope(&admin()), "g", "bob cid dan").await.unwrap();
    w
}

async fn treat(w: &World, names: &[&str], what: MemberChange) -> Vec<Option<Reason>> {
    let how = (UsernameMatch::Exact, BatchPolicy::BestEffort);
    let treated = store::member::change_in_group(w.scope(&admin()), "g", strings(names), what, how).await;
    treated.unwrap().into_iter().map(|treated| treated.result.err()).collect()
}

async fn on(w: &World, list: MemberList) -> Vec<String> {
    let listed = store::member::list_of(w.scope(&viewer()), "g", list).await.unwrap();
    listed.into_iter().map(|(name, _)| name).collect()
}

async fn roles(w: &World) -> Vec<(String, MemberRole)> {
    let rows = store::member::list(w.scope(&viewer()), "g", &ListParams::default()).await.unwrap().items;
    let mut roles: Vec<_> = rows.into_iter().map(|row| (row.username, row.role)).collect();
    roles.sort();
    roles
}

#[tokio::test]
async fn admins_come_and_go_and_ownership_is_handed_over() {
    let w = room().await;
    let set = treat(&w, &["bob", "amy", "eve", "ghost", "bob"], MemberChange::SetAdmin).await;
    assert_eq!(set, [None, Some(Reason::Owner), Some(Reason::NotMember), Some(Reason::NotRegistered)]);
    assert_eq!(store::member::admins(w.scope(&viewer()), "g").await.unwrap(), ["bob"]);
    let event = w.last_done().await;
    assert_eq!((event.row.action, event.row.target.as_str()), (Action::MemberRole, "g"));

    let to = async |name: &str| store::member::transfer(w.scope(&admin()), "g", name, UsernameMatch::Exact).await;
    assert_eq!(to("amy").await, Err(Error::refused("amy", Reason::Owner)));
    assert_eq!(to("eve").await, Err(Error::refused("eve", Reason::NotMember)));
    assert_eq!(to("BOB").await, Err(Error::refused("BOB", Reason::NotRegistered)));
    to("bob").await.unwrap();
    use MemberRole as R;
    let expected = [("amy", R::Member), ("bob", R::Owner), ("cid", R::Member), ("dan", R::Member)];
    assert_eq!(roles(&w).await, expected.map(|(name, role)| (name.to_owned(), role)));
    assert_eq!(treat(&w, &["bob", "cid"], MemberChange::UnsetAdmin).await, [Some(Reason::NotAdmin); 2]);
    assert_eq!(store::group::get(w.scope(&viewer()), "g").await.unwrap().owner.unwrap().username, "bob");
    assert_eq!(store::member::transfer(w.scope(&viewer()), "g", "cid", UsernameMatch::Exact).await, Err(Error::Forbidden));
    w.sound().await;
}

#[tokio::test]
async fn a_group_has_at_most_ninety_nine_admins() {
    let w = World::new().await;
    w.fill(105).await;
    w.group("g", "Work", "u0001").await;
    let all: Vec<String> = (2..=105).map(|n| format!("u{n:04}")).collect();
    store::member::add(w.scope(&admin()), "g", &all.join(" ")).await.unwrap();
    let report = store::member::change(w.scope(&admin()), "g", all.clone(), MemberChange::SetAdmin).await.unwrap();
    assert_eq!((report.done, report.refused.len()), (99, 5));
    assert!(report.refused.iter().all(|refusal| refusal.reason == Reason::TooManyAdmins));
    let how = (UsernameMatch::Exact, BatchPolicy::AllOrNothing);
    let last = all.last().cloned().into_iter().collect();
    let one = store::member::change_in_group(w.scope(&admin()), "g", last, MemberChange::SetAdmin, how).await;
    assert_eq!(one, Err(Error::refused("u0105", Reason::TooManyAdmins)));
}

#[tokio::test]
async fn mutes_end_and_outlive_the_membership() {
    let w = room().await;
    let soon = store::db::now() + 60_000;
    assert_eq!(treat(&w, &["bob", "amy"], MemberChange::Mute { until: soon }).await, [None, Some(Reason::Owner)]);
    assert_eq!(treat(&w, &["cid"], MemberChange::Mute { until: store::db::now() - 1 }).await, [None]);
    assert_eq!(on(&w, MemberList::Mute).await, ["bob"], "what has ended is not listed");
    treat(&w, &["bob"], MemberChange::Mute { until: limits::MUTED_FOREVER }).await;
    let listed = store::member::list_of(w.scope(&viewer()), "g", MemberList::Mute).await.unwrap();
    assert_eq!(listed, [("bob".to_owned(), Some(limits::MUTED_FOREVER))]);
    // Whichever way a member leaves: the list names members, and one who returns is still muted.
    for blocked in [false, true] {
        match blocked {
            false => drop(store::member::delete(w.scope(&admin()), "g", strings(&["bob"]), "").await.unwrap()),
            true => assert_eq!(treat(&w, &["bob"], MemberChange::Block).await, [None]),
        }
        assert!(on(&w, MemberList::Mute).await.is_empty(), "blocked: {blocked}");
        let page = store::member::listed(w.scope(&viewer()), "g", MemberList::Mute, &ListParams::default()).await.unwrap();
        assert_eq!((page.items.len(), page.total.number), (0, 0), "as the console shows it");
        assert_eq!(store::group::get(w.scope(&viewer()), "g").await.unwrap().listed.muted, 0);
        if blocked {
            treat(&w, &["bob"], MemberChange::Unblock).await;
        }
        store::member::add(w.scope(&admin()), "g", "bob").await.unwrap();
        let rows = store::member::list(w.scope(&viewer()), "g", &ListParams::default()).await.unwrap().items;
        assert_eq!(rows.iter().find(|row| row.username == "bob").unwrap().muted_until, Some(limits::MUTED_FOREVER));
        assert_eq!(on(&w, MemberList::Mute).await, ["bob"]);
        assert_eq!(store::group::get(w.scope(&viewer()), "g").await.unwrap().listed.muted, 1);
    }
    assert_eq!(treat(&w, &["bob", "eve"], MemberChange::Unmute).await, [None, None]);
    assert!(on(&w, MemberList::Mute).await.is_empty());
}

#[tokio::test]
async fn how_a_member_stands_is_told() {
    let w = room().await;
    let standing = async |name: &str| store::member::membership_state(w.scope(&viewer()), "g", name).await.unwrap();
    let plain = MembershipState { role: MemberRole::Member, muted: false, allowed: false };
    assert_eq!(standing("bob").await, Some(plain));
    treat(&w, &["bob"], MemberChange::SetAdmin).await;
    treat(&w, &["bob"], MemberChange::Mute { until: limits::MUTED_FOREVER }).await;
    treat(&w, &["bob"], MemberChange::Allow).await;
    assert_eq!(standing("bob").await, Some(MembershipState { role: MemberRole::Admin, muted: true, allowed: true }));
    treat(&w, &["bob"], MemberChange::Mute { until: store::db::now() - 1 }).await;
    assert!(!standing("bob").await.unwrap().muted, "it has ended");
    assert_eq!((standing("eve").await, standing("ghost").await), (None, None));
    assert_eq!(standing("amy").await.unwrap().role, MemberRole::Owner);
}

#[tokio::test]
async fn who_is_blocked_leaves_and_stays_away() {
    let w = room().await;
    treat(&w, &["bob", "cid"], MemberChange::Allow).await;
    let blocked = treat(&w, &["bob", "amy", "eve", "ghost"], MemberChange::Block).await;
    assert_eq!(blocked, [None, Some(Reason::Owner), Some(Reason::NotMember), Some(Reason::NotRegistered)]);
    assert_eq!(on(&w, MemberList::Block).await, ["bob"]);
    assert_eq!(on(&w, MemberList::Allow).await, ["cid"], "only members stand on the allow list");
    let report = store::member::add(w.scope(&admin()), "g", "bob eve").await.unwrap();
    assert_eq!((report.done, report.refused[0].reason), (1, Reason::Blocked));
    assert_eq!(treat(&w, &["bob", "cid"], MemberChange::Unblock).await, [None, Some(Reason::NotBlocked)]);
    assert!(!roles(&w).await.iter().any(|(name, _)| name == "bob"), "unblocking brings nobody back");
    assert_eq!(store::member::add(w.scope(&admin()), "g", "bob").await.unwrap().done, 1);
    store::account::delete(w.scope(&admin()), strings(&["cid"]), "").await.unwrap();
    assert!(on(&w, MemberList::Allow).await.is_empty());
    let group = store::group::get(w.scope(&viewer()), "g").await.unwrap();
    assert_eq!((group.listed.muted, group.listed.blocked, group.listed.allowed), (0, 0, 0));
    w.sound().await;
}

#[tokio::test]
async fn all_or_nothing_means_nothing_and_leaves_one_refusal() {
    let w = room().await;
    let how = (UsernameMatch::ExactOrLowercase, BatchPolicy::AllOrNothing);
    let before = w.event_count().await;
    let names = strings(&["BOB", "eve"]);
    let mixed = store::member::change_in_group(w.scope(&admin()), "g", names, MemberChange::Block, how).await;
    assert_eq!(mixed, Err(Error::refused("eve", Reason::NotMember)));
    assert_eq!(w.event_count().await, before + 1);
    assert_eq!(w.events().await[0].outcome, Outcome::Refused);
    assert!(on(&w, MemberList::Block).await.is_empty());
    let added = store::member::add_named(w.scope(&admin()), "g", strings(&["Bob", "EVE", "eve"])).await;
    assert_eq!(added, Ok(strings(&["eve"])), "names in any case, each once, members passed over");
    let again = store::member::add_named(w.scope(&admin()), "g", strings(&["bob"])).await;
    assert_eq!(again, Err(Error::refused("bob", Reason::AlreadyMember)));
    let unknown = store::member::add_named(w.scope(&admin()), "g", strings(&["bob", "ghost"])).await;
    assert_eq!(unknown, Err(Error::refused("ghost", Reason::NotRegistered)));
}

#[tokio::test]
async fn an_account_belongs_to_at_most_five_hundred_groups() {
    let w = World::new().await;
    w.accounts(&["amy", "bob"]).await;
    w.fill(501).await;
    let mut raw = w.raw().await;
    query(
        "INSERT INTO member (group_key, account_key, role, joined_at)
         SELECT g.id, (SELECT id FROM account WHERE username = 'amy'), 'Member', 1 FROM \"group\" g ORDER BY g.id LIMIT 499",
    )
    .execute(&mut raw)
    .await
    .unwrap();
    w.recount().await;
    w.group("five-hundredth", "Work", "amy").await;
    let report = store::member::add(w.scope(&admin()), "g0500", "amy bob").await.unwrap();
    assert_eq!((report.done, report.refused[0].reason), (1, Reason::TooManyGroups));
    let own = world::new_group("one-more", "Work", "amy");
    let refused = store::group::create(w.scope(&admin()), &own).await;
    assert_eq!(refused, Err(Error::refused("amy", Reason::TooManyGroups)));
}

fn new_group(members: &[&str]) -> NewGroup {
    NewGroup {
        name: ApiGroupName::parse(&"n".repeat(100)).unwrap().into(),
        owner: Some("AMY".into()),
        group_type: GroupType::of_access(true, true),
        id: NewId::Digits,
        introduction: Some(Description::parse(&"d".repeat(512)).unwrap().into()),
        max_member_count: Some(MemberLimit::of(3).unwrap()),
        access: OwnAccess { members_only: Some(true), ..OwnAccess::default() },
        custom: Some(CustomText::parse("{}").unwrap()),
        avatar: Some(Avatar::parse("https://example.org/a.png").unwrap()),
        members: strings(members),
    }
}

#[tokio::test]
async fn a_group_is_made_with_its_members_or_not_at_all() {
    let w = World::new().await;
    w.accounts(&["amy", "bob", "cid", "dan"]).await;
    let make = async |members: &[&str]| store::group::create_new(w.scope(&admin()), new_group(members)).await;
    let id = make(&["Bob", "cid", "amy", "bob"]).await.unwrap();
    assert!(id.len() == 15 && id.bytes().all(|b| b.is_ascii_digit()), "{id}");
    let found = store::group::api_details(w.scope(&viewer()), &["none".into(), id.clone()]).await.unwrap();
    assert_eq!(found.missing, ["none"]);
    let found = found.groups;
    let names: Vec<_> = found[0].affiliations.iter().map(|one| (one.username.as_str(), one.role)).collect();
    assert_eq!(names, [("cid", MemberRole::Member), ("bob", MemberRole::Member), ("amy", MemberRole::Owner)]);
    assert_eq!(found[0].avatar, "https://example.org/a.png");
    assert!(found[0].access.public && found[0].access.members_only && found[0].max_members == 3 && found[0].member_count == 3);
    assert_eq!(make(&["bob", "cid", "dan"]).await, Err(Error::refused("dan", Reason::GroupFull)));
    assert_eq!(broken(make(&["ghost"]).await), [r#"members: NotRegistered(["ghost"])"#]);
    assert_eq!(store::group::joined(w.scope(&viewer()), "CID", (0, 9)).await.unwrap().len(), 1);
    w.sound().await;
}

#[tokio::test]
async fn settings_change_only_what_differs_and_keep_room_for_the_members() {
    let w = room().await;
    let patch = |max: Option<i64>| GroupPatch {
        max_member_count: Some(max.map(|max| MemberLimit::of(max).unwrap())),
        ..GroupPatch::default()
    };
    let modify = async |patch| store::group::modify(w.scope(&admin()), "g", patch).await;
    let code = Code::NotNumber { min: 4, max: 2000 };
    assert_eq!(modify(patch(Some(3))).await, Err(Error::field("max_member_count", code)));
    modify(patch(Some(4))).await.unwrap();
    let version = async || store::group::get(w.scope(&viewer()), "g").await.unwrap().version;
    let now = version().await;
    modify(patch(Some(4))).await.unwrap();
    assert_eq!(version().await, now, "nothing differs");
    let input = GroupSettingsInput {
        max_member_count: String::new(),
        members_only: "no".into(),
        allow_invites: "yes".into(),
        invite_need_confirm: "no".into(),
        custom: "a\r\nb".into(),
        version: now.to_string(),
    };
    store::group::configure(w.scope(&admin()), "g", &input).await.unwrap();
    let group = store::group::get(w.scope(&viewer()), "g").await.unwrap();
    assert!(group.access.public && !group.access.members_only && group.access.allow_invites && !group.access.invite_need_confirm);
    assert_eq!((group.custom.as_str(), group.max_member_count), ("a\nb", Some(2000)));
    let stale = store::group::configure(w.scope(&admin()), "g", &input).await;
    assert_eq!(stale, Err(Error::Conflict(Conflict::ChangedMeanwhile)));
    let wrong = GroupSettingsInput { max_member_count: "0".into(), members_only: "maybe".into(), ..input };
    assert_eq!(
        broken(store::group::configure(w.scope(&admin()), "g", &wrong).await),
        ["max_member_count: NotNumber { min: 1, max: 2000 }", "members_only: NotChoice"]
    );
}

#[tokio::test]
async fn a_group_that_is_to_be_found_gets_another_type() {
    let w = room().await;
    let modify = async |patch| store::group::modify(w.scope(&admin()), "g", patch).await;
    let now = async || store::group::get(w.scope(&viewer()), "g").await.unwrap();
    let before = now().await;
    assert!(before.access.public);
    let turn = |public| GroupPatch { public: Some(public), ..GroupPatch::default() };
    modify(turn(true)).await.unwrap();
    assert_eq!(now().await, before, "so it was");
    modify(GroupPatch { avatar: Some(Avatar::parse("a").unwrap()), ..turn(false) }).await.unwrap();
    let hidden = now().await;
    assert_eq!((hidden.group_type, hidden.avatar.as_str()), (GroupType::Work, "a"));
    assert_eq!(hidden.access, domain::group::access::Access { public: false, ..before.access });
    let event = w.last_done().await;
    let kind = event.changes.iter().find(|change| change.field == "type").unwrap();
    assert_eq!((kind.before.as_deref(), kind.after.as_deref()), (Some(before.group_type.as_str()), Some("Work")));
    modify(turn(true)).await.unwrap();
    assert_eq!(now().await.group_type, before.group_type);
    store::group::create(w.scope(&admin()), &world::new_group("av", "AVChatRoom", "amy")).await.unwrap();
    let refused = store::group::modify(w.scope(&admin()), "av", turn(false)).await;
    assert_eq!(refused, Err(Error::Conflict(Conflict::NoMemberList)));
    w.sound().await;
}

#[tokio::test]
async fn the_console_keeps_a_longer_name_that_the_api_gave() {
    let w = World::new().await;
    w.accounts(&["amy"]).await;
    let id = store::group::create_new(w.scope(&admin()), new_group(&[])).await.unwrap();
    let edit = |name: String| EditGroupInput { name, introduction: "short".into(), version: "1".into() };
    store::group::edit(w.scope(&admin()), &id, &edit("n".repeat(100))).await.unwrap();
    let longer = EditGroupInput { version: "2".into(), ..edit("m".repeat(100)) };
    let refused = store::group::edit(w.scope(&admin()), &id, &longer).await;
    assert_eq!(broken(refused), ["name: TooManyBytes { max: 30, actual: 100 }"]);
}

#[tokio::test]
async fn announcements_hold_five_hundred_and_twelve_characters() {
    let w = room().await;
    let announce = async |text: &str| store::group::announce(w.scope(&admin()), "g", text).await;
    announce(&"公".repeat(512)).await.unwrap();
    assert_eq!(broken(announce(&"公".repeat(513)).await), ["announcement: TooManyChars { max: 512, actual: 513 }"]);
    assert_eq!(store::group::announcement(w.scope(&viewer()), "g").await.unwrap(), "公".repeat(512));
    announce("").await.unwrap();
    assert_eq!(store::group::announcement(w.scope(&viewer()), "g").await.unwrap(), "");
    store::group::mute_all(w.scope(&admin()), "g", true).await.unwrap();
    let before = w.event_count().await;
    store::group::mute_all(w.scope(&admin()), "g", true).await.unwrap();
    assert_eq!(w.event_count().await, before, "it was so already");
    assert!(store::group::get(w.scope(&viewer()), "g").await.unwrap().mute_all);
}

#[tokio::test]
async fn an_announcement_that_nobody_has_seen_is_not_overwritten_by_a_form() {
    let w = room().await;
    let over = async |text: &str, seen: &str| store::group::announce_over(w.scope(&admin()), "g", text, seen).await;
    let seen = async || store::group::get(w.scope(&viewer()), "g").await.unwrap().announced_at.unwrap().to_string();
    over("first", "").await.unwrap();
    let first = seen().await;
    over("second", &first).await.unwrap();
    assert_ne!(seen().await, first, "within one millisecond, too");
    for stale in ["", first.as_str(), "nonsense"] {
        assert_eq!(over("third", stale).await, Err(Error::Conflict(Conflict::ChangedMeanwhile)), "{stale}");
    }
    assert_eq!(store::group::announcement(w.scope(&viewer()), "g").await.unwrap(), "second");
    store::group::announce(w.scope(&admin()), "g", "from a back end").await.unwrap();
    assert_eq!(store::group::announcement(w.scope(&viewer()), "g").await.unwrap(), "from a back end");
}

#[tokio::test]
async fn a_group_s_events_say_who_or_what_they_are_about() {
    let w = room().await;
    treat(&w, &["bob"], MemberChange::Mute { until: limits::MUTED_FOREVER }).await;
    treat(&w, &["ghost"], MemberChange::Block).await;
    store::group::announce(w.scope(&admin()), "g", "x").await.unwrap();
    let page = store::event::list_of_group(w.scope(&viewer()), "g", &EventParams::default()).await.unwrap().page;
    let subjects: Vec<EventSubject> = page.items.into_iter().take(3).map(|row| row.subject).collect();
    let named = |name: &str| EventSubject::Named(name.to_owned());
    assert_eq!(subjects, [EventSubject::Fields(strings(&["announcement"])), named("ghost"), named("bob")]);
}

#[tokio::test]
async fn a_credential_reaches_its_own_app_and_no_other() {
    let w = room().await;
    let key = |app: &domain::application::AppId| {
        let own = format!("{app:?}");
        let number: i64 = own.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap();
        Caller {
            actor: Actor::Credential { id: 1, name: "back end".into(), app: number, rights: Default::default() },
            address: None,
            proof: None,
        }
    };
    let (own, other) = (key(&w.app), key(&w.other));
    store::member::add_named(w.scope(&own), "g", strings(&["eve"])).await.unwrap();
    let event = w.events().await.remove(0);
    assert_eq!((event.actor.as_str(), event.operator.as_str()), ("credential", "back end"));
    assert_eq!(store::member::add_named(w.scope(&other), "g", strings(&["eve"])).await, Err(Error::Forbidden));
    assert_eq!(store::member::admins(w.scope(&other), "g").await, Err(Error::Forbidden));
    assert_eq!(store::operator::list(&w.store, &own).await.unwrap_err(), Error::Forbidden);
    let account = Caller {
        actor: Actor::Account { id: 1, username: "amy".into(), app: 1, rights: Default::default(), through: None },
        address: None,
        proof: None,
    };
    assert_eq!(store::group::announce(w.scope(&account), "g", "x").await, Err(Error::Forbidden));
}

#[tokio::test]
async fn what_was_so_already_is_no_event() {
    let w = room().await;
    let change = async |what: MemberChange| {
        assert_eq!(treat(&w, &["bob"], what).await, [None], "{what:?}");
        w.event_count().await
    };
    for (what, back) in [
        (MemberChange::SetAdmin, MemberChange::UnsetAdmin),
        (MemberChange::Mute { until: i64::MAX }, MemberChange::Unmute),
        (MemberChange::Allow, MemberChange::Disallow),
    ] {
        let before = w.event_count().await;
        assert_eq!(change(what).await, before + 1, "{what:?}");
        assert_eq!(change(what).await, before + 1, "{what:?} again");
        assert_eq!(change(back).await, before + 2, "{back:?}");
    }
    let before = w.event_count().await;
    assert_eq!(change(MemberChange::Unmute).await, before);
    assert_eq!(change(MemberChange::Disallow).await, before);
}
