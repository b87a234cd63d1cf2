//! The end of a ZIP file, which says how many parts there are. Checked before the ZIP library reads it, because the library holds
//! all parts' entries in memory.

use std::io::{Read, Seek, SeekFrom};

use super::{FileProblem, ReadError};

/// The most parts of a workbook: a few for each sheet, and one for each picture.
const PARTS: u64 = 10_000;
/// The directory of all parts, bytes.
const BYTES: u64 = 4 * 1024 * 1024;

/// The last record, without its comment, whose length has two bytes.
const END: usize = 22;
const COMMENT: usize = u16::MAX as usize;
/// ZIP64: the record that says where its own last record is, and that record.
const LOCATOR: usize = 20;
const END_64: usize = 56;

/// [`FileProblem::Damaged`] for a directory that is larger than any workbook needs, or is not where the file says. Stricter than
/// the format: the directory ends where the last record begins, so that the library looks for no other one.
pub(super) fn check(file: &mut (impl Read + Seek)) -> Result<(), ReadError> {
    let size = file.seek(SeekFrom::End(0))?;
    let start = size.saturating_sub((END_64 + LOCATOR + END + COMMENT) as u64);
    file.seek(SeekFrom::Start(start))?;
    let mut tail = Vec::new();
    file.take(size - start).read_to_end(&mut tail)?;
    match directory(&tail, start) {
        Some((parts, bytes)) if parts <= PARTS && bytes <= BYTES => Ok(()),
        _ => Err(FileProblem::Damaged.into()),
    }
}

/// How many parts the directory has, and how many bytes; `tail` is the end of the file from `start` on.
fn directory(tail: &[u8], start: u64) -> Option<(u64, u64)> {
    let end = tail.windows(4).rposition(|bytes| bytes == b"PK\x05\x06")?;
    let record = tail.get(end..)?;
    if END as u64 + number(record, 20, 2)? != record.len() as u64 {
        return None;
    }
    let (parts, bytes, offset) = (number(record, 10, 2)?, number(record, 12, 4)?, number(record, 16, 4)?);
    let plain = parts < u16::MAX.into() && bytes < u32::MAX.into() && offset < u32::MAX.into();
    let (parts, bytes, offset, end) = if plain {
        // Only archives on a single disk.
        (number(record, 4, 4)? == 0 && number(record, 8, 2)? == parts).then_some((parts, bytes, offset, end))?
    } else {
        let at = end.checked_sub(LOCATOR + END_64)?;
        let (record, locator) = tail.get(at..end)?.split_at(END_64);
        let stands = number(locator, 8, 8)? == start + at as u64 && number(record, 4, 8)? == END_64 as u64 - 12;
        let whole = number(record, 16, 8)? == 0 && number(record, 24, 8)? == number(record, 32, 8)?;
        if !(record.starts_with(b"PK\x06\x06") && locator.starts_with(b"PK\x06\x07") && stands && whole) {
            return None;
        }
        (number(record, 32, 8)?, number(record, 40, 8)?, number(record, 48, 8)?, at)
    };
    // A workbook has at least one part.
    (parts > 0 && offset.checked_add(bytes)? == start + end as u64).then_some((parts, bytes))
}

/// A number of that many bytes.
fn number(record: &[u8], at: usize, bytes: usize) -> Option<u64> {
    Some(record.get(at..at + bytes)?.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte)))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn archive(names: impl Iterator<Item = String>, comment: &str) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.set_comment(comment).unwrap();
        for name in names {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(b"x").unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn parts(count: u64) -> impl Iterator<Item = String> {
        (0..count).map(|n| format!("part{n}"))
    }

    fn is_taken(bytes: &[u8]) -> bool {
        match check(&mut Cursor::new(bytes)) {
            Ok(()) => true,
            Err(ReadError::Problem(FileProblem::Damaged)) => false,
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn directories_larger_than_any_workbooks_are_refused() {
        assert!(is_taken(&archive(parts(1), "")));
        assert!(is_taken(&archive(parts(10_000), "a comment")));
        assert!(!is_taken(&archive(parts(10_001), "")));
        // So many parts that only ZIP64 can count them.
        assert!(!is_taken(&archive(parts(70_000), "")));
        let long = |count: usize| archive((0..count).map(|n| format!("{n:060000}")), "");
        assert!(is_taken(&long(69)));
        assert!(!is_taken(&long(70)));
    }

    #[test]
    fn zip64_is_understood_too() {
        let plain = archive(parts(3), "");
        let (rest, end) = plain.split_at(plain.len() - END);
        let (bytes, offset) = (number(end, 12, 4).unwrap(), number(end, 16, 4).unwrap());
        let with = |parts: u64| {
            let mut large = rest.to_vec();
            large.extend_from_slice(b"PK\x06\x06\x2c\0\0\0\0\0\0\0\x2d\0\x2d\0\0\0\0\0\0\0\0\0");
            for number in [parts, parts, bytes, offset] {
                large.extend_from_slice(&number.to_le_bytes());
            }
            large.extend_from_slice(b"PK\x06\x07\0\0\0\0");
            large.extend_from_slice(&(rest.len() as u64).to_le_bytes());
            large.extend_from_slice(b"\x01\0\0\0PK\x05\x06\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0");
            large
        };
        assert_eq!(ZipArchive::new(Cursor::new(with(3))).unwrap().len(), 3);
        assert!(is_taken(&with(3)));
        assert!(!is_taken(&with(10_001)));
    }

    #[test]
    fn what_does_not_stand_where_it_says_is_refused() {
        let whole = archive(parts(3), "");
        assert!(!is_taken(&whole[..whole.len() - 1]));
        assert!(!is_taken(&[&whole[..], b"more"].concat()));
        assert!(!is_taken(&[b"more", &whole[..]].concat()));
        assert!(!is_taken(b""));
        assert!(!is_taken(b"PK\x05\x06"));
        // A small directory that claims to begin elsewhere than the real one.
        let mut other = whole.clone();
        let at = whole.len() - END + 16;
        other[at] ^= 1;
        assert!(!is_taken(&other));
    }
}
