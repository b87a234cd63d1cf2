//! Workbooks made by hand, part by part: ordinary ones here, hostile and broken ones in other files.

mod hostile;
mod mutations;

use std::io::{Cursor, Write};

use crate::import::{read::Source, rows::RowsReader};
use calamine::{Data, DataRef, Reader, Xlsx};
use domain::{export::ExportFormat, import::ImportList, operator::Language, upload::ImportEncoding};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::*;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATED: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// The parts of a workbook, by name.
#[derive(Clone)]
struct Book {
    parts: Vec<(String, Vec<u8>)>,
    method: CompressionMethod,
}

impl Book {
    /// With these rows (XML) on its one sheet.
    fn new(rows: &str) -> Self {
        let sheet = format!("{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>");
        let related = |id: u32, kind: &str, target: &str| {
            format!("<Relationship Id=\"rId{id}\" Type=\"{RELATED}/{kind}\" Target=\"{target}\"/>")
        };
        let package = format!(
            "{HEAD}<Relationships xmlns=\"{PACKAGE}\">{}</Relationships>",
            related(1, "officeDocument", "xl/workbook.xml")
        );
        let relations = format!(
            "{HEAD}<Relationships xmlns=\"{PACKAGE}\">{}{}{}</Relationships>",
            related(1, "worksheet", "worksheets/sheet1.xml"),
            related(2, "styles", "styles.xml"),
            related(3, "sharedStrings", "sharedStrings.xml"),
        );
        let main = format!(
            "{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATED}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
        );
        let parts = [
            ("[Content_Types].xml", format!("{HEAD}<Types/>")),
            ("_rels/.rels", package),
            ("xl/workbook.xml", main),
            ("xl/_rels/workbook.xml.rels", relations),
            ("xl/worksheets/sheet1.xml", sheet),
        ];
        let parts = parts.into_iter().map(|(name, content)| (name.to_owned(), content.into_bytes())).collect();
        Self { parts, method: CompressionMethod::Deflated }
    }

    /// Adds a part, or replaces it.
    fn with(mut self, name: &str, content: impl Into<Vec<u8>>) -> Self {
        self.parts.retain(|(other, _)| other != name);
        self.parts.push((name.to_owned(), content.into()));
        self
    }

    fn texts(self, items: &str) -> Self {
        self.with("xl/sharedStrings.xml", format!("{HEAD}<sst xmlns=\"{MAIN}\">{items}</sst>"))
    }

    fn stored(mut self) -> Self {
        self.method = CompressionMethod::Stored;
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in &self.parts {
            zip.start_file(name.as_str(), SimpleFileOptions::default().compression_method(self.method)).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }
}

/// The rows after the titles, each with its number; the titles hold a username.
type Found = Result<Vec<(u32, Vec<String>)>, FileProblem>;

fn found(bytes: &[u8]) -> Found {
    found_with(bytes, CpuLimit::start())
}

fn found_with(bytes: &[u8], cpu_limit: CpuLimit) -> Found {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("from"), folder.path().join("to"));
    std::fs::write(&from, bytes).unwrap();
    let source = Source {
        list: ImportList::Accounts,
        format: ExportFormat::Xlsx,
        encoding: ImportEncoding::Auto,
        language: Language::En,
        group_id: String::new(),
    };
    let mut rows = Rows { source: &source, to: &to, cpu_limit, writer: None, columns: Vec::new() };
    let fault = |error: ReadError| match error {
        ReadError::Problem(problem) => problem,
        ReadError::Fault(error) => panic!("a fault of the disk: {error}"),
    };
    read(|| File::open(&from), cpu_limit, &mut rows).map_err(fault)?;
    rows.writer.ok_or(FileProblem::Empty)?.finish().map_err(fault)?;
    let mut reader = RowsReader::open(&to, 0).unwrap();
    let lines = std::iter::from_fn(|| reader.next().unwrap());
    Ok(lines.map(|line| (line.row(), line.cells().iter().map(|cell| cell.clone().unwrap_or_default()).collect())).collect())
}

/// The cells of one row after the titles `username`, `b`, `c` and so on.
fn row_of(book: Book) -> Result<Vec<String>, FileProblem> {
    found(&book.bytes()).map(|rows| rows.into_iter().next().map(|(_, cells)| cells).unwrap_or_default())
}

/// The titles, as inline texts.
fn titles(count: usize) -> String {
    let cell = |n: usize| {
        format!("<c t=\"inlineStr\"><is><t>{}</t></is></c>", if n == 0 { "username".to_owned() } else { format!("t{n}") })
    };
    format!("<row>{}</row>", (0..count).map(cell).collect::<String>())
}

/// What calamine makes of the same workbook.
fn known(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
    let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
    let first = book.sheet_names()[0].clone();
    let mut reader = book.worksheet_cells_reader(&first).unwrap();
    let mut rows: Vec<(u32, Vec<String>)> = Vec::new();
    while let Some(cell) = reader.next_cell().unwrap() {
        let (row, column) = cell.get_position();
        let text = match cell.get_value() {
            DataRef::Empty => continue,
            DataRef::DateTime(time) => {
                let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
                let fraction = if milli == 0 { String::new() } else { format!(".{milli:03}") };
                format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
            }
            DataRef::SharedString(text) => (*text).to_owned(),
            other => Data::from(other.clone()).to_string(),
        };
        if rows.last().is_none_or(|(last, _)| *last != row + 1) {
            rows.push((row + 1, Vec::new()));
        }
        let (_, cells) = rows.last_mut().unwrap();
        cells.resize(column as usize, String::new());
        cells.push(text);
    }
    let width = rows[0].1.len();
    rows.remove(0);
    for (_, cells) in &mut rows {
        cells.resize(width.max(cells.len()), String::new());
    }
    rows.retain(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()));
    rows
}

#[test]
fn a_workbook_of_rust_xlsxwriter_is_read_as_calamine_reads_it() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let date = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    let bold = Format::new().set_bold();
    for (column, title) in (0..).zip(["username", "b", "c", "d", "e", "f"]) {
        sheet.write_string(0, column, title).unwrap();
    }
    for row in 1..60u32 {
        sheet.write_string(row, 0, format!("u{row}")).unwrap();
        sheet.write_string(row, 1, ["<a & b>", " spaces ", "line\nline", "_x000D_", "名前", "\t"][row as usize % 6]).unwrap();
        sheet.write_number(row, 2, f64::from(row) * [1.0, 0.1, 1e9, 1e20, -3.5][row as usize % 5]).unwrap();
        let moment =
            ExcelDateTime::from_ymd(2000 + u16::try_from(row).unwrap(), 3, 1).unwrap().and_hms_milli(8, 46, 7, 125).unwrap();
        sheet.write_datetime_with_format(row, 3, &moment, &date).unwrap();
        sheet.write_boolean(row, 4, row % 2 == 0).unwrap();
        sheet.write_formula(row, 5, Formula::new("=A1&\"x\"").set_result("it is <x>")).unwrap();
        if row % 7 == 0 {
            sheet.write_rich_string(row, 1, &[(&bold, "bold "), (&Format::default(), " and plain")]).unwrap();
            sheet.write_blank(row, 2, &bold).unwrap();
            sheet.write_formula(row, 5, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        }
    }
    let bytes = book.save_to_buffer().unwrap();
    let rows = found(&bytes).unwrap();
    assert_eq!(rows, known(&bytes));
    assert_eq!((rows.len(), rows[0].1[3].as_str()), (59, "2001-03-01T08:46:07.125Z"));
}

/// As openpyxl writes: no table of texts, attributes in another order, all in one line. As LibreOffice: many styles, `t="n"`, spans,
/// blank cells with a style up to the right.
#[test]
fn workbooks_of_other_writers_are_read_as_calamine_reads_them() {
    let styles = format!(
        "{HEAD}<styleSheet xmlns=\"{MAIN}\"><numFmts count=\"2\"><numFmt numFmtId=\"164\" formatCode=\"General\"/><numFmt numFmtId=\"165\" formatCode=\"dd\\.mm\\.yyyy\\ hh:mm\"/></numFmts>\
         <cellStyleXfs count=\"1\"><xf numFmtId=\"14\"/></cellStyleXfs>\
         <cellXfs count=\"4\"><xf numFmtId=\"164\"/><xf numFmtId=\"165\" applyNumberFormat=\"1\"><alignment horizontal=\"left\"/></xf><xf numFmtId=\"14\"/><xf numFmtId=\"46\"/></cellXfs>\
         <cellStyles/><dxfs><dxf><numFmt numFmtId=\"1\" formatCode=\"d\"/></dxf></dxfs></styleSheet>"
    );
    let openpyxl = Book::new(
        "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>username</t></is></c><c t=\"inlineStr\" r=\"B1\"><is><t>b</t></is></c></row>\
         <row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t xml:space=\"preserve\"> a </t></is></c><c r=\"B2\" s=\"1\" t=\"n\"><v>45292.5</v></c></row>\
         <row r=\"4\"><c r=\"A4\" t=\"inlineStr\"><is><t> b </t></is></c><c r=\"B4\" t=\"b\"><v>1</v></c></row>",
    )
    .with("xl/styles.xml", styles.clone());
    let libre = Book::new(
        "<row r=\"1\" customFormat=\"false\" ht=\"12.8\" hidden=\"false\"><c r=\"A1\" s=\"0\" t=\"s\"><v>0</v></c><c r=\"B1\" s=\"0\" t=\"s\"><v>1</v></c></row>\
         <row r=\"2\"><c r=\"A2\" s=\"0\" t=\"s\"><v>2</v></c><c r=\"B2\" s=\"2\" t=\"n\"><v>36526</v></c><c r=\"C2\" s=\"1\"/></row>\
         <row r=\"3\"/>\
         <row r=\"5\"><c r=\"A5\" s=\"0\" t=\"n\"><v>12</v></c><c r=\"B5\" s=\"0\" t=\"str\"><f aca=\"false\">A1</f><v>x &amp; y&#10;z</v></c></row>\
         <row r=\"6\"><c r=\"A6\" t=\"e\"><v>#N/A</v></c><c r=\"B6\" t=\"d\"><v>2026-11-21T08:46:00</v></c></row>\
         <row r=\"7\"><c r=\"A7\"><v>plain</v></c><c r=\"B7\" s=\"1\"><v></v></c></row>",
    )
    .with("xl/styles.xml", styles)
    .texts("<si><t>username</t></si><si><t xml:space=\"preserve\">b</t></si><si><r><rPr><b/></rPr><t xml:space=\"preserve\">rich </t></r><r><t>text</t></r><rPh sb=\"0\" eb=\"1\"><t>left out</t></rPh><phoneticPr fontId=\"1\"/></si>");
    for (book, rows) in [
        (openpyxl, vec![(2, vec![" a ", "2024-01-01T12:00:00Z"]), (4, vec!["b", "true"])]),
        (
            libre,
            vec![
                (2, vec!["rich text", "2000-01-01T00:00:00Z"]),
                (5, vec!["12", "x & y\nz"]),
                (6, vec!["#N/A", "2026-11-21T08:46:00"]),
                (7, vec!["plain", ""]),
            ],
        ),
    ] {
        let bytes = book.bytes();
        let rows: Vec<(u32, Vec<String>)> =
            rows.into_iter().map(|(row, cells)| (row, cells.into_iter().map(str::to_owned).collect())).collect();
        assert_eq!(found(&bytes), Ok(rows));
        assert_eq!(found(&bytes), Ok(known(&bytes)));
    }
}

#[test]
fn dates_count_from_1904_where_the_workbook_says_so() {
    let styles =
        format!("{HEAD}<styleSheet xmlns=\"{MAIN}\"><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>");
    for (says, date) in [("", "2000-01-01T06:00:00Z"), ("<workbookPr date1904=\"1\"/>", "2004-01-02T06:00:00Z")] {
        let book = Book::new(&format!(
            "{}<row><c t=\"str\"><v>x</v></c><c s=\"1\"><v>36526.25</v></c><c s=\"0\"><v>36526.25</v></c></row>",
            titles(3)
        ))
        .with("xl/styles.xml", styles.clone());
        let main = book.parts.iter().find(|(name, _)| name == "xl/workbook.xml").unwrap().1.clone();
        let main = String::from_utf8(main).unwrap().replace("<sheets>", &format!("{says}<sheets>"));
        assert_eq!(row_of(book.with("xl/workbook.xml", main)), Ok(vec!["x".to_owned(), date.to_owned(), "36526.25".to_owned()]));
    }
}

#[test]
fn texts_are_those_that_a_spreadsheet_shows() {
    for (item, text) in [
        ("<t/>", ""),
        ("<t>a<![CDATA[<b> & ]]>c</t>", "a<b> & c"),
        ("<t>a_x000D_b_x005F_x000D_</t>", "a\rb_x000D_"),
        ("<t> trimmed\n</t>", "trimmed"),
        ("<t xml:space=\"preserve\"> kept </t>", " kept "),
        ("<t>&lt;&amp;&gt;&quot;&apos;&#65;&#x4E2D;</t>", "<&>\"'A中"),
        (
            "<r><t>a</t></r><r><rPr><sz val=\"1\"/></rPr><t xml:space=\"preserve\"> b</t></r><rPh sb=\"0\" eb=\"1\"><t>c</t></rPh>",
            "a b",
        ),
        ("<!-- <t>no</t> --><t>x<!-- y -->z</t><?pi <t>?>", "xz"),
    ] {
        let rows = format!(
            "{}<row><c t=\"str\"><v>x</v></c><c t=\"s\"><v>0</v></c><c t=\"inlineStr\"><is>{item}</is></c></row>",
            titles(3)
        );
        let book = Book::new(&rows).texts(&format!("<si>{item}</si>"));
        assert_eq!(row_of(book), Ok(vec!["x".to_owned(), text.to_owned(), text.to_owned()]), "{item}");
    }
}

#[test]
fn rows_and_cells_without_a_place_stand_behind_the_one_before() {
    let rows = "<row><c t=\"str\"><v>username</v></c><c/><c t=\"str\"><v>c</v></c></row>\
        <row><c/><c/></row><row r=\"9\"><c t=\"str\"><v>x</v></c><c r=\"C9\" t=\"str\"><v>y</v></c></row><row><c t=\"str\"><v>z</v></c></row>";
    let cells = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
    assert_eq!(found(&Book::new(rows).bytes()), Ok(vec![(9, cells(["x", "", "y"])), (10, cells(["z", "", ""]))]));
}

#[test]
fn parts_are_found_by_their_relations_wherever_they_are() {
    let rows = format!("{}<row><c t=\"s\"><v>0</v></c></row>", titles(1));
    let book = Book::new(&rows).texts("<si><t>x</t></si>");
    // In a folder that other readers take for that of sheets, with names in other cases and separators.
    let moved = |name: &str| name.replace("xl/", "worksheets/").replace("worksheets/sheet1", "Sheets\\sheet1");
    let parts = book.parts.iter().map(|(name, content)| {
        let content = String::from_utf8(content.clone()).unwrap();
        let content =
            content.replace("xl/workbook.xml", "/worksheets/WORKBOOK.xml").replace("worksheets/sheet1", "sheets/sheet1");
        (moved(name).replace("sharedStrings", "sharedstrings"), content.into_bytes())
    });
    let moved = Book { parts: parts.collect(), ..book.clone() };
    assert!(
        moved.parts.iter().any(|(name, _)| name == "worksheets/Sheets\\sheet1.xml"),
        "{:?}",
        moved.parts.iter().map(|p| &p.0).collect::<Vec<_>>()
    );
    assert_eq!(row_of(moved), Ok(vec!["x".to_owned()]));
    assert_eq!(row_of(book), Ok(vec!["x".to_owned()]));
}

#[test]
fn parts_are_found_from_where_they_are_named() {
    for (folder, target, name) in [
        ("", "xl/workbook.xml", "xl/workbook.xml"),
        ("", "/xl/workbook.xml", "xl/workbook.xml"),
        ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("xl", "/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("xl/a", "../b/./c.xml", "xl/b/c.xml"),
        ("xl", "../../../x.xml", "x.xml"),
        ("xl", "a\\b.xml", "xl/a/b.xml"),
    ] {
        assert_eq!(joined(folder, target), name, "{folder} {target}");
    }
}
