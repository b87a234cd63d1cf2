//! What credentials and apps limit, as callers of the REST API see it, and what the log records of it.

use domain::{
    Caller,
    application::TokenRulesInput,
    credential::CredentialInput,
    event::{Action, EventParams},
};
use reqwest::Client;
use serde_json::json;
use store::{Scope, credential as credentials, event as events, refusals};

use super::support::{Api, failure, got, operator, seen};
use crate::support::{Roster, Setting, app_id, roster, roster_with};

const SECURITY: &str = "org.apache.usergrid.rest.exceptions.EasemobSecurityException";

/// A back end of acme/one whose credential is limited so, with a token that was obtained from 10.0.0.7.
async fn limited(roster: &Roster, change: impl FnOnce(&mut CredentialInput)) -> Api {
    let mut input = CredentialInput::from("limited");
    change(&mut input);
    let credential =
        credentials::create(Scope::new(&roster.store, &operator(), app_id(&roster.store, "one").await), input).await.unwrap();
    let mut api = Api { http: Client::new(), url: roster.url.clone(), app: "acme/one".into(), token: String::new(), credential };
    let answer = got(api.request("POST", "token").header("x-forwarded-for", "10.0.0.7").json(&api.secret())).await;
    api.token = answer.json["access_token"].as_str().expect("a token").to_owned();
    api
}

/// Target and reason of the refused events of an action, newest first.
async fn refused(roster: &Roster, action: Action) -> Vec<String> {
    refusals::write(&roster.store).await.unwrap();
    let app = app_id(&roster.store, "one").await;
    let params = EventParams { action: action.as_str().into(), size: "100".into(), ..EventParams::default() };
    let page = events::list(&roster.store, &Caller::system(), Some(app), &params).await.unwrap().page;
    let mut told = Vec::new();
    for row in page.items {
        let event = events::get(&roster.store, &Caller::system(), Some(app), row.id).await.unwrap();
        let reason = event.changes.iter().find(|change| change.field == "reason").and_then(|change| change.after.clone());
        told.push(format!("{} {} {}", row.actor, row.target, reason.unwrap_or_default()));
    }
    told
}

fn proxied() -> Setting {
    Setting { proxies: vec!["127.0.0.1/32".parse().unwrap()], ..Setting::default() }
}

#[tokio::test]
async fn read_only_answers_as_a_missing_permission_does() {
    let roster = roster().await;
    let api = limited(&roster, |input| input.access = "read".into()).await;
    assert_eq!(api.get("users/ann-one").await.status, 200);
    assert_eq!(api.get("chatgroups").await.status, 200);
    let no = "you have no permission to do this";
    let users = (401, failure("unauthorized", SECURITY, no));
    assert_eq!(seen(api.post("users", json!({ "username": "amy", "password": "x" })).await), users);
    assert_eq!(seen(api.call("PUT", "users/ann-one", Some(json!({ "nickname": "x" }))).await), users);
    assert_eq!(seen(api.delete("users/ann-one").await), users);
    let groups = (401, failure("group_authorization", "com.easemob.group.exception.GroupAuthorizationException", no));
    let new = json!({ "groupname": "x", "desc": "", "public": true, "owner": "ann-one" });
    assert_eq!(seen(api.post("chatgroups", new).await), groups);
    // Tokens stay valid; users who get theirs through it can only read as well.
    assert_eq!(api.post("token", api.secret()).await.status, 200);
    let token = api.post("token", json!({ "grant_type": "inherit", "username": "ann-one" })).await;
    let own = Api { token: token.json["access_token"].as_str().unwrap().to_owned(), ..api.clone() };
    assert_eq!(own.get("users/ann-one").await.status, 200);
    assert_eq!(seen(own.call("PUT", "users/ann-one", Some(json!({ "nickname": "x" }))).await), users);
    let made = api.post("token", json!({ "grant_type": "inherit", "username": "new", "autoCreateUser": true })).await;
    assert_eq!(seen(made), users);
}

#[tokio::test]
async fn addresses_are_those_that_trusted_proxies_tell() {
    let roster = roster_with(proxied()).await;
    let api = limited(&roster, |input| input.addresses = "10.0.0.0/8".into()).await;
    let from = |address: &'static str| {
        let (call, token) = (api.request("GET", "users/ann-one"), api.request("POST", "token").json(&api.secret()));
        async move {
            let (call, token) = (call.header("x-forwarded-for", address), token.header("x-forwarded-for", address));
            (seen(got(call).await), seen(got(token).await))
        }
    };
    let (call, token) = from("10.200.0.1").await;
    assert_eq!((call.0, token.0), (200, 200));
    for outside in ["11.0.0.1", "10.0.0.1, 192.0.2.1"] {
        let (call, token) = from(outside).await;
        assert_eq!(call, (401, failure("auth_bad_access_token", SECURITY, "Unable to authenticate")));
        let grant = "org.apache.usergrid.management.exceptions.BadAccessTokenException";
        assert_eq!(token, (400, failure("invalid_grant", grant, "client_secret does not match")));
    }
    let call = "anonymous GET /acme/one/users/ann-one address";
    assert_eq!(refused(&roster, Action::AccessRefuse).await, [call; 2]);
    assert_eq!(refused(&roster, Action::TokenRefuse).await, ["anonymous limited address"; 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_do_not_lock_a_user_out_of_where_it_has_signed_in() {
    let roster = roster_with(proxied()).await;
    let api = roster.api("one").await;
    let made = api.post("users", json!({ "username": "amy", "password": "secret" })).await;
    let app = made.json["application"].as_str().unwrap().to_owned();
    let from = async |address: &str, password: &str| {
        let body = json!({ "grant_type": "password", "username": "Amy", "password": password });
        got(api.request("POST", "token").header("x-forwarded-for", address).json(&body)).await.status
    };
    // After the passwords: 200 attempts at once from all over the world.
    let flood = || {
        for n in 0..201 {
            let name = format!("{}/amy", &app[..8]);
            let _ = roster.api.passwords.attempt(&name, Some(&format!("198.51.{}.{}", n / 200, n % 200)));
        }
    };
    assert_eq!(from("10.0.0.7", "secret").await, 200);
    flood();
    assert_eq!(from("10.0.0.8", "secret").await, 429, "from where nobody knows it");
    for n in 0..12 {
        assert_eq!(from("10.0.0.7", "secret").await, 200, "the user's own, time {n}");
    }
    // Any other caller has few guesses, and then none that a stranger does not have.
    for n in 0..10 {
        assert_eq!(from("10.0.0.7", "a guess").await, 400, "guess {n}");
    }
    flood();
    assert_eq!(from("10.0.0.7", "secret").await, 429);
}

#[tokio::test]
async fn an_app_switches_ways_of_getting_tokens_off() {
    let roster = roster().await;
    let api = roster.api("one").await;
    api.post("users", json!({ "username": "amy", "password": "secret" })).await;
    let rules = TokenRulesInput { password_grant: "off".into(), inherit_grant: "off".into(), ttl_max: "60".into() };
    let app = app_id(&roster.store, "one").await;
    store::application::edit_token_rules(Scope::new(&roster.store, &operator(), app), &rules).await.unwrap();
    let off = (401, failure("unauthorized", SECURITY, "this grant_type is switched off for the application"));
    let password = json!({ "grant_type": "password", "username": "amy", "password": "secret" });
    let inherit = json!({ "grant_type": "inherit", "username": "amy" });
    assert_eq!(seen(api.post("token", password).await), off);
    assert_eq!(seen(api.post("token", inherit).await), off);
    let given = api.post("token", api.secret()).await;
    assert_eq!((given.status, &given.json["expires_in"]), (200, &json!(60)));
    let told = refused(&roster, Action::TokenRefuse).await;
    assert!(told[0].starts_with("credential ") && told[0].ends_with(" grant_off"), "{told:?}");
    assert_eq!(told[1], "anonymous  grant_off");
}

#[tokio::test]
async fn tokens_that_are_not_good_and_reads_that_are_not_allowed_are_told() {
    let roster = roster().await;
    let api = roster.api("one").await;
    let with = |token: &str| Api { token: token.to_owned(), ..api.clone() };
    with("made-up").get("users/ann-one").await;
    with(&format!("YWMt{}", "a".repeat(44))).get("users/ann-one").await;
    let other = roster.api("two").await;
    with(&other.token).get("users/ann-one").await;
    let token = api.post("token", json!({ "grant_type": "inherit", "username": "bob-one" })).await;
    let own = with(token.json["access_token"].as_str().unwrap());
    own.get("users/ann-one").await;
    own.call("PUT", "users/ann-one", Some(json!({ "nickname": "x" }))).await;
    let call = |method: &str| format!("{method} /acme/one/users/ann-one");
    assert_eq!(
        refused(&roster, Action::AccessRefuse).await,
        [
            format!("account {} forbidden", call("PUT")),
            format!("account {} forbidden", call("GET")),
            format!("anonymous {} token_of_another_app", call("GET")),
            format!("anonymous {} unknown_token", call("GET")),
            format!("anonymous {} malformed_token", call("GET")),
        ]
    );
    // None of it fills the log.
    for _ in 0..200 {
        own.get("users/ann-one").await;
    }
    let told = refused(&roster, Action::AccessRefuse).await;
    assert!((60..=70).contains(&told.len()), "{}", told.len());
}

#[tokio::test]
async fn what_an_operator_may_not_see_is_told_once() {
    let roster = roster().await;
    let viewer = roster.signed_in("viewer").await;
    assert_eq!(viewer.call("/_fn/operator/list", &[]).await.status(), 403);
    assert_eq!(viewer.get("/operators").await.status(), 403);
    let change = viewer.call("/_fn/application/edit", &[("org", "acme"), ("app", "one"), ("display_name", "x")]).await;
    assert_eq!(change.status(), 403);
    let told = refused(&roster, Action::AccessRefuse).await;
    assert_eq!(told, ["operator /operators forbidden", "operator /_fn/operator/list forbidden"]);
    assert_eq!(refused(&roster, Action::ApplicationEdit).await.len(), 1);
}
