//! One content of shared files, or one archive of the audit log, on its way into a folder of backups.

use std::{fs, io, path::PathBuf};

use domain::limits::DAY_MS;

use super::{
    BackupError,
    backup_folder::New,
    disk::{copy, require_room},
};
use crate::file::sha256_of;

/// In so many days each content is read again, though nobody asked for it.
const TURNS: i64 = 30;

/// Whether what begins with that byte is read again in a backup of that time, milliseconds: each once in so many days.
fn has_its_turn(front: u8, at: i64) -> bool {
    i64::from(front) % TURNS == (at / DAY_MS).rem_euclid(TURNS)
}

/// What is heeded where contents are copied: which of those that are there are read again, and what stays free.
#[derive(Debug, Clone, Copy)]
pub(super) struct CopyOptions {
    pub verify: bool,
    pub at: i64,
    pub keep_free: Option<u64>,
}

impl CopyOptions {
    fn reads_again(self, sha256: &[u8; 32]) -> bool {
        self.verify || has_its_turn(sha256[0], self.at)
    }
}

/// A content or an archive on its way.
pub(super) struct Content {
    pub sha256: [u8; 32],
    pub size: i64,
    pub from: Vec<PathBuf>,
    pub place: PathBuf,
    /// The backup that is not finished yet.
    pub part: PathBuf,
    /// Where it is noted when no backup before has it.
    pub new: New,
    pub care: CopyOptions,
}

pub(super) enum Outcome {
    There,
    Copied,
    Missing,
}

impl Content {
    pub fn copy(&self) -> Result<Outcome, BackupError> {
        if self.is_there()? {
            return Ok(Outcome::There);
        }
        // Whatever else fills the disk meanwhile.
        require_room(&self.part, u64::try_from(self.size).unwrap_or(0), self.care.keep_free)?;
        let scratch = self.part.join("content");
        for from in &self.from {
            match copy(from, &scratch) {
                Ok(sha256) if sha256 == self.sha256 => {
                    // One that is mended belongs to those before.
                    if !self.place.exists() {
                        self.new.add(self.place.clone());
                    }
                    fs::rename(&scratch, &self.place).map_err(BackupError::disk(&self.place))?;
                    return Ok(Outcome::Copied);
                }
                Ok(_) => tracing::error!(path = ?from, "a file is damaged: its bytes are not those that were written"),
                // The other places are worth a look, and the other contents worth a backup.
                Err(BackupError::Disk { path, source }) if path == *from => {
                    if source.kind() != io::ErrorKind::NotFound {
                        tracing::error!(error = %source, ?path, "a file cannot be read");
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(Outcome::Missing)
    }

    fn is_there(&self) -> Result<bool, BackupError> {
        let wrong = || BackupError::disk(&self.place);
        match fs::metadata(&self.place) {
            Ok(about) if i64::try_from(about.len()) != Ok(self.size) => Ok(false),
            Ok(_) if self.care.reads_again(&self.sha256) => Ok(sha256_of(&self.place).map_err(wrong())? == self.sha256),
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(wrong()(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_content_is_read_again_once_in_thirty_days() {
        for front in 0..=u8::MAX {
            let turns = (20_000..20_000 + TURNS).filter(|day| has_its_turn(front, day * DAY_MS + 5)).count();
            assert_eq!(turns, 1, "{front}");
        }
    }
}
