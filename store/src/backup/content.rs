//! Copying one content of shared files, or one archive of the audit log, into a folder of backups.

use std::{fs, io, path::PathBuf};

use domain::limits::DAY_MS;

use super::{
    BackupError,
    backup_folder::New,
    disk::{copy, require_room},
};
use crate::file::sha256_of;

/// After this many days each content is read again, even when nobody asks for it.
const TURNS: i64 = 30;

/// Whether contents whose hash begins with that byte are read again by a backup at that time, milliseconds: each once in
/// [`TURNS`] days.
fn has_its_turn(front: u8, at: i64) -> bool {
    i64::from(front) % TURNS == (at / DAY_MS).rem_euclid(TURNS)
}

/// How contents are copied: which of those already copied are read again, and how much of the disk stays free.
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

/// A content or an archive to be copied.
pub(super) struct Content {
    pub sha256: [u8; 32],
    pub size: i64,
    pub from: Vec<PathBuf>,
    pub place: PathBuf,
    /// The folder of the unfinished backup.
    pub part: PathBuf,
    /// Notes it when no earlier backup has it.
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
        // Checked each time, because other programs may fill the disk in the meantime.
        require_room(&self.part, u64::try_from(self.size).unwrap_or(0), self.care.keep_free)?;
        let scratch = self.part.join("content");
        for from in &self.from {
            match copy(from, &scratch) {
                Ok(sha256) if sha256 == self.sha256 => {
                    // A repaired one belongs to the earlier backups.
                    if !self.place.exists() {
                        self.new.add(self.place.clone());
                    }
                    fs::rename(&scratch, &self.place).map_err(BackupError::disk(&self.place))?;
                    return Ok(Outcome::Copied);
                }
                Ok(_) => tracing::error!(path = ?from, "a file is damaged: its bytes are not those that were written"),
                // The file may be elsewhere, and one bad file must not prevent the backup of the others.
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
