//! The life of a session: when it begins, what its cookie looks like, and everything that ends it.

use std::time::Duration;

use domain::{Caller, limits};
use server::config::PublicUrl;
use store::{db::now, operator as operators, session::StoredSession};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{BOUNDARY, PASSWORD, Setting, cookies, location, multipart, roster, roster_with};

const SIGN_IN: &str = "/_fn/session/sign-in";

#[tokio::test(flavor = "multi_thread")]
async fn visitors_who_do_nothing_get_no_cookie() {
    let roster = roster().await;
    for path in ["/", "/sign-in", "/setup?token=x", "/nowhere"] {
        assert!(cookies(&roster.browser().get(path).await, "roster").is_empty(), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_is_for_this_server_only() {
    let roster = roster().await;
    let answer = roster.browser().call(SIGN_IN, &[("name", "owner"), ("password", PASSWORD)]).await;
    let (value, attributes) = cookies(&answer, "roster").pop().expect("a cookie");
    assert!(value.len() >= 22, "128 bits: {value}");
    assert!(
        attributes.contains("HttpOnly") && attributes.contains("SameSite=Lax") && attributes.contains("Path=/"),
        "{attributes}"
    );
    assert!(
        attributes.contains("Max-Age=604800") && !attributes.contains("Secure") && !attributes.contains("Domain"),
        "{attributes}"
    );
    let refused = roster.browser().call(SIGN_IN, &[("name", "owner"), ("password", "wrong")]).await;
    assert_eq!(refused.status(), 401);
    assert!(cookies(&refused, "roster").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn over_https_the_cookie_is_secure_and_so_is_its_removal() {
    let public = PublicUrl { origin: "https://roster.test".into(), https: true };
    let roster = roster_with(Setting { public: Some(public), ..Default::default() }).await;
    let browser = roster.browser();
    let answer = browser.call(SIGN_IN, &[("name", "owner"), ("password", PASSWORD)]).await;
    let (value, attributes) = cookies(&answer, "__Host-roster").pop().expect("a cookie");
    assert!(attributes.contains("Secure") && attributes.contains("Path=/"), "{attributes}");

    // The client keeps Secure cookies from plain http, so it is sent by hand.
    let cookie = format!("__Host-roster={value}");
    let headers = [("cookie", cookie.as_str()), ("accept", "application/json"), ("sec-fetch-site", "same-origin")];
    let answer = browser.post("/_fn/session/sign-out", &[], &headers).await;
    assert_eq!(answer.status(), 200);
    let (value, attributes) = cookies(&answer, "__Host-roster").pop().expect("a removal");
    assert!(value.is_empty() && attributes.contains("Max-Age=0"), "{attributes}");
    assert!(attributes.contains("Secure") && attributes.contains("HttpOnly") && attributes.contains("Path=/"), "{attributes}");
    assert_eq!(browser.post("/_fn/application/list", &[], &headers).await.status(), 401, "the old cookie is worth nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_gives_a_new_id() {
    let roster = roster().await;
    let browser = roster.browser();
    let refused = browser.submit("/sign-in", SIGN_IN, &[("name", "owner"), ("password", "wrong")]).await;
    let (before, _) = cookies(&refused, "roster").pop().expect("a cookie that carries the answer");
    let answer = browser.call(SIGN_IN, &[("name", "owner"), ("password", PASSWORD)]).await;
    let (after, _) = cookies(&answer, "roster").pop().expect("a new cookie");
    assert_ne!(before, after);
    let stale = [("cookie", format!("roster={before}")), ("sec-fetch-site", "same-origin".into())];
    let stale: Vec<_> = stale.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(roster.browser().post("/_fn/application/list", &[], &stale).await.status(), 401);
    assert_eq!(browser.call("/_fn/application/list", &[]).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn made_up_ids_are_nobody() {
    let roster = roster().await;
    for value in ["AAAAAAAAAAAAAAAAAAAAAA", "x", "", "%00"] {
        let answer = roster.browser().request("GET", "/").header("cookie", format!("roster={value}")).send().await.unwrap();
        assert_eq!(location(&answer), "/sign-in", "{value}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn disabling_and_new_passwords_end_sessions() {
    let roster = roster().await;
    let system = Caller::system();
    let [first, second] = [roster.signed_in("admin").await, roster.signed_in("admin").await];
    let other = roster.signed_in("viewer").await;

    let fields = [("current", PASSWORD), ("password", "another long password"), ("repeat", "another long password")];
    assert_eq!(first.call("/_fn/session/change-password", &fields).await.status(), 200);
    assert_eq!(second.call("/_fn/application/list", &[]).await.status(), 401, "changing the password ends the other sessions");
    assert_eq!(first.call("/_fn/application/list", &[]).await.status(), 200, "but not this one");

    operators::set_disabled_by_name(&roster.store, &system, "admin", true).await.unwrap();
    assert_eq!(first.call("/_fn/application/list", &[]).await.status(), 401);
    assert_eq!(location(&first.get("/operators").await), "/sign-in?next=/operators");
    assert_eq!(other.call("/_fn/application/list", &[]).await.status(), 200);

    operators::set_disabled_by_name(&roster.store, &system, "admin", false).await.unwrap();
    assert_eq!(first.call("/_fn/application/list", &[]).await.status(), 401, "an ended session does not come back");
}

/// A session of `owner` made by hand, with these times relative to now; whether it is accepted.
async fn lets_in(created: i64, seen: i64, expires: i64) -> bool {
    let roster = roster().await;
    let id = tower_sessions::session::Id::default();
    let me = operators::list_all(&roster.store).await.unwrap().into_iter().find(|row| row.name == "owner").unwrap();
    let row = StoredSession {
        id_hash: store::session::hash_id(&id.0.to_be_bytes()),
        operator_id: Some(me.id),
        data: b"{}".to_vec(),
        created_at: now() + created,
        seen_at: now() + seen,
        expires_at: now() + expires,
        address: None,
        user_agent: String::new(),
    };
    assert!(store::session::create(&roster.store, &row).await.unwrap());
    let answer = roster.browser().request("GET", "/").header("cookie", format!("roster={id}")).send().await.unwrap();
    let found = store::session::load(&roster.store, row.id_hash).await.unwrap();
    if let Some(found) = found.filter(|_| seen < -limits::MINUTE_MS) {
        assert!(found.seen_at > row.seen_at && found.expires_at > row.expires_at, "a session in use is prolonged");
        assert_eq!(found.created_at, row.created_at);
    }
    answer.status() == 200
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_end_when_idle_and_in_any_case_after_a_week() {
    const H: i64 = limits::HOUR_MS;
    assert!(lets_in(-H, -H, 11 * H).await);
    assert!(lets_in(-limits::SESSION_ABSOLUTE_MS + H, -H, H).await);
    assert!(!lets_in(-13 * H, -13 * H, -H).await, "idle");
    assert!(!lets_in(-limits::SESSION_ABSOLUTE_MS - H, -H, 11 * H).await, "signed in too long ago");
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_know_where_they_come_from() {
    let proxies = vec!["127.0.0.0/8".parse().unwrap()];
    let roster = roster_with(Setting { proxies, ..Default::default() }).await;
    let browser = roster.browser();
    let headers = [("accept", "application/json"), ("sec-fetch-site", "same-origin"), ("x-forwarded-for", "6.6.6.6, 192.0.2.7")];
    let answer = browser.post(SIGN_IN, &[("name", "owner"), ("password", PASSWORD)], &headers).await;
    assert_eq!(answer.status(), 200);
    let list = browser.call("/_fn/session/list", &[]).await.text().await.unwrap();
    assert!(list.contains("192.0.2.7") && list.contains("Test browser") && list.contains("\"current\":true"), "{list}");
}

/// A signed-in operator can still read when nothing can be written, also after the minute in which that is not even tried.
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_takes_nothing_more_keeps_nobody_from_reading() {
    let roster = roster().await;
    let viewer = roster.signed_in("viewer").await;
    roster
        .sql(
            "UPDATE session SET seen_at = seen_at - 120000;
             CREATE TRIGGER full_on_update BEFORE UPDATE ON session BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END;
             CREATE TRIGGER full_on_insert BEFORE INSERT ON session BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END;
             CREATE TRIGGER full_on_delete BEFORE DELETE ON session BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END;",
        )
        .await;
    for path in ["/me", "/apps/acme/one/groups"] {
        let answer = viewer.get(path).await;
        assert_eq!(answer.status(), 200, "{path}");
        assert!(answer.text().await.unwrap().contains("</html>"), "{path}");
    }
    // A form without scripts, whose answer cannot be kept for the next page, says why all the same.
    roster
        .sql("CREATE TRIGGER full_event BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END")
        .await;
    let fields = [("org", "acme"), ("app", "one"), ("term", "x")];
    let answer = viewer.submit("/me", "/_fn/group/announce", &fields).await;
    assert!(answer.status().is_server_error(), "{}", answer.status());
    assert!(answer.text().await.unwrap().contains("went wrong"), "no empty page");
    // A session that has ended is ended all the same.
    roster.sql("UPDATE operator SET disabled = 1 WHERE name = 'viewer'").await;
    assert_eq!(location(&viewer.get("/me").await), "/sign-in?next=/me");
}

/// Delaying the end of a request gains nothing: its session is checked when it is complete.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_while_a_request_is_coming_is_not_good_for_it() {
    let roster = roster().await;
    let answer = roster.browser().call(SIGN_IN, &[("name", "admin"), ("password", PASSWORD)]).await;
    let (cookie, _) = cookies(&answer, "roster").pop().expect("a cookie");
    let address = roster.url.trim_start_matches("http://");
    let body = "org=acme&app=one&input[name]=Held&input[owner]=&input[type]=Work&input[group_id]=held";
    let head = format!(
        "POST /_fn/group/create HTTP/1.1\r\nHost: {address}\r\nCookie: roster={cookie}\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nAccept: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let (first, last) = body.split_at(body.len() - 1);
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(format!("{head}{first}").as_bytes()).await.unwrap();
    // It has arrived by then.
    tokio::time::sleep(Duration::from_millis(200)).await;
    operators::set_password(&roster.store, &Caller::system(), "admin", "another long password").await.unwrap();
    stream.write_all(last.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
}

/// As long as the disk is full operators can sign in to read; what they did is recorded as soon as that is possible.
#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_operators_sign_in_to_read() {
    // SQLite says «full» too when the numbers of a table are used up.
    const FULL: &str = "CREATE TABLE full (id INTEGER PRIMARY KEY AUTOINCREMENT);
        INSERT INTO full VALUES (9223372036854775807);
        CREATE TRIGGER full_event BEFORE INSERT ON event BEGIN INSERT INTO full VALUES (NULL); END;
        CREATE TRIGGER full_session BEFORE INSERT ON session BEGIN INSERT INTO full VALUES (NULL); END;
        CREATE TRIGGER full_update BEFORE UPDATE ON session BEGIN INSERT INTO full VALUES (NULL); END;
        CREATE TRIGGER full_delete BEFORE DELETE ON session BEGIN INSERT INTO full VALUES (NULL); END;";
    let roster = roster().await;
    let leaving = [roster.signed_in("viewer").await];
    // One comes with the cookie of an answer to a form, which cannot be removed.
    let browser = roster.browser();
    browser.submit("/sign-in", SIGN_IN, &[("name", "admin"), ("password", "wrong")]).await;
    let before = roster.count("SELECT count(*) FROM event").await;
    roster.sql(FULL).await;
    assert_eq!(browser.call(SIGN_IN, &[("name", "admin"), ("password", PASSWORD)]).await.status(), 200);
    let viewer = roster.signed_in("viewer").await;
    let disabled = roster.signed_in("owner").await;
    for browser in [&browser, &viewer, &disabled] {
        assert_eq!(browser.get("/me").await.status(), 200);
        assert_eq!(browser.call("/_fn/application/list", &[]).await.status(), 200);
    }
    // Signing out is possible, with an earlier session and with a new one.
    for leaving in leaving.iter().chain([&roster.signed_in("viewer").await]) {
        assert_eq!(leaving.call("/_fn/session/sign-out", &[]).await.status(), 200);
        assert_eq!(leaving.call("/_fn/application/list", &[]).await.status(), 401);
    }
    let refused = roster.browser().call(SIGN_IN, &[("name", "admin"), ("password", "wrong")]).await;
    assert_eq!(refused.status(), 401);
    let input = [("input[name]", "G"), ("input[owner]", ""), ("input[type]", "Work"), ("input[group_id]", "late")];
    let fields = [&[("org", "acme"), ("app", "one")][..], &input[..]].concat();
    assert_eq!(browser.call("/_fn/group/create", &fields).await.status(), 507, "to read only");
    // Only that of before, which is over all the same.
    assert_eq!(roster.count("SELECT count(*) FROM session WHERE operator_id IS NOT NULL").await, 1);

    // Another operator's password is changed at the first moment at which something can be written.
    roster
        .sql(
            "DROP TRIGGER full_event; DROP TRIGGER full_session; DROP TRIGGER full_update; DROP TRIGGER full_delete;
             UPDATE operator SET password_hash = 'x' WHERE name = 'owner'",
        )
        .await;
    store::session::write_deferred(&roster.store).await;
    for _ in 0..200 {
        if roster.count("SELECT count(*) FROM session WHERE operator_id IS NOT NULL").await == 2 {
            break;
        }
        // It is tried once a second.
        tokio::time::sleep(Duration::from_millis(20)).await;
        store::session::write_deferred(&roster.store).await;
    }
    assert_eq!(roster.count("SELECT count(*) FROM session WHERE operator_id IS NOT NULL").await, 2);
    let signed_in = "SELECT count(*) FROM event WHERE action = 'session.sign_in' AND outcome = 'done' AND address IS NOT NULL";
    assert_eq!(roster.count(signed_in).await, 5, "that of the owner too");
    assert!(roster.count("SELECT count(*) FROM event").await >= before + 3);
    for browser in [&browser, &viewer] {
        assert_eq!(browser.call("/_fn/application/list", &[]).await.status(), 200, "the session goes on");
    }
    assert_eq!(disabled.call("/_fn/application/list", &[]).await.status(), 401, "with another password it is over");
}

/// The same for files, which take longer to arrive. Nothing of them stays.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_or_is_demoted_while_a_file_is_coming_is_not_good_for_it() {
    const TAB: &str = "/apps/acme/one/groups/group-one%20%231/files";
    let roster = roster().await;
    let system = Caller::system();
    let admin = operators::list_all(&roster.store).await.unwrap().into_iter().find(|row| row.name == "admin").unwrap().id;
    let files = |folder: &str| {
        let (mut folders, mut files) = (vec![roster.store.folder().join(folder)], 0);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { files += 1 }
            }
        }
        files
    };
    let address = roster.url.trim_start_matches("http://");
    let body = multipart(&[("_from", TAB), ("list", "accounts")], &[("a.csv", b"username\nnew-one\n")]);
    let (first, last) = body.split_at(body.len() - 20);
    for (path, folder) in [(format!("{TAB}/upload"), "files"), ("/apps/acme/one/imports".to_owned(), "imports")] {
        for ending in ["demote", "disable", "sign out", "reset"] {
            let answer = roster.browser().call(SIGN_IN, &[("name", "admin"), ("password", PASSWORD)]).await;
            let (cookie, _) = cookies(&answer, "roster").pop().expect("a cookie");
            let before = files(folder);
            let mut stream = TcpStream::connect(address).await.unwrap();
            let head = format!(
                "POST {path} HTTP/1.1\r\nHost: {address}\r\nCookie: roster={cookie}\r\nSec-Fetch-Site: same-origin\r\n\
                 Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
                body.len()
            );
            stream.write_all(head.as_bytes()).await.unwrap();
            stream.write_all(first).await.unwrap();
            for _ in 0..400 {
                if files(folder) > before {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
            assert_eq!(files(folder), before + 1, "it is on its way");
            match ending {
                "demote" => operators::change_role(&roster.store, &system, admin, "viewer").await.unwrap(),
                "disable" => operators::set_disabled(&roster.store, &system, admin, true).await.unwrap(),
                "reset" => drop(operators::reset_password(&roster.store, &system, admin).await.unwrap()),
                _ => {
                    let headers = [("cookie", format!("roster={cookie}")), ("sec-fetch-site", "same-origin".to_owned())];
                    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
                    assert_eq!(roster.browser().post("/_fn/session/sign-out", &[], &headers).await.status(), 200);
                }
            }
            stream.write_all(last).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            let to = if ending == "demote" { format!("location: {TAB}\r\n") } else { "location: /sign-in?next=".to_owned() };
            assert!(answer.starts_with("HTTP/1.1 303 ") && answer.contains(&to), "{path} {ending}: {answer}");
            assert_eq!(files(folder), before, "{path} {ending}");
            // As it was.
            operators::set_disabled(&roster.store, &system, admin, false).await.unwrap();
            operators::change_role(&roster.store, &system, admin, "admin").await.unwrap();
            operators::set_password(&roster.store, &system, "admin", PASSWORD).await.unwrap();
        }
    }
}
