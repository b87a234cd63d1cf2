//! `kill -9` in the middle of batches: the database opens, checks, and holds everything that was acknowledged.
//!
//! Each test starts its own binary again, with itself as the only test and a folder in the environment: that process does the work and
//! is killed. So a helper process is never counted as a test.

use std::{
    io::{BufRead, BufReader, Write},
    ops::Range,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use domain::{Caller, job, operator::Role, selection::Matching};
use store::{Scope, Store, db::query_scalar};
use world::{World, admin, names, new_account, number_from};

use crate::imports;

const FOLDER: &str = "ROSTER_TEST_CRASH_FOLDER";
const ROUND: &str = "ROSTER_TEST_CRASH_ROUND";

/// How often a process that writes is killed.
pub fn kills() -> u64 {
    number_from("ROSTER_TEST_KILLS", 4)
}

/// How often those are killed who write into one database.
const KILLS_OF_A_WORLD: usize = 20;

/// How much work the killed jobs have, in thousands: more for more kills, but no more than one import may hold.
fn thousands() -> u64 {
    kills().min(40)
}

/// The folder that this process is to work in until it is killed, when it is one that a test has started.
pub fn child_folder() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}

/// This binary again, to do the part of `test` that is killed.
pub fn start_child(test: &str, folder: &Path, round: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(FOLDER, folder)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Sends messages and creates accounts until it is killed; says which accounts it has.
async fn write_until_killed(folder: &Path) {
    let store = Store::open(folder).await.unwrap();
    let app = store::application::find(&store, &Caller::system(), "acme", "chat").await.unwrap();
    let round = std::env::var(ROUND).unwrap();
    let mut out = std::io::stdout();
    for n in 0.. {
        let sent = store::message::send(Scope::new(&store, &admin(), app), names("g", 200), "hi").await.unwrap();
        assert_eq!(sent.done, 200);
        let name = format!("r{round}n{n}");
        store::account::create(Scope::new(&store, &admin(), app), &new_account(&name)).await.unwrap();
        writeln!(out, "\nack {name}").unwrap();
        out.flush().unwrap();
    }
}

#[tokio::test]
async fn killed_in_the_middle_of_batches() {
    if let Some(folder) = child_folder() {
        return write_until_killed(&folder).await;
    }
    // Checking takes longer the more there is, so now and then it starts with a new folder.
    for first in (0..kills()).step_by(KILLS_OF_A_WORLD) {
        let last = kills().min(first + KILLS_OF_A_WORLD as u64);
        assert!(kill_writers(first..last).await > 0, "nothing was acknowledged");
    }
}

/// Kills those who write into one database, again and again; how many batches were acknowledged.
async fn kill_writers(rounds: Range<u64>) -> u64 {
    let w = World::new().await;
    w.fill(200).await;
    let mut batches = 0;
    for round in rounds {
        let mut child = start_child("crash::killed_in_the_middle_of_batches", w.folder.path(), round);
        let out = BufReader::new(child.stdout.take().unwrap());
        let reader = std::thread::spawn(move || {
            out.lines().map_while(Result::ok).filter_map(|line| line.strip_prefix("ack ").map(str::to_owned)).collect::<Vec<_>>()
        });
        tokio::time::sleep(Duration::from_millis(700 + 130 * (round % 7))).await;
        // SIGKILL: no destructor runs.
        child.kill().unwrap();
        child.wait().unwrap();
        let acknowledged = reader.join().unwrap();

        let store = Store::open(w.folder.path()).await.unwrap();
        assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
        for name in &acknowledged {
            store::account::get(Scope::new(&store, &admin(), w.app), name).await.unwrap();
        }
        batches += acknowledged.len() as u64;
        // Whole batches only: every group has the same number of messages, at least as many as were acknowledged.
        let first = store::group::get(Scope::new(&store, &admin(), w.app), "g0001").await.unwrap().message_count;
        let last = store::group::get(Scope::new(&store, &admin(), w.app), "g0200").await.unwrap().message_count;
        assert_eq!(first, last);
        assert!(first >= batches);
        let sql = "SELECT count(*) FROM event WHERE action = 'message.send' AND outcome = 'done'";
        let events: i64 = query_scalar(sql).fetch_one(&mut w.raw().await).await.unwrap();
        assert_eq!(events as u64, first * 200);
        // The next write works.
        store::account::create(Scope::new(&store, &admin(), w.app), &new_account(&format!("after{round}"))).await.unwrap();
        store.close().await;
    }
    batches
}

/// Processes what waits, until it is killed.
async fn run_jobs_until_killed(folder: &Path) {
    let store = Store::open(folder).await.unwrap();
    println!("\nack open");
    jobs::run::run_waiting(&store).await.unwrap();
    println!("\nack over");
}

/// Kills the process that runs the job, again and again, until the job is over; how often. In between, what `sql` counts is as much
/// as the job's progress says.
async fn kill_until_over(test: &str, w: &World, caller: &Caller, id: i64, sql: &'static str) -> u32 {
    let mut kills = 0;
    // As soon as some chunks are through; a job of this size takes several. On a busy machine they need longer.
    let (mut reached, mut patience) = (0, Duration::from_millis(40));
    loop {
        let mut child = start_child(test, w.folder.path(), 0);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        lines.find(|line| line == "ack open").expect("the child opens the store");
        std::thread::sleep(patience);
        let over = child.try_wait().unwrap().is_some();
        child.kill().unwrap();
        child.wait().unwrap();
        let store = Store::open(w.folder.path()).await.unwrap();
        let job = store::job::row(Scope::new(&store, caller, w.app), id).await.unwrap();
        let made: i64 = query_scalar(sql).fetch_one(&mut w.raw().await).await.unwrap();
        assert_eq!(made as u64, job.position, "progress and work are one");
        store.close().await;
        if over || job.state.is_over() {
            break;
        }
        if job.position == reached {
            patience *= 2;
        }
        reached = job.position;
        kills += 1;
    }
    kills
}

#[tokio::test]
async fn a_job_that_is_killed_goes_on_and_does_nothing_twice() {
    if let Some(folder) = child_folder() {
        return run_jobs_until_killed(&folder).await;
    }
    let groups = 1_000 * thousands();
    let w = World::new().await;
    w.fill(i64::try_from(groups).unwrap()).await;
    let ada = w.operator("ada", Role::Admin).await;
    let all = Matching { all: "1".into(), ..Matching::default() };
    let started = jobs::batch::send_messages(w.scope(&ada), vec![], all, "once").await.unwrap();
    let job::BatchOutcome::Queued(id) = started else { panic!("not a job") };
    w.store.close().await;

    let messages = "SELECT count(*) FROM message";
    let kills = kill_until_over("crash::a_job_that_is_killed_goes_on_and_does_nothing_twice", &w, &ada, id, messages).await;
    assert!(kills > 0, "it was never killed in the middle");
    let store = Store::open(w.folder.path()).await.unwrap();
    let job = store::job::row(Scope::new(&store, &ada, w.app), id).await.unwrap();
    assert_eq!((job.state, job.done), (job::JobState::Done, groups));
    let sql = "SELECT count(*) FROM \"group\" WHERE message_count <> 1";
    let wrong: i64 = query_scalar(sql).fetch_one(&mut w.raw().await).await.unwrap();
    assert_eq!(wrong, 0);
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn an_import_that_is_killed_goes_on_and_does_nothing_twice() {
    if let Some(folder) = child_folder() {
        return run_jobs_until_killed(&folder).await;
    }
    let rows = 1_500 * thousands();
    let w = World::new().await;
    let ada = w.operator("ada", Role::Admin).await;
    let mut file = String::from("Username,Nickname\n");
    for n in 0..rows {
        file.push_str(&format!("imported{n},Nick {n}\n"));
    }
    let id = imports::send(&w, &ada, w.app, file.as_bytes(), &imports::about("accounts")).await.unwrap();
    let id = store::import::start(w.scope(&ada), id, "stop").await.unwrap();
    w.store.close().await;
    let kills = kill_until_over(
        "crash::an_import_that_is_killed_goes_on_and_does_nothing_twice",
        &w,
        &ada,
        id,
        "SELECT count(*) FROM account",
    )
    .await;
    assert!(kills > 0, "it was never killed in the middle");
    let store = Store::open(w.folder.path()).await.unwrap();
    let job = jobs::job::get(Scope::new(&store, &ada, w.app), id).await.unwrap();
    assert_eq!((job.row.state, job.row.done, job.import.unwrap().counts.new), (job::JobState::Done, rows, rows));
    let sql = "SELECT count(*) FROM event WHERE action = 'account.create' AND outcome = 'done'";
    let events: i64 = query_scalar(sql).fetch_one(&mut w.raw().await).await.unwrap();
    assert_eq!(events as u64, rows);
    // The list is in the order of the file.
    let list = store::account::list(Scope::new(&store, &ada, w.app), &domain::page::ListParams::default()).await.unwrap();
    let first: Vec<&str> = list.items.iter().take(3).map(|row| row.username.as_str()).collect();
    assert_eq!(first, ["imported0", "imported1", "imported2"]);
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}
