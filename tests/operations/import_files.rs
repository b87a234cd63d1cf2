//! Files that cannot be imported: each gets its own refusal and leaves nothing on the disk.

use std::io::{Cursor, Write};

use domain::{
    export::ExportFormat,
    import::{ImportList, UploadInput},
    limits,
    operator::Language,
};
use world::{World, admin, broken};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::imports::{about, files, send, sent};

async fn refusal(w: &World, bytes: &[u8], input: &UploadInput) -> String {
    let wrong = broken(send(w, &admin(), w.app, bytes, input).await);
    assert_eq!(files(w), [""; 0], "nothing is left");
    wrong.join(", ")
}

async fn template(w: &World) -> Vec<u8> {
    let mut made = jobs::import::template(&w.store, ImportList::Accounts, ExportFormat::Xlsx, Language::Ko).await.unwrap();
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut made.file, &mut bytes).unwrap();
    bytes
}

/// A workbook with this as its only sheet.
fn workbook(sheet: &[u8]) -> Vec<u8> {
    workbook_of(&[sheet])
}

fn workbook_of(sheets: &[&[u8]]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, content: &[u8]| {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    };
    part(
        "_rels/.rels",
        br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    );
    part(
        "[Content_Types].xml",
        br#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>"#,
    );
    let (mut names, mut targets) = (String::new(), String::new());
    for (n, sheet) in (1..).zip(sheets) {
        names.push_str(&format!(r#"<sheet name="S{n}" sheetId="{n}" r:id="rId{n}"/>"#));
        targets.push_str(&format!(r#"<Relationship Id="rId{n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{n}.xml"/>"#));
        part(&format!("xl/worksheets/sheet{n}.xml"), sheet);
    }
    part(
        "xl/workbook.xml",
        format!(r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{names}</sheets></workbook>"#).as_bytes(),
    );
    part(
        "xl/_rels/workbook.xml.rels",
        format!(r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{targets}</Relationships>"#).as_bytes(),
    );
    zip.finish().unwrap().into_inner()
}

/// A row with these cells from column A on.
fn cells(row: u32, texts: &[&str]) -> String {
    let cell = |(column, text): (char, &&str)| format!(r#"<c r="{column}{row}" t="inlineStr"><is><t>{text}</t></is></c>"#);
    let cells: String = ('A'..='Z').zip(texts).map(cell).collect();
    format!(r#"<row r="{row}">{cells}</row>"#)
}

fn sheet(cells: &str) -> Vec<u8> {
    format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>"#
    )
    .into_bytes()
}

#[tokio::test]
async fn broken_files_are_refused_one_by_one() {
    let w = World::new().await;
    let accounts = about("accounts");
    let long = format!("username,nickname\nx,\"{}\"\n", "y".repeat(10 * 1024 * 1024));
    let columns = format!("username{}\nx\n", ",c".repeat(999));
    let open_quote = format!("username\n\"{}", "x\n".repeat(2 * 1024 * 1024));
    let keys: String = (0..100_000).map(|n| format!("\"{n}\":1,")).collect();
    let keys = format!("{{{keys}\"username\":1}}\n");
    let title = format!("{{\"username\":\"x\",\"{}\":1}}\n", "y".repeat(201));
    let gbk = b"username,\xea\xc7\xb3\xc6\nx,\xd0\xa1\xc3\xf7\n";
    for (bytes, wanted) in [
        (&b""[..], "file: File(Empty)"),
        (b" \n ", "file: File(Empty)"),
        (b"username\n", "file: File(HeaderOnly)"),
        (b"a,b\n1,2\n", "file: File(NoColumn)"),
        (b"Nickname\nx\n", "file: File(ColumnMissing { field: \"username\" })"),
        ("Username,用户名\nx,y\n".as_bytes(), "file: File(ColumnTwice { field: \"username\" })"),
        (long.as_bytes(), "file: File(RowTooLarge { row: 2, max: 1048576 })"),
        (open_quote.as_bytes(), "file: File(RowTooLarge { row: 2, max: 1048576 })"),
        (columns.as_bytes(), "file: File(TooManyColumns { max: 100, actual: 1000 })"),
        (gbk, "file: File(NotText { encoding: Utf8 })"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old workbook", "file: File(UnknownFormat)"),
        (b"u\0s\0e\0r\0", "file: File(UnknownFormat)"),
        (b"%PDF-1.7", "file: File(UnknownFormat)"),
        (b"{\"username\":\"x\"}\n{\"username\":", "file: File(NotJson { row: 2 })"),
        (b"{\"username\":[1]}\n", "file: File(NotJson { row: 1 })"),
        (keys.as_bytes(), "file: File(TooManyColumns { max: 100, actual: 100001 })"),
        (title.as_bytes(), "file: File(TitleTooLong { max: 200 })"),
        (b"PK\x03\x04 no zip", "file: File(Damaged)"),
    ] {
        assert_eq!(refusal(&w, bytes, &accounts).await, wanted, "{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(40)]));
    }
    assert_eq!(refusal(&w, b"username\nx\n", &about("messages")).await, "list: NotChoice");
    let odd = UploadInput { encoding: "ebcdic".into(), ..about("accounts") };
    assert_eq!(refusal(&w, b"username\nx\n", &odd).await, "encoding: NotChoice");
}

#[tokio::test]
async fn broken_workbooks_are_refused_one_by_one() {
    let w = World::new().await;
    let accounts = about("accounts");
    let whole = template(&w).await;
    assert_eq!(refusal(&w, &whole, &accounts).await, "file: File(HeaderOnly)");
    for part in [3, 2] {
        assert_eq!(refusal(&w, &whole[..whole.len() * part / 4], &accounts).await, "file: File(Damaged)");
    }
    // 80 MB of nothing in 80 KB.
    let bomb = workbook(&sheet(&format!("<row/>{}", " ".repeat(1 << 20)).repeat(80)));
    assert_eq!(refusal(&w, &bomb, &accounts).await, "file: File(UnpackedTooLarge { max: 2147483648 })");
    let cell = |text: &str| format!(r#"<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>"#);
    let long = workbook(&sheet(&cell(&"x".repeat(10 * 1024 * 1024))));
    assert_eq!(refusal(&w, &long, &accounts).await, "file: File(RowTooLarge { row: 1, max: 1048576 })");
    let heavy = r#"<c t="inlineStr"><is><t>"#.to_owned() + &"x".repeat(100_000) + "</t></is></c>";
    let heavy = workbook(&sheet(&format!("<row r=\"1\">{}</row>", heavy.repeat(11))));
    assert_eq!(refusal(&w, &heavy, &accounts).await, "file: File(RowTooLarge { row: 1, max: 1048576 })");
    assert_eq!(refusal(&w, &workbook(&sheet("")), &accounts).await, "file: File(Empty)");
    assert_eq!(refusal(&w, &workbook(b"<not xml"), &accounts).await, "file: File(Damaged)");
    let wide: String = (0..1000).map(|_| r#"<c t="inlineStr"><is><t>c</t></is></c>"#).collect();
    let wide = workbook(&sheet(&format!("<row>{wide}</row>")));
    assert_eq!(refusal(&w, &wide, &accounts).await, "file: File(TooManyColumns { max: 100, actual: 1000 })");
    let good = cell("username").replace("</row>", "</row><row r=\"3\"><c r=\"A3\" t=\"inlineStr\"><is><t>x</t></is></c></row>");
    let import = sent(&w, &workbook(&sheet(&good)), "accounts").await;
    assert_eq!((import.preview.counts.new, import.preview.new[0].row), (1, 3));
}

#[tokio::test]
async fn rows_wider_than_any_file_end_it() {
    let w = World::new().await;
    let accounts = about("accounts");
    let csv = format!("username,nickname\na,b\nc{}\n", ",x".repeat(100));
    assert_eq!(refusal(&w, csv.as_bytes(), &accounts).await, "file: File(TooManyColumns { max: 100, actual: 101 })");
    let last = r#"<row r="3"><c r="A3"><v>1</v></c><c r="XFD3"><v>1</v></c></row>"#;
    let wide = workbook(&sheet(&format!("{}{}{last}", cells(1, &["username"]), cells(2, &["a"]))));
    assert_eq!(refusal(&w, &wide, &accounts).await, "file: File(TooManyColumns { max: 100, actual: 16384 })");
    // Up to there it is the row that is refused.
    let csv = format!("username,nickname\na,b\nc{}\n", ",x".repeat(99));
    let preview = sent(&w, csv.as_bytes(), "accounts").await.preview;
    assert_eq!((preview.counts.new, preview.counts.refused), (1, 1));
}

#[tokio::test]
async fn only_the_first_sheet_is_read_and_its_rows_rise() {
    let w = World::new().await;
    let of = |rows: &[(u32, &str)]| sheet(&rows.iter().map(|&(row, name)| cells(row, &[name])).collect::<String>());
    let first = of(&[(1, "username"), (2, "a"), (3, "b")]);
    // Under the same titles, and with the row numbers of the first.
    let second = of(&[(1, "username"), (2, "c"), (3, "d")]);
    let preview = sent(&w, &workbook_of(&[&first, &second]), "accounts").await.preview;
    let rows: Vec<(u32, &str)> = preview.new.iter().map(|row| (row.row, row.key[0].as_str())).collect();
    assert_eq!(rows, [(2, "a"), (3, "b")]);
    let w = World::new().await;
    let accounts = about("accounts");
    for rows in [
        // Twice, back, and twice with another one between.
        &[(1, "username"), (2, "a"), (2, "b")][..],
        &[(1, "username"), (3, "a"), (2, "b")],
        &[(1, "username"), (2, "a"), (3, "b"), (2, "c")],
        &[(1, "username"), (1_048_577, "a")],
    ] {
        assert_eq!(refusal(&w, &workbook(&of(rows)), &accounts).await, "file: File(Damaged)", "{rows:?}");
    }
}

#[tokio::test]
async fn too_large_a_file_ends_where_it_is_too_large() {
    let w = World::new().await;
    let mut upload = jobs::import::Upload::begin(w.scope(&admin())).await.unwrap();
    let piece = vec![b'x'; 8 * 1024 * 1024];
    let mut sent = 0;
    let refused = loop {
        match upload.write(&piece).await {
            Ok(()) => sent += piece.len() as u64,
            Err(error) => break error,
        }
    };
    assert_eq!(broken::<()>(Err(refused)), ["file: File(TooLarge { max: 209715200 })"]);
    assert_eq!(sent, limits::IMPORT_BYTES);
    assert_eq!(files(&w).len(), 1);
    // As when the connection is cut.
    drop(upload);
    assert_eq!(files(&w).len(), 0);
}

#[tokio::test]
async fn texts_in_other_encodings_are_read() {
    let w = World::new().await;
    let text = "用户名;昵称\nx;小明\n";
    let utf16 = |big: bool| -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    let (gbk, ..) = encoding_rs::GBK.encode(text);
    let chosen = UploadInput { encoding: "gb18030".into(), ..about("accounts") };
    for (bytes, input) in [(utf16(true), about("accounts")), (utf16(false), about("accounts")), (gbk.into_owned(), chosen)] {
        let id = send(&w, &admin(), w.app, &bytes, &input).await.unwrap();
        let preview = store::import::get(w.scope(&admin()), id).await.unwrap().preview;
        assert_eq!((preview.counts.new, preview.new[0].key[0].as_str()), (1, "x"));
        assert!(format!("{:?}", preview.new[0].what).contains("小明"));
    }
}
