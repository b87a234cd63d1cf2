//! The folder that backups are written to: which ones it holds, and what is removed from it.

use std::{
    collections::HashSet,
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use domain::export::times::iso;
use serde::{Deserialize, Serialize};

use super::{
    BackupError,
    disk::{remove_file, remove_folder, sync_folder},
    sums::{Item, Reader, SUMS, Sum, archive_name},
};
use crate::{
    db::{now, private},
    file::{hex, sha256_of},
};

pub(super) const MANIFEST: &str = "MANIFEST.json";
/// The folder with the contents of all backups.
pub(super) const FILES: &str = "files";
/// The folder with the archives of the audit log, for all backups.
pub(super) const ARCHIVE: &str = "archive";
const LOCK: &str = "backup.lock";
/// The end of the names of backups that are unfinished or are being removed.
const PART: &str = ".part";
/// The version of the layout of the folder.
pub(super) const FORMAT: u32 = 1;

/// What a backup says about itself: `MANIFEST.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the layout; 1.
    pub format: u32,
    /// The version of the program that made it.
    pub roster: String,
    /// The version of the database's schema.
    pub schema: i64,
    /// The moment that the backup shows, milliseconds since 1970.
    pub made_at: i64,
    /// The same moment as text: ISO 8601, UTC.
    pub made_at_utc: String,
    /// How many contents of shared files it has, each counted once.
    pub contents: u64,
    /// The size of these contents, bytes.
    pub content_bytes: u64,
    /// Contents, and archives of the audit log, that were missing or damaged in the data folder, so the backup does not have
    /// them.
    pub missing: u64,
    /// Imports whose rows it has.
    pub imports: u64,
    /// Archives of the audit log that it has; 0 in manifests of older versions.
    #[serde(default)]
    pub archives: u64,
    /// The size of `roster.db`, bytes.
    pub database_bytes: u64,
    /// SHA-256 of `roster.db`, in hexadecimal.
    pub database_sha256: String,
    /// SHA-256 of `SHA256SUMS`, which has the sums of everything, in hexadecimal.
    pub sums_sha256: String,
}

/// One backup.
#[derive(Debug, Clone)]
pub struct Backup {
    /// The folder of this backup.
    pub path: PathBuf,
    /// The name of that folder, which is the time that the backup shows.
    pub name: String,
    /// What the backup says about itself.
    pub manifest: Manifest,
}

impl Backup {
    /// The backup in that folder; `None` when it has no manifest, so is no finished backup. [`BackupError::Damaged`] when the
    /// manifest cannot be understood.
    pub fn read(path: &Path) -> Result<Option<Self>, BackupError> {
        let file = path.join(MANIFEST);
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(None),
            Err(source) => return Err(BackupError::Disk { path: file, source }),
        };
        let damaged = |reason: String| BackupError::Damaged { path: path.to_owned(), reason };
        let manifest: Manifest = serde_json::from_str(&text).map_err(|error| damaged(format!("{MANIFEST}: {error}")))?;
        if manifest.format != FORMAT {
            return Err(damaged(format!("its layout {} is not known to this version", manifest.format)));
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Some(Self { path: path.to_owned(), name, manifest }))
    }

    /// [`BackupError::Damaged`] when the list of its files is not the one that was written.
    pub(super) fn require_sums(&self) -> Result<(), BackupError> {
        let path = self.path.join(SUMS);
        let found = sha256_of(&path).map_err(BackupError::disk(&path))?;
        let damaged = || BackupError::Damaged { path: self.path.clone(), reason: format!("{SUMS} is not what was written") };
        if hex(&found) == self.manifest.sums_sha256 { Ok(()) } else { Err(damaged()) }
    }

    /// Whether nothing was missing in the data folder when it was made.
    pub fn is_whole(&self) -> bool {
        self.manifest.missing == 0
    }
}

/// The backups in a folder, oldest first. Those that a wrong clock has dated in the future come before all others. Unfinished
/// ones are left out. One that cannot be read is left out too, with a warning in the server's log. Empty when the folder is
/// missing.
pub fn list(folder: &Path) -> Result<Vec<Backup>, BackupError> {
    read_all(folder, |error| {
        tracing::warn!(%error, "a backup is left out");
        Ok(())
    })
}

fn read_all(folder: &Path, unread: impl Fn(BackupError) -> Result<(), BackupError>) -> Result<Vec<Backup>, BackupError> {
    let mut backups = Vec::new();
    for path in entries(folder)?.into_iter().filter(|path| is_name(path)) {
        match Backup::read(&path) {
            Ok(Some(backup)) => backups.push(backup),
            Ok(None) => unread(BackupError::Damaged { reason: format!("it has no {MANIFEST}"), path })?,
            Err(error) => unread(error)?,
        }
    }
    // Those dated in the future come first: the clock was ahead when they were made, and all later ones are newer.
    let now = now();
    let place = |backup: &Backup| (backup.manifest.made_at <= now, backup.manifest.made_at);
    backups.sort_by(|one, other| (place(one), &one.name).cmp(&(place(other), &other.name)));
    Ok(backups)
}

/// Empty when the folder is missing.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, BackupError> {
    match fs::read_dir(folder) {
        Ok(entries) => Ok(entries
            .collect::<io::Result<Vec<_>>>()
            .map_err(BackupError::disk(folder))?
            .iter()
            .map(fs::DirEntry::path)
            .collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(vec![]),
        Err(source) => Err(BackupError::Disk { path: folder.to_owned(), source }),
    }
}

/// `2026-11-27T20-43-21Z`, a name that every file system takes. A second backup within the same second gets a number after it.
pub(super) fn name_at(at: i64) -> String {
    iso(at.div_euclid(1000) * 1000).replace(':', "-")
}

/// Whether it has the form that [`name_at`] gives.
fn is_name(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let Some((time, number)) = name.split_once('Z') else { return false };
    let shape: String = time.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape == "0000-00-00T00-00-00" && (number.is_empty() || number.strip_prefix('-').is_some_and(|n| n.parse::<u32>().is_ok()))
}

/// A folder of backups that this process alone writes to.
#[derive(Debug)]
pub(super) struct BackupFolder {
    pub folder: PathBuf,
    _lock: File,
    /// What the running backup has copied that no earlier one has. Kept in memory, so that nobody else can name files to be
    /// removed.
    pub new: New,
}

/// Paths of contents; cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct New(Arc<Mutex<Vec<PathBuf>>>);

impl New {
    pub fn add(&self, place: PathBuf) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(place);
    }

    fn take(&self) -> Vec<PathBuf> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl BackupFolder {
    pub fn lock(folder: &Path) -> Result<Self, BackupError> {
        // A file, because network shares lock nothing else.
        let path = folder.join(LOCK);
        let file = private().read(true).write(true).create(true).truncate(false).open(&path).map_err(BackupError::disk(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(BackupError::InUse { folder: folder.to_owned() }),
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                tracing::warn!(?folder, "the folder for backups cannot be locked; nobody else may write there meanwhile");
            }
            Err(TryLockError::Error(source)) => return Err(BackupError::Disk { path, source }),
        }
        Ok(Self { folder: folder.to_owned(), _lock: file, new: New::default() })
    }

    /// A lock for reading: nothing is removed while it is held. `None` where there is no lock file, as on a read-only disk.
    pub fn lock_shared(folder: &Path) -> Result<Option<File>, BackupError> {
        let Ok(file) = File::open(folder.join(LOCK)) else { return Ok(None) };
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => Err(BackupError::InUse { folder: folder.to_owned() }),
            _ => Ok(Some(file)),
        }
    }

    /// Removes what a killed process left unfinished.
    pub fn drop_unfinished(&self) -> Result<(), BackupError> {
        for path in entries(&self.folder)? {
            if path.extension().is_some_and(|end| end == &PART[1..]) && is_name(&path.with_extension("")) {
                remove_folder(&path)?;
            }
        }
        Ok(())
    }

    /// Removes a backup that failed, and what only it has copied: on a full disk nothing else could be written before that is
    /// removed.
    pub fn drop_failed(&self, part: &Path) -> Result<(), BackupError> {
        for place in self.new.take() {
            remove_file(&place)?;
        }
        remove_folder(part)
    }

    /// The backup is complete: what it has copied belongs to it and is no longer removed with a failure.
    pub fn forget_new(&self) {
        self.new.take();
    }

    /// Makes an empty folder for a backup that shows the moment `at`, milliseconds since 1970. Answers its path under the name of
    /// an unfinished backup, and the path that it gets in the end.
    pub fn begin(&self, at: i64) -> Result<(PathBuf, PathBuf), BackupError> {
        let base = name_at(at);
        let name = |n: u32| self.folder.join(if n == 1 { base.clone() } else { format!("{base}-{n}") });
        let place = (1..).map(name).find(|path| !path.exists()).unwrap_or_else(|| self.folder.join(&base));
        let part = part_of(&place);
        super::disk::make_folder(&part)?;
        Ok((part, place))
    }

    /// Removes the oldest backups until `keep` are left, and the contents that none of the others has; answers how many backups
    /// it removed. The last whole one stays in any case.
    pub fn rotate(&self, keep: usize) -> Result<u64, BackupError> {
        self.take_out(keep, usize::MAX)
    }

    /// Makes room for one more backup where `keep` are kept. Removes first what killed processes left, then the oldest backup, if
    /// it would be removed after the next one anyway. Answers how many backups it removed; `None` when it removed nothing.
    pub fn make_room(&self, keep: usize) -> Result<Option<u64>, BackupError> {
        let backups = read_all(&self.folder, Err)?;
        backups.iter().try_for_each(Backup::require_sums)?;
        if self.drop_contents(&backups)? > 0 {
            return Ok(Some(0));
        }
        let gone = self.take_out(keep.saturating_sub(1), 1)?;
        if gone > 0 {
            tracing::warn!(folder = ?self.folder, "the disk for backups is full: the oldest one was taken out before the next is made");
        }
        Ok(Some(gone).filter(|gone| *gone > 0))
    }

    /// The same as [`Self::rotate`] for `most` backups at most.
    fn take_out(&self, keep: usize, most: usize) -> Result<u64, BackupError> {
        // One that cannot be read may need any content.
        let backups = read_all(&self.folder, Err)?;
        let last_whole = backups.iter().rposition(Backup::is_whole);
        let oldest_kept = backups.len().saturating_sub(keep.max(1));
        let mut room = most;
        let (gone, kept): (Vec<_>, Vec<_>) = backups.into_iter().enumerate().partition(|(n, _)| {
            let goes = *n < oldest_kept && Some(*n) != last_whole && room > 0;
            room -= usize::from(goes);
            goes
        });
        if gone.is_empty() {
            return Ok(0);
        }
        // A list that was altered does not say what is needed.
        for (_, backup) in &kept {
            backup.require_sums()?;
        }
        for (_, backup) in &gone {
            // From here on it is not a backup, whatever happens next.
            let part = part_of(&backup.path);
            fs::rename(&backup.path, &part).map_err(BackupError::disk(&backup.path))?;
            sync_folder(&self.folder)?;
            remove_folder(&part)?;
        }
        let kept: Vec<Backup> = kept.into_iter().map(|(_, backup)| backup).collect();
        self.drop_contents(&kept)?;
        Ok(gone.len() as u64)
    }

    /// Removes the contents and archives that none of these backups names; answers how many. The lists all have the same order
    /// and are read side by side, so that memory holds no more than the names in one folder.
    fn drop_contents(&self, backups: &[Backup]) -> Result<u64, BackupError> {
        let mut gone = 0;
        let mut lists = backups.iter().map(|backup| Contents::new(&backup.path)).collect::<Result<Vec<_>, _>>()?;
        let files = self.folder.join(FILES);
        for front in 0..=u8::MAX {
            let mut needed = HashSet::new();
            for list in &mut lists {
                list.take(front, &mut needed)?;
            }
            let part = files.join(hex(&[front]));
            for path in entries(&part)? {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                // Other files are left alone.
                let is_content = name.len() == 62 && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
                if is_content && !needed.contains(&name) {
                    fs::remove_file(&path).map_err(BackupError::disk(&path))?;
                    gone += 1;
                }
            }
        }
        let archives: HashSet<String> = lists.into_iter().flat_map(|list| list.archives).collect();
        for path in entries(&self.folder.join(ARCHIVE))? {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.contains("-events-") && !archives.contains(name.as_ref()) {
                fs::remove_file(&path).map_err(BackupError::disk(&path))?;
                gone += 1;
            }
        }
        Ok(gone)
    }
}

fn part_of(place: &Path) -> PathBuf {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    place.with_file_name(format!("{name}{PART}"))
}

/// The contents that a backup names, in order, and the archives that were read before the current one.
struct Contents {
    reader: Reader,
    next: Option<[u8; 32]>,
    archives: Vec<String>,
}

impl Contents {
    fn new(backup: &Path) -> Result<Self, BackupError> {
        let mut contents = Self { reader: Reader::new(backup)?, next: None, archives: vec![] };
        contents.advance()?;
        Ok(contents)
    }

    fn advance(&mut self) -> Result<(), BackupError> {
        self.next = loop {
            match self.reader.next()? {
                Some(sum) if sum.item == Item::Content => break Some(sum.sha256),
                Some(Sum { item: Item::Archive(name), sha256 }) => self.archives.push(archive_name(&sha256, &name)),
                Some(_) => {}
                None => break None,
            }
        };
        Ok(())
    }

    /// Those whose sum begins with that byte, without the byte.
    fn take(&mut self, front: u8, into: &mut HashSet<String>) -> Result<(), BackupError> {
        while let Some(sha256) = self.next.filter(|sha256| sha256[0] <= front) {
            into.insert(hex(&sha256[1..]));
            self.advance()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_backups_from_everything_else() {
        assert_eq!(name_at(1_795_812_201_999), "2026-11-27T20-43-21Z");
        for name in ["2026-11-27T20-43-21Z", "2026-11-27T20-43-21Z-2"] {
            assert!(is_name(Path::new("/b").join(name).as_path()), "{name}");
        }
        for name in ["files", "2026-11-27", "2026-11-27T20-43-21Z.part", "2026-11-27T20-43-21Z-old", "x2026-11-27T20-43-21Z"] {
            assert!(!is_name(Path::new("/b").join(name).as_path()), "{name}");
        }
        assert_eq!(part_of(Path::new("/b/2026-11-27T20-43-21Z-2")), Path::new("/b/2026-11-27T20-43-21Z-2.part"));
    }
}
