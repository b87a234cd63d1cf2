//! Operators: set-up links, signing in, roles, passwords, and what nobody may do.

use domain::{
    Actor, Caller, Error,
    error::{Conflict, Entity},
    event::{self, EventParams, Outcome},
    operator::{self, Language, Role, SetupKind, Theme},
};
use store::{
    db::{query, query_scalar},
    operator::{NewPasswordInput, set_up},
    session,
};
use world::{PASSWORD, World, broken};

use crate::sessions::stored;

fn nobody() -> Caller {
    Caller::anonymous(Some("198.51.100.9".into()))
}

fn new_password<'a>(current: &'a str, password: &'a str) -> NewPasswordInput<'a> {
    NewPasswordInput { current, password, repeat: password, stop_jobs: false }
}

fn caller(me: &operator::Me) -> Caller {
    Caller { actor: Actor::Operator { id: me.id, name: me.name.clone(), role: me.role }, address: None, proof: None }
}

#[tokio::test]
async fn the_first_operator_is_set_up_once() {
    let w = World::new().await;
    assert!(!store::operator::is_set_up(&w.store).await.unwrap());
    let old = store::operator::first_setup_link(&w.store).await.unwrap();
    let link = store::operator::first_setup_link(&w.store).await.unwrap();
    assert!(link.token.len() >= 43 && link.token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
    assert_eq!(store::operator::setup_kind(&w.store, &old.token).await, Err(Error::NotFound(Entity::SetupLink)));
    assert_eq!(store::operator::setup_kind(&w.store, &link.token).await, Ok(SetupKind::First));
    assert_eq!(
        broken(set_up(&w.store, &nobody(), &link.token, "", "short", "").await),
        ["name: Required", "password: TooFewChars { min: 10, actual: 5 }"]
    );
    let me = set_up(&w.store, &nobody(), &link.token, " Ada ", PASSWORD, PASSWORD).await.unwrap();
    assert_eq!((me.name.as_str(), me.role, me.theme), ("Ada", Role::Owner, Theme::Auto));
    assert!(store::operator::is_set_up(&w.store).await.unwrap());
    let again = set_up(&w.store, &nobody(), &link.token, "Eve", PASSWORD, PASSWORD).await;
    assert_eq!(again, Err(Error::NotFound(Entity::SetupLink)));
    assert_eq!(store::operator::first_setup_link(&w.store).await, Err(Error::Conflict(Conflict::AlreadySetUp)));
    let hashes: Vec<Vec<u8>> = query_scalar("SELECT token_hash FROM setup_link").fetch_all(&mut w.raw().await).await.unwrap();
    assert!(hashes.is_empty());
}

#[tokio::test]
async fn signing_in_tells_nothing_and_records_everything() {
    let w = World::new().await;
    w.operator("Ada", Role::Owner).await;
    let me = store::operator::sign_in(&w.store, &nobody(), " ada ", PASSWORD, None).await.unwrap();
    assert_eq!(me.name, "Ada");
    for (name, password) in [("ada", "wrong password"), ("nobody", PASSWORD), ("", ""), ("ada", "")] {
        assert_eq!(store::operator::sign_in(&w.store, &nobody(), name, password, None).await, Err(Error::SignInRefused));
    }
    store::operator::sign_in(&w.store, &nobody(), &"長".repeat(100), PASSWORD, None).await.unwrap_err();
    store::operator::sign_in_throttled(&w.store, &nobody(), "ada").await.unwrap();
    store::operator::sign_out(&w.store, &caller(&me)).await.unwrap();
    let list = store::event::list(&w.store, &Caller::system(), None, &EventParams::default()).await.unwrap().page.items;
    let told: Vec<(String, String, usize)> =
        list.iter().take(4).map(|e| (e.action.as_str().to_owned(), e.actor.clone(), e.operator.chars().count())).collect();
    assert_eq!(
        told,
        [
            ("session.sign_out".into(), "operator".into(), 3),
            // An unknown name.
            ("session.sign_in".into(), "anonymous".into(), 0),
            ("session.sign_in".into(), "anonymous".into(), 0),
            ("session.sign_in".into(), "anonymous".into(), 0),
        ]
    );
    let done = list.iter().find(|e| e.outcome == Outcome::Done && e.action == event::Action::SignIn).unwrap();
    assert_eq!((done.operator.as_str(), done.address.as_deref()), ("Ada", Some("198.51.100.9")));
    assert!(store::operator::list_all(&w.store).await.unwrap()[0].last_sign_in_at.is_some());
    // A password in the wrong field is not stored, and of an unknown name only the beginning, throttled or not.
    store::operator::sign_in(&w.store, &nobody(), " hunter2 is my password", "", None).await.unwrap_err();
    store::operator::sign_in_throttled(&w.store, &nobody(), "hunter2 is my password").await.unwrap();
    store::operator::sign_in_throttled(&w.store, &nobody(), " ADA ").await.unwrap();
    let list = store::event::list(&w.store, &Caller::system(), None, &EventParams::default()).await.unwrap().page.items;
    let told: Vec<(&str, &str)> = list.iter().take(3).map(|e| (e.target.as_str(), e.operator.as_str())).collect();
    assert_eq!(told, [("ADA", ""), ("hu…", ""), ("hu…", "")]);
    // No password is anywhere in the database file's events.
    let leaks: i64 = query_scalar("SELECT count(*) FROM event WHERE coalesce(state_after, '') || target LIKE '%password%'")
        .fetch_one(&mut w.raw().await)
        .await
        .unwrap();
    assert_eq!(leaks, 0);
}

#[tokio::test]
async fn added_operators_choose_their_password_through_a_link() {
    let w = World::new().await;
    let ada = w.operator("Ada", Role::Owner).await;
    let link = store::operator::add(&w.store, &ada, "Bo", "viewer").await.unwrap();
    assert_eq!(broken(store::operator::add(&w.store, &ada, "BO", "viewer").await), ["name: Taken"]);
    assert_eq!(broken(store::operator::add(&w.store, &ada, " ", "king").await), ["name: Required", "role: NotChoice"]);
    assert!(store::operator::list(&w.store, &ada).await.unwrap().iter().any(|row| row.name == "Bo" && row.pending));
    assert_eq!(store::operator::sign_in(&w.store, &nobody(), "Bo", "", None).await, Err(Error::SignInRefused));
    assert_eq!(store::operator::setup_kind(&w.store, &link.token).await, Ok(SetupKind::Operator { name: "Bo".into() }));
    assert_eq!(broken(set_up(&w.store, &nobody(), &link.token, "", PASSWORD, "x").await), ["repeat: Mismatch"]);
    let bo = set_up(&w.store, &nobody(), &link.token, "ignored", PASSWORD, PASSWORD).await.unwrap();
    assert_eq!((bo.name.as_str(), bo.role), ("Bo", Role::Viewer));
    assert_eq!(store::operator::list(&w.store, &caller(&bo)).await, Err(Error::Forbidden));
    assert_eq!(store::operator::add(&w.store, &caller(&bo), "Cy", "owner").await, Err(Error::Forbidden));

    // A link runs out.
    let reset = store::operator::reset_password(&w.store, &ada, bo.id).await.unwrap();
    assert_eq!(store::operator::me(&w.store, bo.id).await, Ok(None));
    query("UPDATE setup_link SET expires_at = 5").execute(&mut w.raw().await).await.unwrap();
    assert_eq!(store::operator::setup_kind(&w.store, &reset.token).await, Err(Error::NotFound(Entity::SetupLink)));
}

#[tokio::test]
async fn the_last_owner_stays_and_nobody_demotes_themselves() {
    let w = World::new().await;
    let ada = w.operator("Ada", Role::Owner).await;
    let id = ada.operator_id().unwrap();
    let last = Err(Error::Conflict(Conflict::LastOwner));
    assert_eq!(store::operator::set_disabled(&w.store, &ada, id, true).await, last);
    assert_eq!(store::operator::change_role(&w.store, &ada, id, "viewer").await, last);
    assert_eq!(store::operator::set_disabled_by_name(&w.store, &Caller::system(), "ada", true).await, last);
    // A second owner without a password does not count.
    let link = store::operator::add(&w.store, &ada, "Bo", "owner").await.unwrap();
    assert_eq!(store::operator::set_disabled(&w.store, &ada, id, true).await, last);
    let bo = set_up(&w.store, &nobody(), &link.token, "", PASSWORD, PASSWORD).await.unwrap();
    let oneself = Error::Conflict(Conflict::Oneself);
    assert_eq!(store::operator::set_disabled(&w.store, &ada, id, true).await, Err(oneself.clone()));
    assert_eq!(store::operator::change_role(&w.store, &ada, id, "admin").await, Err(oneself.clone()));
    assert_eq!(store::operator::reset_password(&w.store, &ada, id).await, Err(oneself));
    store::operator::change_role(&w.store, &caller(&bo), id, "admin").await.unwrap();
    store::operator::set_disabled(&w.store, &caller(&bo), id, true).await.unwrap();
    assert_eq!(store::operator::me(&w.store, id).await, Ok(None));
    assert_eq!(store::operator::sign_in(&w.store, &nobody(), "Ada", PASSWORD, None).await, Err(Error::SignInRefused));
    store::operator::set_disabled(&w.store, &caller(&bo), id, false).await.unwrap();
    assert!(store::operator::sign_in(&w.store, &nobody(), "Ada", PASSWORD, None).await.is_ok());
    assert_eq!(store::operator::change_role(&w.store, &caller(&bo), 999, "admin").await, Err(Error::NotFound(Entity::Operator)));
}

#[tokio::test]
async fn passwords_and_disabling_end_sessions() {
    let w = World::new().await;
    let ada = w.operator("Ada", Role::Owner).await;
    let bo = w.operator("Bo", Role::Viewer).await;
    let (a, b) = (ada.operator_id().unwrap(), bo.operator_id().unwrap());
    for (n, id) in [(1, a), (2, a), (3, b), (4, b)] {
        assert!(session::create(&w.store, &stored(n, Some(id))).await.unwrap());
    }
    let alive = async |n| session::load(&w.store, session::hash_id(&[n])).await.unwrap().is_some();
    assert_eq!(
        broken(store::operator::change_password(&w.store, &ada, new_password("wrong", "short"), None).await),
        ["current: WrongPassword", "password: TooFewChars { min: 10, actual: 5 }"]
    );
    store::operator::change_password_throttled(&w.store, &ada).await.unwrap();
    let told = w.refused_items(event::Action::OperatorPassword).await;
    assert_eq!(told[1..], [r#"Ada {"error":"throttled"}"#]);
    assert_eq!(store::operator::change_password_throttled(&w.store, &nobody()).await, Err(Error::Unauthenticated));
    store::operator::change_password(&w.store, &ada, new_password(PASSWORD, "another long one"), Some(session::hash_id(&[1])))
        .await
        .unwrap();
    assert!(alive(1).await && !alive(2).await && alive(3).await);
    assert!(store::operator::sign_in(&w.store, &nobody(), "Ada", "another long one", None).await.is_ok());

    let rows = store::operator::sessions(&w.store, &bo, Some(session::hash_id(&[3]))).await.unwrap();
    assert_eq!((rows.len(), rows.iter().filter(|row| row.current).count()), (2, 1));
    // No operator ends a session of another one.
    assert_eq!(store::operator::end_session(&w.store, &ada, rows[0].id).await, Err(Error::NotFound(Entity::Session)));
    assert_eq!(store::operator::end_other_sessions(&w.store, &bo, Some(session::hash_id(&[3]))).await, Ok(1));
    assert!(alive(3).await && !alive(4).await);
    store::operator::set_disabled(&w.store, &ada, b, true).await.unwrap();
    assert!(!alive(3).await);
    // A request that was under way saves its session: it stays ended.
    session::save(&w.store, &stored(3, Some(b))).await.unwrap();
    assert!(!alive(3).await);

    store::operator::set_preferences(&w.store, &ada, Some(Language::Ko), None).await.unwrap();
    store::operator::set_preferences(&w.store, &ada, None, Some(Theme::Dark)).await.unwrap();
    let me = store::operator::me(&w.store, a).await.unwrap().unwrap();
    assert_eq!((me.language, me.theme), (Some(Language::Ko), Theme::Dark));
}

#[tokio::test]
async fn the_command_line_works_by_name() {
    let w = World::new().await;
    let system = Caller::system();
    let link = store::operator::first_setup_link(&w.store).await.unwrap();
    store::operator::add_with_password(&w.store, &system, "admin", Role::Owner, PASSWORD).await.unwrap();
    assert_eq!(store::operator::setup_kind(&w.store, &link.token).await, Err(Error::NotFound(Entity::SetupLink)));
    let weak = store::operator::add_with_password(&w.store, &system, "x", Role::Owner, "password123").await;
    assert_eq!(broken(weak), ["password: CommonPassword"]);
    store::operator::set_password(&w.store, &system, "ADMIN", "quite another one").await.unwrap();
    assert!(store::operator::sign_in(&w.store, &nobody(), "admin", "quite another one", None).await.is_ok());
    let missing = store::operator::set_password(&w.store, &system, "ghost", PASSWORD).await;
    assert_eq!(missing, Err(Error::NotFound(Entity::Operator)));
    assert_eq!(store::operator::list_all(&w.store).await.unwrap().len(), 1);
}

#[tokio::test]
async fn passwords_are_held_against_the_names_of_this_server() {
    let w = World::new().await;
    let system = Caller::system();
    for (name, password) in
        [("known", "known12345"), ("Grace Hopper", "GraceHopper1"), ("x", "acme-chat-1"), ("x", "Roster2026!")]
    {
        let added = store::operator::add_with_password(&w.store, &system, name, Role::Admin, password).await;
        assert_eq!(broken(added), ["password: CommonPassword"], "{name} {password}");
    }
    let ada = w.operator("Ada Lovelace", Role::Owner).await;
    let own = store::operator::change_password(&w.store, &ada, new_password(PASSWORD, "AdaLovelace9"), None).await;
    assert_eq!(broken(own), ["password: CommonPassword"]);
    let link = store::operator::add(&w.store, &ada, "Margaret", "viewer").await.unwrap();
    assert_eq!(
        broken(set_up(&w.store, &nobody(), &link.token, "", "margaret1843", "margaret1843").await),
        ["password: CommonPassword"]
    );
}

#[tokio::test]
async fn names_that_look_like_others_are_not_given_but_those_that_are_there_work() {
    let w = World::new().await;
    let ada = w.operator("Ada", Role::Owner).await;
    for (name, code) in [("Ada\u{200b}", "HiddenCharacter"), ("\u{202e}adA", "HiddenCharacter"), ("Аda", "MixedScripts")] {
        assert_eq!(broken(store::operator::add(&w.store, &ada, name, "viewer").await), [format!("name: {code}")], "{name:?}");
    }
    // One from before the rule.
    query("UPDATE operator SET name = 'A' || char(0x200b), name_key = 'a' || char(0x200b)")
        .execute(&mut w.raw().await)
        .await
        .unwrap();
    assert!(store::operator::sign_in(&w.store, &nobody(), "A\u{200b}", PASSWORD, None).await.is_ok());
}

#[tokio::test]
async fn a_browser_is_known_to_its_operator_until_the_password_changes() {
    let w = World::new().await;
    let (ada, bo) = (w.operator("Ada", Role::Owner).await, w.operator("Bo", Role::Viewer).await);
    let (a, b) = (ada.operator_id().unwrap(), bo.operator_id().unwrap());
    let cookie = store::operator::device_cookie(&w.store, a, None).await.unwrap();
    let known = async |name: &str, cookie: &str| store::operator::known_device(&w.store, name, cookie).await.unwrap();
    let device = known(" ADA ", &cookie).await.expect("known");
    assert_eq!(known("Bo", &cookie).await, None, "the cookie of another operator");
    assert_eq!(known("nobody", &cookie).await, None);
    for at in [0, 40, 50, 60, 70, cookie.len() - 1] {
        let mut changed = cookie.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        assert_eq!(known("Ada", &String::from_utf8(changed).unwrap()).await, None, "changed at {at}");
    }
    for made_up in ["", "x", &"A".repeat(96), &"A".repeat(5000), "%%%"] {
        assert_eq!(known("Ada", made_up).await, None, "{made_up}");
    }
    // Signing in again keeps the browser, and others are others.
    let again = store::operator::device_cookie(&w.store, a, Some(device)).await.unwrap();
    assert_eq!(known("Ada", &again).await, Some(device));
    let other = store::operator::device_cookie(&w.store, a, None).await.unwrap();
    assert_ne!(known("Ada", &other).await, Some(device));

    let of_bo = store::operator::device_cookie(&w.store, b, None).await.unwrap();
    store::operator::set_disabled(&w.store, &ada, b, true).await.unwrap();
    assert_eq!(known("Bo", &of_bo).await, None, "disabled");
    store::operator::set_disabled(&w.store, &ada, b, false).await.unwrap();
    assert!(known("Bo", &of_bo).await.is_some());
    store::operator::reset_password(&w.store, &ada, b).await.unwrap();
    assert_eq!(known("Bo", &of_bo).await, None, "reset");
    store::operator::change_password(&w.store, &ada, new_password(PASSWORD, "another long one"), None).await.unwrap();
    assert_eq!((known("Ada", &cookie).await, known("Ada", &again).await), (None, None), "changed");
}

/// A hash with weaker parameters, as an older Roster may have made it, is renewed at the first successful sign-in.
#[tokio::test]
async fn weak_hashes_do_not_stay() {
    const WEAK: &str = "$argon2id$v=19$m=8192,t=1,p=1$BwcHBwcHBwcHBwcHBwcHBw$c46lipaJSte6ld2ixSz6aOqD8bWjqrx7F1U1q4B6mws";
    let w = World::new().await;
    let ada = w.operator("Ada", Role::Owner).await;
    let cookie = store::operator::device_cookie(&w.store, ada.operator_id().unwrap(), None).await.unwrap();
    query("UPDATE operator SET password_hash = $1").bind(WEAK).execute(&mut w.raw().await).await.unwrap();
    let hash = async || {
        let sql = "SELECT password_hash FROM operator";
        query_scalar::<String>(sql).fetch_one(&mut w.raw().await).await.unwrap()
    };
    store::operator::sign_in(&w.store, &nobody(), "Ada", "a wrong password", None).await.unwrap_err();
    assert_eq!(hash().await, WEAK);
    store::operator::sign_in(&w.store, &nobody(), "Ada", "a few words in a row", None).await.unwrap();
    let renewed = hash().await;
    assert!(renewed.contains("$m=19456,t=2,p=1$"), "{renewed}");
    assert!(store::operator::known_device(&w.store, "Ada", &cookie).await.unwrap().is_some(), "the password is the same");
    store::operator::sign_in(&w.store, &nobody(), "Ada", "a few words in a row", None).await.unwrap();
    assert_eq!(hash().await, renewed);
}

#[tokio::test]
async fn owners_see_and_end_the_sessions_of_others() {
    let w = World::new().await;
    let (ada, bo) = (w.operator("Ada", Role::Owner).await, w.operator("Bo", Role::Admin).await);
    let (a, b) = (ada.operator_id().unwrap(), bo.operator_id().unwrap());
    for (n, id) in [(1, a), (2, b), (3, b), (4, b)] {
        assert!(session::create(&w.store, &stored(n, Some(id))).await.unwrap());
    }
    let alive = async |n| session::load(&w.store, session::hash_id(&[n])).await.unwrap().is_some();
    let current = Some(session::hash_id(&[1]));
    let rows = store::operator::sessions_of(&w.store, &ada, b, current).await.unwrap();
    assert_eq!((rows.len(), rows.iter().any(|row| row.current)), (3, false));
    assert_eq!((rows[0].address.as_deref(), rows[0].user_agent.as_str()), (Some("192.0.2.1"), "Test/1"));
    // Nobody else does.
    assert_eq!(store::operator::sessions_of(&w.store, &bo, a, None).await, Err(Error::Forbidden));
    assert_eq!(store::operator::end_session_of(&w.store, &bo, b, rows[0].id).await, Err(Error::Forbidden));
    assert_eq!(store::operator::end_sessions_of(&w.store, &bo, a, None).await, Err(Error::Forbidden));
    // The session has to be that operator's.
    let own = store::operator::sessions_of(&w.store, &ada, a, current).await.unwrap()[0].id;
    assert_eq!(store::operator::end_session_of(&w.store, &ada, b, own).await, Err(Error::NotFound(Entity::Session)));
    assert_eq!(store::operator::sessions_of(&w.store, &ada, 999, None).await, Err(Error::NotFound(Entity::Operator)));

    store::operator::end_session_of(&w.store, &ada, b, rows[0].id).await.unwrap();
    assert_eq!(store::operator::end_sessions_of(&w.store, &ada, b, current).await, Ok(2));
    assert_eq!(store::operator::end_sessions_of(&w.store, &ada, b, current).await, Ok(0));
    assert!(alive(1).await && !alive(2).await && !alive(3).await && !alive(4).await);
    let list = store::event::list(&w.store, &Caller::system(), None, &EventParams::default()).await.unwrap().page.items;
    let told: Vec<(&str, &str)> = list
        .iter()
        .filter(|row| row.action == event::Action::SessionEnd && row.outcome == Outcome::Done)
        .map(|row| (row.operator.as_str(), row.target.as_str()))
        .collect();
    assert_eq!(told, [("Ada", "Bo"), ("Ada", "Bo")]);
}
