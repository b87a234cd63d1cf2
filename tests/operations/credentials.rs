//! Credentials and tokens: who may create them, what voids them, what is stored of them.

use domain::{
    Actor, Caller, Code, Error,
    account::NewUserInput,
    application::{AppId, AppRef},
    caller::Rights,
    credential::CredentialWithSecret,
    error::Entity,
    event::Outcome,
};
use store::{
    Scope,
    account::users,
    credential::{
        self as credentials,
        tokens::{self, IssuedToken, TokenLookup},
    },
    db::{Builder, query, query_scalar},
};
use world::{World, admin, broken, viewer};

pub async fn app_of(w: &World, app: &str) -> AppRef {
    store::application::named(&w.store, "acme", app).await.unwrap().unwrap()
}

pub async fn made(w: &World, name: &str) -> CredentialWithSecret {
    credentials::create(w.scope(&admin()), name).await.unwrap()
}

pub async fn token_of(w: &World, credential: &CredentialWithSecret) -> IssuedToken {
    asked(w, w.app, &credential.client_id, &credential.client_secret, None).await.unwrap()
}

/// As the token call does it.
pub async fn asked(w: &World, app: AppId, id: &str, secret: &str, ttl: Option<i64>) -> Result<IssuedToken, Error> {
    let client = tokens::client(&w.store, app, id, secret, None).await?;
    tokens::for_client(&w.store, client, ttl).await
}

pub fn back_end(w: &World, credential: &CredentialWithSecret, app: i64) -> Caller {
    let _ = w;
    Caller {
        actor: Actor::Credential { id: credential.id, name: credential.name.clone(), app, rights: Rights::default() },
        address: None,
        proof: None,
    }
}

pub async fn key_of(w: &World) -> i64 {
    let sql = "SELECT id FROM application WHERE app_name = 'chat'";
    query_scalar(sql).fetch_one(&mut w.raw().await).await.unwrap()
}

pub async fn register(w: &World, app: &AppRef, name: &str, password: &str) {
    let input = NewUserInput { username: name.into(), password: password.into(), nickname: String::new() };
    assert_eq!(users::register(Scope::new(&w.store, &admin(), app), &[input]).await.unwrap().made.len(), 1);
}

#[tokio::test]
async fn a_token_says_who_calls_for_which_app() {
    let w = World::new().await;
    let app = app_of(&w, "chat").await;
    let key = made(&w, " Shop ").await;
    assert_eq!(key.name, "Shop");
    assert!(key.client_id.starts_with("YXA6") && key.client_secret.starts_with("YXA6"));
    let issued = token_of(&w, &key).await;
    assert!(issued.token.starts_with("YWMt") && issued.token.len() == 48, "{}", issued.token);
    assert_eq!(issued.expires_in, 5_184_000);
    let actor = Actor::Credential { id: key.id, name: "Shop".into(), app: key_of(&w).await, rights: Rights::default() };
    assert_eq!(tokens::find(&w.store, &issued.token, None).await, Ok(TokenLookup::Good { app: app.clone(), actor }));
    for text in ["", "YWMt", &issued.token[..47], &format!("YWMt{}", "a".repeat(44)), &issued.token.to_lowercase()] {
        assert_eq!(tokens::find(&w.store, text, None).await, Ok(TokenLookup::Unknown), "{text}");
    }
    // Each app has its own: the secret of one is worthless in another.
    let elsewhere = asked(&w, w.other, &key.client_id, &key.client_secret, None).await;
    assert_eq!(elsewhere.map(|_| ()), Err(Error::field("client_id", Code::Mismatch)));
    let wrong = asked(&w, w.app, &key.client_id, &key.client_id, None).await;
    assert_eq!(wrong.map(|_| ()), Err(Error::field("client_secret", Code::Mismatch)));
    let forever = asked(&w, w.app, &key.client_id, &key.client_secret, Some(0)).await.unwrap();
    assert_eq!(forever.expires_in, 0);
    let kept: Vec<Option<i64>> =
        query_scalar("SELECT expires_at FROM api_token ORDER BY expires_at").fetch_all(&mut w.raw().await).await.unwrap();
    assert!(kept.len() == 2 && kept[0].is_none() && kept[1].is_some());
    w.sound().await;
}

#[tokio::test]
async fn only_operators_who_may_write_look_after_credentials() {
    let w = World::new().await;
    let key = made(&w, "one").await;
    let own = back_end(&w, &key, key_of(&w).await);
    for caller in [viewer(), own.clone()] {
        assert_eq!(credentials::create(w.scope(&caller), "two").await, Err(Error::Forbidden));
        assert_eq!(credentials::edit(w.scope(&caller), key.id, "two").await, Err(Error::Forbidden));
        assert_eq!(credentials::rotate(w.scope(&caller), key.id, "").await, Err(Error::Forbidden));
        assert_eq!(credentials::revoke(w.scope(&caller), key.id).await, Err(Error::Forbidden));
    }
    assert_eq!(credentials::list(w.scope(&own)).await, Err(Error::Forbidden));
    assert_eq!(credentials::list(w.scope(&viewer())).await.map(|rows| rows.len()), Ok(1));

    assert_eq!(broken(credentials::create(w.scope(&admin()), "one").await), ["name: Taken"]);
    assert_eq!(broken(credentials::create(w.scope(&admin()), " ").await), ["name: Required"]);
    let gone = Err(Error::NotFound(Entity::Credential));
    assert_eq!(credentials::rotate(Scope::new(&w.store, &admin(), w.other), key.id, "").await, gone, "another app's");
    assert_eq!(
        credentials::revoke(Scope::new(&w.store, &admin(), w.other), key.id).await,
        Err(Error::NotFound(Entity::Credential))
    );
    credentials::edit(w.scope(&admin()), key.id, "uno").await.unwrap();
    assert_eq!(w.last_done().await.row.action.as_str(), "credential.edit");
    for n in 2..=50 {
        made(&w, &format!("key {n}")).await;
    }
    let full = ["name: TooManyItems { max: 50, actual: 51 }"];
    assert_eq!(broken(credentials::create(w.scope(&admin()), "more").await), full);
    credentials::create(Scope::new(&w.store, &admin(), w.other), "one").await.unwrap();
    w.sound().await;
}

#[tokio::test]
async fn rotating_and_revoking_void_what_was_got_with_it() {
    let w = World::new().await;
    let app = app_of(&w, "chat").await;
    register(&w, &app, "amy", "secret").await;
    let (key, other) = (made(&w, "one").await, made(&w, "two").await);
    let kept = token_of(&w, &other).await.token;
    let good = async |token: &str| matches!(tokens::find(&w.store, token, None).await, Ok(TokenLookup::Good { .. }));

    let caller = back_end(&w, &key, key_of(&w).await);
    let first = token_of(&w, &key).await.token;
    let inherited = tokens::for_account(Scope::new(&w.store, &caller, &app), "AMY", false, None).await.unwrap();
    assert_eq!(inherited.user.map(|user| user.username).as_deref(), Some("amy"));
    assert!(good(&first).await && good(&inherited.token).await);

    let fresh = credentials::rotate(w.scope(&admin()), key.id, "").await.unwrap();
    assert_eq!((&fresh.client_id, &fresh.name), (&key.client_id, &key.name));
    assert!(!good(&first).await && !good(&inherited.token).await, "what a leaked secret may have got is void");
    let old = asked(&w, w.app, &key.client_id, &key.client_secret, None).await;
    assert_eq!(old.map(|_| ()), Err(Error::field("client_secret", Code::Mismatch)));
    let second = token_of(&w, &fresh).await.token;
    assert!(good(&second).await);

    credentials::revoke(w.scope(&admin()), key.id).await.unwrap();
    assert!(!good(&second).await && good(&kept).await);
    assert_eq!(credentials::list(w.scope(&admin())).await.unwrap().len(), 1);
    w.sound().await;
}

#[tokio::test]
async fn expired_tokens_say_so_for_a_while() {
    let w = World::new().await;
    let key = made(&w, "one").await;
    let token = token_of(&w, &key).await.token;
    let ended = |ago: &'static str| format!("UPDATE api_token SET expires_at = unixepoch('now', '{ago}') * 1000");
    let end = async |ago| Builder::unchecked(ended(ago)).build().execute(&mut w.raw().await).await.unwrap();
    assert!(matches!(tokens::find(&w.store, &token, None).await, Ok(TokenLookup::Good { .. })));
    end("-1 second").await;
    // Done outside the store, as by another process: it takes up to a second to be noticed.
    tokio::time::sleep(std::time::Duration::from_millis(1050)).await;
    assert_eq!(tokens::find(&w.store, &token, None).await, Ok(TokenLookup::Expired));
    assert_eq!(tokens::delete_expired(&w.store).await, Ok(0));
    assert_eq!(credentials::list(w.scope(&admin())).await.unwrap()[0].tokens, 0);
    end("-8 days").await;
    assert_eq!(tokens::delete_expired(&w.store).await, Ok(1));
    assert_eq!(tokens::find(&w.store, &token, None).await, Ok(TokenLookup::Unknown));
    w.sound().await;
}

#[tokio::test]
async fn accounts_sign_in_until_they_must_not() {
    let w = World::new().await;
    let app = app_of(&w, "chat").await;
    register(&w, &app, "Amy", "päss wörd").await;
    w.account("bob").await;
    let sign_in = async |name: &str, password: &str| {
        tokens::for_password(Scope::new(&w.store, &Caller::anonymous(None), &app), name, password, Some(60)).await
    };
    let token = sign_in("AMY", "päss wörd").await.unwrap();
    assert_eq!(token.expires_in, 60);
    let user = token.user.unwrap();
    assert_eq!((user.username.as_str(), user.activated), ("amy", true));
    let found = tokens::find(&w.store, &token.token, None).await.unwrap();
    assert!(
        matches!(found, TokenLookup::Good { actor: Actor::Account { ref username, .. }, .. } if username == "amy"),
        "{found:?}"
    );
    for (name, password) in [("amy", "pass word"), ("amy", ""), ("bob", ""), ("bob", "x"), ("nobody", "päss wörd")] {
        assert_eq!(sign_in(name, password).await.map(|_| ()), Err(Error::SignInRefused), "{name}");
    }
    let good = async |token: &str| matches!(tokens::find(&w.store, token, None).await, Ok(TokenLookup::Good { .. }));

    users::set_activated(Scope::new(&w.store, &admin(), &app), "amy", false).await.unwrap();
    assert!(!good(&token.token).await);
    assert_eq!(sign_in("amy", "päss wörd").await.map(|_| ()), Err(Error::SignInRefused));
    let inherit = tokens::for_account(Scope::new(&w.store, &admin(), &app), "amy", false, None).await;
    assert_eq!(inherit.map(|_| ()), Err(Error::SignInRefused));
    users::set_activated(Scope::new(&w.store, &admin(), &app), "amy", true).await.unwrap();
    assert!(!good(&token.token).await, "what ended stays ended");

    let token = sign_in("amy", "päss wörd").await.unwrap().token;
    users::set_password(Scope::new(&w.store, &admin(), &app), "amy", "another").await.unwrap();
    assert!(!good(&token).await);
    assert_eq!(sign_in("amy", "päss wörd").await.map(|_| ()), Err(Error::SignInRefused));
    let token = sign_in("amy", "another").await.unwrap().token;
    users::delete(Scope::new(&w.store, &admin(), &app), "amy").await.unwrap();
    assert!(!good(&token).await);
    register(&w, &app, "amy", "again").await;
    let token = sign_in("amy", "again").await.unwrap().token;
    assert!(good(&token).await);
    store::account::delete(w.scope(&admin()), vec!["amy".into()], "").await.unwrap();
    assert!(!good(&token).await, "the console deletes too");

    // A back end may create the account in the same call, in lower case, once.
    for name in ["Cleo", "cleo", "CLEO"] {
        let issued = tokens::for_account(Scope::new(&w.store, &admin(), &app), name, true, None).await.unwrap();
        assert_eq!(issued.user.unwrap().username, "cleo");
    }
    let missing = tokens::for_account(Scope::new(&w.store, &admin(), &app), "dan", false, None).await;
    assert_eq!(missing.map(|_| ()), Err(Error::NotFound(Entity::Account)));
    assert_eq!(
        broken(tokens::for_account(Scope::new(&w.store, &admin(), &app), "d n", true, None).await),
        ["username: NotUsername"]
    );
    w.sound().await;
}

#[tokio::test]
async fn using_a_token_is_written_down_once_a_minute() {
    let w = World::new().await;
    let key = made(&w, "one").await;
    let used = async || credentials::list(w.scope(&admin())).await.unwrap()[0].last_used_at;
    assert_eq!(used().await, None);
    let token = token_of(&w, &key).await.token;
    let at = used().await.expect("used");
    let back = "UPDATE api_credential SET last_used_at = 5";
    query(back).execute(&mut w.raw().await).await.unwrap();
    let until = async |wanted: bool| {
        for _ in 0..100 {
            if (used().await >= Some(at)) == wanted {
                return true;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        false
    };
    tokens::find(&w.store, &token, None).await.unwrap();
    assert!(until(true).await, "the first call");
    query(back).execute(&mut w.raw().await).await.unwrap();
    for _ in 0..5 {
        tokens::find(&w.store, &token, None).await.unwrap();
    }
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert_eq!(used().await, Some(5), "not again within the minute");
    w.sound().await;
}

#[tokio::test]
async fn too_many_tokens_end_the_oldest() {
    let w = World::new().await;
    let app = app_of(&w, "chat").await;
    let key = made(&w, "one").await;
    let first = token_of(&w, &key).await.token;
    let caller = back_end(&w, &key, key_of(&w).await);
    let inherited = tokens::for_account(Scope::new(&w.store, &caller, &app), "amy", true, None).await.unwrap().token;
    query(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
         INSERT INTO api_token (token_hash, app_id, credential_id, created_at)
         SELECT randomblob(32), app_id, id, created_at + 1000000 + i FROM n CROSS JOIN api_credential",
    )
    .execute(&mut w.raw().await)
    .await
    .unwrap();
    let count = async || credentials::list(w.scope(&admin())).await.unwrap()[0].tokens;
    assert_eq!(count().await, 10_001);
    assert!(matches!(tokens::find(&w.store, &first, None).await, Ok(TokenLookup::Good { .. })));
    query("UPDATE api_token SET created_at = created_at - 5000000").execute(&mut w.raw().await).await.unwrap();
    // Only now and then one of them looks.
    let mut more = 0;
    while more == 0 || count().await > 10_001 {
        token_of(&w, &key).await;
        more += 1;
        assert!(more < 1000, "nobody looks");
    }
    assert_eq!(count().await, 10_001, "as many less as more");
    tokio::time::sleep(std::time::Duration::from_millis(1050)).await;
    assert_eq!(tokens::find(&w.store, &first, None).await, Ok(TokenLookup::Unknown));
    assert!(
        matches!(tokens::find(&w.store, &inherited, None).await, Ok(TokenLookup::Good { .. })),
        "a user's is not the credential's"
    );
    w.sound().await;
}

#[tokio::test]
async fn no_secret_is_kept_or_told() {
    let w = World::new().await;
    let app = app_of(&w, "chat").await;
    let key = made(&w, "one").await;
    let rotated = credentials::rotate(w.scope(&admin()), key.id, "").await.unwrap();
    let token = token_of(&w, &rotated).await.token;
    register(&w, &app, "amy", "swordfish-1").await;
    users::set_password(Scope::new(&w.store, &admin(), &app), "amy", "swordfish-2").await.unwrap();
    let users_token =
        tokens::for_password(Scope::new(&w.store, &Caller::anonymous(None), &app), "amy", "swordfish-2", None).await.unwrap();
    credentials::revoke(w.scope(&admin()), key.id).await.unwrap();

    let debug = format!("{key:?} {rotated:?} {users_token:?}");
    w.store.close().await;
    let file = std::fs::read(w.folder.path().join("roster.db")).unwrap();
    let secrets = [&key.client_secret, &rotated.client_secret, &token, &users_token.token];
    for secret in secrets.into_iter().map(String::as_str).chain(["swordfish-1", "swordfish-2"]) {
        assert!(!debug.contains(secret));
        assert!(!file.windows(secret.len()).any(|bytes| bytes == secret.as_bytes()), "{secret} is in the database");
    }
}

#[tokio::test]
async fn every_change_leaves_its_event() {
    let w = World::new().await;
    let app = app_of(&w, "chat").await;
    let key = made(&w, "one").await;
    credentials::edit(w.scope(&admin()), key.id, "uno").await.unwrap();
    credentials::rotate(w.scope(&admin()), key.id, "").await.unwrap();
    credentials::revoke(w.scope(&admin()), key.id).await.unwrap();
    let caller = back_end(&w, &key, key_of(&w).await);
    let input = |name: &str| NewUserInput { username: name.into(), password: "x".into(), nickname: "N".into() };
    let registered =
        users::register(Scope::new(&w.store, &caller, &app), &[input("Amy"), input("amy"), input("bob")]).await.unwrap();
    assert_eq!(registered.made.iter().map(|user| user.username.as_str()).collect::<Vec<_>>(), ["amy", "bob"]);
    assert_eq!(registered.existing, ["amy"]);
    users::set_nickname(Scope::new(&w.store, &caller, &app), "amy", "Amy").await.unwrap();
    users::set_activated(Scope::new(&w.store, &caller, &app), "amy", false).await.unwrap();
    users::set_activated(Scope::new(&w.store, &caller, &app), "amy", false).await.unwrap();
    users::set_activated(Scope::new(&w.store, &caller, &app), "amy", true).await.unwrap();
    users::set_password(Scope::new(&w.store, &caller, &app), "amy", "y").await.unwrap();
    w.group("g", "Work", "amy").await;
    users::delete(Scope::new(&w.store, &caller, &app), "AMY").await.unwrap();
    let mut seen: Vec<String> = w
        .events()
        .await
        .into_iter()
        .map(|row| {
            format!("{} {} {}{}", row.actor, row.action.as_str(), row.target, if row.outcome == Outcome::Done { "" } else { "!" })
        })
        .collect();
    seen.reverse();
    let wanted = [
        "operator credential.create one",
        "operator credential.edit one",
        "operator credential.rotate uno",
        "operator credential.revoke uno",
        "credential account.create amy",
        "credential account.create bob",
        "credential account.create amy!",
        "credential account.edit amy",
        "credential account.deactivate amy",
        "credential account.activate amy",
        "credential account.change_password amy",
        "operator group.create g",
        "credential group.delete g",
        "credential account.delete amy",
    ];
    // The app's own making is the server's event, but shown here too.
    assert_eq!(seen[seen.len() - wanted.len()..], wanted);
    w.sound().await;
}
