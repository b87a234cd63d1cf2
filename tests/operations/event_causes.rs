//! Who and what causes the actions of users: the credential that a token came through, states that lasted only a minute, and the
//! addresses of their sign-ins. And that a stranger who types a name is not recorded as its owner.

use domain::{
    Actor, Caller, Error,
    application::AppRef,
    event::{Action, Event, EventParams, EventStep},
    export::{ExportInput, ExportOutcome},
    limits::{HOUR_MS, KNOWN_NETWORK_KEPT_MS, KNOWN_NETWORKS_PER_ACCOUNT, OWN_EVENTS_MS, OWN_STEPS, OWN_STEPS_BYTES},
    operator::{Language, Role},
};
use store::{
    Scope,
    account::users,
    change::pending,
    credential::{
        known_networks,
        tokens::{self, TokenLookup},
    },
    db::{now, query, query_scalar},
    event::stream,
};
use world::{World, admin, viewer};

use crate::credentials::{app_of, back_end, key_of, made, register};

/// The user of a token, who calls from there.
async fn user(w: &World, token: &str, address: &str) -> Caller {
    let TokenLookup::Good { actor, .. } = tokens::find(&w.store, token, Some(address)).await.unwrap() else { panic!("no token") };
    Caller { actor, address: Some(address.into()), proof: Some(tokens::proof(token)) }
}

/// A user of the app with a token that was obtained through the credential `shop`.
async fn through_shop(w: &World, app: &AppRef, name: &str) -> Caller {
    let key = match store::credential::list(w.scope(&admin())).await.unwrap().into_iter().find(|row| row.name == "shop") {
        Some(row) => Actor::Credential { id: row.id, name: row.name, app: key_of(w).await, rights: Default::default() },
        None => back_end(w, &made(w, "shop").await, key_of(w).await).actor,
    };
    let shop = Caller { actor: key, address: Some("198.51.100.1".into()), proof: None };
    let token = tokens::for_account(Scope::new(&w.store, &shop, app), name, false, None).await.unwrap().token;
    user(w, &token, "192.0.2.9").await
}

async fn rename(w: &World, app: &AppRef, caller: &Caller, nickname: &str) {
    users::set_nickname(Scope::new(&w.store, caller, app), "amy", nickname).await.unwrap();
}

/// The latest event of an action, as the caller sees it.
async fn latest(w: &World, caller: &Caller, action: Action) -> Event {
    let id = w.events().await.into_iter().find(|row| row.action == action).expect("an event").id;
    store::event::get(&w.store, caller, Some(w.app), id).await.unwrap()
}

/// The last lines of the log as it is sent to other systems.
async fn lines(w: &World) -> String {
    let lines = stream::events_after(&w.store, 0).await.unwrap().unwrap();
    String::from_utf8(lines.text).unwrap()
}

#[tokio::test]
async fn what_a_user_does_names_the_credential_that_the_token_came_through() {
    let w = World::new().await;
    let app = app_of(&w, "chat").await;
    register(&w, &app, "amy", "secret").await;
    let amy = through_shop(&w, &app, "amy").await;
    rename(&w, &app, &amy, "first").await;
    let told = async || {
        let row = latest(&w, &viewer(), Action::AccountEdit).await.row;
        (row.actor, row.operator, row.through)
    };
    let shop = ("account".to_owned(), "amy".to_owned(), "shop".to_owned());
    assert_eq!(told().await, shop);
    // Deferred events have it too.
    rename(&w, &app, &amy, "second").await;
    pending::write_due_at(&w.store, now() + OWN_EVENTS_MS).await.unwrap();
    assert_eq!(told().await, shop);
    let text = lines(&w).await;
    let last: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!((&last["actor"], &last["through"]), (&"account".into(), &"shop".into()));

    // One that was obtained with the password has no credential.
    let issued = tokens::for_password(Scope::new(&w.store, &Caller::anonymous(None), &app), "amy", "secret", None).await.unwrap();
    let amy = user(&w, &issued.token, "192.0.2.9").await;
    pending::write_due_at(&w.store, now() + 9 * OWN_EVENTS_MS).await.unwrap();
    rename(&w, &app, &amy, "third").await;
    pending::write_due_at(&w.store, now() + 99 * OWN_EVENTS_MS).await.unwrap();
    assert_eq!(told().await, ("account".into(), "amy".into(), String::new()));
    w.sound().await;
}

#[tokio::test]
async fn tokens_for_users_say_whose_they_are() {
    let w = World::new().await;
    let app = app_of(&w, "chat").await;
    w.accounts(&["amy", "bob", "eve"]).await;
    for name in ["amy", "bob", "amy", "bob", "eve"] {
        through_shop(&w, &app, name).await;
    }
    let first = latest(&w, &viewer(), Action::TokenIssue).await.row;
    assert_eq!((first.actor.as_str(), first.operator.as_str(), first.target.as_str()), ("credential", "shop", "amy"));
    tokens::record_issued_tokens(&w.store, now() + 2 * HOUR_MS).await.unwrap();
    let rest = latest(&w, &viewer(), Action::TokenIssue).await;
    let after = |field: &str| rest.changes.iter().find(|change| change.field == field).and_then(|change| change.after.clone());
    assert_eq!((after("tokens"), after("usernames")), (Some("4".into()), Some(r#"["bob","amy","eve"]"#.into())));
}

#[tokio::test]
async fn a_name_that_stood_for_a_minute_is_told() {
    let w = World::new().await;
    let app = app_of(&w, "chat").await;
    w.account("amy").await;
    let amy = through_shop(&w, &app, "amy").await;
    let elsewhere = Caller { address: Some("203.0.113.5".into()), ..amy.clone() };
    rename(&w, &app, &amy, "Amy").await;
    rename(&w, &app, &elsewhere, "rude").await;
    rename(&w, &app, &amy, "Amy").await;
    rename(&w, &app, &elsewhere, "rude").await;
    rename(&w, &app, &amy, "Amy").await;
    pending::write_due_at(&w.store, now() + OWN_EVENTS_MS).await.unwrap();
    let event = latest(&w, &admin(), Action::AccountEdit).await;
    let step = |value: &str, address: &str| EventStep {
        values: vec![value.into()],
        address: Some(address.into()).filter(|address: &String| !address.is_empty()),
        through: "shop".into(),
    };
    assert_eq!((event.steps, event.more_steps), (vec![step("rude", "203.0.113.5"), step("Amy", "192.0.2.9")], 0));
    let fields: Vec<String> = event.changes.into_iter().map(|change| change.field).collect();
    assert_eq!(fields, ["changes"], "the name is as it was before, and so it says how often it changed");

    // Viewers are not shown the address, in any form.
    let seen = latest(&w, &viewer(), Action::AccountEdit).await;
    assert_eq!(seen.steps, [step("rude", ""), step("Amy", "")]);
    let file = async |caller: &Caller| {
        let columns = ["action", "after"].map(str::to_owned).to_vec();
        let input = ExportInput { list: "events".into(), format: "jsonl".into(), columns, ..ExportInput::default() };
        let ExportOutcome::Ready(made) = jobs::export::start(w.scope(caller), &input, Language::En).await.unwrap() else {
            panic!("a job")
        };
        std::fs::read_to_string(store::export::find(w.scope(caller), &made.token).await.unwrap().path).unwrap()
    };
    let reads = file(&w.operator("vi", Role::Viewer).await).await;
    assert!(reads.contains("rude") && !reads.contains("203.0.113.5") && !reads.contains("192.0.2.9"), "{reads}");
    let whole = r#""steps":[{"address":"203.0.113.5","after":{"nickname":"rude"},"through":"shop"},"#;
    let (owns, line) = (file(&w.operator("ad", Role::Admin).await).await, lines(&w).await);
    assert!(owns.contains(whole) && line.contains(whole), "{owns} {line}");
}

#[tokio::test]
async fn names_in_between_are_few_and_short_and_the_others_counted() {
    let w = World::new().await;
    let app = app_of(&w, "chat").await;
    w.account("amy").await;
    let amy = through_shop(&w, &app, "amy").await;
    for n in 0..=50 {
        rename(&w, &app, &amy, &n.to_string()).await;
    }
    pending::write_due_at(&w.store, now() + OWN_EVENTS_MS).await.unwrap();
    let event = latest(&w, &admin(), Action::AccountEdit).await;
    assert_eq!(
        (event.steps.len(), &event.steps[0].values[0], &event.steps[OWN_STEPS - 1].values[0]),
        (OWN_STEPS, &"1".into(), &"20".into())
    );
    assert_eq!(event.more_steps, 30);
    // The longest ones, in the next window.
    for n in 0..20 {
        rename(&w, &app, &amy, &format!("{n:02}{}", "😀".repeat(98))).await;
    }
    pending::write_due_at(&w.store, now() + 9 * OWN_EVENTS_MS).await.unwrap();
    let event = latest(&w, &admin(), Action::AccountEdit).await;
    assert_eq!(event.steps.len() as u64 + event.more_steps, 20);
    let sql = "SELECT max(octet_length(state_after ->> 'steps')) FROM event";
    let bytes: i64 = query_scalar(sql).fetch_one(&mut w.raw().await).await.unwrap();
    assert!((OWN_STEPS_BYTES as i64 / 2..=OWN_STEPS_BYTES as i64).contains(&bytes), "{bytes}");
    w.sound().await;
}

#[tokio::test]
async fn a_few_places_of_each_user_are_known_until_the_password_changes() {
    let w = World::new().await;
    let app = app_of(&w, "chat").await;
    register(&w, &app, "amy", "secret").await;
    let from = async |address: &str| {
        let caller = Caller::anonymous(Some(address.into()));
        tokens::for_password(Scope::new(&w.store, &caller, &app), "amy", "secret", None).await.unwrap();
    };
    let known = async |name: &str, address: &str| known_networks::known(&w.store, &app, name, Some(address)).await.unwrap();
    assert_eq!(known("amy", "10.0.0.1").await, None);
    let wrong =
        tokens::for_password(Scope::new(&w.store, &Caller::anonymous(Some("10.0.0.1".into())), &app), "amy", "guess", None).await;
    assert_eq!(wrong, Err(Error::SignInRefused));
    assert_eq!(known("amy", "10.0.0.1").await, None, "a guess is no sign-in");
    from("10.0.0.1").await;
    assert!(known("AMY", "10.0.0.1").await.is_some() && known("amy", "10.0.0.2").await.is_none());
    assert!(known("nobody", "10.0.0.1").await.is_none());
    let other = known_networks::known(&w.store, &app_of(&w, "other").await, "amy", Some("10.0.0.1")).await.unwrap();
    assert_eq!((other, known_networks::known(&w.store, &app, "amy", None).await.unwrap()), (None, None));
    from("2001:db8::1").await;
    assert!(known("amy", "2001:db8::2").await.is_some(), "a household of IPv6 is one");

    // One more than are kept: the oldest is removed.
    for n in 2..=KNOWN_NETWORKS_PER_ACCOUNT {
        query("UPDATE account_place SET at = at - 1000").execute(&mut w.raw().await).await.unwrap();
        from(&format!("10.0.0.{n}")).await;
    }
    assert!(known("amy", "10.0.0.1").await.is_none() && known("amy", "10.0.0.2").await.is_some());
    let count =
        async || -> i64 { query_scalar("SELECT count(*) FROM account_place").fetch_one(&mut w.raw().await).await.unwrap() };
    assert_eq!(count().await, i64::from(KNOWN_NETWORKS_PER_ACCOUNT));
    query("UPDATE account_place SET at = at - $1 WHERE network = '10.0.0.2'")
        .bind(KNOWN_NETWORK_KEPT_MS)
        .execute(&mut w.raw().await)
        .await
        .unwrap();
    assert_eq!(known("amy", "10.0.0.2").await, None, "long ago");
    tokens::delete_expired(&w.store).await.unwrap();
    assert_eq!(count().await, i64::from(KNOWN_NETWORKS_PER_ACCOUNT) - 1);
    users::set_password(Scope::new(&w.store, &admin(), &app), "amy", "another").await.unwrap();
    assert_eq!(count().await, 0);
    w.sound().await;
}

#[tokio::test]
async fn strangers_are_not_the_operator_whose_name_they_type() {
    let w = World::new().await;
    w.operator("Ada", Role::Owner).await;
    let stranger = Caller::anonymous(Some("203.0.113.5".into()));
    for name in ["Ada", "ADA"] {
        store::operator::sign_in(&w.store, &stranger, name, "a guess", None).await.unwrap_err();
    }
    store::operator::sign_in_throttled(&w.store, &stranger, "ada").await.unwrap();
    let me = store::operator::sign_in(&w.store, &stranger, "ada", world::PASSWORD, None).await.unwrap();
    // As earlier versions recorded it; and an account with the operator's name.
    query(
        "INSERT INTO event (at, app_id, actor, operator, action, outcome, target, target_name) VALUES
         (1, 0, 'anonymous', 'Ada', 'session.sign_in', 'refused', 'Ada', 'Ada'),
         (1, (SELECT id FROM application WHERE app_name = 'chat'), 'account', 'Ada', 'account.edit', 'done', 'Ada', '')",
    )
    .execute(&mut w.raw().await)
    .await
    .unwrap();
    w.recount().await;
    let found = async |params: EventParams| {
        let page = store::event::list(&w.store, &admin(), Some(w.app), &params).await.unwrap().page;
        page.items.into_iter().map(|row| (row.actor, row.operator, row.target)).collect::<Vec<_>>()
    };
    let own = found(EventParams { operator: "Ada".into(), ..EventParams::default() }).await;
    assert_eq!(own, [("operator".into(), "Ada".into(), me.name)]);
    let by_name = found(EventParams { target: "ada".into(), action: "session.sign_in".into(), ..EventParams::default() }).await;
    let strangers: Vec<&str> = by_name.iter().filter(|row| row.0 == "anonymous").map(|row| row.2.as_str()).collect();
    assert_eq!(strangers, ["ada", "ADA", "Ada", "Ada"]);
    assert!(by_name.iter().all(|(actor, name, _)| (actor == "operator") != name.is_empty()), "{by_name:?}");
    // The same in a file and in the lines.
    for line in lines(&w).await.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(line["actor"] != "anonymous" || line["operator"] == "", "{line}");
    }
}
