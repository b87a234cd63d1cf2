//! Server-sent events: who is notified of what, and until when.

use std::time::Duration;

use domain::limits;
use reqwest::Response;

use crate::support::{Browser, header_of, roster};

const CHANGES: &str = "/apps/acme/one/changes?page=mine";
const CREATE: &str = "/_fn/account/create";

/// Reads on until the stream contains this text.
async fn until(stream: &mut Response, words: &str) -> String {
    let mut text = String::new();
    while !text.contains(words) {
        let chunk = tokio::time::timeout(Duration::from_secs(20), stream.chunk()).await;
        let chunk = chunk.unwrap_or_else(|_| panic!("no {words} in {text}")).unwrap();
        text.push_str(str::from_utf8(&chunk.unwrap_or_else(|| panic!("it ended without {words}: {text}"))).unwrap());
    }
    text
}

async fn create(browser: &Browser, app: &str, username: &str, page: &str) {
    let fields = [("org", "acme"), ("app", app), ("input[type]", "General"), ("input[username]", username)];
    let fields = [&fields[..], &[("input[nickname]", ""), ("input[image]", "")]].concat();
    let headers = [("accept", "application/json"), ("sec-fetch-site", "same-origin"), ("x-roster-page", page)];
    assert_eq!(browser.post(CREATE, &fields, &headers).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_told_of_what_others_change_in_its_app() {
    let roster = roster().await;
    let admin = roster.signed_in("admin").await;
    let mut stream = roster.signed_in("viewer").await.get(CHANGES).await;
    assert_eq!((stream.status().as_u16(), header_of(&stream, "content-type")), (200, "text/event-stream"));
    assert_eq!(header_of(&stream, "x-accel-buffering"), "no");
    until(&mut stream, "id:").await;
    create(&admin, "two", "elsewhere", "other").await;
    create(&admin, "one", "by-itself", "mine").await;
    create(&admin, "one", "by-another", "other").await;
    let text = until(&mut stream, "data:").await;
    assert!(text.contains(r#"{"kind":"account","count":1}"#), "{text}");
    assert_eq!(text.matches("data:").count(), 1, "neither the other app's nor its own: {text}");
    assert!(!text.contains("by-another"), "the list is asked for names, under the rules for lists: {text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_is_told_what_was_missed() {
    let roster = roster().await;
    let admin = roster.signed_in("admin").await;
    let first = until(&mut admin.get(CHANGES).await, "\n\n").await;
    let number = first.lines().find_map(|line| line.strip_prefix("id: ").or_else(|| line.strip_prefix("id:"))).unwrap();
    create(&admin, "one", "meanwhile", "other").await;
    let mut stream = admin.get(&format!("{CHANGES}&after={number}")).await;
    assert!(until(&mut stream, "data:").await.contains(r#""kind":"account""#));
    for unknown in ["1", "nonsense"] {
        let mut stream = admin.get(&format!("{CHANGES}&after={unknown}")).await;
        let told = until(&mut stream, "id:").await;
        let told = if unknown == "1" && !told.contains("data:") { until(&mut stream, "data:").await } else { told };
        assert_eq!(told.contains(r#""kind":"unknown""#), unknown == "1", "{unknown}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_and_unknown_apps_get_a_status() {
    let roster = roster().await;
    assert_eq!(roster.browser().get(CHANGES).await.status(), 401);
    let owner = roster.signed_in("owner").await;
    assert_eq!(owner.get("/apps/acme/none/changes").await.status(), 404);
    assert_eq!(owner.get("/apps/none/one/changes").await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_has_so_many_lines_and_closing_one_makes_room() {
    let roster = roster().await;
    let viewer = roster.signed_in("viewer").await;
    let mut open = vec![];
    for _ in 0..limits::LIVE_PAGES {
        let mut stream = viewer.get(CHANGES).await;
        until(&mut stream, "id:").await;
        open.push(stream);
    }
    assert_eq!(viewer.get(CHANGES).await.status(), 429);
    assert_eq!(roster.signed_in("admin").await.get(CHANGES).await.status(), 200, "others have lines of their own");
    open.pop();
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    while viewer.get(CHANGES).await.status() != 200 {
        assert!(tokio::time::Instant::now() < deadline, "no room");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_with_the_session() {
    let roster = roster().await;
    let owner = roster.signed_in("owner").await;
    let mut stream = roster.signed_in("viewer").await.get(CHANGES).await;
    until(&mut stream, "id:").await;
    let operators = owner.call("/_fn/operator/list", &[]).await.text().await.unwrap();
    let operators: serde_json::Value = serde_json::from_str(&operators).unwrap();
    let viewer = operators.as_array().unwrap().iter().find(|one| one["name"] == "viewer").unwrap()["id"].to_string();
    assert_eq!(owner.call("/_fn/operator/disable", &[("id", &viewer)]).await.status(), 200);
    let told = until(&mut stream, "data: end").await;
    assert!(told.contains("end"));
    let rest = tokio::time::timeout(Duration::from_secs(20), stream.chunk()).await.expect("an end").unwrap();
    assert_eq!(rest, None, "nothing comes behind");
}
