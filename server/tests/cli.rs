//! The binary itself: commands, refusals with what to do, stopping in order, and being killed in the middle of writing.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "what a test unwraps has to hold, in its helpers too")]

#[path = "cli/backups.rs"]
mod backups;
#[path = "cli/keys.rs"]
mod keys;

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use domain::{Caller, account::NewAccountInput, application::NewApplicationInput, page::ListParams};
use reqwest::{Client, header};
use store::{
    Scope, Store,
    db::{query, query_scalar},
};

const PASSWORD: &str = "a long enough password";

fn roster(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_roster"));
    command.env_clear().env("ROSTER_DATA", data).env("ROSTER_DEMO", "0").env("ROSTER_LISTEN", "127.0.0.1:0").stdin(Stdio::null());
    command
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A serving process, killed when the test ends.
struct Served {
    child: Child,
    url: String,
    /// What it printed before it was ready.
    start: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(command: &mut Command) -> Served {
    let mut child = command.arg("serve").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut start = String::new();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for line in lines.by_ref().map_while(Result::ok) {
        start.push_str(&line);
        start.push('\n');
        if line.contains("Ctrl+C") {
            break;
        }
    }
    // Continues to read, so that the process can continue to print.
    std::thread::spawn(move || lines.for_each(drop));
    let url = start.split_whitespace().find(|word| word.starts_with("http://")).expect("an address").to_owned();
    Served { child, url, start }
}

fn with_input(command: &mut Command, input: &str) -> Output {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn malformed_configuration_ends_with_two_and_a_sentence() {
    let data = tempfile::tempdir().unwrap();
    for (name, value) in [
        ("ROSTER_LISTEN", "here"),
        ("ROSTER_PUBLIC_URL", "roster.example.org"),
        ("ROSTER_TRUSTED_PROXY", "proxy"),
        ("ROSTER_DEMO", "perhaps"),
        ("ROSTER_HSTS_SUBDOMAINS", "perhaps"),
        ("ROSTER_LOG", "loud=very"),
        ("ROSTER_LOG_FORMAT", "yaml"),
        ("ROSTER_AUDIT_LOG", "/"),
    ] {
        let output = roster(data.path()).env(name, value).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{name}");
        let text = said(&output);
        assert!(text.contains(name) && text.contains(value) && text.contains("ive "), "{name}: {text}");
    }
    let output = roster(data.path()).env("ROSTER_ADMIN_PASSWORD", "short").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("at least 10"), "{}", said(&output));
}

#[test]
fn what_is_taken_is_said() {
    let data = tempfile::tempdir().unwrap();
    let served = serve(&mut roster(data.path()));
    let output = roster(data.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("already served by another roster process"), "{}", said(&output));

    let other = tempfile::tempdir().unwrap();
    let address = served.url.trim_start_matches("http://");
    let output = roster(other.path()).env("ROSTER_LISTEN", address).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("another program listens on") && said(&output).contains("ROSTER_LISTEN"), "{}", said(&output));

    let file = other.path().join("file");
    std::fs::write(&file, "").unwrap();
    let output = roster(&file).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("data folder"), "{}", said(&output));
}

#[test]
fn the_first_start_says_how_to_get_in() {
    let data = tempfile::tempdir().unwrap();
    let start = serve(&mut roster(data.path())).start.clone();
    assert!(start.contains("/setup?token="), "{start}");
    // The link before was never used and is replaced.
    let start = serve(roster(data.path()).env("ROSTER_ADMIN_PASSWORD", PASSWORD)).start.clone();
    assert!(start.contains("as `admin`"), "{start}");
    let start = serve(roster(data.path()).env("ROSTER_ADMIN_PASSWORD", "another long password")).start.clone();
    assert!(start.contains("/sign-in") && !start.contains("as `admin`"), "the second password is not used: {start}");
}

#[test]
fn operators_are_looked_after_while_serving() {
    let data = tempfile::tempdir().unwrap();
    assert!(
        said(&roster(data.path()).args(["operator", "list"]).output().unwrap()).contains("no database"),
        "nothing is made by looking"
    );
    let _served = serve(&mut roster(data.path()));

    let add = |name: &str, role: &str, input: &str| {
        with_input(roster(data.path()).args(["operator", "add", name, "--role", role]), input)
    };
    assert!(add("olga", "owner", &format!("{PASSWORD}\n")).status.success());
    assert!(add("vera", "viewer", PASSWORD).status.success());
    let again = add("OLGA", "admin", PASSWORD);
    assert!(!again.status.success() && said(&again).contains("taken"), "{}", said(&again));
    let empty = add("adam", "admin", "");
    assert_eq!(empty.status.code(), Some(2), "{}", said(&empty));

    let run = |arguments: &[&str]| {
        roster(data.path()).args(["operator"]).args(arguments).env("ROSTER_PASSWORD", "another long one").output().unwrap()
    };
    assert!(run(&["set-password", "vera"]).status.success());
    assert!(run(&["disable", "vera"]).status.success());
    let list = said(&run(&["list"]));
    assert!(list.lines().any(|line| line.contains("vera") && line.contains("viewer") && line.contains("disabled")), "{list}");
    assert!(run(&["enable", "vera"]).status.success());
    let last = run(&["disable", "olga"]);
    assert!(!last.status.success() && said(&last).contains("last owner"), "{}", said(&last));
    assert!(said(&run(&["disable", "nobody"])).contains("no operator of that name"));
}

#[test]
fn an_app_is_filled_and_other_data_are_left_alone() {
    let data = tempfile::tempdir().unwrap();
    let generate = |app: &str, memberships: &str| {
        let counts = ["--accounts", "50", "--groups", "5", "--messages", "30", "--memberships", memberships];
        roster(data.path()).arg("generate").args(counts).args(["--app", app]).output().unwrap()
    };
    for _ in 0..2 {
        let done = generate("acme/big", "60");
        assert!(done.status.success() && said(&done).contains("50 accounts"), "{}", said(&done));
    }
    assert!(roster(data.path()).arg("demo").output().unwrap().status.success());
    let full = generate("demo/chat", "60");
    assert!(full.status.code() == Some(1) && said(&full).contains("did not make"), "{}", said(&full));
    for (app, memberships, words) in [("acme", "60", "ORG/APP"), ("acme/x", "6000", "room for"), ("a b/x", "60", "org_name")] {
        let refused = generate(app, memberships);
        assert!(!refused.status.success() && said(&refused).contains(words), "{}", said(&refused));
    }
    let check = roster(data.path()).arg("check").output().unwrap();
    assert!(check.status.success(), "{}", said(&check));
}

#[test]
fn it_stops_in_order() {
    // A service manager, and Ctrl+C.
    for signal in ["-TERM", "-INT"] {
        let data = tempfile::tempdir().unwrap();
        let mut served = serve(&mut roster(data.path()));
        kill(signal, &served.child);
        assert!(served.child.wait().unwrap().success(), "{signal}");
        assert!(!data.path().join("roster.db-wal").exists(), "{signal}: the log is folded into the file");
    }
}

fn kill(signal: &str, child: &Child) {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
}

/// Its address is known and its output is not read any more, as when a terminal is closed.
#[cfg(target_os = "linux")]
fn serve_unheard(command: &mut Command) -> Child {
    let mut child = command.arg("serve").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("Ctrl+C")));
    child
}

#[cfg(target_os = "linux")]
#[test]
fn a_closed_terminal_stops_it_in_order_unless_it_was_to_outlive_it() {
    let data = tempfile::tempdir().unwrap();
    // Whatever this test itself was started by, as by `nohup`.
    let mut listening = Command::new("env");
    listening.arg("--default-signal=HUP").arg(env!("CARGO_BIN_EXE_roster"));
    listening.env("ROSTER_DATA", data.path()).env("ROSTER_LISTEN", "127.0.0.1:0").stdin(Stdio::null());
    let mut child = serve_unheard(&mut listening);
    kill("-HUP", &child);
    let ended = (0..200).find_map(|_| {
        std::thread::sleep(Duration::from_millis(100));
        child.try_wait().unwrap()
    });
    if ended.is_none() {
        kill("-KILL", &child);
    }
    assert!(ended.is_some_and(|status| status.success()), "it stops in order: {ended:?}");
    assert!(!data.path().join("roster.db-wal").exists(), "the log is folded into the file");

    let mut nohup = Command::new("nohup");
    nohup
        .arg(env!("CARGO_BIN_EXE_roster"))
        .env("ROSTER_DATA", data.path())
        .env("ROSTER_LISTEN", "127.0.0.1:0")
        .stdin(Stdio::null());
    let mut child = serve_unheard(&mut nohup);
    kill("-HUP", &child);
    std::thread::sleep(Duration::from_millis(300));
    assert!(child.try_wait().unwrap().is_none(), "it goes on");
    kill("-TERM", &child);
    assert!(child.wait().unwrap().success());
}

/// The descriptors are those that the system allows, and a client that stalls does not use them up.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn stalled_clients_do_not_use_up_the_files_that_it_may_open() {
    let limited = |data: &Path, limit: &str| {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", &format!("ulimit {limit} && exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_roster")]);
        command.env_clear().env("ROSTER_DATA", data).env("ROSTER_DEMO", "0").env("ROSTER_LISTEN", "127.0.0.1:0");
        serve(command.stdin(Stdio::null()))
    };
    let data = tempfile::tempdir().unwrap();
    let served = limited(data.path(), "-Sn 100");
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", served.child.id())).unwrap();
    let files: Vec<&str> = limits.lines().find(|line| line.starts_with("Max open files")).unwrap().split_whitespace().collect();
    assert_eq!(files[3], files[4], "the soft limit is the hard one: {files:?}");
    drop(served);

    let data = tempfile::tempdir().unwrap();
    let served = limited(data.path(), "-n 160");
    let address: std::net::SocketAddr = served.url.trim_start_matches("http://").parse().unwrap();
    let mut stalled = Vec::new();
    let http = Client::builder().timeout(Duration::from_secs(20)).pool_max_idle_per_host(0).build().unwrap();
    for n in 0..400_u32 {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind(format!("127.0.0.{}:0", 2 + n % 5).parse().unwrap()).unwrap();
        let mut stream = socket.connect(address).await.unwrap();
        // One that was ended to free its slot does not use it any more.
        let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, b"GET / HTTP/1.1\r\nX: ").await;
        stalled.push(stream);
        if n % 50 == 49 {
            let answer = http.get(format!("{}/healthz", served.url)).send().await.expect("an answer");
            assert_eq!((answer.status().as_u16(), answer.text().await.unwrap().as_str()), (200, "ok\n"), "beside {n}");
        }
    }
}

/// Killed with SIGKILL while it writes batches: the database opens, has no contradiction, and holds everything that was acknowledged.
#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_changes_survive_a_kill() {
    const ACCOUNTS: usize = 200;
    let data = tempfile::tempdir().unwrap();
    let system = Caller::system();
    {
        let store = Store::open(data.path()).await.unwrap();
        let names = NewApplicationInput { display_name: "A".into(), org_name: "acme".into(), app_name: "one".into() };
        store::application::create(&store, &system, &names).await.unwrap();
        let app = store::application::find(&store, &system, "acme", "one").await.unwrap();
        for n in 0..ACCOUNTS {
            let input = NewAccountInput { account_type: "General".into(), username: format!("user{n}"), ..Default::default() };
            store::account::create(Scope::new(&store, &system, app), &input).await.unwrap();
        }
        store.close().await;
    }

    // `make test-long` asks for more.
    let kills = std::env::var("ROSTER_TEST_KILLS").map_or(3, |number| number.parse().unwrap());
    for round in 0..kills {
        let mut served = serve(roster(data.path()).env("ROSTER_ADMIN_PASSWORD", PASSWORD));
        let http = Client::builder().cookie_store(true).build().unwrap();
        let post = |path: &str, body: String| {
            let request = http.post(format!("{}{path}", served.url)).header("sec-fetch-site", "same-origin");
            request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body).send()
        };
        let signed_in =
            post("/_fn/session/sign-in", format!("name=admin&password={}", PASSWORD.replace(' ', "+"))).await.unwrap();
        assert_eq!(signed_in.status(), 200);

        // Every group is made and filled with all accounts in one batch, until the process is killed.
        let pid = served.child.id().to_string();
        let killer = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(400 + 150 * (round % 5))).await;
            Command::new("kill").args(["-KILL", &pid]).status().unwrap()
        });
        let everybody: String = (0..ACCOUNTS).map(|n| format!("user{n}%0A")).collect();
        let (mut made, mut filled) = (Vec::new(), Vec::new());
        for n in 0.. {
            let group = format!("group-{round}-{n}");
            let fields = format!("org=acme&app=one&input[name]=G&input[owner]=&input[type]=Work&input[group_id]={group}");
            match post("/_fn/group/create", fields).await {
                Ok(answer) if answer.status() == 200 => made.push(group.clone()),
                _ => break,
            }
            match post("/_fn/member/add", format!("org=acme&app=one&group_id={group}&usernames={everybody}")).await {
                Ok(answer) if answer.status() == 200 => filled.push(group),
                _ => break,
            }
        }
        killer.await.unwrap();
        served.child.wait().unwrap();
        assert!(!filled.is_empty(), "nothing was written before the kill");

        let store = Store::open(data.path()).await.unwrap();
        assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
        let app = store::application::find(&store, &system, "acme", "one").await.unwrap();
        for group in &made {
            let found = store::group::get(Scope::new(&store, &system, app), group).await.unwrap();
            let members = found.member_count.unwrap() as usize;
            assert!(members == 0 || members == ACCOUNTS, "a batch is whole or not there: {members}");
            assert!(members == ACCOUNTS || !filled.contains(group), "{group} lost its members");
        }
        let params = ListParams { size: "20".into(), ..Default::default() };
        store::group::list(Scope::new(&store, &system, app), &params).await.unwrap();
        // An account belongs to so many groups only, and the next round makes more.
        for ids in made.chunks(100) {
            let confirm = ids.len().to_string();
            store::group::delete(Scope::new(&store, &system, app), ids.to_vec(), &confirm).await.unwrap();
        }
        store.close().await;
    }
}

/// Each event is in the log or in an archive that is whole, wherever the command is killed; in the end all old ones are in archives.
#[tokio::test(flavor = "multi_thread")]
async fn archiving_that_is_killed_loses_no_event_and_goes_on() {
    const EVENTS: i64 = 20_000;
    let data = tempfile::tempdir().unwrap();
    Store::open(data.path()).await.unwrap().close().await;
    let file = data.path().join("roster.db");
    let mut raw = store::db::connect(&file).await.unwrap();
    let sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
               INSERT INTO event (id, at, app_id, actor, action, outcome, target) SELECT i, i, 0, 'system', 'group.edit', 'done', 'g' FROM n";
    query(sql).bind(EVENTS).execute(&mut raw).await.unwrap();
    let archive = || {
        let mut command = roster(data.path());
        command.args(["audit", "archive", "--before", "2020-01-01"]).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    // `make test-long` asks for more.
    let kills: u64 = std::env::var("ROSTER_TEST_KILLS").map_or(4, |number| number.parse().unwrap());
    for round in 0..=kills {
        let mut child = archive().spawn().unwrap();
        if round < kills {
            tokio::time::sleep(Duration::from_millis(60 + 97 * round % 900)).await;
            let _ = child.kill();
        }
        let ended = child.wait().unwrap();
        assert!(ended.success() || round < kills);
        let mut there: Vec<i64> =
            query_scalar("SELECT id FROM event WHERE at <= $1").bind(EVENTS).fetch_all(&mut raw).await.unwrap();
        let names: Vec<String> = query_scalar("SELECT file_name FROM event_archive").fetch_all(&mut raw).await.unwrap();
        for name in names {
            let text = std::fs::read_to_string(data.path().join("archive").join(name)).unwrap();
            let id = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].as_i64().unwrap();
            there.extend(text.lines().map(id));
        }
        there.sort_unstable();
        there.dedup();
        assert_eq!(there, (1..=EVENTS).collect::<Vec<_>>());
    }
    let left: i64 = query_scalar("SELECT count(*) FROM event WHERE at <= $1").bind(EVENTS).fetch_one(&mut raw).await.unwrap();
    assert_eq!(left, 0);
    let listed = said(&roster(data.path()).args(["audit", "list"]).output().unwrap());
    assert!(listed.contains("20000 events") && listed.contains("SHA-256"), "{listed}");
    let checked = roster(data.path()).arg("check").output().unwrap();
    assert!(said(&checked).contains("no problem found"), "{}", said(&checked));
    // What is missing, and what was changed, is named.
    std::fs::write(data.path().join("archive/events-1-20000.jsonl"), b"{}\n").unwrap();
    assert!(said(&roster(data.path()).arg("check").output().unwrap()).contains("is not as it was written: events-1-20000.jsonl"));
    let wrong = roster(data.path()).args(["audit", "archive", "--before", "tomorrow"]).output().unwrap();
    assert!(wrong.status.code() == Some(2) && said(&wrong).contains("«tomorrow»"), "{}", said(&wrong));
}
