//! Workbooks that claim, hide or repeat what nobody should hold in memory.

use super::*;

fn shared(item: &str) -> Book {
    Book::new(&format!("{}<row><c t=\"s\"><v>0</v></c></row>", titles(1))).texts(item)
}

fn one(name: &str) -> Found {
    Ok(vec![(2, vec![name.to_owned()])])
}

#[test]
fn what_a_table_of_texts_claims_is_nobodys_business() {
    let table = |claim: &str| format!("{HEAD}<sst xmlns=\"{MAIN}\" {claim}><si><t>x</t></si></sst>");
    for claim in [
        "uniqueCount=\"4000000000\"",
        "uniqueCount =\"20000000000000\"",
        "count = '18446744073709551615' uniqueCount\n=\n'18446744073709551615'",
    ] {
        let book = shared("").with("xl/sharedStrings.xml", table(claim));
        assert_eq!(found(&book.bytes()), one("x"), "{claim}");
        // In a folder that looks like that of sheets.
        let relations = format!(
            "{HEAD}<Relationships><Relationship Id=\"rId1\" Type=\"{RELATED}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
             <Relationship Id=\"rId2\" Type=\"{RELATED}/sharedStrings\" Target=\"worksheets/texts.xml\"/></Relationships>"
        );
        let book = Book::new(&format!("{}<row><c t=\"s\"><v>0</v></c></row>", titles(1)))
            .with("xl/worksheets/texts.xml", table(claim))
            .with("xl/_rels/workbook.xml.rels", relations);
        assert_eq!(found(&book.bytes()), one("x"), "{claim}");
    }
}

#[test]
fn a_cell_in_the_last_column_ends_the_file_and_fills_nothing() {
    let row = |n: u32| format!("<row r=\"{n}\"><c r=\"A{n}\"><v>{n}</v></c><c r=\"XFD{n}\" t=\"s\"><v>0</v></c></row>");
    let wide = |item: &str| {
        shared(item).with(
            "xl/worksheets/sheet1.xml",
            format!("<worksheet><sheetData>{}{}</sheetData></worksheet>", titles(2), (2..9).map(row).collect::<String>()),
        )
    };
    assert_eq!(found(&wide("<si><t>x</t></si>").bytes()), Err(FileProblem::TooManyColumns { max: 100, actual: 16_384 }));
    // An empty place needs no refusal.
    assert_eq!(found(&wide("<si/>").bytes()).map(|rows| rows[6].clone()), Ok((8, vec!["8".to_owned(), String::new()])));
}

#[test]
fn one_long_text_is_refused_wherever_it_stands() {
    let texts = Err(FileProblem::TextsTooLarge { max: 268_435_456 });
    let row = Err(FileProblem::RowTooLarge { row: 2, max: 1_048_576 });
    // Longer than a row may be, and longer than a piece of XML may be.
    for length in [2, 10] {
        let long = "x".repeat(length << 20);
        assert_eq!(found(&shared(&format!("<si><t>{long}</t></si>")).bytes()), texts);
        let cell = |cell: String| found(&Book::new(&format!("{}<row>{cell}</row>", titles(2))).bytes());
        assert_eq!(cell(format!("<c t=\"inlineStr\"><is><t>{long}</t></is></c>")), row);
        assert_eq!(cell(format!("<c t=\"str\"><v>{long}</v></c>")), row);
    }
    // In many runs.
    let runs = format!("<r><t>{}</t></r>", "x".repeat(100_000)).repeat(11);
    assert_eq!(found(&shared(&format!("<si>{runs}</si>")).bytes()), texts);
    // What is never closed: an attribute, a comment, a tag.
    let endless = "x".repeat(7 << 20);
    for open in ["<c r=\"", "<!--", "<", "&"] {
        let book =
            shared("").with("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData>{}<row>{open}{endless}", titles(1)));
        let refused = found(&book.bytes());
        assert!(matches!(refused, Err(FileProblem::RowTooLarge { .. } | FileProblem::Damaged)), "{open} {refused:?}");
    }
    // Texts that are short in the table, and long together in a row.
    let item = format!("<si><t>{}</t></si>", "x".repeat(200_000));
    let row = |n: u32| format!("<row r=\"{n}\">{}</row>", "<c t=\"s\"><v>0</v></c>".repeat(6));
    let book = shared(&item)
        .with("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData>{}{}</sheetData></worksheet>", titles(2), row(2)));
    assert_eq!(found(&book.bytes()), Err(FileProblem::RowTooLarge { row: 2, max: 1_048_576 }));
}

#[test]
fn many_short_texts_are_read() {
    let items = "<si><t>a</t></si>".repeat(50_000);
    let rows = format!("{}<row><c t=\"s\"><v>49999</v></c></row>", titles(1));
    assert_eq!(found(&Book::new(&rows).texts(&items).bytes()), one("a"));
    // One after the last.
    assert_eq!(found(&Book::new(&rows.replace("49999", "50000")).texts(&items).bytes()), Err(FileProblem::Damaged));
}

#[test]
fn what_unpacks_to_too_much_is_refused_however_little_it_is() {
    let blank = " ".repeat(1 << 20);
    let sheet = format!("<worksheet><sheetData>{}</sheetData></worksheet>", format!("<row/>{blank}").repeat(80));
    let bomb = Book::new("").with("xl/worksheets/sheet1.xml", sheet);
    assert_eq!(found(&bomb.bytes()), Err(FileProblem::UnpackedTooLarge { max: 2_147_483_648 }));
    // After the cells, where nothing is read any more.
    let sheet = format!("<worksheet><sheetData>{}</sheetData>{}</worksheet>", titles(1), blank.repeat(80));
    let bomb = Book::new("").with("xl/worksheets/sheet1.xml", sheet);
    assert_eq!(found(&bomb.bytes()), Err(FileProblem::UnpackedTooLarge { max: 2_147_483_648 }));
    // In a part that has to be small.
    let relations = Book::new("").with("xl/_rels/workbook.xml.rels", format!("<Relationships>{}", blank.repeat(5)));
    assert_eq!(found(&relations.bytes()), Err(FileProblem::Damaged));
}

#[test]
fn elements_and_names_have_an_end() {
    let deep = |open: &str, count: usize| {
        let sheet = format!("<worksheet><sheetData>{}{}", titles(1), open.repeat(count));
        found(&Book::new("").with("xl/worksheets/sheet1.xml", sheet).bytes())
    };
    assert_eq!(deep("<a>", 100_000), Err(FileProblem::Damaged));
    assert_eq!(deep(&format!("<{}>", "a".repeat(1_000)), 1), Err(FileProblem::Damaged));
    // A hundred thousand attributes take no square of that.
    let many: String = (0..100_000).map(|n| format!(" a{n}=\"\"")).collect();
    assert_eq!(found(&Book::new(&format!("{}<row{many}><c t=\"str\"{many}><v>x</v></c></row>", titles(1))).bytes()), one("x"));
}

#[test]
fn entities_and_other_encodings_are_refused() {
    let sheet = |head: &str, name: &str| {
        let sheet =
            format!("{head}<worksheet><sheetData>{}<row><c t=\"str\"><v>{name}</v></c></row></sheetData></worksheet>", titles(1));
        found(&Book::new("").with("xl/worksheets/sheet1.xml", sheet).bytes())
    };
    assert_eq!(sheet("\u{feff}<?xml version='1.0' encoding='utf-8'?>", "x"), one("x"));
    assert_eq!(sheet("<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>", "&b;"), Err(FileProblem::Damaged));
    assert_eq!(sheet("<!DOCTYPE x>", "x"), Err(FileProblem::Damaged));
    for entity in ["&b;", "&#0;", "&#x110000;", "&#xD800;", "&", "&;"] {
        assert_eq!(sheet("", entity), Err(FileProblem::Damaged), "{entity}");
    }
    assert_eq!(sheet("<?xml version=\"1.0\" encoding=\"UTF-16\"?>", "x"), Err(FileProblem::Damaged));
    let wide: Vec<u8> = "\u{feff}<worksheet/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(found(&Book::new("").with("xl/worksheets/sheet1.xml", wide).bytes()), Err(FileProblem::Damaged));
    let torn = [b"<worksheet><sheetData><row><c t=\"str\"><v>\xff", &b"</v></c></row></sheetData></worksheet>"[..]].concat();
    assert_eq!(found(&Book::new("").with("xl/worksheets/sheet1.xml", torn).bytes()), Err(FileProblem::Damaged));
}

#[test]
fn cells_out_of_order_are_refused() {
    let rows = |rows: &str| found(&Book::new(&format!("{}{rows}", titles(1))).bytes());
    for wrong in [
        "<row r=\"3\"><c r=\"A3\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\"><v>1</v></c></row>",
        "<row r=\"2\"><c r=\"B2\"><v>1</v></c><c r=\"A2\"><v>1</v></c></row>",
        "<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"A2\"><v>1</v></c></row>",
        "<row r=\"1048577\"><c><v>1</v></c></row>",
        "<row><c r=\"XFE2\"><v>1</v></c></row>",
        "<row><c r=\"A\"><v>1</v></c></row>",
        "<row><c r=\"2\"><v>1</v></c></row>",
        "<row r=\"x\"/>",
        "<row><c t=\"x\"><v>1</v></c></row>",
        "<row><c t=\"n\"><v>x</v></c></row>",
        "<row><c t=\"b\"><v>2</v></c></row>",
        "<row><c t=\"s\"><v>-1</v></c></row>",
        "<row><c><v>1</v></row>",
        "<row><c><v>1</c></v></row>",
    ] {
        assert_eq!(rows(wrong), Err(FileProblem::Damaged), "{wrong}");
    }
}

/// Changes bytes after each signature of a header.
fn patched(mut bytes: Vec<u8>, signature: &[u8; 4], change: impl Fn(&mut [u8])) -> Vec<u8> {
    let places: Vec<usize> = (0..bytes.len() - 4).filter(|&at| bytes[at..].starts_with(signature)).collect();
    for at in places {
        change(&mut bytes[at..]);
    }
    bytes
}

const LOCAL: &[u8; 4] = b"PK\x03\x04";
const CENTRAL: &[u8; 4] = b"PK\x01\x02";

#[test]
fn broken_archives_are_refused() {
    let book = shared("<si><t>x</t></si>").stored();
    let whole = book.bytes();
    assert_eq!(found(&whole), one("x"));
    // The text is another one, but still a text: only the checksum over the part shows it.
    let at = whole.windows(4).position(|bytes| bytes == b">x</").unwrap();
    let mut changed = whole.clone();
    changed[at + 1] = b'y';
    assert_eq!(found(&changed), Err(FileProblem::Damaged));
    for length in [whole.len() - 1, whole.len() / 2, 30, 4] {
        assert_eq!(found(&whole[..length]), Err(FileProblem::Damaged), "{length}");
    }
    let encrypted = patched(patched(whole.clone(), LOCAL, |header| header[6] |= 1), CENTRAL, |header| header[8] |= 1);
    assert_eq!(found(&encrypted), Err(FileProblem::UnknownFormat));
    // Another method of compression than the two that workbooks have.
    let method = patched(patched(whole.clone(), LOCAL, |header| header[8] = 9), CENTRAL, |header| header[10] = 9);
    assert_eq!(found(&method), Err(FileProblem::Damaged));
    // Sizes that only ZIP64 could have.
    for offset in [20, 24] {
        let claims = patched(whole.clone(), CENTRAL, |header| header[offset..offset + 4].fill(0xff));
        assert!(matches!(found(&claims), Err(FileProblem::Damaged) | Ok(_)), "{offset}");
    }
    // Two parts of one name, and of one name but for the case.
    let twice = book.clone().with("xl/worksheets/sheet2.xml", "<worksheet/>").bytes();
    let mut same = twice.clone();
    while let Some(at) = same.windows(10).position(|bytes| bytes == b"sheet2.xml") {
        same[at + 5] = b'1';
    }
    assert_eq!(found(&same), Err(FileProblem::Damaged));
    assert_eq!(found(&book.clone().with("XL/worksheets/Sheet1.xml", "<worksheet/>").bytes()), Err(FileProblem::Damaged));
    assert_eq!(found(&twice), one("x"));
}

#[test]
fn other_kinds_of_zip_files_are_told_as_such() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("content.xml", SimpleFileOptions::default()).unwrap();
    let text = zip.finish().unwrap().into_inner();
    assert_eq!(found(&text), Err(FileProblem::UnknownFormat));
    let package = |target: &str| {
        format!("<Relationships><Relationship Id=\"a\" Type=\"{RELATED}/officeDocument\" Target=\"{target}\"/></Relationships>")
    };
    for target in ["word/document.xml", "xl/workbook.bin", "nowhere"] {
        let other = Book::new("").with("_rels/.rels", package(target)).with("xl/workbook.bin", "x");
        assert_eq!(found(&other.bytes()), Err(FileProblem::UnknownFormat), "{target}");
    }
    // A workbook in which a chart comes first, and nothing else.
    let book = Book::new("");
    let relations = String::from_utf8(book.parts[3].1.clone()).unwrap().replace("/worksheet\"", "/chartsheet\"");
    assert_eq!(found(&book.with("xl/_rels/workbook.xml.rels", relations).bytes()), Err(FileProblem::UnknownFormat));
}

#[test]
fn reading_ends_when_its_time_is_up() {
    let row = "<row><c t=\"str\"><v>some name or other</v></c></row>";
    let book = Book::new(&format!("{}{}", titles(1), row.repeat(100_000))).bytes();
    let cpu_limit = crate::import::read::cpu_limit::tests::hasty();
    assert_eq!(found_with(&book, cpu_limit), Err(FileProblem::TakesTooLong { max_s: 60 }));
}
