//! The XML of a workbook's parts, piece by piece. Whatever a part contains or claims, memory holds no more of it than one tag or
//! one run of text, and each of those has a limit. Only the five entities of XML are known; a document type is refused.

use std::{
    borrow::Cow,
    cell::Cell,
    io::{self, BufRead, BufReader, Read},
};

use domain::limits;
use quick_xml::{
    Reader,
    escape::resolve_xml_entity,
    events::{BytesStart, Event},
};

use crate::import::read::{FileProblem, ReadError, cpu_limit::CpuLimit, hidden};

/// The deepest nesting of elements. Rich text in a cell has a depth of 8.
const DEPTH: usize = 64;
/// The name of an element, bytes.
const NAME: usize = 256;
/// One tag or run of text, bytes as the part has them: the limit of a row, and room for escapes (`&quot;` is one character).
const PIECE: u64 = limits::IMPORT_ROW_BYTES * 6;
/// From this size on, a workbook must not unpack to more than [`RATIO`] times its size. Tables of texts reach 30 times.
const RATIO_FROM: u64 = 64 * 1024 * 1024;
const RATIO: u64 = 200;

/// The limits of all parts of a workbook together.
pub(super) struct Bounds {
    cpu_limit: CpuLimit,
    /// Size of the file, bytes.
    size: u64,
    /// Bytes unpacked so far, as counted and not as the file claims.
    unpacked: Cell<u64>,
}

impl Bounds {
    pub fn new(cpu_limit: CpuLimit, size: u64) -> Self {
        Self { cpu_limit, size, unpacked: Cell::new(0) }
    }

    fn take(&self, bytes: u64) -> io::Result<()> {
        let unpacked = self.unpacked.get() + bytes;
        self.unpacked.set(unpacked);
        if unpacked > limits::IMPORT_UNPACKED_BYTES || (unpacked > RATIO_FROM && unpacked / RATIO > self.size) {
            return Err(hidden(FileProblem::UnpackedTooLarge { max: limits::IMPORT_UNPACKED_BYTES }));
        }
        Ok(())
    }
}

/// A part while it is being unpacked.
struct Unpacked<'a, R> {
    part: R,
    bounds: &'a Bounds,
    /// Bytes that this part may still unpack to.
    left: u64,
}

impl<R: Read> Read for Unpacked<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.bounds.cpu_limit.check()?;
        let read = self.part.read(buffer)?;
        self.bounds.take(read as u64)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| hidden(FileProblem::Damaged))?;
        Ok(read)
    }
}

/// Ends the reading when one piece of XML becomes too large to be held.
struct Metered<R> {
    from: BufReader<R>,
    /// Bytes so far of the piece that is being read.
    piece: u64,
    /// The problem when the piece becomes too large.
    too_large: FileProblem,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.from.read(buffer)
    }
}

impl<R: Read> BufRead for Metered<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.piece > PIECE {
            return Err(hidden(self.too_large.clone()));
        }
        self.from.fill_buf()
    }

    fn consume(&mut self, bytes: usize) {
        self.piece += bytes as u64;
        self.from.consume(bytes);
    }
}

/// A piece of XML.
pub(super) enum Piece<'b> {
    /// The begin of an element, also of one without content, whose end follows.
    Start(BytesStart<'b>),
    /// The end of an element, with the number of elements that are still open.
    End(usize),
    Text(Cow<'b, str>),
    /// Comments and the like.
    Nothing,
    Over,
}

/// A part as pieces of XML.
pub(super) struct Xml<'a, R> {
    reader: Reader<Metered<Unpacked<'a, R>>>,
    buffer: Vec<u8>,
    depth: usize,
}

impl From<quick_xml::Error> for ReadError {
    fn from(error: quick_xml::Error) -> Self {
        match error {
            quick_xml::Error::Io(error) => Self::of_part(&error),
            _ => FileProblem::Damaged.into(),
        }
    }
}

impl From<quick_xml::events::attributes::AttrError> for ReadError {
    fn from(_: quick_xml::events::attributes::AttrError) -> Self {
        FileProblem::Damaged.into()
    }
}

impl<'a, R: Read> Xml<'a, R> {
    /// `most` bytes for this part; `too_large` is the problem when one of its texts is too long to be held.
    pub fn new(part: R, bounds: &'a Bounds, most: u64, too_large: FileProblem) -> Self {
        let from = BufReader::with_capacity(64 * 1024, Unpacked { part, bounds, left: most });
        let mut reader = Reader::from_reader(Metered { from, piece: 0, too_large });
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), depth: 0 }
    }

    /// Sets the problem of a text that is too long from here on.
    pub fn too_large_is(&mut self, problem: FileProblem) {
        self.reader.get_mut().too_large = problem;
    }

    pub fn too_large(&self) -> ReadError {
        self.reader.get_ref().too_large.clone().into()
    }

    /// The elements that are open.
    pub fn depth(&self) -> usize {
        self.depth
    }

    pub fn next(&mut self) -> Result<Piece<'_>, ReadError> {
        self.buffer.clear();
        self.reader.get_mut().piece = 0;
        let damaged = || Err(ReadError::Problem(FileProblem::Damaged));
        Ok(match self.reader.read_event_into(&mut self.buffer)? {
            Event::Start(start) => {
                self.depth += 1;
                if self.depth > DEPTH || start.name().as_ref().len() > NAME {
                    return damaged();
                }
                Piece::Start(start)
            }
            Event::End(_) => {
                self.depth = self.depth.saturating_sub(1);
                Piece::End(self.depth)
            }
            Event::Text(text) => Piece::Text(text.xml10_content()),
            Event::CData(text) => Piece::Text(text.xml10_content()),
            Event::GeneralRef(entity) => match (resolve_xml_entity(&entity), entity.resolve_char_ref()?) {
                (Some(text), _) => Piece::Text(Cow::Borrowed(text)),
                (None, Some(c)) => Piece::Text(Cow::Owned(c.to_string())),
                (None, None) => return damaged(),
            },
            // No spreadsheet declares entities; an attacker does.
            Event::DocType(_) => return damaged(),
            Event::Decl(declared) => match declared.encoding() {
                Some(Ok(name)) if !name.eq_ignore_ascii_case("utf-8") && !name.eq_ignore_ascii_case("us-ascii") => {
                    return damaged();
                }
                Some(Err(_)) => return damaged(),
                _ => Piece::Nothing,
            },
            Event::Eof if self.depth > 0 => return damaged(),
            Event::Eof => Piece::Over,
            _ => Piece::Nothing,
        })
    }

    /// Skips the rest of the element that was begun last.
    pub fn skip(&mut self) -> Result<(), ReadError> {
        let depth = self.depth;
        while self.depth >= depth {
            self.next()?;
        }
        Ok(())
    }

    /// Adds the text of the element that was begun last to `text`; at most as much as a row may have.
    pub fn text(&mut self, text: &mut String) -> Result<(), ReadError> {
        let depth = self.depth;
        while self.depth >= depth {
            if let Piece::Text(more) = self.next()? {
                text.push_str(&more);
            }
            if text.len() as u64 > limits::IMPORT_ROW_BYTES {
                return Err(self.too_large());
            }
        }
        Ok(())
    }

    /// Unpacks the rest, because only the end of a part shows whether the part is complete.
    pub fn finish(self) -> Result<(), ReadError> {
        let mut rest = self.reader.into_inner().from;
        io::copy(&mut rest, &mut io::sink()).map(drop).map_err(|error| ReadError::of_part(&error))
    }
}

/// The value of an attribute, with or without a prefix of its name; the first of several.
pub(super) fn attribute<'b>(start: &'b BytesStart<'_>, name: &str) -> Result<Option<Cow<'b, str>>, ReadError> {
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute?;
        if attribute.key.local_name().as_ref() == name {
            return Ok(Some(attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0)?));
        }
    }
    Ok(None)
}
