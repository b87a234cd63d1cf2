//! The texts of a workbook: the table that cells refer to, and texts inside a cell.

use std::io::Read;

use domain::limits;

use super::xml::{Piece, Xml, attribute};
use crate::import::read::{FileProblem, ReadError};

/// Bytes of memory that are allocated at once. Nothing is ever moved, so that memory never holds the texts twice.
const CHUNK: usize = 1024 * 1024;

/// The table, one text after the other. It needs the memory of its texts and four bytes for each, and grows only by what was
/// read: the number of texts that the file claims is ignored.
pub(super) struct Texts {
    chunks: Vec<Vec<u8>>,
    /// Where each text ends.
    ends: Vec<u32>,
    most: u64,
}

// The ends of all texts fit a `u32`.
const _: () = assert!(limits::IMPORT_TEXTS_BYTES <= u32::MAX as u64);

impl Texts {
    pub fn new() -> Self {
        Self { chunks: Vec::new(), ends: Vec::new(), most: limits::IMPORT_TEXTS_BYTES }
    }

    /// Reads the table.
    pub fn read(&mut self, xml: &mut Xml<'_, impl Read>) -> Result<(), ReadError> {
        let mut text = String::new();
        loop {
            match xml.next()? {
                Piece::Start(start) if start.local_name().as_ref() == "si" => {
                    text.clear();
                    item(xml, &mut text)?;
                    self.push(&text)?;
                }
                Piece::Over => return Ok(()),
                _ => {}
            }
        }
    }

    fn push(&mut self, text: &str) -> Result<(), ReadError> {
        let end = self.end(self.ends.len()) + text.len() as u64;
        if end > self.most || self.ends.len() >= limits::IMPORT_TEXTS {
            return Err(FileProblem::TextsTooLarge { max: self.most }.into());
        }
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            match self.chunks.last_mut().filter(|chunk| chunk.len() < CHUNK) {
                Some(chunk) => {
                    let (now, later) = rest.split_at(rest.len().min(CHUNK - chunk.len()));
                    chunk.extend_from_slice(now);
                    rest = later;
                }
                None => self.chunks.push(Vec::with_capacity(CHUNK)),
            }
        }
        self.ends.push(u32::try_from(end).unwrap_or(u32::MAX));
        Ok(())
    }

    /// The end of the first so many texts.
    fn end(&self, count: usize) -> u64 {
        count.checked_sub(1).and_then(|last| self.ends.get(last)).map_or(0, |&end| end.into())
    }

    /// The text of that number; [`FileProblem::Damaged`] where there is none.
    pub fn get(&self, number: usize) -> Result<String, ReadError> {
        let damaged = || ReadError::Problem(FileProblem::Damaged);
        let end = usize::try_from(*self.ends.get(number).ok_or_else(damaged)?).map_err(|_| damaged())?;
        let mut at = usize::try_from(self.end(number)).map_err(|_| damaged())?;
        let mut bytes = Vec::with_capacity(end - at);
        while at < end {
            let chunk = self.chunks.get(at / CHUNK).ok_or_else(damaged)?;
            let piece = chunk.get(at % CHUNK..).map(|rest| &rest[..rest.len().min(end - at)]).ok_or_else(damaged)?;
            bytes.extend_from_slice(piece);
            at += piece.len();
        }
        String::from_utf8(bytes).map_err(|_| damaged())
    }
}

/// Adds the text of an item (`si`, `is`) that was just begun to `text`: plain text, or the runs of rich text. The reading aid
/// (`rPh`) is left out.
pub(super) fn item(xml: &mut Xml<'_, impl Read>, text: &mut String) -> Result<(), ReadError> {
    let depth = xml.depth();
    let mut run = String::new();
    while xml.depth() >= depth {
        let Piece::Start(start) = xml.next()? else { continue };
        match start.local_name().as_ref() {
            "t" => {
                let preserved = attribute(&start, "space")?.is_some_and(|space| space == "preserve");
                run.clear();
                xml.text(&mut run)?;
                let run = if preserved { run.as_str() } else { run.trim_matches([' ', '\t', '\r', '\n']) };
                unescape(run, text);
                if text.len() as u64 > limits::IMPORT_ROW_BYTES {
                    return Err(xml.too_large());
                }
            }
            "rPh" => xml.skip()?,
            _ => {}
        }
    }
    Ok(())
}

/// Adds a text and resolves the escapes of workbooks: `_x000D_` is the UTF-16 unit of that number, `_x005F_` the underscore that
/// keeps another one from being an escape.
pub(super) fn unescape(mut from: &str, to: &mut String) {
    while let Some(place) = from.find("_x") {
        to.push_str(&from[..place]);
        from = &from[place..];
        let Some(unit) = escape(from) else {
            to.push('_');
            from = &from[1..];
            continue;
        };
        from = &from[ESCAPE..];
        let low = escape(from).filter(|low| (0xd800..0xdc00).contains(&unit) && (0xdc00..0xe000).contains(low));
        if low.is_some() {
            from = &from[ESCAPE..];
        }
        to.extend(char::decode_utf16(std::iter::once(unit).chain(low)).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
    }
    to.push_str(from);
}

/// Characters of an escape.
const ESCAPE: usize = "_x000D_".len();

/// The unit, where a text begins with an escape.
fn escape(text: &str) -> Option<u16> {
    let digits = text.get(..ESCAPE)?.strip_prefix("_x")?.strip_suffix('_')?;
    let hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    hexadecimal.then(|| u16::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_whole_wherever_a_chunk_ends() {
        let mut texts = Texts::new();
        let long = "名".repeat(CHUNK / 3);
        let all = ["", "a", &long, "é", &long, "", "z"];
        for text in all {
            texts.push(text).unwrap();
        }
        for (number, text) in all.iter().enumerate() {
            assert_eq!(texts.get(number).unwrap(), *text, "{number}");
        }
        assert!(matches!(texts.get(all.len()), Err(ReadError::Problem(FileProblem::Damaged))));
        assert_eq!(texts.chunks.len(), 3);
    }

    #[test]
    fn the_table_has_an_end() {
        let mut texts = Texts::new();
        assert_eq!(texts.most, limits::IMPORT_TEXTS_BYTES);
        texts.most = 1_000;
        let pushed = (0..).take_while(|_| texts.push(&"x".repeat(300)).is_ok()).count();
        assert_eq!(pushed, 3);
        let mut texts = Texts::new();
        texts.ends = vec![0; limits::IMPORT_TEXTS];
        assert!(matches!(texts.push(""), Err(ReadError::Problem(FileProblem::TextsTooLarge { .. }))));
    }

    #[test]
    fn escapes_are_the_characters_that_they_stand_for() {
        for (from, to) in [
            ("plain", "plain"),
            ("a_x000D_b", "a\rb"),
            ("_x005F_x000D_", "_x000D_"),
            ("_xD83D__xDE00_!", "😀!"),
            ("_xD83D_x", "\u{fffd}x"),
            ("_xDE00_", "\u{fffd}"),
            ("_x00g0_ _x000D _X000D_ _x_x0041_", "_x00g0_ _x000D _X000D_ _xA"),
            ("_x名前__", "_x名前__"),
            ("_x+123_", "_x+123_"),
        ] {
            let mut text = String::new();
            unescape(from, &mut text);
            assert_eq!(text, to, "{from}");
        }
    }
}
