//! Credentials by the command line, and the copy of the events for other systems.

use std::{
    io::{BufRead, BufReader},
    process::Stdio,
    time::Duration,
};
use store::db::query_as;

use super::{PASSWORD, kill, roster, said, serve, with_input};

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
    // Each makes a credential, and an app has no more of them.
    let kills = std::env::var("ROSTER_TEST_KILLS").map_or(3, |number| number.parse::<u64>().unwrap()).min(50);
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

/// Those that wait to be written, and those that were only counted.
#[tokio::test]
async fn stopping_in_order_loses_no_refusal() {
    const REFUSED: i64 = 150;
    let data = tempfile::tempdir().unwrap();
    let mut served = serve(roster(data.path()).env("ROSTER_DEMO", "1").env("ROSTER_API_RATE", "0"));
    let client = reqwest::Client::new();
    for _ in 0..REFUSED {
        let answer = client.get(format!("{}/demo/chat/users", served.url)).bearer_auth("wrong").send().await.unwrap();
        assert_eq!(answer.status(), 401);
    }
    kill("-TERM", &served.child);
    assert!(served.child.wait().unwrap().success());
    let file = data.path().join("roster.db");
    let mut raw = store::db::connect(&file).await.unwrap();
    let sql = "SELECT count(*), sum((actor <> 'system') + coalesce(state_after ->> 'left_out', 0)) FROM event
               WHERE action = 'access.refuse'";
    let (events, told): (i64, i64) = query_as(sql).fetch_one(&mut raw).await.unwrap();
    assert!(told == REFUSED && events < REFUSED, "{events} events tell of {told} refusals");
}
