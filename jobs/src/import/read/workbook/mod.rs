//! Excel workbooks. A workbook is a ZIP file of XML parts, of which an import needs five at most: the relations of the parts, the
//! list of sheets, the styles, the table of texts, the first sheet. They are read while they are unpacked, a piece at a time, and
//! everything that could grow is counted while it grows: unpacked bytes (in all, and against the size of the file), a tag or
//! text, the nesting of elements, the table of texts, a row, columns, and the processor time. So nothing depends on the numbers
//! that a file claims. General readers of workbooks hold whole sheets, or reserve the memory that a file asks for; when that
//! fails, the process ends.

#![expect(clippy::wildcard_enum_match_arm, reason = "what an import does not need of a workbook is passed over, whatever it is")]

mod dates;
mod sheet;
#[cfg(test)]
mod tests;
mod texts;
mod xml;

use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufReader, Read},
};

use domain::limits;
use zip::{ZipArchive, read::ZipFile, result::ZipError};

use self::{
    dates::Dates,
    sheet::Book,
    texts::Texts,
    xml::{Bounds, Piece, Xml, attribute},
};
use super::{FileProblem, ReadError, Rows, cpu_limit::CpuLimit, directory};

/// Unpacked size of the parts that say where the others are: their content is kept in memory.
const SMALL_PART: u64 = 4 * 1024 * 1024;
/// Unpacked size of the styles: one byte of each style is kept.
const STYLES_PART: u64 = 64 * 1024 * 1024;

impl ReadError {
    /// The error while a part was unpacked. Cut off or invalid data is a problem of the file; anything else is one of the disk.
    fn of_part(error: &io::Error) -> Self {
        match (super::problem_in(error), error.kind()) {
            (Some(problem), _) => Self::Problem(problem),
            (
                None,
                io::ErrorKind::UnexpectedEof
                | io::ErrorKind::InvalidData
                | io::ErrorKind::InvalidInput
                | io::ErrorKind::Unsupported
                | io::ErrorKind::Other,
            ) => Self::Problem(FileProblem::Damaged),
            (None, kind) => Self::Fault(io::Error::new(kind, error.to_string())),
        }
    }
}

impl From<ZipError> for ReadError {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::Io(error) => Self::of_part(&error),
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => FileProblem::UnknownFormat.into(),
            _ => FileProblem::Damaged.into(),
        }
    }
}

pub(super) fn read(open: impl Fn() -> io::Result<File>, cpu_limit: CpuLimit, rows: &mut Rows<'_>) -> Result<(), ReadError> {
    let mut file = open()?;
    let bounds = Bounds::new(cpu_limit, file.metadata()?.len());
    directory::check(&mut file)?;
    let mut parts = Parts::new(ZipArchive::new(BufReader::new(file))?)?;

    // Without these parts the file is another kind of ZIP file.
    let package = relations(parts.needed("_rels/.rels", FileProblem::UnknownFormat)?, &bounds)?;
    let main = package.into_values().find(|relation| relation.is("officeDocument")).ok_or(FileProblem::UnknownFormat)?;
    let main = joined("", &main.target);
    let (folder, name) = main.rsplit_once('/').unwrap_or(("", &main));
    if name.to_ascii_lowercase().ends_with(".bin") {
        return Err(FileProblem::UnknownFormat.into());
    }
    let beside = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let related = relations(parts.needed(&beside(&format!("_rels/{name}.rels")), FileProblem::UnknownFormat)?, &bounds)?;
    let mut book = Book { texts: Texts::new(), dates: Dates::default() };
    let sheet = contents(parts.needed(&main, FileProblem::Damaged)?, &bounds, &related, &mut book)?;

    let of_kind = |kind: &str, usual: &str| {
        let related = related.values().find(|relation| relation.is(kind));
        related.map_or_else(|| beside(usual), |relation| joined(folder, &relation.target))
    };
    if let Some(part) = parts.part(&of_kind("styles", "styles.xml"))? {
        let mut xml = Xml::new(part, &bounds, STYLES_PART, FileProblem::Damaged);
        book.dates.read(&mut xml)?;
        xml.finish()?;
    }
    if let Some(part) = parts.part(&of_kind("sharedStrings", "sharedStrings.xml"))? {
        let too_large = FileProblem::TextsTooLarge { max: limits::IMPORT_TEXTS_BYTES };
        let mut xml = Xml::new(part, &bounds, u64::MAX, too_large);
        book.texts.read(&mut xml)?;
        xml.finish()?;
    }
    let part = parts.needed(&joined(folder, &sheet), FileProblem::Damaged)?;
    let too_large = FileProblem::RowTooLarge { row: 1, max: limits::IMPORT_ROW_BYTES };
    sheet::read(Xml::new(part, &bounds, u64::MAX, too_large), &book, rows)
}

/// The parts of a workbook by name. Names must differ by more than case, so that every reader finds the same part.
struct Parts {
    archive: ZipArchive<BufReader<File>>,
    places: HashMap<String, usize>,
}

impl Parts {
    fn new(archive: ZipArchive<BufReader<File>>) -> Result<Self, ReadError> {
        let mut places = HashMap::new();
        for (place, name) in archive.file_names().enumerate() {
            places.insert(folded(&name?), place);
        }
        // Two parts with one name: another reader might take the other one.
        if archive.has_duplicate_names() || places.len() != archive.len() {
            return Err(FileProblem::Damaged.into());
        }
        Ok(Self { archive, places })
    }

    fn part(&mut self, name: &str) -> Result<Option<ZipFile<'_, BufReader<File>>>, ReadError> {
        match self.places.get(&folded(name)) {
            Some(&place) => Ok(Some(self.archive.by_index(place)?)),
            None => Ok(None),
        }
    }

    fn needed(&mut self, name: &str, missing: FileProblem) -> Result<ZipFile<'_, BufReader<File>>, ReadError> {
        self.part(name)?.ok_or(ReadError::Problem(missing))
    }
}

/// A name in the form in which names are compared: some writers use backslashes.
fn folded(name: &str) -> String {
    name.replace('\\', "/").to_ascii_lowercase()
}

/// The full name of a part that another part in that folder refers to.
fn joined(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut path: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(path.pop()),
            step => path.push(step),
        }
    }
    path.retain(|step| !step.is_empty());
    path.join("/")
}

/// The relation of one part to another.
struct Relation {
    kind: String,
    target: String,
}

impl Relation {
    /// The kinds of relations are addresses, of which two editions of the standard differ in all but the end.
    fn is(&self, kind: &str) -> bool {
        self.kind.rsplit('/').next() == Some(kind)
    }
}

/// The relations of a part by their id.
fn relations(part: impl Read, bounds: &Bounds) -> Result<HashMap<String, Relation>, ReadError> {
    let mut xml = Xml::new(part, bounds, SMALL_PART, FileProblem::Damaged);
    let mut relations = HashMap::new();
    loop {
        match xml.next()? {
            Piece::Start(start) if start.local_name().as_ref() == "Relationship" => {
                let text = |name: &str| Ok::<_, ReadError>(attribute(&start, name)?.unwrap_or_default().into_owned());
                relations.insert(text("Id")?, Relation { kind: text("Type")?, target: text("Target")? });
            }
            Piece::Over => break,
            _ => {}
        }
    }
    xml.finish()?;
    Ok(relations)
}

/// The place of the first sheet: it has room for as many rows as an import may have; notes and charts are on later sheets.
fn contents(part: impl Read, bounds: &Bounds, related: &HashMap<String, Relation>, book: &mut Book) -> Result<String, ReadError> {
    let mut xml = Xml::new(part, bounds, u64::MAX, FileProblem::Damaged);
    let mut first = None;
    loop {
        match xml.next()? {
            Piece::Start(start) if start.local_name().as_ref() == "sheet" && first.is_none() => {
                let id = attribute(&start, "id")?.ok_or(FileProblem::Damaged)?;
                let relation = related.get(&*id).ok_or(FileProblem::Damaged)?;
                first = relation.is("worksheet").then(|| relation.target.clone());
            }
            Piece::Start(start) if start.local_name().as_ref() == "workbookPr" => {
                if let Some(from_1904) = attribute(&start, "date1904")? {
                    book.dates.from_1904 = matches!(&*from_1904, "1" | "true");
                }
            }
            Piece::Over => break,
            _ => {}
        }
    }
    xml.finish()?;
    first.ok_or(ReadError::Problem(FileProblem::UnknownFormat))
}
