//! The data folder: opening, refusing, backing up, checking.

use std::time::Duration;

use store::{
    Scope, Store,
    db::{OpenError, query, query_scalar},
};
use tempfile::TempDir;
use world::World;

#[tokio::test]
async fn a_newer_database_is_refused_with_what_to_do() {
    let w = World::new().await;
    w.harm();
    w.store.close().await;
    query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'x', 1, x'00', 0)",
    )
    .execute(&mut w.raw().await)
    .await
    .unwrap();
    assert!(matches!(Store::open_existing(w.folder.path()).await, Err(OpenError::Newer { found: 9999, .. })));
    let error = Store::open(w.folder.path()).await.unwrap_err();
    assert!(matches!(error, OpenError::Newer { found: 9999, .. }), "{error:?}");
    assert!(error.to_string().contains("Install that newer version"), "{error}");
}

#[tokio::test]
async fn opening_again_finds_everything_and_a_missing_one_is_told() {
    let folder = TempDir::new().unwrap();
    let inner = folder.path().join("a/b");
    assert!(matches!(Store::open_existing(&inner).await, Err(OpenError::Missing { .. })));
    Store::open(&inner).await.unwrap().close().await;
    let store = Store::open_existing(&inner).await.unwrap();
    store.ping().await.unwrap();
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&inner), mode(&inner.join("roster.db"))), (0o700, 0o600));
    }
    let bad = folder.path().join("bad");
    std::fs::create_dir(&bad).unwrap();
    std::fs::write(bad.join("roster.db"), "this is no database, whatever the name says").unwrap();
    let error = Store::open(&bad).await.unwrap_err();
    assert!(matches!(error, OpenError::Damaged { .. }), "{error:?}");
    std::fs::write(folder.path().join("file"), "").unwrap();
    let error = Store::open(&folder.path().join("file")).await.unwrap_err();
    assert!(matches!(error, OpenError::Unreadable { .. }), "{error:?}");
}

#[tokio::test]
async fn looking_after_an_older_database_does_not_change_it() {
    let w = World::new().await;
    w.harm();
    w.store.close().await;
    // As an older version left it.
    query("DELETE FROM _sqlx_migrations").execute(&mut w.raw().await).await.unwrap();
    let error = Store::open_existing(w.folder.path()).await.unwrap_err();
    assert!(matches!(error, OpenError::Outdated { found: 0, .. }), "{error:?}");
    assert!(error.to_string().contains("`roster serve` once"), "{error}");
    let migrations = "SELECT count(*) FROM _sqlx_migrations";
    assert_eq!(query_scalar::<i64>(migrations).fetch_one(&mut w.raw().await).await.unwrap(), 0);

    // An empty file has everything pending; serving it once solves that.
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("roster.db"), "").unwrap();
    assert!(matches!(Store::open_existing(folder.path()).await, Err(OpenError::Outdated { found: 0, .. })));
    Store::open(folder.path()).await.unwrap().close().await;
    Store::open_existing(folder.path()).await.unwrap();
}

#[tokio::test]
async fn one_process_serves_a_folder() {
    let folder = TempDir::new().unwrap();
    let lock = Store::lock(folder.path()).unwrap();
    let error = Store::lock(folder.path()).unwrap_err();
    assert!(matches!(error, OpenError::InUse { .. }), "{error:?}");
    drop(lock);
    Store::lock(folder.path()).unwrap();
}

#[tokio::test]
async fn a_backup_is_a_whole_database_and_overwrites_nothing() {
    let w = World::new().await;
    w.account("amy").await;
    let copy = TempDir::new().unwrap();
    let file = copy.path().join("roster.db");
    w.store.backup(&file).await.unwrap();
    assert!(matches!(w.store.backup(&file).await, Err(OpenError::Exists { .. })));
    let restored = Store::open_existing(copy.path()).await.unwrap();
    assert_eq!(restored.check().await.unwrap(), Vec::<String>::new());
    let app = store::application::find(&restored, &world::admin(), "acme", "chat").await.unwrap();
    store::account::get(Scope::new(&restored, &world::admin(), app), "amy").await.unwrap();
}

#[tokio::test]
async fn the_check_finds_what_is_wrong() {
    let w = World::new().await;
    w.harm();
    w.account("amy").await;
    w.group("g", "Work", "amy").await;
    let mut raw = w.raw().await;
    for (harm, word) in [
        ("UPDATE application SET account_count = 7 WHERE app_name = 'chat'", "account counter"),
        ("UPDATE \"group\" SET member_count = 5, owner_id = NULL", "member counter"),
        ("UPDATE application SET member_count = 7 WHERE app_name = 'chat'", "the app's member counter"),
        ("UPDATE application SET message_count = 7 WHERE app_name = 'chat'", "the app's message counter"),
        ("UPDATE event_day SET done = 9 WHERE action = 'account.create'", "account.create"),
        ("DELETE FROM event_day WHERE action = 'group.create'", "group.create"),
        (
            "INSERT INTO message (group_key, seq, sender_type, sender, text, sent_at) SELECT id, 9, 'account', 'amy', 'x', 1 FROM \"group\"; DELETE FROM message_day",
            "says were sent",
        ),
        ("UPDATE \"group\" SET last_message_at = 0", "newer than its last one"),
        ("UPDATE event_name SET events = 7", "the log's names"),
        ("INSERT INTO account_fts (account_fts) VALUES ('delete-all')", "search index of table account"),
        ("UPDATE \"group\" SET name = 'other'", "search index of table group"),
        ("DELETE FROM event_name", "search index of table event_name"),
    ] {
        query(harm).execute(&mut raw).await.unwrap();
        let faults = w.store.check().await.unwrap();
        assert!(faults.iter().any(|fault| fault.contains(word)), "{word}: {faults:?}");
    }
    assert!(w.store.check().await.unwrap().iter().any(|fault| fault.contains("role Owner")));
}

#[tokio::test]
async fn a_database_locked_elsewhere_is_busy_not_broken() {
    let w = World::new().await;
    let mut raw = w.raw().await;
    query("BEGIN IMMEDIATE").execute(&mut raw).await.unwrap();
    let result = store::account::create(w.scope(&world::admin()), &world::new_account("amy")).await;
    assert_eq!(result, Err(domain::Error::Busy));
    // Readers continue.
    w.store.ping().await.unwrap();
    query("ROLLBACK").execute(&mut raw).await.unwrap();
    w.account("amy").await;
}

#[tokio::test]
async fn whether_anything_can_be_written_is_tried_and_remembered() {
    const NOW: Duration = Duration::ZERO;
    const HOUR: Duration = Duration::from_secs(60 * 60);
    let w = World::new().await;
    w.harm();
    w.store.writable(NOW).await.unwrap();
    let left = |folder: &str| std::fs::read_dir(w.folder.path().join(folder)).unwrap().count();
    let rows = async || {
        let sql = "SELECT count(*) FROM session";
        query_scalar::<i64>(sql).fetch_one(&mut w.raw().await).await.unwrap()
    };
    assert_eq!((left("files"), rows().await), (0, 0), "nothing stays");
    let full = "CREATE TRIGGER full BEFORE INSERT ON session BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END";
    query(full).execute(&mut w.raw().await).await.unwrap();
    w.store.writable(HOUR).await.unwrap();
    w.store.writable(NOW).await.unwrap_err();
    query("DROP TRIGGER full").execute(&mut w.raw().await).await.unwrap();
    w.store.writable(HOUR).await.unwrap_err();
    w.store.writable(NOW).await.unwrap();
    // A disk that accepts rows, as its log has room, and no file.
    std::fs::remove_dir(w.folder.path().join("files")).unwrap();
    std::fs::write(w.folder.path().join("files"), "no folder").unwrap();
    w.store.writable(NOW).await.unwrap_err();
}
