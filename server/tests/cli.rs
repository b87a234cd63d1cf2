//! The binary itself: commands, refusals with what to do, stopping in order, and being killed in the middle of writing.

#[path = "cli/backups.rs"]
mod backups;

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use domain::{Caller, Store, account::NewAccountInput, application::NewApplicationInput, page::ListParams};
use reqwest::{Client, header};

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
        // It may have ended by itself.
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
    // Goes on reading, so that the process can go on printing.
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
fn credentials_are_looked_after_for_scripts() {
    let data = tempfile::tempdir().unwrap();
    let _served = serve(roster(data.path()).env("ROSTER_DEMO", "1"));
    let run = |arguments: &[&str]| roster(data.path()).arg("credential").args(arguments).output().unwrap();
    let done = |arguments: &[&str]| {
        let output = run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        said(&output)
    };
    let limits = ["--expires", "2999-12-31", "--access", "read", "--addresses", "10.0.0.0/8,192.0.2.7"];
    let made = done(&[&["add", "demo/chat", "billing"], &limits[..]].concat());
    assert!(made.contains("client_id=YXA6") && made.contains("client_secret=YXA6"), "{made}");
    let list = done(&["list", "demo/chat"]);
    for words in ["made on the command line", "expires after 2999-12-31", "reads only", "from 10.0.0.0/8, 192.0.2.7"] {
        assert!(list.contains(words), "{words}: {list}");
    }
    // What is not given stays.
    done(&["edit", "demo/chat", "billing", "--rename", "bills", "--expires", "never"]);
    let list = done(&["list", "demo/chat"]);
    assert!(list.contains("bills") && list.contains("reads only") && !list.contains("expires"), "{list}");
    done(&["edit", "demo/chat", "bills", "--access", "write", "--addresses", "any"]);
    assert!(done(&["rotate", "demo/chat", "bills", "--overlap", "24h"]).contains("client_secret="));
    let list = done(&["list", "demo/chat"]);
    assert!(list.contains("old secret until") && !list.contains("reads only") && !list.contains("from "), "{list}");
    for (wrong, words) in [
        (["edit", "demo/chat", "bills", "--addresses", "here"], "«here» is neither an address"),
        (["edit", "demo/chat", "bills", "--expires", "soon"], "2027-12-31"),
        (["rotate", "demo/chat", "bills", "--overlap", "1y"], "none of the choices"),
    ] {
        let output = run(&wrong);
        assert!(output.status.code() == Some(1) && said(&output).contains(words), "{}", said(&output));
    }
    let grants = done(&["grants", "demo/chat", "--password", "off", "--ttl-max", "3600"]);
    assert_eq!(grants, "password=off\ninherit=on\nttl_max=3600\n");
    done(&["revoke", "demo/chat", "bills"]);
}

#[test]
fn events_go_to_standard_output_and_words_elsewhere() {
    let data = tempfile::tempdir().unwrap();
    let mut command = roster(data.path());
    command.env("ROSTER_AUDIT_LOG", "-").env("ROSTER_LOG_FORMAT", "json").env("ROSTER_LOG", "debug");
    let mut child = command.arg("serve").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    let mut log = Vec::new();
    for line in lines.by_ref() {
        if line.contains("Ctrl+C") {
            break;
        }
        log.push(line);
    }
    let rest = std::thread::spawn(move || lines.collect::<Vec<_>>());
    let added = with_input(roster(data.path()).args(["operator", "add", "olga"]), PASSWORD);
    assert!(added.status.success(), "{}", said(&added));
    kill("-TERM", &child);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let events: Vec<serde_json::Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.iter().map(|event| event["action"].as_str().unwrap()).collect::<Vec<_>>(), ["operator.add"]);
    log.extend(rest.join().unwrap());
    let json: Vec<_> = log.iter().filter(|line| line.starts_with('{')).collect();
    assert!(!json.is_empty(), "{log:?}");
    for line in json {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(line["level"].is_string() && line["target"].is_string(), "{line}");
    }
}

/// Killed again and again while events are written: each is in the file once, in order.
#[test]
fn a_file_of_events_survives_kills() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("events.log");
    let kills = std::env::var("ROSTER_TEST_KILLS").map_or(3, |number| number.parse().unwrap());
    let serve = || serve(roster(data.path()).env("ROSTER_DEMO", "1").env("ROSTER_AUDIT_LOG", &file));
    for round in 0..kills {
        let served = serve();
        let made = roster(data.path()).args(["credential", "add", "demo/chat", &format!("key {round}")]).output().unwrap();
        assert!(made.status.success(), "{}", said(&made));
        std::thread::sleep(Duration::from_millis(20 * round));
        kill("-KILL", &served.child);
    }
    // In order this time, so that everything is written.
    let mut served = serve();
    kill("-TERM", &served.child);
    assert!(served.child.wait().unwrap().success());
    let text = std::fs::read_to_string(&file).unwrap();
    let ids: Vec<i64> =
        text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, (1..=ids.len() as i64).collect::<Vec<_>>(), "once each, in order");
    let names = text.matches("credential.create").count();
    assert_eq!(names, kills as usize, "and none is missing");
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn backups_are_made_while_serving_and_can_be_served() {
    let [data, other] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let _served = serve(roster(data.path()).env("ROSTER_DEMO", "1").env("ROSTER_ADMIN_PASSWORD", PASSWORD));
    let copy = other.path().join("roster.db");
    let backup = || roster(data.path()).arg("backup").arg(&copy).output().unwrap();
    let first = backup();
    assert!(first.status.success(), "{}", said(&first));
    let second = backup();
    assert!(!second.status.success() && said(&second).contains("exists already"), "{}", said(&second));

    // The shared files of the sample app lie beside the database and are copied after it; without them the check says what is missing.
    let check = |folder: &Path| roster(folder).arg("check").output().unwrap();
    let without = check(other.path());
    assert!(
        without.status.code() == Some(1) && said(&without).contains("a shared file is not in the folder"),
        "{}",
        said(&without)
    );
    copy_folder(&data.path().join("files"), &other.path().join("files"));
    for folder in [data.path(), other.path()] {
        let checked = check(folder);
        assert!(checked.status.success(), "{}", said(&checked));
    }
    let restored = serve(&mut roster(other.path())).start.clone();
    assert!(restored.contains("/sign-in"), "the operator is in the copy: {restored}");
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

/// Its address is known and nobody reads any more what it prints, as when a terminal is closed.
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

/// Killed with SIGKILL while it writes batches: the database opens, has no contradiction, and holds everything that was acknowledged.
#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_changes_survive_a_kill() {
    const ACCOUNTS: usize = 200;
    let data = tempfile::tempdir().unwrap();
    let system = Caller::system();
    {
        let store = Store::open(data.path()).await.unwrap();
        let names = NewApplicationInput { display_name: "A".into(), org_name: "acme".into(), app_name: "one".into() };
        domain::application::store::create(&store, &system, &names).await.unwrap();
        let app = domain::application::store::find(&store, &system, "acme", "one").await.unwrap();
        for n in 0..ACCOUNTS {
            let input = NewAccountInput { account_type: "General".into(), username: format!("user{n}"), ..Default::default() };
            domain::account::store::create(&store, &system, app, &input).await.unwrap();
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

        // Every group is made and filled with all accounts in one batch, until the process is gone.
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
        let app = domain::application::store::find(&store, &system, "acme", "one").await.unwrap();
        for group in &made {
            let found = domain::group::store::get(&store, &system, app, group).await.unwrap();
            let members = found.member_count.unwrap() as usize;
            assert!(members == 0 || members == ACCOUNTS, "a batch is whole or not there: {members}");
            assert!(members == ACCOUNTS || !filled.contains(group), "{group} lost its members");
        }
        let params = ListParams { size: "20".into(), ..Default::default() };
        domain::group::store::list(&store, &system, app, &params).await.unwrap();
        // An account belongs to so many groups only, and the next round makes more.
        for ids in made.chunks(100) {
            let confirm = ids.len().to_string();
            domain::group::store::delete(&store, &system, app, ids.to_vec(), &confirm).await.unwrap();
        }
        store.close().await;
    }
}
