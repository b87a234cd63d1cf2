//! Generated data are as requested, the same each time, and consistent.

use domain::Caller;
use sample::generate::{self, GenerateError, Progress, Request};
use store::{
    Scope, Store,
    db::{query, query_scalar},
};
use tempfile::TempDir;
use world::{World, raw_of};

fn request() -> Request {
    Request {
        org: "big".into(),
        app: "data".into(),
        accounts: 9_000,
        groups: 120,
        memberships: 15_000,
        messages: 10_000,
        seed: 7,
        until: 1_790_000_000_000,
    }
}

async fn run(store: &Store, request: &Request) -> Result<Vec<Progress>, GenerateError> {
    let mut seen = Vec::new();
    generate::run(store, request, |progress| seen.push(progress)).await?;
    Ok(seen)
}

/// Everything that was made, without keys.
async fn contents(folder: &TempDir) -> Vec<String> {
    let mut raw = raw_of(folder).await;
    let mut all = Vec::new();
    for sql in [
        "SELECT format('%s|%s|%s|%s', username, nickname, type, created_at) FROM account ORDER BY username",
        "SELECT format('%s|%s|%s|%s|%d|%d', group_id, g.name, g.type, a.username, member_count, message_count)
         FROM \"group\" g LEFT JOIN account a ON a.id = owner_id ORDER BY group_id",
        "SELECT format('%s|%s|%s|%d|%d', group_id, username, m.role, joined_at, last_spoke_at)
         FROM member m JOIN \"group\" g ON g.id = group_key JOIN account a ON a.id = account_key ORDER BY 1",
        "SELECT format('%s|%d|%s|%s', group_id, seq, sender, sent_at) FROM message JOIN \"group\" g ON g.id = group_key ORDER BY 1",
    ] {
        all.extend(query_scalar::<String>(sql).fetch_all(&mut raw).await.unwrap());
    }
    all
}

#[tokio::test]
async fn what_was_asked_for_is_there_and_the_same_each_time() {
    let [one, two] = [World::new().await, World::new().await];
    // Keys differ when there are other data; rows do not.
    two.fill(5).await;
    query("DELETE FROM account WHERE id > 5").execute(&mut two.raw().await).await.unwrap();
    two.recount().await;
    let seen = run(&one.store, &request()).await.unwrap();
    assert_eq!(seen.last().map(|progress| (progress.done, progress.of)), Some((120, 120)));
    run(&two.store, &request()).await.unwrap();
    query("DELETE FROM \"group\" WHERE group_id LIKE 'g0%'; DELETE FROM account WHERE username LIKE 'u0%'")
        .execute(&mut two.raw().await)
        .await
        .unwrap();
    two.recount().await;
    let first = contents(&one.folder).await;
    assert_eq!(first.len(), 9_000 + 120 + 15_000 + 10_000);
    assert_eq!(first, contents(&two.folder).await);
    one.sound().await;

    // Again: the generated data are replaced. Another seed, other data.
    run(&one.store, &request()).await.unwrap();
    assert_eq!(first, contents(&one.folder).await);
    let other = Request { seed: 8, accounts: 50, groups: 3, memberships: 60, messages: 0, ..request() };
    run(&one.store, &other).await.unwrap();
    assert_eq!(contents(&one.folder).await.len(), 113);
    one.sound().await;

    let mut raw = one.raw().await;
    let wrong = "SELECT (SELECT count(*) FROM member WHERE joined_at > 1790000000000 OR last_spoke_at < joined_at)
                 + (SELECT count(*) FROM message WHERE sent_at > 1790000000000)
                 + (SELECT count(*) FROM account WHERE created_at < 1790000000000 - 730 * 86400000)";
    assert_eq!(query_scalar::<i64>(wrong).fetch_one(&mut raw).await.unwrap(), 0);
    let events: Vec<String> =
        query_scalar("SELECT target FROM event WHERE action = 'application.generate'").fetch_all(&mut raw).await.unwrap();
    assert_eq!(events, ["big/data"; 3]);
}

#[tokio::test]
async fn data_from_elsewhere_are_left_alone_and_an_empty_app_is_filled() {
    let w = World::new().await;
    w.account("ann").await;
    let into = |app: &str| Request { org: "acme".into(), app: app.into(), accounts: 10, groups: 2, memberships: 4, ..request() };
    assert!(matches!(run(&w.store, &into("chat")).await, Err(GenerateError::HasData)));
    run(&w.store, &into("other")).await.unwrap();
    let app = store::application::get(Scope::new(&w.store, &Caller::system(), w.other)).await.unwrap();
    assert_eq!((app.account_count, app.group_count), (10, 2));
    assert!(matches!(run(&w.store, &Request { org: "no space".into(), ..into("x") }).await, Err(GenerateError::Domain(_))));
    assert!(matches!(run(&w.store, &Request { memberships: 21, ..into("new") }).await, Err(GenerateError::Memberships { .. })));
    assert!(store::application::find(&w.store, &Caller::system(), "acme", "new").await.is_err());
    w.sound().await;
}
