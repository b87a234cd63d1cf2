//! `SHA256SUMS`: everything that belongs to a backup, one line each, as `sha256sum` writes it. The contents of shared files are
//! in the order of their sums.

use std::{
    fs::File,
    io::{BufRead, BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use domain::event::rules::is_archive_name;
use sha2::{Digest, Sha256};

use super::BackupError;
use crate::{
    db::{FILE, private},
    file::hex,
};

pub(super) const SUMS: &str = "SHA256SUMS";
/// The longest line that this program writes, bytes.
const MAX_LINE_BYTES: u64 = 300;

/// What a line is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    Database,
    /// The rows of an import.
    Import(i64),
    /// A content of shared files.
    Content,
    /// A file of events that were moved out of the audit log, by its name.
    Archive(String),
}

/// The name of an archive beside the backups. The sum distinguishes two of the same name, as after a return to an older database.
pub(super) fn archive_name(sha256: &[u8; 32], name: &str) -> String {
    format!("{}-{name}", hex(sha256))
}

/// One line of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sum {
    pub item: Item,
    pub sha256: [u8; 32],
}

impl Sum {
    fn line(&self) -> String {
        let sum = hex(&self.sha256);
        let path = match &self.item {
            Item::Database => FILE.to_owned(),
            Item::Import(id) => format!("imports/{id}.rows"),
            Item::Content => format!("../files/{}/{}", &sum[..2], &sum[2..]),
            Item::Archive(name) => format!("../archive/{}", archive_name(&self.sha256, name)),
        };
        format!("{sum}  {path}\n")
    }

    /// `None` for a line that [`Self::line`] does not write.
    fn parse(line: &str) -> Option<Self> {
        let (sum, path) = line.trim_end_matches('\n').split_once("  ")?;
        let sha256 = unhex(sum)?;
        let item = match path {
            FILE => Item::Database,
            path if path.starts_with("imports/") => {
                Item::Import(path.strip_prefix("imports/")?.strip_suffix(".rows")?.parse().ok()?)
            }
            path if path.starts_with("../archive/") => {
                Item::Archive(path.get("../archive/".len() + 65..).filter(|name| is_archive_name(name))?.to_owned())
            }
            _ => Item::Content,
        };
        let sum = Self { item, sha256 };
        (sum.line() == line).then_some(sum)
    }
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (n, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * n..2 * n + 2], 16).ok()?;
    }
    Some(bytes)
}

/// Writes the lines and computes the sum of the whole file.
pub(super) struct Writer {
    path: PathBuf,
    file: BufWriter<File>,
    hash: Sha256,
}

impl Writer {
    pub fn new(backup: &Path) -> Result<Self, BackupError> {
        let path = backup.join(SUMS);
        let file = private().write(true).create_new(true).open(&path).map_err(BackupError::disk(&path))?;
        Ok(Self { path, file: BufWriter::new(file), hash: Sha256::new() })
    }

    pub fn add(&mut self, sum: &Sum) -> Result<(), BackupError> {
        let line = sum.line();
        self.hash.update(&line);
        self.file.write_all(line.as_bytes()).map_err(BackupError::disk(&self.path))
    }

    /// Syncs the file to the disk and answers its SHA-256.
    pub fn finish(mut self) -> Result<String, BackupError> {
        let synced = self.file.flush().and_then(|()| self.file.get_ref().sync_all());
        synced.map_err(BackupError::disk(&self.path))?;
        Ok(hex(&self.hash.finalize()))
    }
}

/// Reads the lines one by one.
pub(super) struct Reader {
    path: PathBuf,
    file: BufReader<File>,
}

impl Reader {
    pub fn new(backup: &Path) -> Result<Self, BackupError> {
        let path = backup.join(SUMS);
        let file = File::open(&path).map_err(BackupError::disk(&path))?;
        Ok(Self { path, file: BufReader::new(file) })
    }

    /// The next line; `None` after the last.
    pub fn next(&mut self) -> Result<Option<Sum>, BackupError> {
        let mut line = String::new();
        (&mut self.file).take(MAX_LINE_BYTES).read_line(&mut line).map_err(BackupError::disk(&self.path))?;
        if line.is_empty() {
            return Ok(None);
        }
        let reason = || "SHA256SUMS holds a line that is none of ours".to_owned();
        Sum::parse(&line).map(Some).ok_or_else(|| BackupError::Damaged { path: self.path.clone(), reason: reason() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_comes_back_and_no_other_path_is_taken() {
        for item in [Item::Database, Item::Import(7), Item::Content, Item::Archive("events-1-9.jsonl".to_owned())] {
            let sum = Sum { item, sha256: [0xab; 32] };
            assert_eq!(Sum::parse(&sum.line()), Some(sum));
        }
        let sum = "ab".repeat(32);
        let archive = format!("../archive/{sum}-events-../x");
        for path in [
            archive.as_str(),
            "../archive/",
            "../archive/x",
            "../../etc/passwd",
            "imports/../x.rows",
            "imports/7.rows/..",
            "/roster.db",
            "../files/ac/x",
            "",
        ] {
            assert_eq!(Sum::parse(&format!("{sum}  {path}\n")), None, "{path}");
        }
        assert_eq!(Sum::parse(&format!("{sum}  roster.db")), None, "a line that was cut off");
    }
}
