//! Workbooks that chance has broken: in their XML, and in their archive. Each is read or refused; none ends the process, and none
//! leaves more rows than it may.

use proptest::{prelude::*, test_runner::Config};

use super::*;

fn cases() -> u32 {
    std::env::var("ROSTER_TEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(40) * 10
}

/// What is done to some bytes: at which place (of 10,000), what.
#[derive(Debug, Clone)]
enum Change {
    Set(u8),
    Cut(usize),
    Repeat(usize, usize),
    Insert(&'static str),
}

const PIECES: &[&str] = &[
    "<c",
    "/>",
    "</c>",
    "<row r=\"1048576\">",
    "</row>",
    "<v>",
    "</v>",
    " r=\"XFD9\"",
    " t=\"s\"",
    "&#x10FFFF;",
    "&a;",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "\"",
    "<si>",
    "</si>",
    "uniqueCount=\"9999999999999\"",
    "_xD83D_",
    "<!DOCTYPE a>",
    "\u{0}",
    "PK\u{1}\u{2}",
    "99999999999999999999",
];

fn change() -> impl Strategy<Value = (usize, Change)> {
    let what = prop_oneof![
        any::<u8>().prop_map(Change::Set),
        (1..50usize).prop_map(Change::Cut),
        (1..50usize, 2..300usize).prop_map(|(length, times)| Change::Repeat(length, times)),
        prop::sample::select(PIECES).prop_map(Change::Insert),
    ];
    (0..10_000usize, what)
}

fn apply(bytes: &mut Vec<u8>, at: usize, change: &Change) {
    let at = bytes.len() * at / 10_000;
    let end = |length: usize| (at + length).min(bytes.len());
    match change {
        Change::Set(byte) => {
            if let Some(place) = bytes.get_mut(at) {
                *place = *byte;
            }
        }
        Change::Cut(length) => drop(bytes.drain(at..end(*length))),
        Change::Repeat(length, times) => {
            let more = bytes[at..end(*length)].repeat(*times);
            bytes.splice(at..at, more);
        }
        Change::Insert(piece) => drop(bytes.splice(at..at, piece.bytes())),
    }
}

fn valid() -> Book {
    let row = |n: u32| {
        format!(
            "<row r=\"{n}\"><c r=\"A{n}\" t=\"s\"><v>{}</v></c><c r=\"B{n}\" s=\"1\"><v>{n}.5</v></c><c r=\"C{n}\" t=\"inlineStr\"><is><t>a &amp; b</t></is></c></row>",
            n % 3
        )
    };
    let styles = format!(
        "{HEAD}<styleSheet><numFmts><numFmt numFmtId=\"165\" formatCode=\"yyyy\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"165\"/></cellXfs></styleSheet>"
    );
    Book::new(&format!("{}{}", titles(3), (2..20).map(row).collect::<String>()))
        .texts("<si><t>x</t></si><si><r><t>rich</t></r><r><t> text</t></r></si><si><t>_x000D_</t></si>")
        .with("xl/styles.xml", styles)
}

proptest! {
    #![proptest_config(Config::with_cases(cases()))]

    #[test]
    fn broken_workbooks_are_read_or_refused(
        part in 1..7usize, stored in any::<bool>(), inside in prop::collection::vec(change(), 0..4), outside in prop::collection::vec(change(), 0..2),
    ) {
        let mut book = valid();
        prop_assert_eq!(book.parts.len(), 7);
        if stored {
            book = book.stored();
        }
        for (at, change) in &inside {
            apply(&mut book.parts[part].1, *at, change);
        }
        let mut bytes = book.bytes();
        for (at, change) in &outside {
            apply(&mut bytes, *at, change);
        }
        if let Ok(rows) = found(&bytes) {
            prop_assert!(rows.len() <= 1_000_000);
            for (row, cells) in rows {
                prop_assert!(row <= 1_048_576 && cells.len() <= limits::IMPORT_COLUMNS);
                prop_assert!(cells.iter().map(String::len).sum::<usize>() as u64 <= limits::IMPORT_ROW_BYTES);
            }
        }
    }
}
