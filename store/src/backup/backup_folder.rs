//! The folder that backups go into: which there are, and what is taken out of it.

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
/// The same with the archives of the audit log.
pub(super) const ARCHIVE: &str = "archive";
const LOCK: &str = "backup.lock";
/// What the names of unfinished backups end with, and of those that are being removed.
const PART: &str = ".part";
/// The way that everything in here is laid out.
pub(super) const FORMAT: u32 = 1;

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The layout; 1.
    pub format: u32,
    /// The version of the program that made it, and of the schema of the database.
    pub roster: String,
    pub schema: i64,
    /// What it shows is of this time: milliseconds since 1970, and in words.
    pub made_at: i64,
    pub made_at_utc: String,
    /// Contents of shared files, and their bytes.
    pub contents: u64,
    pub content_bytes: u64,
    /// Contents that were missing or damaged in the data folder, so they are not in here.
    pub missing: u64,
    /// Imports whose rows are in here.
    pub imports: u64,
    /// Archives of the audit log.
    #[serde(default)]
    pub archives: u64,
    pub database_bytes: u64,
    /// SHA-256 of `roster.db`, and of `SHA256SUMS`, which has those of everything.
    pub database_sha256: String,
    pub sums_sha256: String,
}

/// One backup.
#[derive(Debug, Clone)]
pub struct Backup {
    pub path: PathBuf,
    /// Its name in the folder, which is its time.
    pub name: String,
    pub manifest: Manifest,
}

impl Backup {
    /// `None` when that folder is no finished backup.
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

    /// [`BackupError::Damaged`] when the list of what belongs to it is not the one that was written.
    pub(super) fn require_sums(&self) -> Result<(), BackupError> {
        let path = self.path.join(SUMS);
        let found = sha256_of(&path).map_err(BackupError::disk(&path))?;
        let damaged = || BackupError::Damaged { path: self.path.clone(), reason: format!("{SUMS} is not what was written") };
        if hex(&found) == self.manifest.sums_sha256 { Ok(()) } else { Err(damaged()) }
    }

    /// Whether nothing is missing in it.
    pub fn is_whole(&self) -> bool {
        self.manifest.missing == 0
    }
}

/// The backups in a folder, oldest first, and before them those that a wrong clock has dated in the future; what is unfinished is none. One that cannot be read is left out and told in the log.
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
    // Those of the future come first: the clock ran ahead when they were made, and what was made since is newer.
    let now = now();
    let place = |backup: &Backup| (backup.manifest.made_at <= now, backup.manifest.made_at);
    backups.sort_by(|one, other| (place(one), &one.name).cmp(&(place(other), &other.name)));
    Ok(backups)
}

/// None when the folder is not there.
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

/// `2026-11-27T20-43-21Z`, as files may be called everywhere. A second one of the same second has a number behind it.
pub(super) fn name_at(at: i64) -> String {
    iso(at.div_euclid(1000) * 1000).replace(':', "-")
}

/// Whether it is called as [`name_at`] does.
fn is_name(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let Some((time, number)) = name.split_once('Z') else { return false };
    let shape: String = time.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape == "0000-00-00T00-00-00" && (number.is_empty() || number.strip_prefix('-').is_some_and(|n| n.parse::<u32>().is_ok()))
}

/// A folder of backups in which nobody else writes at the moment.
#[derive(Debug)]
pub(super) struct BackupFolder {
    pub folder: PathBuf,
    _lock: File,
    /// What the backup under way has copied that none before it has. In memory, so that nobody else can name files to be removed.
    pub new: New,
}

/// Places of contents; cheap to clone.
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

    /// For reading alone: nothing is taken out meanwhile. `None` where there is no lock, as on a disk that is only read.
    pub fn lock_shared(folder: &Path) -> Result<Option<File>, BackupError> {
        let Ok(file) = File::open(folder.join(LOCK)) else { return Ok(None) };
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => Err(BackupError::InUse { folder: folder.to_owned() }),
            _ => Ok(Some(file)),
        }
    }

    /// Removes what a killed process has left unfinished.
    pub fn drop_unfinished(&self) -> Result<(), BackupError> {
        for path in entries(&self.folder)? {
            if path.extension().is_some_and(|end| end == &PART[1..]) && is_name(&path.with_extension("")) {
                remove_folder(&path)?;
            }
        }
        Ok(())
    }

    /// Removes a backup that failed, and what it alone has copied: on a full disk nothing else would be written until that is gone.
    pub fn drop_failed(&self, part: &Path) -> Result<(), BackupError> {
        for place in self.new.take() {
            remove_file(&place)?;
        }
        remove_folder(part)
    }

    /// What a backup has copied belongs to it from now on.
    pub fn forget_new(&self) {
        self.new.take();
    }

    /// An empty folder for a backup that shows what was at `at`, under the name of an unfinished one, and the name it is to get.
    pub fn begin(&self, at: i64) -> Result<(PathBuf, PathBuf), BackupError> {
        let base = name_at(at);
        let name = |n: u32| self.folder.join(if n == 1 { base.clone() } else { format!("{base}-{n}") });
        let place = (1..).map(name).find(|path| !path.exists()).unwrap_or_else(|| self.folder.join(&base));
        let part = part_of(&place);
        super::disk::make_folder(&part)?;
        Ok((part, place))
    }

    /// Takes the oldest backups out until `keep` are left; how many. The last whole one stays in any case. Contents that none of the others
    /// has go with them.
    pub fn rotate(&self, keep: usize) -> Result<u64, BackupError> {
        self.take_out(keep, usize::MAX)
    }

    /// Makes room for one more where `keep` are kept: first what killed ones have left, then the oldest one, if it would go with the next
    /// anyway. How many backups went; `None` when nothing did.
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
        // What cannot be read may need any content.
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
        // What is not what was written tells nothing about what is needed.
        for (_, backup) in &kept {
            backup.require_sums()?;
        }
        for (_, backup) in &gone {
            // No longer one from here on, however far this gets.
            let part = part_of(&backup.path);
            fs::rename(&backup.path, &part).map_err(BackupError::disk(&backup.path))?;
            sync_folder(&self.folder)?;
            remove_folder(&part)?;
        }
        let kept: Vec<Backup> = kept.into_iter().map(|(_, backup)| backup).collect();
        self.drop_contents(&kept)?;
        Ok(gone.len() as u64)
    }

    /// Removes the contents and archives that none of these backups names; how many. Walks all lists side by side, which are in one order,
    /// so that no more than the names in one folder are held in memory.
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
                // What is no content is left alone.
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

/// The contents that a backup names, in order, and the archives that were passed on the way.
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

    /// Those that begin with that byte, without it.
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
