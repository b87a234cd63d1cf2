//! `kill -9` in the middle of batches: the database opens, checks, and holds everything that was acknowledged.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
    time::Duration,
};

use domain::{Caller, Store, account, application, group, message};

use crate::world::{World, admin, names, new_account};

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
