//! The OpenAPI document: that its copy is not old, that what it names is there, and that its page can be read.

use serde_json::{Value, json};

use super::support::{got, seen};
use crate::support::{header_of, roster};

/// Renewed by `cargo run -p server -- openapi > docs/openapi.json`.
const COPY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");

#[tokio::test]
async fn the_copy_in_the_repository_is_the_document() {
    let roster = roster().await;
    let response = roster.browser().get("/api/openapi.json").await;
    assert_eq!((response.status().as_u16(), header_of(&response, "content-type")), (200, "application/json"));
    let served = response.text().await.unwrap();
    let kept = std::fs::read_to_string(COPY).unwrap();
    assert!(served == kept, "docs/openapi.json is old: cargo run -p server -- openapi > docs/openapi.json");
    let document: Value = serde_json::from_str(&served).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
}

#[tokio::test]
async fn every_call_that_is_described_is_there_and_asks_for_a_token() {
    let roster = roster().await;
    let api = roster.api("one").await;
    let document: Value = roster.browser().get("/api/openapi.json").await.json().await.unwrap();
    let (mut calls, mut names) = (0, std::collections::HashSet::new());
    for (path, item) in document["paths"].as_object().unwrap() {
        let place = path.strip_prefix("/{org}/{app}/").expect("all are about an app");
        let place = place.replace(['{', '}'], "");
        for (method, operation) in item.as_object().unwrap() {
            calls += 1;
            assert!(names.insert(operation["operationId"].as_str().unwrap()), "{method} {path}");
            let answers = operation["responses"].as_object().unwrap();
            assert!(["200", "400", "401", "404", "429"].iter().all(|status| answers.contains_key(*status)), "{method} {path}");
            // Wherever a body is read it may stall.
            assert_eq!(answers.contains_key("408"), operation.get("requestBody").is_some(), "{method} {path}");
            let request = api.http.request(method.to_uppercase().parse().unwrap(), api.at(&place)).json(&json!({}));
            let (status, json) = seen(got(request).await);
            let open = operation["security"].as_array().is_some_and(|ways| ways.iter().any(|way| way == &json!({})));
            assert_eq!(status, if open { 400 } else { 401 }, "{method} {path}: {json}");
        }
    }
    assert!(calls >= 11, "{calls}");
    // References lead somewhere.
    let text = document.to_string();
    for part in text.split("\"$ref\":\"#/components/schemas/").skip(1) {
        let name = part.split('"').next().unwrap();
        assert!(document["components"]["schemas"].get(name).is_some(), "{name}");
    }
}

#[tokio::test]
async fn the_page_needs_no_script_and_nothing_from_elsewhere() {
    let roster = roster().await;
    let response = roster.browser().get("/api/docs").await;
    assert_eq!(response.status(), 200);
    let policy = header_of(&response, "content-security-policy").to_owned();
    assert!(policy.starts_with("default-src 'none'; style-src 'self';") && !policy.contains("unsafe"), "{policy}");
    let html = response.text().await.unwrap();
    assert!(html.contains("POST /{org}/{app}/token") && html.contains("/pkg/roster.c.css"), "{html}");
    assert!(!html.contains("<script") && !html.contains("style=") && !html.contains("src=\"http"), "{html}");
}
