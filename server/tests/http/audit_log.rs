//! The copy of the log in a file: every event once, in order, whatever happens to the file.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use domain::{
    Caller,
    application::{AppId, NewApplicationInput},
};
use serde_json::Value;
use server::audit_log::{AuditLog, Target};
use store::{Scope, Store, event::stream};
use tempfile::TempDir;

struct World {
    store: Store,
    app: AppId,
    folder: TempDir,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("data")).await.unwrap();
        let names = NewApplicationInput { display_name: "One".into(), org_name: "acme".into(), app_name: "one".into() };
        store::application::create(&store, &Caller::system(), &names).await.unwrap();
        let app = store::application::find(&store, &Caller::system(), "acme", "one").await.unwrap();
        Self { store, app, folder }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("events.log")
    }

    async fn log(&self) -> AuditLog {
        AuditLog::open(self.store.clone(), Target::File(self.file())).await.unwrap()
    }

    /// So many events.
    async fn events(&self, number: usize) {
        for _ in 0..number {
            self.rename(&format!("n {}", stream::last_event(&self.store).await.unwrap())).await;
        }
    }

    async fn rename(&self, name: &str) {
        store::application::edit(Scope::new(&self.store, &Caller::system(), self.app), name).await.unwrap();
    }
}

/// The lines of a file, each of them JSON.
fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'), "whole lines only");
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn ids(path: &Path) -> Vec<i64> {
    lines(path).iter().map(|line| line["id"].as_i64().unwrap()).collect()
}

fn count(to: i64) -> Vec<i64> {
    (1..=to).collect()
}

#[tokio::test]
async fn every_event_is_a_line_as_the_export_has_it() {
    let w = World::new().await;
    let credential = store::credential::create(Scope::new(&w.store, &Caller::system(), w.app), "key").await.unwrap();
    w.log().await.catch_up().await.unwrap();
    let all = lines(&w.file());
    let last = all.last().unwrap();
    let time = last["at"].as_str().unwrap();
    assert!(time.ends_with('Z') && time.contains('T'), "{time}");
    let word = |name: &str| last[name].as_str().unwrap_or("-").to_owned();
    let names = ["scope", "actor", "operator", "action", "target", "outcome", "address", "app"];
    assert_eq!(names.map(word), ["app", "system", "", "credential.create", "key", "done", "-", "acme/one"]);
    assert_eq!(last["after"]["client_id"], credential.client_id.as_str());
    assert_eq!(all[0]["app"], Value::Null, "the server's own");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(w.file()).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn it_goes_on_where_it_stopped() {
    let w = World::new().await;
    let mut log = w.log().await;
    log.catch_up().await.unwrap();
    w.events(1_200).await;
    log.catch_up().await.unwrap();
    assert_eq!(ids(&w.file()), count(1_201), "in pages");
    drop(log);
    w.events(3).await;
    w.log().await.catch_up().await.unwrap();
    w.log().await.catch_up().await.unwrap();
    assert_eq!(ids(&w.file()), count(1_204));
}

#[tokio::test]
async fn a_torn_line_comes_once_more() {
    let w = World::new().await;
    w.events(4).await;
    w.log().await.catch_up().await.unwrap();
    let whole = fs::read(w.file()).unwrap();
    let starts: Vec<usize> = whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(place, _)| place + 1).collect();
    // Killed after any byte of the first line of a first file, or of the last two lines.
    for place in 0..starts[0] {
        let first = w.folder.path().join(format!("first {place}"));
        fs::write(&first, &whole[..place]).unwrap();
        let mut log = AuditLog::open(w.store.clone(), Target::File(first.clone())).await.unwrap();
        log.catch_up().await.unwrap();
        assert_eq!(fs::read(&first).unwrap(), whole, "cut at {place}");
    }
    for place in starts[2]..whole.len() {
        fs::write(w.file(), &whole[..place]).unwrap();
        w.log().await.catch_up().await.unwrap();
        assert_eq!(fs::read(w.file()).unwrap(), whole, "cut at {place}");
    }
}

#[tokio::test]
async fn a_file_that_is_moved_away_is_begun_anew() {
    let w = World::new().await;
    let moved = w.folder.path().join("events.log.1");
    let mut log = w.log().await;
    w.events(2).await;
    log.catch_up().await.unwrap();
    fs::rename(w.file(), &moved).unwrap();
    w.events(2).await;
    log.catch_up().await.unwrap();
    assert_eq!((ids(&moved), ids(&w.file())), (count(3), vec![4, 5]));
    // Another one in its place, as some rotate.
    fs::rename(w.file(), &moved).unwrap();
    fs::write(w.file(), "").unwrap();
    w.events(1).await;
    log.catch_up().await.unwrap();
    assert_eq!((ids(&moved), ids(&w.file())), (vec![4, 5], vec![6]));
    // Emptied where it is.
    fs::write(w.file(), "").unwrap();
    w.events(1).await;
    log.catch_up().await.unwrap();
    assert_eq!(ids(&w.file()), [7]);

    // Moved while no process was running.
    log.finish().await;
    drop(log);
    fs::remove_file(w.file()).unwrap();
    w.events(1).await;
    w.log().await.catch_up().await.unwrap();
    assert_eq!(ids(&w.file()), [8]);
}

#[tokio::test]
async fn what_a_fault_has_held_up_comes_later() {
    let w = World::new().await;
    let mut log = w.log().await;
    log.catch_up().await.unwrap();
    // Neither writable nor a file: for root, too, this is an error.
    fs::remove_file(w.file()).unwrap();
    fs::create_dir(w.file()).unwrap();
    w.events(3).await;
    for _ in 0..3 {
        assert!(log.catch_up().await.is_err());
    }
    fs::remove_dir(w.file()).unwrap();
    log.catch_up().await.unwrap();
    assert_eq!(ids(&w.file()), [2, 3, 4]);
}

#[tokio::test]
async fn text_of_strangers_stays_on_its_line() {
    let w = World::new().await;
    let hostile = "\"},{\"id\":9}\u{2028}\u{2029}\u{85}\\ \u{202e}end";
    let input = domain::credential::CredentialInput::from("key\u{2028}\"\\");
    store::credential::create(Scope::new(&w.store, &Caller::system(), w.app), input).await.unwrap();
    let caller = Caller::anonymous(Some("192.0.2.7".into()));
    store::operator::sign_in_throttled(&w.store, &caller, "a\nb").await.unwrap();
    w.store.refusals().report(store::refusals::RefusalEvent {
        action: domain::event::Action::AccessRefuse,
        scope: store::refusals::RefusalScope::Server,
        caller,
        target: format!("line\n\r\x0b\x0c\x1c\x00{hostile}"),
        reason: "forbidden",
    });
    store::refusals::write(&w.store).await.unwrap();
    w.log().await.catch_up().await.unwrap();
    assert_eq!(ids(&w.file()), count(4));
    let text = fs::read_to_string(w.file()).unwrap();
    for breaks in ['\r', '\u{b}', '\u{c}', '\u{1c}', '\u{85}', '\u{2028}', '\u{2029}', '\u{202e}'] {
        assert!(!text.contains(breaks), "{breaks:?}");
    }
    assert_eq!(lines(&w.file())[3]["target"], format!("line\n\r\x0b\x0c\x1c\x00{hostile}"));
}

#[tokio::test]
async fn a_file_of_somebody_else_is_left_alone() {
    let w = World::new().await;
    for foreign in ["root:x:0:0:root\n", "no line at all", "{\"name\":1}\n", "\n"] {
        fs::write(w.file(), foreign).unwrap();
        let refused = AuditLog::open(w.store.clone(), Target::File(w.file())).await.unwrap_err();
        assert!(refused.contains("ROSTER_AUDIT_LOG") && refused.contains("events.log"), "{refused}");
        assert_eq!(fs::read_to_string(w.file()).unwrap(), foreign);
    }
}

#[tokio::test]
async fn a_database_that_was_restored_goes_on() {
    let w = World::new().await;
    w.events(1).await;
    w.log().await.catch_up().await.unwrap();
    let mut file = fs::OpenOptions::new().append(true).open(w.file()).unwrap();
    file.write_all(b"{\"id\":900,\"action\":\"application.edit\"}\n").unwrap();
    let mut log = w.log().await;
    w.events(1).await;
    log.catch_up().await.unwrap();
    assert_eq!(ids(&w.file()), [1, 2, 900, 3]);
}

#[tokio::test]
async fn it_follows_the_log_and_ends_with_the_rest() {
    let w = World::new().await;
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let following = tokio::spawn(w.log().await.follow(stopped));
    w.events(50).await;
    drop(stop);
    following.await.unwrap();
    assert_eq!(ids(&w.file()), count(51));
}
