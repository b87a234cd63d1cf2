//! What all calls share: authentication, the envelope, what is tolerated and what is not.

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{
    support::{Got, failure, got, seen},
    world::n4,
};
use crate::support::{location, roster};

const SECURITY: &str = "org.apache.usergrid.rest.exceptions.EasemobSecurityException";

#[tokio::test]
async fn a_call_with_a_token_is_answered_in_the_envelope() {
    let roster = roster().await;
    let api = roster.api("one").await;
    let user = json!({ "uuid": "uuid", "type": "user", "created": 0, "modified": 0, "username": "ann-one", "activated": true });
    let envelope = |path: &str| api.envelope("get", path, json!({ "path": "/users", "entities": [user], "count": 1 }));
    assert_eq!(seen(api.get("users/ann-one").await), (200, envelope("users/ann-one")));

    // Ids in any case, doubled slashes, and unknown query parameters, which are repeated.
    assert_eq!(seen(api.get("users/ANN-One").await), (200, envelope("users/ANN-One")));
    assert_eq!(seen(api.get("/users//ann%2Done/").await), (200, envelope("/users//ann%2Done/")));
    let mut with_params = envelope("users/ann-one");
    with_params["params"] = json!({ "version": ["v3"], "limit": ["2", ""] });
    assert_eq!(seen(api.get("users/ann-one?version=v3&limit=2&limit").await), (200, with_params));

    // A body on GET does no harm.
    let answer = got(api.request("GET", "users/ann-one").body("{}")).await;
    assert_eq!(seen(answer), (200, envelope("users/ann-one")));
}

#[tokio::test]
async fn what_is_not_there_is_told_as_json() {
    let roster = roster().await;
    let api = roster.api("one").await;
    let no_user = failure(
        "service_resource_not_found",
        "com.easemob.group.exception.ServiceResourceNotFoundException",
        "Service resource not found",
    );
    assert_eq!(seen(api.get("users/nobody").await), (404, no_user.clone()));
    assert_eq!(seen(api.get("users/ann-two").await), (404, no_user), "an account of another app");

    let no_uri = |path: &str| {
        let exception = "com.sun.jersey.api.NotFoundException";
        (404, failure("not_found", exception, &format!("null for uri: {}", api.at(path))))
    };
    for path in ["users/a/b/c/d/e", "chatfiles/x?y=1", "messages/nothing", "users/%ff"] {
        assert_eq!(seen(api.get(path).await), no_uri(path), "{path}");
    }
    let not_supported =
        failure("unsupported_service_operation", "java.lang.UnsupportedOperationException", "Service operation not supported");
    assert_eq!(seen(api.call("PATCH", "users/ann-one", None).await), (405, not_supported.clone()));
    assert_eq!(seen(api.get("token").await), (405, not_supported));

    // Everything else is the console's.
    let page = roster.browser().get("/acme/one/groups").await;
    assert!(location(&page).starts_with("/sign-in"), "{page:?}");
}

/// Status, kind and body of an answer to a request with these headers and no others but `Host`: clients of the usual kind always say what
/// they accept.
async fn bare(url: &str, method: &str, path: &str, headers: &[(&str, &str)]) -> (u16, String, String) {
    let host = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).await.unwrap();
    let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let request = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-length: 0\r\n{lines}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let kind = head.lines().find_map(|line| line.strip_prefix("content-type: ")).unwrap_or_default();
    (head[9..12].parse().unwrap(), kind.to_owned(), body.to_owned())
}

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// What the API is known to have, here or elsewhere, and what it does not have at all.
const ELSEWHERE: [&str; 12] = [
    "chatmessages/2026112700",
    "presence/users",
    "push/single",
    "user/amy/user_channels",
    "moderation/list",
    "chatrooms/1/users",
    "metadata/chatgroup/1/user/amy",
    "notification/template",
    "no-such-family",
    "%E4%BD%A0%3Cscript%3E",
    "a/b/c/d/e/f",
    "",
];

#[tokio::test]
async fn what_only_a_program_sends_is_a_call_wherever_it_leads() {
    let roster = roster().await;
    let api = roster.api("one").await;
    let bearer = format!("Bearer {}", api.token);
    let programs: [&[(&str, &str)]; 9] = [
        &[("authorization", &bearer)],
        &[("authorization", "bearer"), ("accept", BROWSER)],
        &[("authorization", &bearer), ("accept", BROWSER)],
        &[("content-type", "application/json"), ("accept", BROWSER)],
        &[("content-type", "Application/JSON; charset=utf-8"), ("accept", BROWSER)],
        &[("accept", "application/json")],
        &[("accept", "*/*")],
        &[("accept", "application/json, text/plain, */*")],
        &[],
    ];
    for family in ELSEWHERE {
        for headers in programs {
            for path in [format!("/acme/one/{family}"), format!("//acme///one//{family}?x=1"), format!("/no/where/{family}")] {
                for method in ["GET", "POST", "DELETE"] {
                    let (status, kind, body) = bare(&roster.url, method, &path, headers).await;
                    let json =
                        serde_json::from_str(&body).unwrap_or_else(|_| panic!("{method} {path} {headers:?}: {kind} {body}"));
                    let wanted = n4(&format!("{}{path}", roster.url));
                    assert_eq!(
                        (seen(Got { status, json }), kind.as_str()),
                        (wanted, "application/json"),
                        "{method} {path} {headers:?}"
                    );
                }
            }
        }
    }
    // What browsers ask for is the console's, and so is everything under its own addresses, whoever asks.
    for family in ELSEWHERE.into_iter().filter(|family| !family.starts_with("chatrooms") && !family.starts_with("metadata")) {
        let (status, _, body) = bare(&roster.url, "GET", &format!("/acme/one/{family}"), &[("accept", BROWSER)]).await;
        assert_eq!(status, 303, "{family}: {body}");
    }
    for path in ["/apps/acme/one", "/audit/x/y", "/.well-known/security/x"] {
        let (status, _, body) = bare(&roster.url, "GET", path, &[("authorization", &bearer)]).await;
        assert_eq!(status, 303, "{path}: {body}");
    }
    // Addresses that the API has are its own for browsers too: a shared file's can be followed.
    let (status, kind, _) = bare(&roster.url, "GET", "/acme/one/users", &[("accept", BROWSER)]).await;
    assert_eq!((status, kind.as_str()), (401, "application/json"));
}

#[tokio::test]
async fn methods_that_an_address_does_not_have_are_told() {
    let roster = roster().await;
    let api = roster.api("one").await;
    let not_supported =
        failure("unsupported_service_operation", "java.lang.UnsupportedOperationException", "Service operation not supported");
    for (method, path) in [
        ("PATCH", "users/ann-one"),
        ("PUT", "users"),
        ("POST", "users/ann-one/status"),
        ("DELETE", "users/batch/status"),
        ("POST", "chatgroups/user/ann-one"),
        ("PUT", "chatgroups/1/roles"),
        ("POST", "chatgroups/1/user/ann-one/is_joined"),
        ("GET", "messages"),
        ("DELETE", "token"),
    ] {
        assert_eq!(seen(api.call(method, path, None).await), (405, not_supported.clone()), "{method} {path}");
    }
}

#[tokio::test]
async fn tokens_are_asked_for_before_anything_else() {
    let roster = roster().await;
    let api = roster.api("one").await;
    let told = |error: &str, text: &str| (401, failure(error, SECURITY, text));
    let http = reqwest::Client::new();
    let with = async |path: &str, header: Option<String>| {
        let request = http.get(format!("{}/{path}", roster.url));
        seen(got(header.into_iter().fold(request, |request, value| request.header("authorization", value))).await)
    };
    let missing = told("unauthorized", "Unable to authenticate (OAuth)");
    for header in [None, Some(String::new()), Some("Bearer ".into()), Some("Basic YTpi".into())] {
        assert_eq!(with("acme/one/users/ann-one", header).await, missing);
    }
    let corrupt = told("auth_bad_access_token", "Unable to authenticate due to corrupt access token");
    assert_eq!(with("acme/one/users/ann-one", Some("Bearer nonsense".into())).await, corrupt);
    let foreign = told("auth_bad_access_token", "Unable to authenticate");
    let other = format!("YWMt{}", "x".repeat(44));
    assert_eq!(with("acme/one/users/ann-one", Some(format!("Bearer {other}"))).await, foreign);
    assert_eq!(with("acme/two/users/ann-two", Some(format!("Bearer {}", api.token))).await, foreign, "another app's");
    assert_eq!(with("no/where/users/x", Some(format!("Bearer {other}"))).await, foreign, "before the app");
    let no_app = failure(
        "organization_application_not_found",
        "org.apache.usergrid.rest.exceptions.OrganizationApplicationNotFoundException",
        "Could not find application for no/where from URI: no/where/users/x",
    );
    assert_eq!(with("no/where/users/x", Some(format!("Bearer {}", api.token))).await, (404, no_app));
    let (status, _) = with("acme/one/users/ann-one", Some(format!("  bearer   {}  ", api.token))).await;
    assert_eq!(status, 200, "stray blanks");
}
