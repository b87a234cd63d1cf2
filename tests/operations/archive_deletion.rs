//! What may be deleted of the log and its archives, and by whom.

use std::path::PathBuf;

use domain::{
    Caller, Error,
    error::Entity,
    event::{Action, EventParams},
    operator::Role,
};
use store::{
    backup::{self, Options},
    check::{CheckOptions, check},
    db::now,
    db::query,
    event::{self as events, archive},
};
use world::broken;

use crate::archives::{files, go_on, known, old_world, run, trigger};

#[tokio::test]
async fn nothing_but_what_is_archived_can_be_deleted() {
    let w = old_world(3).await;
    assert_eq!(run(&w).await, Ok(1));
    w.account("amy").await;
    let mut raw = w.raw().await;
    for sql in [
        "DELETE FROM event",
        "DELETE FROM event_archive",
        "UPDATE event_archive SET last_id = 99",
        "UPDATE event_archive SET last_id = 99, deleted_at = 1",
    ] {
        let error = query(sql).execute(&mut raw).await.unwrap_err().to_string();
        assert!(error.contains(" never "), "{error}");
    }
    // Nor can a horizon be set at which the log would not continue.
    let sql = "INSERT INTO event_archive SELECT 9, 'x', 6, 999, 0, 0, 1, 1, sha256, 0, '', NULL FROM event_archive";
    assert!(query(sql).execute(&mut raw).await.is_err());
    assert_eq!(w.event_count().await, 2, "the archive's own event and the account's");
}

#[tokio::test]
async fn owners_delete_an_archive_on_purpose_and_the_log_says_which() {
    let w = old_world(50).await;
    let owner = w.operator("root", Role::Owner).await;
    assert_eq!(run(&w).await, Ok(1));
    let one = known(&w).await.remove(0);
    let delete = async |name: &str, confirm: &str| archive::delete(&w.store, &owner, name, confirm).await;
    assert_eq!(delete("events-1-1.jsonl", "1").await, Err(Error::NotFound(Entity::Archive)));
    assert_eq!(broken(delete(&one.file_name, "51").await), ["confirm: CountMismatch { expected: 52 }"]);
    let (to, data) = (tempfile::TempDir::new().unwrap(), tempfile::TempDir::new().unwrap());
    let before = backup::make(w.folder.path(), to.path(), &Options::default()).await.unwrap();

    delete(&one.file_name, "52").await.unwrap();
    assert_eq!((known(&w).await, files(&w)), (vec![], vec![]));
    assert_eq!(delete(&one.file_name, "52").await, Err(Error::NotFound(Entity::Archive)));
    assert_eq!(archive::find(&w.store, &owner, &one.file_name).await.unwrap_err(), Error::NotFound(Entity::Archive));
    let rows = events::list(&w.store, &Caller::system(), None, &EventParams::default()).await.unwrap().page.items;
    let row = rows.iter().find(|row| row.outcome == domain::event::Outcome::Done).unwrap();
    assert_eq!(
        (row.action, row.target.as_str(), row.operator.as_str()),
        (Action::EventArchiveDelete, one.file_name.as_str(), "root")
    );
    let event = events::get(&w.store, &Caller::system(), None, row.id).await.unwrap();
    let told: Vec<_> = event.changes.iter().map(|change| (change.field.as_str(), change.before.clone().unwrap())).collect();
    let number = |n: u64| n.to_string();
    let expected = [
        ("bytes", number(one.bytes)),
        ("events", number(52)),
        ("first_id", number(1)),
        ("last_id", number(52)),
        ("sha256", one.sha256.clone()),
    ];
    assert_eq!(told, expected);
    // Nothing misses it, the log continues after it, and what a stopped process has left is removed.
    w.sound().await;
    assert_eq!(run(&w).await, Ok(0));
    std::fs::write(w.folder.path().join("archive").join(&one.file_name), b"left").unwrap();
    archive::keep(&w.store, now()).await.unwrap();
    assert_eq!(files(&w), Vec::<PathBuf>::new());
    let after = backup::make(w.folder.path(), to.path(), &Options::default()).await.unwrap();
    assert_eq!(after.missing, 0);
    // Backups from before have it.
    backup::restore(data.path(), &before.path, "", false).await.unwrap();
    assert!(data.path().join("archive").join(&one.file_name).exists());
    assert_eq!(check(data.path(), &CheckOptions::default()).await.unwrap().problems, Vec::<String>::new());
}

#[tokio::test]
async fn an_archive_whose_events_are_still_in_the_log_stays() {
    let w = old_world(2000).await;
    trigger(&w, "DELETE ON event WHEN old.id > 900").await;
    assert!(run(&w).await.is_err());
    let one = known(&w).await.remove(0);
    assert_eq!(archive::delete(&w.store, &Caller::system(), &one.file_name, "2002").await, Err(Error::Busy));
    let sql = "UPDATE event_archive SET deleted_at = 1";
    assert!(query(sql).execute(&mut w.raw().await).await.unwrap_err().to_string().contains(" never "));
    go_on(&w).await;
    archive::finish(&w.store).await.unwrap();
    archive::delete(&w.store, &Caller::system(), &one.file_name, "2002").await.unwrap();
    w.sound().await;
}
