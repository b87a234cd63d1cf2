//! Migrations only go forward: data of every released version are opened, checked and backed up by this one. What no migration leads
//! from is refused, and stays as it was.

use std::{collections::BTreeMap, fs, path::Path};

use sqlx::{Connection, SqliteConnection, migrate::Migrator, sqlite::SqliteConnectOptions};
use store::{
    Scope, Store,
    backup::{self, Options},
    check::{CheckError, CheckOptions, check},
    db::{Conn, OpenError, query, query_as, query_scalar},
};
use tempfile::TempDir;
use world::{params, viewer};

const MIGRATIONS: Migrator = sqlx::migrate!("../migrations");

/// A schema that data folders have, and rows in it.
struct Schema {
    /// The last of its migrations.
    version: i64,
    rows: &'static str,
}

/// The schema of every released version, oldest first, and today's. A new migration brings its own line; lines are never removed.
const SCHEMAS: [Schema; 1] = [Schema { version: 1, rows: include_str!("schemas/0001.sql") }];

async fn connect(folder: &Path) -> Conn {
    store::db::connect(&folder.join("roster.db")).await.unwrap()
}

/// The data folder of a version, with its rows.
async fn folder_of(schema: &Schema) -> TempDir {
    let folder = TempDir::new().unwrap();
    let options = SqliteConnectOptions::new().filename(folder.path().join("roster.db")).create_if_missing(true);
    let mut raw = SqliteConnection::connect_with(&options).await.unwrap();
    let migrations = MIGRATIONS.iter().filter(|migration| migration.version <= schema.version).cloned().collect::<Vec<_>>();
    Migrator { migrations: migrations.into(), ..Migrator::DEFAULT }.run_direct(None, &mut raw, false).await.unwrap();
    raw.close().await.unwrap();
    let mut raw = connect(folder.path()).await;
    query(schema.rows).execute(&mut raw).await.unwrap();
    raw.close().await.unwrap();
    folder
}

/// The columns of each table, the indexes and the triggers.
async fn parts(folder: &Path) -> BTreeMap<String, String> {
    let sql = "SELECT s.type || ' ' || s.name, coalesce(iif(s.type = 'table',
                   (SELECT group_concat(name || ' ' || type || ' ' || \"notnull\" || ' ' || coalesce(dflt_value, ''), char(10))
                    FROM (SELECT * FROM pragma_table_info(s.name) ORDER BY name)), s.sql), '')
               FROM sqlite_schema AS s";
    let rows: Vec<(String, String)> = query_as(sql).fetch_all(&mut connect(folder).await).await.unwrap();
    rows.into_iter().collect()
}

#[tokio::test]
async fn data_of_every_schema_are_brought_up_to_date() {
    let newest = MIGRATIONS.iter().map(|migration| migration.version).max();
    assert_eq!(SCHEMAS.last().map(|schema| schema.version), newest, "the newest migration has its rows");
    let new = TempDir::new().unwrap();
    Store::open(new.path()).await.unwrap().close().await;
    for schema in &SCHEMAS {
        let folder = folder_of(schema).await;
        let store = Store::open(folder.path()).await.unwrap();
        assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
        let app = store::application::find(&store, &viewer(), "acme", "chat").await.unwrap();
        let overview = store::overview::get(Scope::new(&store, &viewer(), app)).await.unwrap();
        assert_eq!((overview.accounts, overview.groups, overview.members, overview.messages), (2, 1, 2, 1));
        let found = store::account::list(Scope::new(&store, &viewer(), app), &params("明", "", "")).await.unwrap();
        assert_eq!(found.items[0].username, "amy");
        let found = store::group::list(Scope::new(&store, &viewer(), app), &params("회의", "", "")).await.unwrap();
        assert_eq!(found.items[0].group_id, "g");
        jobs::run::run_waiting(&store).await.unwrap();
        store::account::create(Scope::new(&store, &world::admin(), app), &world::new_account("cid")).await.unwrap();
        assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
        store.close().await;
        assert_eq!(parts(folder.path()).await, parts(new.path()).await, "the same as in a new folder");
    }
}

#[tokio::test]
async fn data_of_every_schema_are_backed_up_as_they_are() {
    for schema in &SCHEMAS {
        let [data, to, new] = [folder_of(schema).await, TempDir::new().unwrap(), TempDir::new().unwrap()];
        let made = backup::make(data.path(), to.path(), &Options::default()).await.unwrap();
        assert_eq!(made.ended_jobs, 1);
        let after: i64 =
            query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(&mut connect(data.path()).await).await.unwrap();
        assert_eq!(after, schema.version, "it is as it was");
        backup::restore(new.path(), to.path(), "", false).await.unwrap();
        let store = Store::open(new.path()).await.unwrap();
        assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
        jobs::run::run_waiting(&store).await.unwrap();
        store.close().await;
    }
}

#[tokio::test]
async fn data_from_before_the_first_release_are_refused() {
    let is_refused = |error: &OpenError| matches!(error, OpenError::Unreleased { .. });
    // As development versions left them: with one other migration, and with many.
    for others in ["", "INSERT INTO _sqlx_migrations SELECT 16, 'x', installed_on, 1, x'00', 0 FROM _sqlx_migrations"] {
        let folder = folder_of(&SCHEMAS[0]).await;
        let mut raw = connect(folder.path()).await;
        query("UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 1").execute(&mut raw).await.unwrap();
        query(others).execute(&mut raw).await.unwrap();
        raw.close().await.unwrap();
        let before = fs::read(folder.path().join("roster.db")).unwrap();
        let error = Store::open(folder.path()).await.unwrap_err();
        assert!(is_refused(&error), "{error:?}");
        assert!(error.to_string().contains("open it with the binary that made it"), "{error}");
        let error = Store::open_existing(folder.path()).await.unwrap_err();
        assert!(is_refused(&error), "{error:?}");
        let error = check(folder.path(), &CheckOptions::default()).await.unwrap_err();
        assert!(matches!(&error, CheckError::Open(error) if is_refused(error)), "{error:?}");
        let to = TempDir::new().unwrap();
        let error = backup::make(folder.path(), to.path(), &Options::default()).await.unwrap_err();
        assert!(matches!(&error, backup::BackupError::Open(error) if is_refused(error)), "{error:?}");
        // The mode of its journal is all that opening it may have changed.
        let after = fs::read(folder.path().join("roster.db")).unwrap();
        assert!(after[100..] == before[100..]);
    }
}

#[tokio::test]
async fn the_database_of_another_program_is_left_alone() {
    for sql in [
        "CREATE TABLE song (title TEXT)",
        // Of a program that has migrations of the same kind, or other ones in a table of that name.
        "CREATE TABLE song (title TEXT); CREATE TABLE _sqlx_migrations (version INTEGER, success INTEGER, checksum BLOB)",
        "CREATE TABLE event (at INTEGER); CREATE TABLE _sqlx_migrations (name TEXT); INSERT INTO _sqlx_migrations VALUES ('x')",
    ] {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("roster.db");
        fs::File::create(&file).unwrap();
        let mut raw = connect(folder.path()).await;
        query(sql).execute(&mut raw).await.unwrap();
        raw.close().await.unwrap();
        let before = fs::read(&file).unwrap();
        for error in [Store::open(folder.path()).await.unwrap_err(), Store::open_existing(folder.path()).await.unwrap_err()] {
            assert!(matches!(error, OpenError::Foreign { .. }), "{error:?}");
        }
        let error = check(folder.path(), &CheckOptions::default()).await.unwrap_err();
        assert!(matches!(&error, CheckError::Open(OpenError::Foreign { .. })), "{error:?}");
        assert!(fs::read(&file).unwrap() == before, "{sql}");
        assert!(!folder.path().join("roster.db-wal").exists());
    }
}

/// An event of the log can be neither changed nor taken away, whatever way the schema came about.
#[tokio::test]
async fn the_log_is_guarded_in_every_schema() {
    for schema in &SCHEMAS {
        let folder = folder_of(schema).await;
        Store::open(folder.path()).await.unwrap().close().await;
        for sql in ["UPDATE event SET target_name = 'x'", "DELETE FROM event"] {
            let error = query(sql).execute(&mut connect(folder.path()).await).await.unwrap_err().to_string();
            assert!(error.contains("events are never"), "{error}");
        }
    }
}
