//! The token call, and what tokens are valid for.

use std::collections::HashSet;

use serde_json::{Value, json};
use store::{Scope, credential as credentials};

use super::support::{Api, failure, got, operator, seen, steady};
use crate::support::{Roster, Setting, app_id, roster, roster_with};

const GRANT: &str = "org.apache.usergrid.management.exceptions.BadAccessTokenException";

fn invalid_grant(text: &str) -> (u16, Value) {
    (400, failure("invalid_grant", GRANT, text))
}

/// The answer without the token, which is random.
fn issued(got: &super::support::Got) -> Value {
    let mut json = steady(got.json.clone());
    let token = json["access_token"].take();
    let token = token.as_str().unwrap();
    assert!(token.starts_with("YWMt") && token.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)), "{token}");
    json
}

async fn start() -> (Roster, Api) {
    let roster = roster().await;
    let api = roster.api("one").await;
    api.post("users", json!({ "username": "amy", "password": "secret", "nickname": "Amy" })).await;
    (roster, api)
}

#[tokio::test]
async fn back_ends_get_tokens_for_their_secret() {
    let (_roster, api) = start().await;
    let answer = api.post("token", api.secret()).await;
    assert_eq!(
        (answer.status, issued(&answer)),
        (200, json!({ "access_token": null, "expires_in": 5_184_000, "application": "uuid" }))
    );
    assert_eq!(answer.json["application"], api.get("users/amy").await.json["application"]);
    for (ttl, seconds) in [(json!(60), 60), (json!("1024000"), 1_024_000), (json!(0), 0), (Value::Null, 5_184_000)] {
        let mut body = api.secret();
        body["ttl"] = ttl;
        assert_eq!(issued(&api.post("token", body).await)["expires_in"], seconds);
    }
    // Several are valid at once.
    let tokens: HashSet<String> = {
        let mut tokens = HashSet::new();
        for _ in 0..3 {
            tokens.insert(api.post("token", api.secret()).await.json["access_token"].as_str().unwrap().to_owned());
        }
        tokens
    };
    assert_eq!(tokens.len(), 3);
    for token in tokens {
        assert_eq!(Api { token, ..api.clone() }.get("users/amy").await.status, 200);
    }

    let with = |name: &str, value: Value| {
        let (api, mut body) = (api.clone(), api.secret());
        body[name] = value;
        async move { seen(api.post("token", body).await) }
    };
    assert_eq!(with("client_id", json!("YXA6other")).await, invalid_grant("client_id does not match"));
    assert_eq!(with("client_id", Value::Null).await, invalid_grant("client_id does not match"));
    assert_eq!(with("client_secret", json!("YXA6other")).await, invalid_grant("client_secret does not match"));
    let grant = "grant_type must be client_credentials, password or inherit";
    assert_eq!(with("grant_type", json!("magic")).await, (400, failure("unsupported_grant_type", GRANT, grant)));
    for wrong in [json!(-1), json!("soon"), json!(1.5), json!(i64::MAX)] {
        let (status, json) = with("ttl", wrong).await;
        assert_eq!((status, json["error"].as_str()), (400, Some("illegal_argument")), "{json}");
    }
    let answer = seen(got(api.request("POST", "token").body("{")).await);
    let text = "EOF while parsing an object at line 1 column 1";
    assert_eq!(answer, (400, failure("json_parse", "com.fasterxml.jackson.core.JsonParseException", text)));
    let nowhere = Api { app: "no/where".into(), ..api.clone() };
    let exception = "org.apache.usergrid.rest.exceptions.OrganizationApplicationNotFoundException";
    let text = "Could not find application for no/where from URI: no/where/token";
    let missing = (404, failure("organization_application_not_found", exception, text));
    assert_eq!(seen(nowhere.post("token", api.secret()).await), missing);
    let other = Api { app: "acme/two".into(), ..api.clone() };
    assert_eq!(seen(other.post("token", api.secret()).await), invalid_grant("client_id does not match"), "another app's");
}

#[tokio::test]
async fn forms_get_tokens_too() {
    let (_roster, api) = start().await;
    let form = "application/x-www-form-urlencoded";
    let send = async |kind: &str, body: String| got(api.request("POST", "token").header("content-type", kind).body(body)).await;
    let pairs = |secret: &str| {
        let pairs = [
            ("grant_type", "client_credentials"),
            ("client_id", &api.credential.client_id),
            ("client_secret", secret),
            ("ttl", "60"),
        ];
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
    };
    let wanted = json!({ "access_token": null, "expires_in": 60, "application": "uuid" });
    let secret = &api.credential.client_secret;
    assert_eq!(issued(&send(form, pairs(secret)).await), wanted);
    assert_eq!(issued(&send("application/x-www-form-urlencoded; charset=UTF-8", pairs(secret)).await), wanted);
    let mut body = api.secret();
    body["ttl"] = json!(60);
    assert_eq!(issued(&send(form, body.to_string()).await), wanted, "JSON under a form's name");
    assert_eq!(seen(send(form, pairs("x")).await), invalid_grant("client_secret does not match"));
    let user = send(form, "grant_type=password&username=AMY&password=secret".into()).await;
    assert_eq!(user.json["user"]["username"], "amy", "{user:?}");
    let auto = send(form, "grant_type=inherit&username=cleo&autoCreateUser=true".into()).await;
    assert_eq!(auto.json["user"]["username"], "cleo", "{auto:?}");
    for (kind, body) in [(form, ""), ("application/json", "grant_type=client_credentials"), (form, "{")] {
        assert_eq!(send(kind, body.into()).await.json["error"], "json_parse", "{kind} {body}");
    }
    let (status, json) = seen(send(form, "%ff=%00&=&&grant_type".into()).await);
    assert_eq!((status, json["error"].as_str()), (400, Some("unsupported_grant_type")));
}

#[tokio::test]
async fn users_get_tokens_for_their_password_or_through_their_back_end() {
    let (_roster, api) = start().await;
    let user = json!({ "uuid": "uuid", "type": "user", "created": 0, "modified": 0, "username": "amy", "activated": true });
    let wanted = json!({ "access_token": null, "expires_in": 60, "user": user });
    let password = json!({ "grant_type": "password", "username": "AMY", "password": "secret", "ttl": 60 });
    assert_eq!(issued(&api.post("token", password.clone()).await), wanted);
    let inherit = json!({ "grant_type": "inherit", "username": "AMY", "ttl": "60" });
    assert_eq!(issued(&api.post("token", inherit.clone()).await), wanted);

    let refused = invalid_grant("invalid username or password");
    for (name, value) in
        [("password", "wrong"), ("password", ""), ("username", "nobody"), ("username", "ann-one"), ("username", "")]
    {
        let mut body = password.clone();
        body[name] = json!(value);
        assert_eq!(seen(api.post("token", body).await), refused, "{name} {value}");
    }
    let missing = api.post("token", json!({ "grant_type": "inherit", "username": "cleo" })).await;
    assert_eq!((missing.status, missing.json["error"].as_str()), (404, Some("service_resource_not_found")));
    let made = api.post("token", json!({ "grant_type": "inherit", "username": "Cleo", "autoCreateUser": true })).await;
    assert_eq!((made.status, made.json["user"]["username"].as_str()), (200, Some("cleo")));
    assert_eq!(api.get("users/cleo").await.status, 200);

    // No inheriting without an app's token, or with another app's.
    let none = got(reqwest::Client::new().post(api.at("token")).json(&inherit)).await;
    assert_eq!((none.status, none.json["error"].as_str()), (401, Some("unauthorized")));
    let own = Api { token: api.post("token", password).await.json["access_token"].as_str().unwrap().into(), ..api.clone() };
    assert_eq!(own.post("token", inherit.clone()).await.status, 401, "a user's token is not the app's");
    let elsewhere = Api { app: "acme/two".into(), ..api };
    assert_eq!(elsewhere.post("token", inherit).await.status, 401);
}

#[tokio::test]
async fn tokens_end_when_they_should() {
    let (roster, api) = start().await;
    let app = app_id(&roster.store, "one").await;
    let status = async |api: &Api| seen(api.get("users/amy").await);
    assert_eq!(status(&api).await.0, 200);
    let security = "org.apache.usergrid.rest.exceptions.EasemobSecurityException";
    let told = |error: &str, text: &str| (401, failure(error, security, text));

    let mut body = api.secret();
    body["ttl"] = json!(1);
    let short = Api { token: api.post("token", body).await.json["access_token"].as_str().unwrap().into(), ..api.clone() };
    assert_eq!(status(&short).await.0, 200);
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    assert_eq!(status(&short).await, told("unauthorized", "Unable to authenticate due to expired access token"));

    let foreign = told("auth_bad_access_token", "Unable to authenticate");
    let rotated = credentials::rotate(Scope::new(&roster.store, &operator(), app), api.credential.id, "").await.unwrap();
    assert_eq!(status(&api).await, foreign);
    assert_eq!(seen(api.post("token", api.secret()).await), invalid_grant("client_secret does not match"));
    let mut api = Api { credential: rotated, ..api };
    api.token = api.post("token", api.secret()).await.json["access_token"].as_str().unwrap().into();
    assert_eq!(status(&api).await.0, 200);

    let password = json!({ "grant_type": "password", "username": "amy", "password": "secret" });
    let own = Api { token: api.post("token", password).await.json["access_token"].as_str().unwrap().into(), ..api.clone() };
    assert_eq!(status(&own).await.0, 200);
    got(api.request("POST", "users/amy/deactivate")).await;
    assert_eq!(status(&own).await, foreign);

    credentials::revoke(Scope::new(&roster.store, &operator(), app), api.credential.id).await.unwrap();
    assert_eq!(status(&api).await, foreign);
    assert_eq!(seen(api.post("token", api.secret()).await), invalid_grant("client_id does not match"));
}

#[tokio::test]
async fn guessing_a_password_is_throttled() {
    let (_roster, api) = start().await;
    let guess = json!({ "grant_type": "password", "username": "amy", "password": "guess" });
    for _ in 0..10 {
        assert_eq!(api.post("token", guess.clone()).await.status, 400);
    }
    let response = api.request("POST", "token").json(&guess).send().await.unwrap();
    let wait: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=30).contains(&wait), "{wait}");
    let exception = "com.easemob.group.exception.ReachLimitException";
    let limit = (429, failure("reach_limit", exception, "This request has reached api limit"));
    assert_eq!(seen(api.post("token", guess).await), limit);
    for same in [" amy", "\tAMY", "\u{3000}amy "] {
        let guess = json!({ "grant_type": "password", "username": same, "password": "guess" });
        assert_eq!(seen(api.post("token", guess).await), limit, "{same:?}");
    }
    assert_eq!(api.post("token", api.secret()).await.status, 200, "other ways in stay open");
}

#[tokio::test]
async fn an_app_may_only_call_so_often() {
    let roster = roster_with(Setting { api_rate: 5, ..Setting::default() }).await;
    let (one, two) = (roster.api("one").await, roster.api("two").await);
    let mut seen_status = Vec::new();
    for _ in 0..40 {
        seen_status.push(one.get("users/ann-one").await.status);
    }
    assert!(seen_status[..5].iter().all(|status| *status == 200), "{seen_status:?}");
    assert!(seen_status.contains(&429), "{seen_status:?}");
    let answers = futures_util::future::join_all((0..20).map(|_| one.get("users/ann-one"))).await;
    let refused = answers.into_iter().find(|answer| answer.status == 429).expect("one too many");
    let exception = "com.easemob.group.exception.ReachLimitException";
    assert_eq!(seen(refused), (429, failure("reach_limit", exception, "This request has reached api limit")));
    assert_eq!(two.get("users/ann-two").await.status, 200, "each app has its own");

    // A user has its own limit, as have tokens: what users send makes no back end wait, and the other way round.
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    let token = one.post("token", json!({ "grant_type": "inherit", "username": "ann-one" })).await;
    let own = Api { token: token.json["access_token"].as_str().unwrap().to_owned(), ..one.clone() };
    let mut statuses = Vec::new();
    for _ in 0..40 {
        statuses.push(own.get("users/ann-one").await.status);
    }
    assert!(statuses.contains(&429) && one.get("users/ann-one").await.status == 200, "{statuses:?}");
    let mut tokens = Vec::new();
    for _ in 0..40 {
        tokens.push(one.post("token", one.secret()).await.status);
    }
    assert!(tokens.contains(&429) && two.get("users/ann-two").await.status == 200, "{tokens:?}");
    let wrong = json!({ "grant_type": "client_credentials", "client_id": "x", "client_secret": "y" });
    assert_eq!(one.post("token", wrong).await.status, 400, "strangers are not counted");
}

#[tokio::test]
async fn right_passwords_are_not_throttled() {
    let (_roster, api) = start().await;
    api.post("users", json!({ "username": "many", "password": "1" })).await;
    for n in 0..60 {
        let got = api.post("token", json!({ "grant_type": "password", "username": "many", "password": "1" })).await;
        assert_eq!(got.status, 200, "{n}");
    }
}

#[tokio::test]
async fn large_bodies_are_refused() {
    let (_roster, api) = start().await;
    let name = "x".repeat(1024 * 1024);
    let exception = "javax.ws.rs.WebApplicationException";
    let too_large = (413, failure("request_entity_too_large", exception, "Request Entity Too Large"));
    let pieces = (0..20).map(|_| Ok::<_, std::io::Error>("x".repeat(64 * 1024)));
    let streamed = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces.collect::<Vec<_>>()));
    for body in [reqwest::Body::from(format!("{{\"username\":\"{name}\"}}")), streamed] {
        match api.request("POST", "users").body(body).send().await {
            Ok(response) => {
                let status = response.status().as_u16();
                assert_eq!((status, steady(response.json().await.unwrap())), too_large);
            }
            // The server does not read on; whether a client sees the answer before that depends on the client.
            Err(error) => assert!(error.is_request() || error.is_body(), "{error:?}"),
        }
    }
}
