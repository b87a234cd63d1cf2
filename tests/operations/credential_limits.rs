//! What credentials are limited to: time, addresses, reading, the secret's own end; and what an app gives tokens for.

use domain::{
    Actor, Caller, Code, Error, Permission,
    account::NewUserInput,
    application::TokenRulesInput,
    caller::Rights,
    credential::{CredentialCreator, CredentialInput, CredentialWithSecret},
    error::{Conflict, Entity},
    limits::{DAY_MS, HOUR_MS},
    operator::Role,
};
use store::{
    Scope,
    account::users,
    credential::{
        self as credentials,
        tokens::{self, TokenLookup},
    },
    db::{query, query_scalar},
};
use world::{World, admin, broken, viewer};

use crate::credentials::{app_of, asked, made, register, token_of};

fn wrong_secret<T>() -> Result<T, Error> {
    Err(Error::field("client_secret", Code::Mismatch))
}

async fn limited(w: &World, change: impl FnOnce(&mut CredentialInput)) -> CredentialWithSecret {
    let mut input = CredentialInput::from("limited");
    change(&mut input);
    credentials::create(w.scope(&admin()), input).await.unwrap()
}

/// The owner of a token, when it is valid.
async fn caller_of(w: &World, token: &str) -> Option<Caller> {
    match tokens::find(&w.store, token, Some("10.0.0.7")).await.unwrap() {
        TokenLookup::Good { actor, .. } => Some(Caller { actor, address: None, proof: None }),
        _ => None,
    }
}

/// What was valid when a call began may have ended when its body has come: each change checks the token again.
#[tokio::test]
async fn a_token_that_ends_or_is_limited_while_a_call_is_coming_is_not_good_for_it() {
    let w = World::new().await;
    for (n, (ending, error)) in [
        ("nothing", None),
        ("revoke", Some(Error::Unauthenticated)),
        ("rotate", Some(Error::Unauthenticated)),
        ("read only", Some(Error::Forbidden)),
        ("addresses", Some(Error::Unauthenticated)),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("key{n}");
        let key = made(&w, &name).await;
        let token = asked(&w, w.app, &key.client_id, &key.client_secret, None).await.unwrap().token;
        let TokenLookup::Good { actor, .. } = tokens::find(&w.store, &token, Some("10.0.0.7")).await.unwrap() else {
            panic!("{ending}")
        };
        let caller = Caller { actor, address: Some("10.0.0.7".into()), proof: Some(tokens::proof(&token)) };
        let limited = |access: &str, addresses: &str| CredentialInput {
            name: name.clone(),
            access: access.into(),
            addresses: addresses.into(),
            ..CredentialInput::default()
        };
        match ending {
            "revoke" => credentials::revoke(w.scope(&admin()), key.id).await.unwrap(),
            "rotate" => drop(credentials::rotate(w.scope(&admin()), key.id, "now").await.unwrap()),
            "read only" => credentials::edit(w.scope(&admin()), key.id, limited("read", "")).await.unwrap(),
            "addresses" => credentials::edit(w.scope(&admin()), key.id, limited("write", "10.9.9.9")).await.unwrap(),
            _ => {}
        }
        let input =
            domain::group::NewGroupInput { name: "G".into(), owner: String::new(), group_type: "Work".into(), group_id: name };
        assert_eq!(store::group::create(w.scope(&caller), &input).await.err(), error, "{ending}");
    }
    w.sound().await;
}

async fn sql(w: &World, sql: &'static str) {
    query(sql).execute(&mut w.raw().await).await.unwrap();
}

/// What the latest event says: field, before, after.
async fn told(w: &World) -> Vec<String> {
    let side = |text: Option<String>| text.unwrap_or_else(|| "-".into());
    let changes = w.last_event().await.changes;
    changes.into_iter().map(|c| format!("{}: {} > {}", c.field, side(c.before), side(c.after))).collect()
}

#[tokio::test]
async fn who_made_it_is_kept_and_told_to_owners() {
    let w = World::new().await;
    let (olga, kim) = (w.operator("Olga", Role::Owner).await, w.operator("Kim", Role::Admin).await);
    credentials::create(w.scope(&kim), "one").await.unwrap();
    credentials::create(Scope::new(&w.store, &kim, w.other), "two").await.unwrap();
    credentials::create(w.scope(&Caller::system()), "three").await.unwrap();
    credentials::create(w.scope(&olga), "four").await.unwrap();
    sql(&w, "UPDATE api_credential SET created_by = NULL, created_by_id = NULL WHERE name = 'four'").await;
    let rows = credentials::list(w.scope(&viewer())).await.unwrap();
    let makers: Vec<(&str, &CredentialCreator)> = rows.iter().map(|row| (row.name.as_str(), &row.made_by)).collect();
    let wanted = [
        ("four", &CredentialCreator::Unknown),
        ("three", &CredentialCreator::CommandLine),
        ("one", &CredentialCreator::Operator("Kim".into())),
    ];
    assert_eq!(makers, wanted);

    let kims = kim.operator_id().unwrap();
    let made = credentials::made_by(&w.store, &olga, kims).await.unwrap();
    let made: Vec<String> = made.into_iter().map(|one| format!("{}/{} {}", one.org_name, one.app_name, one.name)).collect();
    assert_eq!(made, ["acme/other two", "acme/chat one"]);
    assert_eq!(credentials::made_by(&w.store, &kim, kims).await, Err(Error::Forbidden));
    w.sound().await;
}

#[tokio::test]
async fn an_expired_one_is_as_one_with_a_wrong_secret() {
    let w = World::new().await;
    let app = app_of(&w, "chat").await;
    register(&w, &app, "amy", "secret").await;
    let past = CredentialInput { expires: "2020-01-01".into(), ..CredentialInput::from("past") };
    assert_eq!(broken(credentials::create(w.scope(&admin()), past).await), ["expires: NotFuture"]);
    let key = limited(&w, |input| input.expires = "2999-12-31".into()).await;
    let row = &credentials::list(w.scope(&admin())).await.unwrap()[0];
    assert_eq!((row.expires.as_str(), row.expired), ("2999-12-31", false));
    let token = token_of(&w, &key).await.token;
    let own = tokens::for_account(Scope::new(&w.store, &caller_of(&w, &token).await.unwrap(), &app), "amy", false, Some(0))
        .await
        .unwrap()
        .token;

    sql(&w, "UPDATE api_credential SET expires_at = unixepoch('now', 'start of day') * 1000").await;
    // Done outside the store; a change through it is noticed at once.
    tokio::time::sleep(std::time::Duration::from_millis(1050)).await;
    for token in [&token, &own] {
        assert_eq!(tokens::find(&w.store, token, None).await, Ok(TokenLookup::Unknown));
    }
    let again = asked(&w, w.app, &key.client_id, &key.client_secret, None).await;
    assert_eq!(again.map(|_| ()), wrong_secret());
    let row = credentials::list(w.scope(&admin())).await.unwrap().remove(0);
    assert!(row.expired);

    // It can be renamed as it is, and become valid again.
    let mut input = CredentialInput { name: "other".into(), expires: row.expires, ..Default::default() };
    credentials::edit(w.scope(&admin()), key.id, input.clone()).await.unwrap();
    assert_eq!(told(&w).await, ["name: limited > other"]);
    input.expires = "2999-01-01".into();
    credentials::edit(w.scope(&admin()), key.id, input.clone()).await.unwrap();
    assert!(caller_of(&w, &token).await.is_some());
    input.expires = "2020-01-01".into();
    assert_eq!(broken(credentials::edit(w.scope(&admin()), key.id, input).await), ["expires: NotFuture"]);
    w.sound().await;
}

#[tokio::test]
async fn the_cache_knows_when_a_credential_expires() {
    let w = World::new().await;
    let key = made(&w, "soon").await;
    sql(&w, "UPDATE api_credential SET expires_at = CAST(unixepoch('subsec') * 1000 AS INTEGER) + 300").await;
    let token = token_of(&w, &key).await.token;
    assert!(caller_of(&w, &token).await.is_some());
    tokio::time::sleep(std::time::Duration::from_millis(320)).await;
    assert!(caller_of(&w, &token).await.is_none(), "it was looked up a moment ago, and has expired since");
}

#[tokio::test]
async fn read_only_holds_for_its_tokens_and_those_of_its_users() {
    let w = World::new().await;
    let app = app_of(&w, "chat").await;
    register(&w, &app, "amy", "secret").await;
    let key = limited(&w, |input| input.access = "read".into()).await;
    let caller = caller_of(&w, &token_of(&w, &key).await.token).await.unwrap();
    assert!(users::user(Scope::new(&w.store, &caller, &app), "amy").await.is_ok());
    assert_eq!(caller.require_in(w.app, Permission::Write), Err(Error::Forbidden));
    let input = NewUserInput { username: "bob".into(), password: "x".into(), nickname: String::new() };
    assert_eq!(users::register(Scope::new(&w.store, &caller, &app), &[input]).await.map(|_| ()), Err(Error::Forbidden));
    let event = w.last_event().await.row;
    assert_eq!(
        (event.action.as_str(), event.outcome.as_str(), event.operator.as_str()),
        ("account.create", "refused", "limited")
    );

    let own = tokens::for_account(Scope::new(&w.store, &caller, &app), "amy", false, None).await.unwrap().token;
    let amy = caller_of(&w, &own).await.unwrap();
    assert!(users::user(Scope::new(&w.store, &amy, &app), "amy").await.is_ok());
    assert_eq!(users::set_nickname(Scope::new(&w.store, &amy, &app), "amy", "A").await.map(|_| ()), Err(Error::Forbidden));
    let made = tokens::for_account(Scope::new(&w.store, &caller, &app), "new", true, None).await;
    assert_eq!(made.map(|_| ()), Err(Error::Forbidden), "nobody is registered on the way");

    // The permissions change at once, for existing tokens too.
    credentials::edit(w.scope(&admin()), key.id, "limited").await.unwrap();
    assert_eq!(told(&w).await, ["access: read > write"]);
    assert!(users::set_nickname(Scope::new(&w.store, &caller_of(&w, &own).await.unwrap(), &app), "amy", "A").await.is_ok());
    w.sound().await;
}

#[tokio::test]
async fn addresses_hold_for_secret_and_token_but_not_for_users() {
    let w = World::new().await;
    let app = app_of(&w, "chat").await;
    register(&w, &app, "amy", "secret").await;
    let free = limited(&w, |input| input.name = "free".into()).await;
    let key = limited(&w, |input| input.addresses = "10.0.0.0/8, 2001:db8::1".into()).await;
    let give = async |address: Option<&str>| {
        let client = tokens::client(&w.store, w.app, &key.client_id, &key.client_secret, address).await?;
        tokens::for_client(&w.store, client, None).await
    };
    let token = give(Some("10.0.0.7")).await.unwrap().token;
    for outside in [Some("11.0.0.7"), Some("2001:db8::2"), None] {
        assert_eq!(give(outside).await.map(|_| ()), wrong_secret(), "{outside:?}");
        assert_eq!(tokens::find(&w.store, &token, outside).await, Ok(TokenLookup::Elsewhere), "{outside:?}");
    }
    assert!(tokens::find(&w.store, &token, Some("2001:db8::1")).await.is_ok_and(|found| found != TokenLookup::Elsewhere));
    let caller = caller_of(&w, &token).await.unwrap();
    let own = tokens::for_account(Scope::new(&w.store, &caller, &app), "amy", false, None).await.unwrap().token;
    assert!(matches!(tokens::find(&w.store, &own, Some("11.0.0.7")).await, Ok(TokenLookup::Good { .. })), "a user's device");
    let other = token_of(&w, &free).await.token;
    assert!(matches!(tokens::find(&w.store, &other, None).await, Ok(TokenLookup::Good { .. })));

    let narrower = CredentialInput { addresses: "192.0.2.7".into(), ..CredentialInput::from("limited") };
    credentials::edit(w.scope(&admin()), key.id, narrower).await.unwrap();
    assert_eq!(told(&w).await, ["addresses: 10.0.0.0/8 2001:db8::1 > 192.0.2.7"]);
    assert_eq!(tokens::find(&w.store, &token, Some("10.0.0.7")).await, Ok(TokenLookup::Elsewhere), "at once");
    let wrong = CredentialInput { addresses: "here".into(), ..CredentialInput::from("limited") };
    assert_eq!(broken(credentials::edit(w.scope(&admin()), key.id, wrong).await), [r#"addresses: NotAddress("here")"#]);
    w.sound().await;
}

#[tokio::test]
async fn an_old_secret_goes_on_for_a_while_with_all_that_is_got_by_it() {
    let w = World::new().await;
    let app = app_of(&w, "chat").await;
    register(&w, &app, "amy", "secret").await;
    let old = made(&w, "one").await;
    let before = asked(&w, w.app, &old.client_id, &old.client_secret, Some(0)).await.unwrap().token;
    assert_eq!(broken(credentials::rotate(w.scope(&admin()), old.id, "1y").await), ["overlap: NotChoice"]);
    let new = credentials::rotate(w.scope(&admin()), old.id, "1h").await.unwrap();
    let row = &credentials::list(w.scope(&admin())).await.unwrap()[0];
    let until = row.old_secret_until.expect("a time");
    assert_eq!(until - row.rotated_at.unwrap(), HOUR_MS);
    assert_eq!(told(&w).await, [format!("old_secret_until: - > {until}"), "tokens: - > 1".into()]);

    // Of before, of the old secret, through a token of the old secret: all end with it. What the new one gives does not.
    let by_old = asked(&w, w.app, &old.client_id, &old.client_secret, Some(0)).await.unwrap();
    assert!((3_590..=3_600).contains(&by_old.expires_in), "{}", by_old.expires_in);
    let short = asked(&w, w.app, &old.client_id, &old.client_secret, Some(60)).await.unwrap();
    assert_eq!(short.expires_in, 60);
    let caller = caller_of(&w, &before).await.unwrap();
    let own = tokens::for_account(Scope::new(&w.store, &caller, &app), "amy", false, Some(0)).await.unwrap();
    assert!((3_590..=3_600).contains(&own.expires_in), "{}", own.expires_in);
    let by_new = asked(&w, w.app, &new.client_id, &new.client_secret, Some(0)).await.unwrap();
    let caller = caller_of(&w, &by_new.token).await.unwrap();
    let kept = tokens::for_account(Scope::new(&w.store, &caller, &app), "amy", false, Some(0)).await.unwrap();
    assert_eq!((by_new.expires_in, kept.expires_in), (0, 0));

    sql(&w, "UPDATE api_token SET expires_at = expires_at - 3600000").await;
    sql(&w, "UPDATE api_credential SET old_secret_until = old_secret_until - 3600000").await;
    tokio::time::sleep(std::time::Duration::from_millis(1050)).await;
    for token in [&before, &by_old.token, &own.token] {
        assert_eq!(tokens::find(&w.store, token, None).await, Ok(TokenLookup::Expired));
    }
    for token in [&by_new.token, &kept.token] {
        assert!(caller_of(&w, token).await.is_some());
    }
    assert_eq!(asked(&w, w.app, &old.client_id, &old.client_secret, None).await.map(|_| ()), wrong_secret());
    assert_eq!(credentials::list(w.scope(&admin())).await.unwrap()[0].old_secret_until, None);

    // Once more: tokens of the previous secret stay valid, those of the one before it have ended.
    sql(&w, "UPDATE api_token SET expires_at = NULL").await;
    let again = credentials::rotate(w.scope(&admin()), old.id, "7d").await.unwrap();
    assert!(caller_of(&w, &by_new.token).await.is_some());
    assert_eq!(tokens::find(&w.store, &before, None).await, Ok(TokenLookup::Unknown));

    // Rotated without an overlap, everything ends, an earlier overlap too.
    credentials::rotate(w.scope(&admin()), old.id, "now").await.unwrap();
    for secret in [&new.client_secret, &again.client_secret] {
        assert_eq!(asked(&w, w.app, &old.client_id, secret, None).await.map(|_| ()), wrong_secret());
    }
    assert!(caller_of(&w, &by_new.token).await.is_none());
    w.sound().await;
}

#[tokio::test]
async fn an_app_says_what_it_gives_tokens_for() {
    let w = World::new().await;
    let app = app_of(&w, "chat").await;
    register(&w, &app, "amy", "secret").await;
    let key = made(&w, "one").await;
    let token = token_of(&w, &key).await.token;
    let caller = caller_of(&w, &token).await.unwrap();
    let nobody = Caller::anonymous(None);
    let password = async || tokens::for_password(Scope::new(&w.store, &nobody, &app), "amy", "secret", Some(0)).await;
    let inherit = async || tokens::for_account(Scope::new(&w.store, &caller, &app), "amy", false, None).await;
    let rules = async |password: &str, inherit: &str, max: &str| {
        let input = TokenRulesInput { password_grant: password.into(), inherit_grant: inherit.into(), ttl_max: max.into() };
        store::application::edit_token_rules(w.scope(&admin()), &input).await
    };
    let (by_password, inherited) = (password().await.unwrap().token, inherit().await.unwrap().token);

    rules("off", "", "").await.unwrap();
    assert_eq!(told(&w).await, ["ended_tokens: - > 1", "password_grant: true > false"]);
    assert_eq!(password().await.map(|_| ()), Err(Error::Conflict(Conflict::GrantOff)));
    assert!(caller_of(&w, &by_password).await.is_none() && caller_of(&w, &inherited).await.is_some());
    rules("on", "off", "3600").await.unwrap();
    assert_eq!(
        told(&w).await,
        ["ended_tokens: - > 1", "inherit_grant: true > false", "password_grant: false > true", "token_ttl_max: 0 > 3600"]
    );
    assert_eq!(inherit().await.map(|_| ()), Err(Error::Conflict(Conflict::GrantOff)));
    assert!(caller_of(&w, &by_password).await.is_none(), "what ended stays ended");
    assert!(caller_of(&w, &inherited).await.is_none() && caller_of(&w, &token).await.is_some());
    // Forever and the usual time are cut, less is not; and the answer says so.
    assert_eq!(password().await.unwrap().expires_in, 3_600);
    let asked_for = async |ttl| asked(&w, w.app, &key.client_id, &key.client_secret, ttl).await.unwrap().expires_in;
    assert_eq!((asked_for(None).await, asked_for(Some(60)).await), (3_600, 60));

    let before = w.event_count().await;
    rules("", "", "").await.unwrap();
    assert_eq!(w.event_count().await, before, "nothing was changed");
    let wrong = rules("maybe", "", "-1").await;
    assert_eq!(broken(wrong), ["password_grant: NotChoice", "ttl_max: NotNumber { min: 0, max: 2147483647 }"]);
    let input = TokenRulesInput::default();
    assert_eq!(store::application::edit_token_rules(w.scope(&viewer()), &input).await, Err(Error::Forbidden));
    assert_eq!(store::application::edit_token_rules(w.scope(&caller), &input).await, Err(Error::Forbidden));
    w.sound().await;
}

#[tokio::test]
async fn tokens_are_told_of_once_an_hour() {
    let w = World::new().await;
    let key = made(&w, "one").await;
    let give = async |address: &str| {
        let client = tokens::client(&w.store, w.app, &key.client_id, &key.client_secret, Some(address)).await.unwrap();
        tokens::for_client(&w.store, client, None).await.unwrap();
    };
    let issued = async || -> Vec<String> {
        let sql = "SELECT actor || ' ' || operator || ' ' || coalesce(address, '-') || ' ' || (state_after ->> 'tokens')
                   FROM event WHERE action = 'token.issue' ORDER BY id";
        query_scalar(sql).fetch_all(&mut w.raw().await).await.unwrap()
    };
    for _ in 0..5 {
        give("10.0.0.1").await;
    }
    give("10.0.0.2").await;
    let first = ["credential one 10.0.0.1 1", "credential one 10.0.0.2 1"];
    assert_eq!(issued().await, first);
    let now = store::db::now();
    tokens::record_issued_tokens(&w.store, now).await.unwrap();
    assert_eq!(issued().await, first, "not yet");
    // What is counted is in the database: a kill loses none of it.
    tokens::record_issued_tokens(&w.store, now + 2 * HOUR_MS).await.unwrap();
    assert_eq!(issued().await[2..], ["credential one 10.0.0.1 4"]);
    tokens::record_issued_tokens(&w.store, now + DAY_MS).await.unwrap();
    assert_eq!(issued().await.len(), 3);
    give("10.0.0.1").await;
    give("10.0.0.1").await;
    sql(&w, "UPDATE api_issue SET since = since - 3700000").await;
    give("10.0.0.1").await;
    assert_eq!(issued().await[3..], ["credential one 10.0.0.1 1", "credential one 10.0.0.1 1", "credential one 10.0.0.1 1"]);

    // From very many addresses: those beyond a hundred are one.
    for n in 0..250 {
        give(&format!("10.1.0.{n}")).await;
    }
    assert!(issued().await.len() < 120, "{}", issued().await.len());
    tokens::record_issued_tokens(&w.store, store::db::now() + 2 * HOUR_MS).await.unwrap();
    let sql = "SELECT sum(state_after ->> 'tokens') FROM event WHERE action = 'token.issue'";
    let told: i64 = query_scalar(sql).fetch_one(&mut w.raw().await).await.unwrap();
    assert_eq!(told, 5 + 1 + 3 + 250, "every token is told of");
    w.sound().await;
}

#[tokio::test]
async fn another_apps_credential_is_out_of_reach() {
    let w = World::new().await;
    let key = made(&w, "one").await;
    let gone = Err(Error::NotFound(Entity::Credential));
    assert_eq!(credentials::edit(Scope::new(&w.store, &admin(), w.other), key.id, "two").await, gone);
    let actor = Actor::Credential { id: key.id, name: "one".into(), app: 1, rights: Rights { read_only: true, until: None } };
    let caller = Caller { actor, address: None, proof: None };
    assert_eq!(credentials::edit(w.scope(&caller), key.id, "two").await, Err(Error::Forbidden));
    w.sound().await;
}
