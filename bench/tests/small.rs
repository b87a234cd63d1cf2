//! The benchmark itself, on little data: it runs to its end, and every row is measured. What the figures are is not judged here.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "what a test unwraps has to hold, in its helpers too")]

use std::process::Command;

/// The beginnings of the names of all rows, in the order of the table, and how many rows begin so.
const ROWS: &[(&str, usize)] = &[
    ("groups, first page of 1000", 1),
    ("groups, deep page of 1000", 1),
    ("groups, first page of 6000", 1),
    ("groups, deep page of 6000", 1),
    ("groups, deep beside first", 1),
    ("groups, many rows beside few", 1),
    ("accounts, first page of 1000", 1),
    ("accounts, deep page of 1000", 1),
    ("accounts, first page of 5000", 1),
    ("accounts, deep page of 5000", 1),
    ("accounts, deep beside first", 1),
    ("accounts, many rows beside few", 1),
    ("statements of a page: ", 5),
    ("search: ", 11),
    ("search page: ", 12),
    ("export 5000 accounts, ", 3),
    ("export, memory that it adds", 1),
    ("export 1000 accounts, first byte", 1),
    ("WASM and JavaScript on the wire", 1),
    ("start to first page, 5000 accounts", 1),
    ("idle memory, 5000 accounts", 1),
    ("memory after a sign-in and a page, 5000 accounts", 2),
    ("delete 600 groups", 1),
    ("send to 600 groups", 1),
    ("import 500 accounts", 1),
    ("50 operators while 600 groups are deleted", 1),
    ("REST: ", 5),
];

#[test]
fn every_row_is_measured() {
    let folder = tempfile::tempdir().unwrap();
    let output =
        Command::new(env!("CARGO_BIN_EXE_bench")).args(["--small", "--json", "--folder"]).arg(folder.path()).output().unwrap();
    let (text, log) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{log}");

    let rows: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for row in &rows {
        // What memory something adds may be nothing, where an allocator had it already.
        let may_be_nothing = row["unit"] == "MB";
        let figure = |name: &str| row[name].as_f64().filter(|figure| figure.is_finite() && (*figure > 0.0 || may_be_nothing));
        assert!(figure("ours").is_some(), "not measured: {row}");
        assert!(row["limit"].is_null() || figure("limit").is_some(), "its limit is not measured: {row}");
    }
    let mut rest = rows.iter().map(|row| row["name"].as_str().unwrap());
    for (begin, count) in ROWS {
        for _ in 0..*count {
            let name = rest.next().unwrap_or_default();
            assert!(name.starts_with(begin), "«{name}» where a row «{begin}…» should be; the log: {log}");
        }
    }
    assert_eq!(rest.collect::<Vec<_>>(), Vec::<&str>::new(), "say in ROWS that these are measured too");
}
