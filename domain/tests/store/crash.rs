//! `kill -9` in the middle of batches: the database opens, checks, and holds everything that was acknowledged.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
    time::Duration,
};

use domain::{Caller, Store, account, application, group, job, message, operator::Role, selection::Matching};

use crate::{
    imports,
    world::{World, admin, names, new_account},
};

const FOLDER: &str = "ROSTER_TEST_CRASH_FOLDER";

/// Not a test of its own: with the folder in the environment it works until it is killed.
#[tokio::test]
async fn child() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let store = Store::open(folder.as_ref()).await.unwrap();
    let app = application::store::find(&store, &Caller::system(), "acme", "chat").await.unwrap();
    let round = std::env::var("ROSTER_TEST_ROUND").unwrap();
    let mut out = std::io::stdout();
    for n in 0.. {
        let sent = message::store::send(&store, &admin(), app, names("g", 200), "hi").await.unwrap();
        assert_eq!(sent.done, 200);
        let name = format!("r{round}n{n}");
        account::store::create(&store, &admin(), app, &new_account(&name)).await.unwrap();
        writeln!(out, "\nack {name}").unwrap();
        out.flush().unwrap();
    }
}

#[tokio::test]
async fn killed_in_the_middle_of_batches() {
    let w = World::new().await;
    w.fill(200).await;
    let mut batches = 0;
    for round in 0..4 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::child", "--nocapture"])
            .env(FOLDER, w.folder.path())
            .env("ROSTER_TEST_ROUND", round.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let reader = std::thread::spawn(move || {
            out.lines().map_while(Result::ok).filter_map(|line| line.strip_prefix("ack ").map(str::to_owned)).collect::<Vec<_>>()
        });
        tokio::time::sleep(Duration::from_millis(700 + 130 * round)).await;
        // SIGKILL: no destructor runs.
        child.kill().unwrap();
        child.wait().unwrap();
        let acknowledged = reader.join().unwrap();

        let store = Store::open(w.folder.path()).await.unwrap();
        assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
        for name in &acknowledged {
            account::store::get(&store, &admin(), w.app, name).await.unwrap();
        }
        batches += acknowledged.len() as u64;
        // Whole batches only: every group has the same number of messages, at least as many as were acknowledged.
        let first = group::store::get(&store, &admin(), w.app, "g0001").await.unwrap().message_count;
        let last = group::store::get(&store, &admin(), w.app, "g0200").await.unwrap().message_count;
        assert_eq!(first, last);
        assert!(first >= batches);
        let sql = "SELECT count(*) FROM event WHERE action = 'message.send' AND outcome = 'done'";
        let events: i64 = sqlx::query_scalar(sql).fetch_one(&mut w.raw().await).await.unwrap();
        assert_eq!(events as u64, first * 200);
        // The next write works.
        account::store::create(&store, &admin(), w.app, &new_account(&format!("after{round}"))).await.unwrap();
        store.close().await;
    }
    assert!(batches > 0, "nothing was acknowledged");
}

/// Not a test of its own either: works off what waits until it is killed.
#[tokio::test]
async fn job_child() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let store = Store::open(folder.as_ref()).await.unwrap();
    println!("\nack open");
    job::run::run_waiting(&store).await.unwrap();
    println!("\nack over");
}

/// Kills whoever works the job off, again and again, until it is over; how often. In between what `sql` counts is as much as the job
/// says that it has dealt with.
async fn kill_until_over(w: &World, caller: &Caller, id: i64, sql: &'static str) -> u32 {
    let mut kills = 0;
    loop {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::job_child", "--nocapture"])
            .env(FOLDER, w.folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        lines.find(|line| line == "ack open").expect("the child opens the store");
        // As soon as some chunks are through; a job of this size takes several.
        std::thread::sleep(Duration::from_millis(40));
        let over = child.try_wait().unwrap().is_some();
        child.kill().unwrap();
        child.wait().unwrap();
        let store = Store::open(w.folder.path()).await.unwrap();
        let job = job::store::row(&store, caller, w.app, id).await.unwrap();
        let made: i64 = sqlx::query_scalar(sql).fetch_one(&mut w.raw().await).await.unwrap();
        assert_eq!(made as u64, job.position, "progress and work are one");
        store.close().await;
        if over || job.state.is_over() {
            break;
        }
        kills += 1;
    }
    kills
}

#[tokio::test]
async fn a_job_that_is_killed_goes_on_and_does_nothing_twice() {
    const GROUPS: i64 = 4_000;
    let w = World::new().await;
    w.fill(GROUPS).await;
    let ada = w.operator("ada", Role::Admin).await;
    let all = Matching { all: "1".into(), ..Matching::default() };
    let started = job::batch::send_messages(&w.store, &ada, w.app, vec![], all, "once").await.unwrap();
    let job::Started::Job(id) = started else { panic!("not a job") };
    w.store.close().await;

    let messages = "SELECT count(*) FROM message";
    let kills = kill_until_over(&w, &ada, id, messages).await;
    assert!(kills > 0, "it was never killed in the middle");
    let store = Store::open(w.folder.path()).await.unwrap();
    let job = job::store::row(&store, &ada, w.app, id).await.unwrap();
    assert_eq!((job.state, job.done), (job::JobState::Done, GROUPS as u64));
    let sql = "SELECT count(*) FROM \"group\" WHERE message_count <> 1";
    let wrong: i64 = sqlx::query_scalar(sql).fetch_one(&mut w.raw().await).await.unwrap();
    assert_eq!(wrong, 0);
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn an_import_that_is_killed_goes_on_and_does_nothing_twice() {
    const ROWS: u64 = 6_000;
    let w = World::new().await;
    let ada = w.operator("ada", Role::Admin).await;
    let mut file = String::from("Username,Nickname\n");
    for n in 0..ROWS {
        file.push_str(&format!("imported{n},Nick {n}\n"));
    }
    let id = imports::send(&w, &ada, w.app, file.as_bytes(), &imports::about("accounts")).await.unwrap();
    let id = domain::import::start(&w.store, &ada, w.app, id, "stop").await.unwrap();
    w.store.close().await;
    let kills = kill_until_over(&w, &ada, id, "SELECT count(*) FROM account").await;
    assert!(kills > 0, "it was never killed in the middle");
    let store = Store::open(w.folder.path()).await.unwrap();
    let job = job::store::get(&store, &ada, w.app, id).await.unwrap();
    assert_eq!((job.row.state, job.row.done, job.import.unwrap().counts.new), (job::JobState::Done, ROWS, ROWS));
    let sql = "SELECT count(*) FROM event WHERE action = 'account.create' AND outcome = 'done'";
    let events: i64 = sqlx::query_scalar(sql).fetch_one(&mut w.raw().await).await.unwrap();
    assert_eq!(events as u64, ROWS);
    // The list stands in the order of the file.
    let list = account::store::list(&store, &ada, w.app, &domain::page::ListParams::default()).await.unwrap();
    let first: Vec<&str> = list.items.iter().take(3).map(|row| row.username.as_str()).collect();
    assert_eq!(first, ["imported0", "imported1", "imported2"]);
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}
