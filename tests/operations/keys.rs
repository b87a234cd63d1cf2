//! Surrogate keys: an app's rows are a range, no key comes back, and none is wasted by what happens every day.

use std::fmt::Write;

use domain::application::AppId;
use store::db::{query, query_scalar, range};
use world::{World, admin};

use crate::imports::{admin_of, imported};

/// The number that the app's next account gets at the latest: how many are taken.
async fn taken(w: &World) -> i64 {
    let sql = "SELECT next FROM id_block WHERE name = 'account' AND app_id = $1";
    query_scalar(sql).bind(w.app.key()).fetch_one(&mut w.raw().await).await.unwrap()
}

async fn keys(w: &World, sql: &'static str) -> Vec<i64> {
    query_scalar(sql).fetch_all(&mut w.raw().await).await.unwrap()
}

#[tokio::test]
async fn rows_of_an_app_are_a_range_of_keys() {
    let w = World::new().await;
    w.accounts(&["amy", "bo"]).await;
    w.group("g", "Work", "amy").await;
    let operator = admin();
    let other = store::Scope::new(&w.store, &operator, w.other);
    store::account::create(other, &world::new_account("amy")).await.unwrap();
    store::group::create(other, &world::new_group("g", "Work", "amy")).await.unwrap();
    for (app, accounts) in [(w.app, 2), (w.other, 1)] {
        let (low, high) = range(app);
        for (sql, count) in [
            ("SELECT count(*) FROM account WHERE id BETWEEN $1 AND $2 AND app_id = $3", accounts),
            ("SELECT count(*) FROM \"group\" WHERE id BETWEEN $1 AND $2 AND app_id = $3", 1),
            ("SELECT count(*) FROM account WHERE id BETWEEN $1 AND $2 OR app_id = $3", accounts),
        ] {
            let found: i64 = query_scalar(sql).bind(low).bind(high).bind(app.key()).fetch_one(&mut w.raw().await).await.unwrap();
            assert_eq!(found, count, "{sql}");
        }
    }
    // A row without a key of its app's range is refused, also one that the database would number itself.
    for id in ["NULL", "0", "7", "1 << 53"] {
        let sql = format!("INSERT INTO account (id, app_id, username, type, created_at) VALUES ({id}, 1, 'x', 'General', 0)");
        let added = store::db::Builder::unchecked(sql).build().execute(&mut w.raw().await).await;
        assert!(added.unwrap_err().to_string().contains("CHECK constraint failed"), "{id}");
    }
    assert_eq!((w.app, w.other), (AppId::of_row(1), AppId::of_row(2)));
}

#[tokio::test]
async fn an_import_takes_keys_for_its_new_rows_alone() {
    let w = World::new().await;
    admin_of(&w).await;
    let mut file = "username,created_at\n".to_owned();
    for number in 0..1_500 {
        writeln!(file, "u{number:04},2026-01-02 03:04:05").unwrap();
    }
    let before = 1;
    imported(&w, file.as_bytes(), "accounts", "update").await;
    assert_eq!(taken(&w).await, before + 1_500);
    // Rows of one time are listed by key, newest first: a file that does not rise has falling keys.
    let in_file: Vec<i64> = keys(&w, "SELECT id FROM account ORDER BY username").await;
    assert!(in_file.is_sorted_by(|a, b| a > b), "{in_file:?}");
    // The same file night after night, each time with one row more.
    for number in 1_500..1_510 {
        writeln!(file, "u{number:04},2026-01-02 03:04:05").unwrap();
        imported(&w, file.as_bytes(), "accounts", "update").await;
    }
    assert_eq!(keys(&w, "SELECT count(*) FROM account").await, [1_510]);
    assert_eq!(taken(&w).await, before + 2_500, "one block for ten rows");
}

#[tokio::test]
async fn who_registers_the_same_names_uses_up_no_keys() {
    let w = World::new().await;
    let app = store::application::named(&w.store, "acme", "chat").await.unwrap().unwrap();
    let operator = admin();
    for _ in 0..1_100 {
        let scope = store::Scope::new(&w.store, &operator, &app);
        store::account::users::register_without_password(scope, "amy").await.unwrap();
    }
    assert_eq!(taken(&w).await, 1_001);
}

#[tokio::test]
async fn numbers_that_people_see_never_come_back() {
    let w = World::new().await;
    admin_of(&w).await;
    let mut last = (0, 0);
    for name in ["amy", "bo", "cy"] {
        let job = imported(&w, format!("username\n{name}\n").as_bytes(), "accounts", "update").await;
        let import = keys(&w, "SELECT max(id) FROM import").await[0];
        assert!(job.row.id > last.0 && import > last.1);
        last = (job.row.id, import);
        query("DELETE FROM import; DELETE FROM job").execute(&mut w.raw().await).await.unwrap();
    }
    assert_eq!(last, (3, 3));
}

#[tokio::test]
async fn events_are_numbered_without_gaps_in_the_order_of_the_commits() {
    let w = World::new().await;
    w.accounts(&["amy", "bo"]).await;
    w.group("g", "Work", "amy").await;
    // A refused one is rolled back, and recorded in a transaction of its own.
    store::account::create(w.scope(&admin()), &world::new_account("amy")).await.unwrap_err();
    let operator = admin();
    let other = store::Scope::new(&w.store, &operator, w.other);
    store::account::create(other, &world::new_account("amy")).await.unwrap();
    let ids = keys(&w, "SELECT id FROM event ORDER BY at, id").await;
    assert_eq!(ids, (1..=i64::try_from(ids.len()).unwrap()).collect::<Vec<_>>());
}
