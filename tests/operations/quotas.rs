//! Limits: bytes of shared files, free space on the disk, and events that end users cause.

use std::time::Duration;

use domain::{
    Actor, Caller, Code, Error,
    application::{AppRef, FileQuotasInput},
    error::StorageFault,
    event::Action,
    export, file,
    job::JobState,
    limits::{NEW_APP_FILES_BYTES, NEW_GROUP_FILES_BYTES, OWN_EVENTS_MS},
    operator::{Language, Role},
};
use sample::generate;
use store::{
    Scope,
    account::users,
    change::pending,
    db::{query, query_as, query_scalar},
};
use world::{World, admin, broken, viewer};

use crate::{
    export_formats::{input, matching},
    group_administration::room,
    imports::about,
};

const MB: u64 = 1024 * 1024;

async fn share(w: &World, group: &str, bytes: usize) -> domain::Result<file::FileRow> {
    let mut upload = store::file::Upload::begin(w.scope(&admin()), group).await?;
    upload.write(&vec![7; bytes]).await?;
    upload.finish("file").await
}

async fn set(w: &World, app: &str, group: &str) -> domain::Result<()> {
    let input = FileQuotasInput { file_quota: app.into(), group_file_quota: group.into() };
    store::application::set_file_quotas(w.scope(&admin()), &input).await
}

async fn used(w: &World, group: &str) -> (u64, u64) {
    let usage = store::file::quota::usage_of_group(w.scope(&viewer()), group).await.unwrap();
    (usage.group.used, usage.app.used)
}

fn full(code: Code) -> Error {
    Error::field("file", code)
}

#[tokio::test]
async fn files_count_for_their_group_and_their_app() {
    let w = room().await;
    w.group("h", "Work", "amy").await;
    let usage = store::file::quota::usage_of_group(w.scope(&viewer()), "g").await.unwrap();
    assert_eq!((usage.group.max, usage.app.max), (Some(NEW_GROUP_FILES_BYTES), Some(NEW_APP_FILES_BYTES)));
    // The same content is stored once and counts each time.
    let first = share(&w, "g", 1000).await.unwrap();
    share(&w, "g", 1000).await.unwrap();
    share(&w, "h", 500).await.unwrap();
    assert_eq!((used(&w, "g").await, used(&w, "h").await), ((2000, 2500), (500, 2500)));
    w.sound().await;
    store::file::delete(w.scope(&admin()), "g", vec![first.file_id, "none".into()], "").await.unwrap();
    assert_eq!(used(&w, "g").await, (1000, 1500));
    store::group::delete(w.scope(&admin()), vec!["h".into()], "").await.unwrap();
    assert_eq!(used(&w, "g").await, (1000, 1000));
    // Through the REST API an account takes along the groups that it owns.
    w.sound().await;
    let app = store::application::named(&w.store, "acme", "chat").await.unwrap().unwrap();
    users::delete(Scope::new(&w.store, &admin(), &app), "amy").await.unwrap();
    assert_eq!(store::application::get(w.scope(&viewer())).await.unwrap().files.used, 0);
    w.sound().await;
}

#[tokio::test]
async fn a_quota_holds_to_the_byte_and_is_told_early() {
    let w = room().await;
    w.group("h", "Work", "amy").await;
    set(&w, "3 MB", "2 MB").await.unwrap();
    let event = w.last_event().await;
    assert_eq!((event.row.action, event.row.target.as_str()), (Action::ApplicationEdit, "acme/chat"));
    assert_eq!(event.changes[0].after.as_deref(), Some("3145728"));
    let (group_full, app_full) = (full(Code::GroupFilesFull { max: 2 * MB }), full(Code::AppFilesFull { max: 3 * MB }));
    share(&w, "g", 2 * MB as usize).await.unwrap();
    assert_eq!(share(&w, "g", 1).await, Err(group_full.clone()));
    assert!(share(&w, "g", 0).await.is_ok(), "nothing is full of nothing");
    share(&w, "h", MB as usize).await.unwrap();
    assert_eq!(share(&w, "h", 1).await, Err(app_full.clone()));
    // A declared size that is too large is refused before a byte is read; a little more may be what surrounds the file.
    let begin = async |announced| {
        let begun = store::file::Upload::begin_announced(w.scope(&admin()), "h", Some(announced)).await;
        begun.map(drop)
    };
    assert_eq!((begin(MB).await, begin(200).await), (Err(app_full), Ok(())));
    // Two at once: the second finds the quota used up.
    set(&w, "", "3 MB").await.unwrap();
    let mut two = Vec::new();
    for _ in 0..2 {
        let mut upload = store::file::Upload::begin(w.scope(&admin()), "g").await.unwrap();
        upload.write(&vec![1; 600 * 1024]).await.unwrap();
        two.push(upload);
    }
    let mut finished = Vec::new();
    for upload in two {
        finished.push(upload.finish("x").await.map(drop));
    }
    assert_eq!(finished, [Ok(()), Err(full(Code::GroupFilesFull { max: 3 * MB }))]);
    // A lower quota takes nothing away.
    set(&w, "0 MB", "1 MB").await.unwrap();
    assert_eq!(used(&w, "g").await.0, 2 * MB + 600 * 1024);
    assert_eq!(broken(set(&w, "much", "1").await), ["file_quota: NotSize", "group_file_quota: NotSize"]);
    let input = FileQuotasInput::default();
    let refused = store::application::set_file_quotas(w.scope(&viewer()), &input).await;
    assert_eq!(refused, Err(Error::Forbidden));
    w.sound().await;
}

#[tokio::test]
async fn files_are_refused_before_the_disk_is_full_and_small_changes_are_not() {
    let w = room().await;
    let disk = w.store.space().now().unwrap();
    w.store.space().keep_free(disk.total + 1);
    let no_room = Error::Storage(StorageFault::Full);
    assert_eq!(share(&w, "g", 1).await, Err(no_room.clone()));
    assert_eq!(jobs::import::Upload::begin(w.scope(&admin())).await.map(drop), Err(no_room.clone()));
    let input = export::ExportInput {
        list: "accounts".into(),
        format: "csv".into(),
        columns: vec!["username".into()],
        ..Default::default()
    };
    let olga = w.operator("olga", Role::Owner).await;
    let exported = jobs::export::start(w.scope(&olga), &input, Language::En).await;
    assert_eq!(exported.map(drop), Err(no_room));
    w.account("small").await;
    // Owners are notified, others need not know.
    assert!(store::overview::get(w.scope(&olga)).await.unwrap().disk.is_some_and(|disk| disk.is_short()));
    assert_eq!(store::overview::get(w.scope(&admin())).await.unwrap().disk, None);
    w.store.space().keep_free(0);
    assert!(share(&w, "g", 1).await.is_ok());
}

/// Begun while there was space, and unpacks to more.
#[tokio::test]
async fn the_rows_of_an_import_leave_the_disk_its_room() {
    let w = World::new().await;
    let disk = w.store.space().now().unwrap();
    let mut upload = jobs::import::Upload::begin(w.scope(&admin())).await.unwrap();
    upload.write(b"username\nnew\n").await.unwrap();
    w.store.space().keep_free(disk.total + 1);
    let refused = upload.finish(&about("accounts"), Language::En).await;
    assert_eq!(refused, Err(Error::Storage(StorageFault::Full)));
    let left = std::fs::read_dir(w.folder.path().join("imports")).unwrap().count();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_job_that_waits_for_room_can_be_cancelled() {
    let w = World::new().await;
    w.fill(10_001).await;
    let olga = w.operator("olga", Role::Owner).await;
    let everything = export::ExportInput { matching: matching("", ""), ..input("accounts", "csv") };
    let started = async || {
        let started = jobs::export::start(w.scope(&olga), &everything, Language::En).await.unwrap();
        let export::ExportOutcome::Job(id) = started else { panic!("so many are a job") };
        id
    };
    let state = async |id: i64| store::job::row(w.scope(&olga), id).await.unwrap().state;
    let disk = w.store.space().now().unwrap();
    let id = started().await;
    w.store.space().keep_free(disk.total + 1);
    assert_eq!(jobs::run::run_waiting(&w.store).await, Err(Error::Storage(StorageFault::Full)));
    assert_eq!(state(id).await, JobState::Running, "it goes on when there is room");
    jobs::job::cancel(w.scope(&olga), id).await.unwrap();
    jobs::run::run_waiting(&w.store).await.unwrap();
    assert_eq!(state(id).await, JobState::Cancelled);

    // The runner, whose pauses grow, is notified at once.
    w.store.space().keep_free(0);
    let id = started().await;
    w.store.space().keep_free(disk.total + 1);
    let runner = tokio::spawn(jobs::run::run(w.store.clone()));
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(state(id).await, JobState::Running);
    jobs::job::cancel(w.scope(&olga), id).await.unwrap();
    for _ in 0..50 {
        if state(id).await == JobState::Cancelled {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(state(id).await, JobState::Cancelled);
    runner.abort();
}

#[tokio::test]
async fn what_is_cleared_in_pieces_is_counted_in_pieces() {
    let w = World::new().await;
    w.harm();
    let request = generate::Request {
        org: "big".into(),
        app: "data".into(),
        accounts: 1_000,
        groups: 600,
        memberships: 3_000,
        messages: 0,
        seed: 7,
        until: 1_790_000_000_000,
    };
    generate::run(&w.store, &request, |_| {}).await.unwrap();
    // A byte for each group, and a stop in the second piece.
    query(
        "UPDATE \"group\" SET file_bytes = 1; UPDATE application SET file_bytes = 600 WHERE app_name = 'data';
         CREATE TRIGGER stop BEFORE DELETE ON \"group\" WHEN (SELECT count(*) FROM \"group\") <= 100
         BEGIN SELECT RAISE(ABORT, 'stopped'); END",
    )
    .execute(&mut w.raw().await)
    .await
    .unwrap();
    assert!(generate::run(&w.store, &request, |_| {}).await.is_err());
    let sql = "SELECT (SELECT count(*) FROM \"group\"), file_bytes FROM application WHERE app_name = 'data'";
    let left: (i64, i64) = query_as(sql).fetch_one(&mut w.raw().await).await.unwrap();
    assert_eq!(left, (100, 100));
}

/// The account `amy` of the app, with a token of its own.
async fn own(w: &World) -> (AppRef, Caller) {
    let app = store::application::named(&w.store, "acme", "chat").await.unwrap().unwrap();
    let (id, key): (i64, i64) =
        query_as("SELECT id, app_id FROM account WHERE username = 'amy'").fetch_one(&mut w.raw().await).await.unwrap();
    let actor = Actor::Account { id, username: "amy".into(), app: key, rights: Default::default(), through: None };
    (app, Caller { actor, address: Some("192.0.2.9".into()), proof: None })
}

#[tokio::test]
async fn what_an_account_does_to_itself_all_the_time_is_one_event_a_while() {
    let w = World::new().await;
    w.account("amy").await;
    let (app, amy) = own(&w).await;
    let rename =
        async |caller: &Caller, name: &str| users::set_nickname(Scope::new(&w.store, caller, &app), "amy", name).await.unwrap();
    let edits = async || w.events().await.into_iter().filter(|row| row.action == Action::AccountEdit).count();
    let told = async |n: usize| {
        let row = w.events().await.into_iter().filter(|row| row.action == Action::AccountEdit).nth(n).unwrap();
        let event = store::event::get(&w.store, &viewer(), Some(w.app), row.id).await.unwrap();
        let changes = event.changes.into_iter().map(|c| (c.field, c.before.unwrap_or_default(), c.after.unwrap_or_default()));
        (row.operator, row.address, changes.collect::<Vec<_>>())
    };
    let change = |before: &str, after: &str| ("nickname".to_owned(), before.to_owned(), after.to_owned());
    let count = |n: u32| ("changes".to_owned(), String::new(), n.to_string());

    // The first is recorded at once; later ones apply at once too, and are recorded when the window ends.
    rename(&amy, "0").await;
    assert_eq!(edits().await, 1);
    for n in 1..=50 {
        rename(&amy, &n.to_string()).await;
    }
    assert_eq!(edits().await, 1);
    assert_eq!(users::user(Scope::new(&w.store, &admin(), &app), "amy").await.unwrap().nickname, "50");
    let now = store::db::now();
    assert_eq!(pending::write_due_at(&w.store, now).await, Ok(0), "not before its time");
    assert_eq!(pending::write_due_at(&w.store, now + OWN_EVENTS_MS).await, Ok(1));
    assert_eq!(told(0).await, ("amy".into(), Some("192.0.2.9".into()), vec![count(50), change("0", "50")]));
    assert_eq!(pending::write_due_at(&w.store, now + OWN_EVENTS_MS).await, Ok(0));

    // A change by another caller in between is recorded separately.
    rename(&amy, "a").await;
    rename(&amy, "b").await;
    rename(&admin(), "by olga").await;
    assert_eq!((edits().await, told(0).await.2), (3, vec![change("b", "by olga")]));
    rename(&amy, "c").await;
    assert_eq!(edits().await, 4);
    assert_eq!(told(1).await.2, vec![count(2), change("50", "b")], "before that, by the time of the last");
    // A deferred event outlives the account.
    store::account::delete(w.scope(&admin()), vec!["amy".into()], "").await.unwrap();
    assert_eq!(pending::write_due_at(&w.store, now + 3 * OWN_EVENTS_MS).await, Ok(1));
    let held: i64 =
        query_scalar("SELECT count(*) FROM event_pending WHERE changes > 0").fetch_one(&mut w.raw().await).await.unwrap();
    assert_eq!(held, 0);
    pending::write_due_at(&w.store, now + 9 * OWN_EVENTS_MS).await.unwrap();
    w.sound().await;
}

/// As when the clock ran ahead when it began.
#[tokio::test]
async fn a_window_of_the_future_has_ended() {
    let w = World::new().await;
    w.account("amy").await;
    let (app, amy) = own(&w).await;
    for name in ["a", "b"] {
        users::set_nickname(Scope::new(&w.store, &amy, &app), "amy", name).await.unwrap();
    }
    let now = store::db::now();
    let ahead = now + 1000 * OWN_EVENTS_MS;
    query("UPDATE event_pending SET opened_at = $1").bind(ahead).execute(&mut w.raw().await).await.unwrap();
    assert_eq!(pending::write_due_at(&w.store, now).await, Ok(1));
    assert_eq!(pending::write_due_at(&w.store, now).await, Ok(0), "the next one began now");
    w.sound().await;
}

/// All day, as fast as the writer allows: one event at the beginning and one for each window.
#[tokio::test]
async fn an_account_writes_at_most_144_events_a_day_about_itself() {
    let w = World::new().await;
    w.account("amy").await;
    let (app, amy) = own(&w).await;
    let before = w.event_count().await;
    let start = store::db::now();
    let windows = 24 * 60 * 60 * 1000 / OWN_EVENTS_MS;
    for window in 0..windows {
        for n in 0..3 {
            users::set_nickname(Scope::new(&w.store, &amy, &app), "amy", &format!("{window} {n}")).await.unwrap();
        }
        // The clock advances, and the window with it.
        query("UPDATE event_pending SET opened_at = $1").bind(start).execute(&mut w.raw().await).await.unwrap();
        pending::write_due_at(&w.store, start + OWN_EVENTS_MS).await.unwrap();
    }
    assert_eq!(w.event_count().await - before, windows + 1);
    assert_eq!(windows, 144);
}
