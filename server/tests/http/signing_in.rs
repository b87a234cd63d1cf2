//! Guessing passwords and locking operators out: what strangers cannot do, and what a browser in which an operator has signed in
//! may do.

use domain::{
    Caller,
    event::{Action, EventParams, EventRow, Outcome},
};
use server::config::PublicUrl;
use store::operator as operators;

use crate::support::{Browser, PASSWORD, Roster, Setting, cookies, roster, roster_with};

const SIGN_IN: &str = "/_fn/session/sign-in";
const DEVICE: &str = "roster-device";

/// Through a trusted proxy, so that each request may have another address.
fn anywhere() -> Setting {
    Setting { proxies: vec!["127.0.0.0/8".parse().unwrap()], ..Default::default() }
}

/// Signs in from that address with nothing but these cookies; the status.
async fn from(roster: &Roster, address: &str, cookie: &str, name: &str, password: &str) -> u16 {
    let headers =
        [("accept", "application/json"), ("sec-fetch-site", "same-origin"), ("x-forwarded-for", address), ("cookie", cookie)];
    roster.browser().post(SIGN_IN, &[("name", name), ("password", password)], &headers).await.status().as_u16()
}

/// The cookie of a browser in which that operator has just signed in.
async fn device(roster: &Roster, name: &str) -> String {
    let answer = roster.browser().call(SIGN_IN, &[("name", name), ("password", PASSWORD)]).await;
    let (value, attributes) = cookies(&answer, DEVICE).pop().expect("a cookie");
    assert!(
        ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=15552000"].iter().all(|word| attributes.contains(word)),
        "{attributes}"
    );
    assert!(!attributes.contains("Secure"), "{attributes}");
    format!("{DEVICE}={value}")
}

/// Uses up the strangers' attempts for that name, after the passwords: 200 attempts at once from all over the world.
fn flood(roster: &Roster, name: &str) {
    for n in 0..201 {
        let _ = roster.server.throttle.attempt(name, Some(&format!("198.51.{}.{}", n / 200, n % 200)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_do_not_lock_an_operator_out_of_a_known_browser() {
    let roster = roster_with(anywhere()).await;
    let own = device(&roster, "admin").await;
    let of_another = device(&roster, "viewer").await;
    let made_up = format!("{DEVICE}=AAAA");
    for (cookie, what) in [("", "a browser that is not known"), (&*of_another, "known to somebody else"), (&*made_up, "made up")]
    {
        flood(&roster, "admin");
        assert_eq!(from(&roster, "203.0.113.1", cookie, "admin", PASSWORD).await, 429, "{what}");
    }
    for n in 0..15 {
        assert_eq!(from(&roster, "203.0.113.4", &own, "ADMIN", PASSWORD).await, 200, "the operator's own, time {n}");
    }
    // With a stolen cookie there are few guesses, and then none that a stranger does not have.
    for n in 0..10 {
        assert_eq!(from(&roster, "203.0.113.5", &own, "admin", "a guess").await, 401, "guess {n}");
    }
    flood(&roster, "admin");
    assert_eq!(from(&roster, "203.0.113.5", &own, "admin", "a guess").await, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_password_makes_known_browsers_strangers() {
    let roster = roster_with(anywhere()).await;
    let old = device(&roster, "admin").await;
    let browser = roster.signed_in("admin").await;
    let new = "another long password";
    let fields = [("current", PASSWORD), ("password", new), ("repeat", new)];
    let answer = browser.call("/_fn/session/change-password", &fields).await;
    assert_eq!(answer.status(), 200);
    let (value, _) = cookies(&answer, DEVICE).pop().expect("this browser stays known");
    flood(&roster, "admin");
    assert_eq!(from(&roster, "203.0.113.1", &old, "admin", new).await, 429);
    assert_eq!(from(&roster, "203.0.113.1", &format!("{DEVICE}={value}"), "admin", new).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_and_over_https_browsers_are_known_too() {
    let roster = roster().await;
    let answer = roster.browser().submit("/sign-in", SIGN_IN, &[("name", "owner"), ("password", PASSWORD)]).await;
    assert_eq!((answer.status().as_u16(), cookies(&answer, DEVICE).len()), (303, 1));
    let refused = roster.browser().submit("/sign-in", SIGN_IN, &[("name", "owner"), ("password", "wrong")]).await;
    assert!(cookies(&refused, DEVICE).is_empty());

    let public = PublicUrl { origin: "https://roster.test".into(), https: true };
    let roster = roster_with(Setting { public: Some(public), ..Default::default() }).await;
    let answer = roster.browser().call(SIGN_IN, &[("name", "owner"), ("password", PASSWORD)]).await;
    let (_, attributes) = cookies(&answer, "__Host-roster-device").pop().expect("a cookie");
    assert!(attributes.contains("Secure") && attributes.contains("Path=/"), "{attributes}");
}

/// Many names from many networks at once: some are asked to come again, at once and without an event.
#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_passwords_waits_in_a_short_line() {
    let roster = roster_with(anywhere()).await;
    let server_log = async || {
        let list = store::event::list(&roster.store, &Caller::system(), None, &EventParams::default()).await;
        list.unwrap().page.total.number
    };
    let before = server_log().await;
    let browser = roster.browser();
    let attempts = (0..120).map(|n| {
        let browser = browser.clone();
        tokio::spawn(async move {
            let address = format!("198.51.100.{n}");
            let headers = [("accept", "application/json"), ("sec-fetch-site", "same-origin"), ("x-forwarded-for", &*address)];
            let name = format!("name{n}");
            let answer = browser.post(SIGN_IN, &[("name", &name), ("password", "x")], &headers).await;
            (answer.status().as_u16(), answer.text().await.unwrap())
        })
    });
    let attempts: Vec<_> = attempts.collect();
    let (mut refused, mut turned_away) = (0, 0);
    for attempt in attempts {
        match attempt.await.unwrap() {
            (401, _) => refused += 1,
            (503, text) => {
                assert!(text.contains("Busy"), "{text}");
                turned_away += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(turned_away > 0 && refused >= 22, "{refused} refused, {turned_away} turned away");
    assert_eq!(server_log().await, before + refused, "only passwords that were looked at are told");
}

#[tokio::test(flavor = "multi_thread")]
async fn changing_the_password_gives_the_session_another_id() {
    let roster = roster().await;
    let answer = roster.browser().call(SIGN_IN, &[("name", "admin"), ("password", PASSWORD)]).await;
    let (before, _) = cookies(&answer, "roster").pop().expect("a cookie");
    let with = |id: &str| format!("roster={id}");
    let list = async |id: &str| {
        let cookie = with(id);
        let headers = [("cookie", cookie.as_str()), ("accept", "application/json"), ("sec-fetch-site", "same-origin")];
        roster.browser().post("/_fn/session/list", &[], &headers).await
    };
    assert_eq!(list(&before).await.status(), 200);
    let cookie = with(&before);
    let headers = [("cookie", cookie.as_str()), ("accept", "application/json"), ("sec-fetch-site", "same-origin")];
    let fields = [("current", PASSWORD), ("password", "another long password"), ("repeat", "another long password")];
    let answer = roster.browser().post("/_fn/session/change-password", &fields, &headers).await;
    assert_eq!(answer.status(), 200);
    let (after, _) = cookies(&answer, "roster").pop().expect("another id");
    assert_ne!(before, after);
    assert_eq!(list(&before).await.status(), 401, "the id from before is worth nothing");
    let sessions = list(&after).await;
    assert_eq!(sessions.status(), 200);
    assert_eq!(sessions.text().await.unwrap().matches("\"id\":").count(), 1, "it is still one session");
}

async fn id_of(roster: &Roster, name: &str) -> String {
    let all = operators::list_all(&roster.store).await.unwrap();
    all.into_iter().find(|row| row.name == name).unwrap().id.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn owners_end_the_sessions_of_others() {
    let roster = roster().await;
    let (owner, admin) = (roster.signed_in("owner").await, roster.signed_in("admin").await);
    let [first, second, third] =
        [roster.signed_in("viewer").await, roster.signed_in("viewer").await, roster.signed_in("viewer").await];
    let lives = async |browser: &Browser| browser.call("/_fn/application/list", &[]).await.status() == 200;
    let id = id_of(&roster, "viewer").await;
    for path in ["operator/sessions", "operator/end-sessions"] {
        assert_eq!(admin.call(&format!("/_fn/{path}"), &[("id", &id)]).await.status(), 403, "{path}");
    }
    let text = owner.call("/_fn/operator/sessions", &[("id", &id)]).await.text().await.unwrap();
    let rows: Vec<domain::operator::SessionRow> = serde_json::from_str(&text).unwrap();
    assert!(rows.len() == 3 && rows.iter().all(|row| !row.current && row.user_agent == "Test browser"), "{rows:?}");
    let last = rows.iter().map(|row| row.id).max().unwrap().to_string();
    assert_eq!(owner.call("/_fn/operator/end-session", &[("id", &id), ("session", &last)]).await.status(), 200);
    assert!(lives(&first).await && lives(&second).await && !lives(&third).await);
    // Without scripts, from the dialog and back to it.
    let here = format!("/operators?dialog=sessions&ids={id}");
    let page = owner.get(&here).await.text().await.unwrap();
    assert!(page.contains("End all sessions") && page.contains("Test browser"), "the dialog shows them");
    let answer = owner.submit("/operators", "/_fn/operator/end-sessions", &[("id", &id), ("_next", &here)]).await;
    assert_eq!((answer.status().as_u16(), crate::support::location(&answer)), (303, here.as_str()));
    assert!(!lives(&first).await && !lives(&second).await && lives(&owner).await);
    // One's own: all but the session of the request.
    let (own, other) = (id_of(&roster, "owner").await, roster.signed_in("owner").await);
    assert_eq!(owner.call("/_fn/operator/end-sessions", &[("id", &own)]).await.text().await.unwrap(), "1");
    assert!(lives(&owner).await && !lives(&other).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn viewers_see_neither_the_servers_log_nor_addresses() {
    let roster = roster().await;
    let (viewer, admin) = (roster.signed_in("viewer").await, roster.signed_in("admin").await);
    let app = [("org", "acme"), ("app", "one")];
    assert_eq!(admin.call("/_fn/application/edit", &[app[0], app[1], ("display_name", "Changed")]).await.status(), 200);
    let group = [app[0], app[1], ("group_id", &*crate::support::group_of("one")), ("announcement", "Hello")];
    assert_eq!(admin.call("/_fn/group/announce", &group).await.status(), 200);
    for path in ["event/list-server", "event/get-server"] {
        assert_eq!(viewer.call(&format!("/_fn/{path}"), &[("id", "1")]).await.status(), 403, "{path}");
    }
    assert_eq!(viewer.get("/audit").await.status(), 403);
    for path in ["/_fn/event/list", "/_fn/event/list-group", "/_fn/overview/get"] {
        let (seen, all) =
            (viewer.call(path, &group).await.text().await.unwrap(), admin.call(path, &group).await.text().await.unwrap());
        assert!(seen.contains("group.announce") && !seen.contains("127.0.0.1"), "{path}: {seen}");
        assert!(all.contains("127.0.0.1"), "{path}: {all}");
        assert!(
            !seen.contains("session.sign_in") && !seen.contains("application.edit") && !seen.contains("\"owner\""),
            "{path}: {seen}"
        );
    }
    for page in ["/apps/acme/one/audit", "/apps/acme/one/overview"] {
        let page = viewer.get(page).await.text().await.unwrap();
        assert!(!page.contains("127.0.0.1\"") && !page.contains(">127.0.0.1<"), "{page}");
    }
    let export = [app[0], app[1], ("list", "events"), ("format", "jsonl"), ("columns[]", "action"), ("columns[]", "address")];
    let answer = viewer.call("/_fn/export/start", &export).await.text().await.unwrap();
    let token = answer.split("\"token\":\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token").to_owned();
    let file = viewer.get(&format!("/apps/acme/one/exports/{token}")).await.text().await.unwrap();
    assert!(file.contains("group.announce") && !file.contains("127.0.0.1") && !file.contains("session.sign_in"), "{file}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_may_ask_for_longer_passwords() {
    let roster = roster().await;
    let (admin, api) = (roster.signed_in("admin").await, roster.api("one").await);
    let user = |name: &str, password: &str| serde_json::json!({ "username": name, "password": password });
    assert_eq!(api.post("users", user("early", "1")).await.status, 200, "as Easemob does, unless the app says otherwise");
    let set = async |value: &str| {
        let fields = [("org", "acme"), ("app", "one"), ("password_min_chars", value)];
        admin.call("/_fn/application/set-passwords", &fields).await.status().as_u16()
    };
    assert_eq!((set("0").await, set("65").await, set("x").await, set("8").await), (422, 422, 422, 200));
    let short = api.post("users", user("late", "1234567")).await;
    let told = (short.status, short.json["error"].as_str().unwrap(), short.json["error_description"].as_str().unwrap());
    assert_eq!(told, (400, "illegal_argument", "PASSWORD_TOO_SHORT: at least 8 characters"));
    let many = api.post("users", serde_json::json!([user("late", "12345678"), user("later", "1234567")])).await;
    assert_eq!(many.status, 400);
    assert_eq!(api.get("users/late").await.status, 404, "none of them");
    assert_eq!(api.post("users", user("late", "12345678")).await.status, 200);
    let change = api.put("users/early/password", serde_json::json!({ "newpassword": "1234567" })).await;
    assert_eq!(
        (change.status, change.json["error_description"].as_str()),
        (400, Some("PASSWORD_TOO_SHORT: at least 8 characters"))
    );
    // Earlier settings stay valid, and another app is independent.
    let grant = serde_json::json!({ "grant_type": "password", "username": "early", "password": "1" });
    assert_eq!(api.post("token", grant).await.status, 200);
    assert_eq!(roster.api("two").await.post("users", user("any", "1")).await.status, 200);
    let log = store::event::list(&roster.store, &Caller::system(), None, &EventParams::default()).await.unwrap();
    let done = |row: &EventRow| row.action == Action::ApplicationEdit && row.outcome == Outcome::Done;
    let row = log.page.items.into_iter().find(done).expect("an event");
    let event = store::event::get(&roster.store, &Caller::system(), None, row.id).await.unwrap();
    assert_eq!((event.changes[0].before.as_deref(), event.changes[0].after.as_deref()), (Some("1"), Some("8")));
    assert!(admin.get("/apps/acme/one/settings").await.text().await.unwrap().contains("Fewest characters"));
}
