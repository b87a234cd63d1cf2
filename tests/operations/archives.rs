//! Archives of the log: nothing leaves it before it is in a file that was read again, wherever a process is stopped.

use std::{collections::BTreeSet, path::PathBuf};

use domain::{
    Caller, Error,
    error::Entity,
    event::{Action, EventParams, Retention},
    limits::{ARCHIVED_EVERY_MS, DAY_MS},
    operator::Role,
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::{
    Store,
    backup::{self, Options},
    check::{CheckOptions, check},
    db::{Builder, now, query, query_scalar},
    event::{self as events, archive},
};
use world::{World, admin, broken, viewer};

/// A moment that no event of these tests has: 2020.
const OLD: i64 = 1_577_836_800_000;

/// So many events from long ago, before those of the world; their first number follows the existing ones.
async fn old_events(w: &World, number: i64) {
    query(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
         INSERT INTO event (at, app_id, actor, operator_id, operator, action, outcome, target, state_before, state_after, address)
         SELECT $2 + i, (SELECT id FROM application WHERE app_name = 'chat'), 'operator', 1, 'olga', 'group.edit', 'done',
             'g' || i, '{\"name\":\"a\\nb\"}', '{\"name\":\"群' || char(133, 8238) || '\"}', '192.0.2.1' FROM n;
         INSERT INTO event_day (app_id, day, action, done)
         SELECT app_id, at / 86400000, action, count(*) FROM event WHERE at < $2 + 86400000 GROUP BY 1, 2, 3",
    )
    .bind(number)
    .bind(OLD)
    .execute(&mut w.raw().await)
    .await
    .unwrap();
}

/// A world whose first two events, of its apps, are as old as the others that are added after them.
pub async fn old_world(number: i64) -> World {
    let mut w = World::new().await;
    query(
        "DROP TRIGGER event_no_update; UPDATE event SET at = 1577836800000; DELETE FROM event_day;
         CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are never changed'); END",
    )
    .execute(&mut w.raw().await)
    .await
    .unwrap();
    old_events(&w, number).await;
    // The tables were changed past it.
    w.store.close().await;
    w.store = Store::open(w.folder.path()).await.unwrap();
    w
}

pub async fn run(w: &World) -> domain::Result<usize> {
    archive::archive_before(&w.store, &Caller::system(), OLD + DAY_MS).await.map(|archives| archives.len())
}

async fn left(w: &World) -> i64 {
    query_scalar("SELECT count(*) FROM event WHERE at < $1").bind(OLD + DAY_MS).fetch_one(&mut w.raw().await).await.unwrap()
}

pub async fn known(w: &World) -> Vec<domain::event::Archive> {
    archive::retention(&w.store, &Caller::system()).await.unwrap().archives
}

pub fn files(w: &World) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(w.folder.path().join("archive"));
    entries.into_iter().flatten().map(|entry| entry.unwrap().path()).collect()
}

pub async fn trigger(w: &World, when: &str) {
    // Text of this file.
    let sql = format!("CREATE TRIGGER stop BEFORE {when} BEGIN SELECT RAISE(ABORT, 'stopped'); END");
    Builder::unchecked(sql).build().execute(&mut w.raw().await).await.unwrap();
}

pub async fn go_on(w: &World) {
    query("DROP TRIGGER stop").execute(&mut w.raw().await).await.unwrap();
}

#[tokio::test]
async fn old_events_move_into_a_file_that_tells_all_of_them() {
    let w = old_world(1000).await;
    w.account("amy").await;
    let charts = store::overview::get(w.scope(&viewer())).await.unwrap().days;
    assert_eq!((run(&w).await, left(&w).await), (Ok(1), 0));
    let [one] = &known(&w).await[..] else { panic!("one archive") };
    assert_eq!((one.first_id, one.last_id, one.events, one.first_at, one.last_at), (1, 1002, 1002, OLD, OLD + 1000));
    let text = std::fs::read_to_string(w.folder.path().join("archive").join(&one.file_name)).unwrap();
    assert_eq!(text.len() as u64, one.bytes);
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 1002);
    assert_eq!((&lines[0]["id"], &lines[0]["app"], &lines[0]["action"]), (&1.into(), &Value::Null, &"application.create".into()));
    let last = serde_json::json!({
        "id": 1002, "at": "2020-01-01T00:00:01Z", "scope": "app", "app_id": 1, "app": "acme/chat", "actor": "operator", "operator_id": 1,
        "operator": "olga", "through": "", "action": "group.edit", "outcome": "done", "target": "g1000", "target_name": "",
        "before": { "name": "a\nb" }, "after": { "name": "群\u{85}\u{202e}" }, "address": "192.0.2.1",
    });
    assert_eq!(lines[1001], last);
    // What a terminal obeys, and what turns the direction of a line, is not in it as it is.
    assert!(text.contains(r"群\u0085\u202e") && !text.contains(['\u{85}', '\u{202e}']));
    // Whatever a later version keeps of events is in there too.
    let columns: Vec<String> =
        query_scalar("SELECT name FROM pragma_table_info('event')").fetch_all(&mut w.raw().await).await.unwrap();
    let key = |key: &String| match key.as_str() {
        "before" | "after" => format!("state_{key}"),
        _ => key.clone(),
    };
    let made_up = ["app", "scope"];
    let keys: BTreeSet<String> =
        lines[1001].as_object().unwrap().keys().filter(|key| !made_up.contains(&key.as_str())).map(key).collect();
    assert_eq!(keys, BTreeSet::from_iter(columns));
    // The log records it, the charts are as before, and there is nothing more to do.
    let event = events::list(&w.store, &Caller::system(), None, &EventParams::default()).await.unwrap().page.items[0].clone();
    assert_eq!((event.action, event.target.as_str()), (Action::EventArchive, one.file_name.as_str()));
    assert_eq!(store::overview::get(w.scope(&viewer())).await.unwrap().days, charts);
    assert_eq!(run(&w).await, Ok(0));
    w.sound().await;
}

#[tokio::test]
async fn a_stop_before_the_archive_is_entered_loses_nothing() {
    let w = old_world(300).await;
    trigger(&w, "INSERT ON event_archive").await;
    assert!(run(&w).await.is_err());
    assert_eq!((left(&w).await, known(&w).await.len(), files(&w).len()), (302, 0, 1));
    go_on(&w).await;
    // The same file is taken; what a killed process left unfinished goes.
    std::fs::write(w.folder.path().join("archive/tmp-of-a-process-before"), b"half").unwrap();
    assert_eq!((run(&w).await, left(&w).await), (Ok(1), 0));
    archive::keep(&w.store, now()).await.unwrap();
    assert_eq!(files(&w).len(), 1);
    w.sound().await;
}

#[tokio::test]
async fn a_stop_in_the_middle_of_the_deletion_goes_on() {
    let w = old_world(2000).await;
    trigger(&w, "DELETE ON event WHEN old.id > 900").await;
    assert!(run(&w).await.is_err());
    let rest = left(&w).await;
    assert!(rest > 0 && rest < 2002 && known(&w).await.len() == 1, "{rest}");
    w.sound().await;
    go_on(&w).await;
    // While the file is not as it was, what is left stays.
    let path = files(&w)[0].clone();
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() - 1]).unwrap();
    assert!(matches!(archive::finish(&w.store).await, Err(Error::Internal(why)) if why.contains("not as it was written")));
    assert_eq!(left(&w).await, rest);
    assert_eq!(w.store.check().await.unwrap().len(), 1, "told by the check too");
    std::fs::remove_file(&path).unwrap();
    assert!(w.store.check().await.unwrap()[0].contains("is not in the folder archive"));
    assert!(archive::finish(&w.store).await.is_err());
    std::fs::write(&path, &whole).unwrap();
    assert_eq!((archive::finish(&w.store).await, left(&w).await), (Ok(()), 0));
    w.sound().await;
}

#[tokio::test]
async fn a_file_of_another_history_is_never_written_over() {
    let w = old_world(1).await;
    let other = w.folder.path().join("archive/events-1-3.jsonl");
    std::fs::create_dir_all(other.parent().unwrap()).unwrap();
    std::fs::write(&other, b"all that is left of it").unwrap();
    assert_eq!(run(&w).await, Ok(1));
    assert_eq!(std::fs::read(&other).unwrap(), b"all that is left of it");
    assert!(known(&w).await[0].file_name.starts_with("events-1-3-"));
    w.sound().await;
}

#[tokio::test]
async fn the_setting_moves_what_is_older_week_by_week() {
    let w = old_world(10).await;
    let owner = w.operator("root", Role::Owner).await;
    for caller in [admin(), viewer()] {
        assert_eq!(archive::set_retention(&w.store, &caller, "90").await, Err(Error::Forbidden));
        assert_eq!(archive::retention(&w.store, &caller).await, Err(Error::Forbidden));
        assert_eq!(archive::archive_before(&w.store, &caller, now()).await, Err(Error::Forbidden));
        assert_eq!(archive::find(&w.store, &caller, "x").await, Err(Error::Forbidden));
        assert_eq!(archive::delete(&w.store, &caller, "x", "").await, Err(Error::Forbidden));
    }
    assert_eq!(archive::keep(&w.store, now()).await, Ok(vec![]), "all is kept until somebody says otherwise");
    for wrong in ["", "1", "-90", "ninety"] {
        assert_eq!(broken(archive::set_retention(&w.store, &owner, wrong).await), ["kept_days: NotChoice"]);
    }
    archive::set_retention(&w.store, &owner, "365").await.unwrap();
    let event = events::list(&w.store, &Caller::system(), None, &EventParams::default()).await.unwrap().page.items[0].clone();
    assert_eq!((event.action, event.operator.as_str()), (Action::EventRetention, "root"));

    // Of 2020-01-01, a Wednesday; weeks are counted from a Thursday, so the next one begins a day later.
    let next_week = (OLD.div_euclid(ARCHIVED_EVERY_MS) + 1) * ARCHIVED_EVERY_MS;
    assert_eq!(next_week, OLD + DAY_MS);
    assert_eq!(archive::keep(&w.store, next_week + 365 * DAY_MS - 1).await, Ok(vec![]));
    let made = archive::keep(&w.store, next_week + 365 * DAY_MS).await.unwrap();
    assert_eq!((made.len(), made[0].events, made[0].archived_by.as_str()), (1, 12, ""));
    let Retention { kept_days, archives, held_back } = archive::retention(&w.store, &owner).await.unwrap();
    assert_eq!((kept_days, &archives, held_back), (365, &made, None));
    let (_, path) = archive::find(&w.store, &owner, &made[0].file_name).await.unwrap();
    assert_eq!(std::fs::metadata(path).unwrap().len(), made[0].bytes);
    assert_eq!(archive::find(&w.store, &owner, "../roster.db").await, Err(Error::NotFound(Entity::Archive)));
    w.sound().await;
}

/// As when the clock ran ahead for a moment.
#[tokio::test]
async fn an_event_of_the_future_holds_nothing_back() {
    let w = old_world(2).await;
    let ahead = "INSERT INTO event (at, app_id, actor, action, outcome, target) VALUES (32503680000000, 1, 'system', 'group.edit', 'done', 'x')";
    let count = "INSERT INTO event_day (app_id, day, action, done) VALUES (1, 32503680000000 / 86400000, 'group.edit', 1)
                 ON CONFLICT (app_id, day, action) DO UPDATE SET done = done + 1";
    let mut raw = w.raw().await;
    for sql in [ahead, count] {
        query(sql).execute(&mut raw).await.unwrap();
    }
    // Two more that are old; their counts are those of two before.
    let old = "INSERT INTO event (at, app_id, actor, action, outcome, target) VALUES (1577836800001, 1, 'system', 'group.edit', 'done', 'y')";
    let day = "UPDATE event_day SET done = done + 1 WHERE action = 'group.edit' AND day = 1577836800001 / 86400000";
    for sql in [old, day, ahead, count] {
        query(sql).execute(&mut raw).await.unwrap();
    }
    // The one between goes, the one in front of what is new stays: nobody knows yet how old it is.
    assert_eq!((run(&w).await, left(&w).await), (Ok(1), 0));
    let one = &known(&w).await[0];
    assert_eq!((one.first_id, one.last_id, one.events), (1, 6, 6));
    w.account("amy").await;
    assert_eq!(run(&w).await, Ok(0));
    w.sound().await;
}

/// As when the clock ran ahead by some weeks, long ago.
#[tokio::test]
async fn an_event_that_holds_older_ones_back_is_named() {
    let (w, system) = (old_world(2).await, Caller::system());
    let late = OLD + 40 * DAY_MS;
    let add = "INSERT INTO event (at, app_id, actor, action, outcome, target) VALUES ($1, 1, 'system', 'group.edit', 'done', 'x') RETURNING id";
    let mut ids: Vec<i64> = Vec::new();
    for at in [late, OLD + 3] {
        ids.push(query_scalar(add).bind(at).fetch_one(&mut w.raw().await).await.unwrap());
    }
    // A year and two days after the first ones; a year after the late one and some days for the week to be over.
    let (then, later) = (OLD + 367 * DAY_MS, late + 373 * DAY_MS);
    let told =
        async |now| archive::retention_at(&w.store, &system, now).await.unwrap().held_back.map(|event| (event.id, event.at));
    assert_eq!(told(then).await, None, "everything is kept");
    archive::set_retention(&w.store, &system, "365").await.unwrap();
    assert_eq!(told(then).await, Some((ids[0], late)));
    assert_eq!(archive::keep(&w.store, then).await.unwrap()[0].last_id, 4);
    assert_eq!((told(then).await, told(later).await), (Some((ids[0], late)), None));
    assert_eq!(archive::keep(&w.store, later).await.unwrap()[0].last_id, ids[1]);
    assert_eq!(told(later).await, None);
}

/// Earlier versions wrote other lines: they stay as they are, and whole.
#[tokio::test]
async fn archives_of_earlier_versions_are_still_whole() {
    let w = old_world(2).await;
    let lines: String =
        (1..=4).map(|id| format!("{{\"id\":{id},\"at\":{OLD},\"app_id\":1,\"target\":\"\u{202e}\"}}\n")).collect();
    std::fs::create_dir_all(w.folder.path().join("archive")).unwrap();
    std::fs::write(w.folder.path().join("archive/events-1-4.jsonl"), &lines).unwrap();
    w.account("amy").await;
    let sql = "INSERT INTO id_block (name, app_id, next) VALUES ('event_archive', 0, 2);
               INSERT INTO event_archive (id, file_name, first_id, last_id, first_at, last_at, events, bytes, sha256, archived_at)
               VALUES (1, 'events-1-4.jsonl', 1, 4, $1, $1, 4, $2, $3, $1)";
    query(sql)
        .bind(OLD)
        .bind(lines.len() as i64)
        .bind(Sha256::digest(lines.as_bytes()).to_vec())
        .execute(&mut w.raw().await)
        .await
        .unwrap();
    archive::finish(&w.store).await.unwrap();
    assert_eq!((left(&w).await, known(&w).await[0].events), (0, 4));
    w.sound().await;
}

/// As one would have it that was restored from a backup into which others could write.
#[tokio::test]
async fn a_row_that_names_a_file_elsewhere_takes_nothing_away() {
    let w = old_world(2).await;
    w.account("amy").await;
    let outside = w.folder.path().join("notes.txt");
    std::fs::write(&outside, "mine").unwrap();
    std::fs::create_dir_all(w.folder.path().join("archive")).unwrap();
    let sql = "INSERT INTO event_archive
                   (id, file_name, first_id, last_id, first_at, last_at, events, bytes, sha256, archived_at, deleted_at)
               VALUES ($3, $2, $3, $3, $1, $1, 1, 1, zeroblob(32), $1, $1)";
    let taken = "INSERT INTO id_block (name, app_id, next) VALUES ('event_archive', 0, 3)";
    query(taken).execute(&mut w.raw().await).await.unwrap();
    for (id, name) in [(1, outside.to_str().unwrap()), (2, "../notes.txt")] {
        query(sql).bind(OLD).bind(name).bind(id).execute(&mut w.raw().await).await.unwrap();
    }
    let error = archive::keep(&w.store, now()).await.unwrap_err();
    assert!(error.to_string().contains("is no name of an archive"), "{error}");
    assert_eq!(std::fs::read(&outside).unwrap(), b"mine");
}

#[tokio::test]
async fn backups_hold_the_archives() {
    let w = old_world(3).await;
    w.harm();
    assert_eq!(run(&w).await.unwrap(), 1);
    let file = files(&w).remove(0);
    let name = file.file_name().unwrap().to_owned();
    let (to, data) = (tempfile::TempDir::new().unwrap(), tempfile::TempDir::new().unwrap());
    let how = Options { keep: Some(1), ..Options::default() };
    for _ in 0..2 {
        // The second takes the first one out, and leaves what both have.
        let made = backup::make(w.folder.path(), to.path(), &how).await.unwrap();
        assert_eq!(made.missing, 0);
    }
    backup::restore(data.path(), to.path(), "", false).await.unwrap();
    let there = std::fs::read(data.path().join("archive").join(&name)).unwrap();
    assert!(there == std::fs::read(&file).unwrap());
    assert_eq!(check(data.path(), &CheckOptions::default()).await.unwrap().problems, Vec::<String>::new());

    // Without it a backup is not whole.
    std::fs::remove_file(&file).unwrap();
    let other = tempfile::TempDir::new().unwrap();
    let made = backup::make(w.folder.path(), other.path(), &how).await.unwrap();
    assert!(made.missing == 1 && !store::backup::list(other.path()).unwrap()[0].is_whole());
}

/// What a copy of the log has not taken yet must not leave the table that the copy is made from.
#[tokio::test]
async fn archives_do_not_overtake_a_copy_of_the_log() {
    let w = old_world(3).await;
    w.store.set_copied_to(3);
    run(&w).await.unwrap();
    assert_eq!(known(&w).await.iter().map(|archive| archive.last_id).collect::<Vec<_>>(), [3]);
    assert_eq!(run(&w).await, Ok(0));
    w.store.set_copied_to(i64::MAX);
    run(&w).await.unwrap();
    assert_eq!(left(&w).await, 0);
}

/// Two processes: neither takes the other's unfinished file for an abandoned one.
#[cfg(unix)]
#[tokio::test]
async fn one_process_archives_at_a_time() {
    let w = old_world(300).await;
    let folder = w.folder.path().join("archive");
    std::fs::create_dir(&folder).unwrap();
    let others = folder.join("tmp-of-another-process");
    std::fs::write(&others, b"half").unwrap();
    let lock = std::fs::File::open(&folder).unwrap();
    lock.lock().unwrap();
    let keeping = tokio::spawn({
        let store = w.store.clone();
        async move { archive::keep(&store, now()).await }
    });
    let archiving = async { run(&w).await };
    let waited = tokio::time::timeout(std::time::Duration::from_millis(300), archiving).await;
    assert!(waited.is_err() && others.exists() && !keeping.is_finished());
    drop(lock);
    assert_eq!(keeping.await.unwrap(), Ok(vec![]));
    assert!(!others.exists());
    let other = Store::open_existing(w.folder.path()).await.unwrap();
    let system = Caller::system();
    let both = tokio::join!(run(&w), archive::archive_before(&other, &system, OLD + DAY_MS));
    assert_eq!(both.0.unwrap() + both.1.unwrap().len(), 1, "the second one finds nothing to do");
    other.close().await;
    w.sound().await;
}

#[tokio::test]
async fn names_leave_the_search_with_the_last_event_that_has_them() {
    let w = old_world(1).await;
    let mut raw = w.raw().await;
    for (target, name, at) in [("g", "Gone", OLD), ("g", "Gone", OLD + 1), ("h", "Stays", OLD + 2)] {
        query(
            "INSERT INTO event (at, app_id, actor, action, outcome, target, target_name)
             VALUES ($1, 1, 'system', 'group.edit', 'refused', $2, $3)",
        )
        .bind(at)
        .bind(target)
        .bind(name)
        .execute(&mut raw)
        .await
        .unwrap();
    }
    let later = "INSERT INTO event (at, app_id, actor, action, outcome, target, target_name)
                 VALUES (1700000000000, 1, 'system', 'group.edit', 'refused', 'h', 'Stays')";
    query(later).execute(&mut raw).await.unwrap();
    w.recount().await;
    let mut names = async || -> Vec<String> {
        let sql = "SELECT name FROM event_name WHERE target IN ('g', 'h') ORDER BY name";
        query_scalar(sql).fetch_all(&mut raw).await.unwrap()
    };
    assert_eq!(names().await, ["Gone", "Stays"]);
    assert_eq!(run(&w).await, Ok(1));
    assert_eq!(names().await, ["Stays"]);
    w.sound().await;
}
