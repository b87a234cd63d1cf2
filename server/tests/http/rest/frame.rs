//! What all calls have in common: the way in, the envelope, what is tolerated and what is not.

use serde_json::json;

use super::support::{failure, got, seen};
use crate::support::{location, roster};

const SECURITY: &str = "org.apache.usergrid.rest.exceptions.EasemobSecurityException";

#[tokio::test]
async fn a_call_with_a_token_is_answered_in_the_envelope() {
    let roster = roster().await;
    let api = roster.api("one").await;
    let user = json!({ "uuid": "uuid", "type": "user", "created": 0, "modified": 0, "username": "ann-one", "activated": true });
    let envelope = |path: &str| api.envelope("get", path, json!({ "path": "/users", "entities": [user], "count": 1 }));
    assert_eq!(seen(api.get("users/ann-one").await), (200, envelope("users/ann-one")));

    // Ids come in any case, slashes doubled, and query parameters that nobody knows are repeated.
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
