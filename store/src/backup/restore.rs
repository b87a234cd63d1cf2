//! Restoring a backup. Everything is first copied beside the existing data and compared; only then do the two change places. A
//! restore that is interrupted while they change places continues when it is requested again, and until then nothing opens the
//! folder. One that fails at that point is undone. What cannot be moved at all, because a disk is mounted there, is refused
//! before anything is moved.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{
    BackupError,
    backup_folder::{ARCHIVE, Backup, BackupFolder, FILES, MANIFEST, list, name_at},
    disk::{copy, is_mounted, make_folder, remove_folder, sync_folder, waiting},
    sums::{Item, Reader, archive_name},
};
use crate::{
    Store,
    db::{FILE, RESTORED, belongings, known_version, now, private},
    file::{content_in, hex},
};

/// The file with the name of the folder that the previous data are moved to.
const BEFORE: &str = "before";
/// The file with the number of contents, and of other files, that the backup had lost.
const LOST: &str = "lost";
const IMPORTS: &str = "imports";
/// Files of the previous database, whether that still has its name or not.
const OF_THE_OLD: [&str; 4] = ["roster.db-wal", "roster.db-shm", "roster.db-journal", "exports"];
/// What changes places. The database comes last: while it is missing there is none to open.
const EXCHANGED: [&str; 4] = [FILES, IMPORTS, ARCHIVE, FILE];

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreReport {
    /// The name of the backup.
    pub backup: String,
    /// The moment that it shows, milliseconds since 1970.
    pub at: i64,
    /// Contents of shared files that were restored.
    pub contents: u64,
    /// Contents, archives of the audit log and rows of imports that were not restored: they were missing or damaged when the
    /// backup was made, or are so in the backup now.
    pub missing: u64,
    /// The folder with the previous data; `None` when there were none.
    pub before: Option<PathBuf>,
    /// Whether it continued a restore that was interrupted.
    pub resumed: bool,
}

/// Restores a backup into the data folder `data`, which no process may be serving ([`BackupError::Open`] otherwise). `from`: a
/// backup, or a folder of backups; then the latest one whose name begins with `at`, or [`BackupError::None`]. If a restore was
/// interrupted there, that one is continued and `from` and `at` are ignored. Existing data are moved into a folder of their own
/// with `replace`, and refused with [`BackupError::Occupied`] without it.
pub async fn restore(data: &Path, from: &Path, at: &str, replace: bool) -> Result<RestoreReport, BackupError> {
    let _lock = Store::lock(data)?;
    let data = data.to_owned();
    if data.join(RESTORED).exists() {
        return waiting(move || {
            require_movable(&data)?;
            put_in_place(&data, true)
        })
        .await;
    }
    let (from, at) = (from.to_owned(), at.to_owned());
    waiting(move || {
        let (backup, folder) = choose(&from, &at)?;
        let _shelf = BackupFolder::lock_shared(&folder)?;
        let found = belongings(&data)?;
        if !found.is_empty() && !replace {
            return Err(BackupError::Occupied { folder: data, found: found.join(", ") });
        }
        require_movable(&data)?;
        fetch(&data, &backup, &folder)?;
        put_in_place(&data, false)
    })
    .await
}

/// Refuses a data folder in which something is mounted that would have to be renamed: that would fail half way.
fn require_movable(data: &Path) -> Result<(), BackupError> {
    let mut mounted = Vec::new();
    for name in OF_THE_OLD.into_iter().chain(EXCHANGED) {
        if is_mounted(data, name)? {
            mounted.push(name);
        }
    }
    if mounted.is_empty() { Ok(()) } else { Err(BackupError::Mounted { folder: data.to_owned(), found: mounted.join(", ") }) }
}

/// The backup that is meant, and the folder of backups that it belongs to.
fn choose(from: &Path, at: &str) -> Result<(Backup, PathBuf), BackupError> {
    let full = from.canonicalize().map_err(BackupError::disk(from))?;
    let (backups, folder) = match Backup::read(&full)? {
        Some(backup) => (vec![backup], full.parent().unwrap_or(&full).to_owned()),
        None => (list(&full)?, full),
    };
    let wanted = at.trim().replace(':', "-").replace(' ', "T");
    let none = || BackupError::None {
        folder: from.to_owned(),
        at: if wanted.is_empty() { String::new() } else { format!(" whose name begins with {wanted}") },
    };
    let backup = backups.into_iter().rfind(|backup| backup.name.starts_with(&wanted)).ok_or_else(none)?;
    let (found, known) = (backup.manifest.schema, known_version());
    if found > known {
        return Err(BackupError::Newer { path: backup.path, found, known });
    }
    Ok((backup, folder))
}

/// Copies all of a backup beside the existing data, and compares it.
fn fetch(data: &Path, backup: &Backup, folder: &Path) -> Result<(), BackupError> {
    backup.require_sums()?;
    let part = part_of(data);
    remove_folder(&part)?;
    make_folder(&part)?;
    let fetched = fetch_into(&part, backup, folder).and_then(|()| {
        fs::rename(&part, data.join(RESTORED)).map_err(BackupError::disk(data))?;
        sync_folder(data)
    });
    if fetched.is_err() {
        // The first error is reported; the next restore removes the folder.
        let _ = remove_folder(&part);
    }
    fetched
}

/// The folder of what is not completely copied yet, and of what is no longer needed.
fn part_of(data: &Path) -> PathBuf {
    data.join(format!("{RESTORED}.part"))
}

/// Copies all of it. Only the database and the list must be whole: one lost content must not prevent the restore of everything
/// else.
fn fetch_into(part: &Path, backup: &Backup, folder: &Path) -> Result<(), BackupError> {
    let damaged = |reason: String| BackupError::Damaged { path: backup.path.clone(), reason };
    let (files, imports, archive) = (part.join(FILES), part.join(IMPORTS), part.join(ARCHIVE));
    for folder in [&files, &imports, &archive] {
        make_folder(folder)?;
    }
    let mut database = None;
    let (mut lost_contents, mut lost_others) = (0_u64, 0_u64);
    let mut sums = Reader::new(&backup.path)?;
    while let Some(sum) = sums.next()? {
        let (from, to) = match &sum.item {
            Item::Database => (backup.path.join(FILE), part.join(FILE)),
            Item::Import(id) => {
                let name = format!("{id}.rows");
                (backup.path.join(IMPORTS).join(&name), imports.join(&name))
            }
            Item::Archive(name) => (folder.join(ARCHIVE).join(archive_name(&sum.sha256, name)), archive.join(name)),
            Item::Content => (content_in(&folder.join(FILES), &sum.sha256), content_in(&files, &sum.sha256)),
        };
        if sum.item == Item::Content {
            make_folder(to.parent().unwrap_or(&files))?;
        }
        let fault = match copy(&from, &to) {
            Ok(found) if found == sum.sha256 => None,
            Ok(_) => Some(format!("the bytes of {from:?} are not those that were backed up")),
            Err(BackupError::Disk { path, source }) if path == from => Some(format!("{path:?} cannot be read: {source}")),
            Err(error) => return Err(error),
        };
        match (fault, &sum.item) {
            (None, Item::Database) => database = Some(hex(&sum.sha256)),
            (None, _) => {}
            (Some(reason), Item::Database) => return Err(damaged(reason)),
            (Some(reason), item) => {
                tracing::error!(backup = %backup.name, %reason, "a file of the backup is lost; the restore goes on without it");
                // A damaged content must not be taken for the right one.
                match fs::remove_file(&to) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(BackupError::disk(to)(error)),
                    _ => {}
                }
                if *item == Item::Content {
                    lost_contents += 1;
                } else {
                    lost_others += 1;
                }
            }
        }
    }
    if database.as_ref() != Some(&backup.manifest.database_sha256) {
        return Err(damaged("its list does not have the database that it tells of".to_owned()));
    }
    write(&part.join(BEFORE), name_for_before(part).as_bytes())?;
    write(&part.join(LOST), format!("{lost_contents} {lost_others}").as_bytes())?;
    let manifest = backup.path.join(MANIFEST);
    write(&part.join(MANIFEST), &fs::read(&manifest).map_err(BackupError::disk(&manifest))?)?;
    write(&part.join("NAME"), backup.name.as_bytes())?;
    for front in 0..=u8::MAX {
        let part = files.join(hex(&[front]));
        if part.exists() {
            sync_folder(&part)?;
        }
    }
    [files, imports, archive, part.to_owned()].iter().try_for_each(|folder| sync_folder(folder))
}

/// A name for the folder of the previous data that nothing in the data folder has yet.
fn name_for_before(part: &Path) -> String {
    let base = format!("before-{}", name_at(now()));
    let name = |n: u32| if n == 1 { base.clone() } else { format!("{base}-{n}") };
    (1..).map(name).find(|name| !part.with_file_name(name).exists()).unwrap_or_else(|| base.clone())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), BackupError> {
    let written = private().write(true).create_new(true).open(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(BackupError::disk(path))
}

fn read(path: &Path) -> Result<String, BackupError> {
    fs::read_to_string(path).map_err(BackupError::disk(path))
}

/// Exchanges the restored data with the existing data. What has already been exchanged stays as it is, so this can be interrupted
/// and called again.
fn put_in_place(data: &Path, resumed: bool) -> Result<RestoreReport, BackupError> {
    let ready = data.join(RESTORED);
    let before = data.join(read(&ready.join(BEFORE))?);
    let mut moves = Moves::default();
    if let Err(error) = exchange(data, &ready, &before, &mut moves) {
        // Nobody knows any more what an earlier process has moved: that continues when the restore is requested again.
        if !resumed && let Err(why) = moves.take_back(data, &ready, &before) {
            tracing::error!(%why, "the restore could be neither finished nor taken back; it goes on when it is asked for again");
        }
        return Err(error);
    }
    let before = Some(before).filter(|before| before.exists());
    for folder in before.iter().map(PathBuf::as_path).chain([data]) {
        sync_folder(folder)?;
    }
    let backup = Backup::read(&ready)?.ok_or_else(|| BackupError::Internal("the manifest is gone".to_owned()))?;
    let name = read(&ready.join("NAME"))?;
    let (lost_contents, lost_others) = lost(&ready)?;
    // As long as it has this name the data folder is not opened, so it is renamed first and removed after that: if its removal
    // were interrupted under this name, nobody could continue.
    let part = part_of(data);
    remove_folder(&part)?;
    fs::rename(&ready, &part).map_err(BackupError::disk(&ready))?;
    sync_folder(data)?;
    remove_folder(&part)?;
    let manifest = backup.manifest;
    Ok(RestoreReport {
        backup: name,
        at: manifest.made_at,
        contents: manifest.contents.saturating_sub(lost_contents),
        missing: manifest.missing + lost_contents + lost_others,
        before,
        resumed,
    })
}

fn exchange(data: &Path, ready: &Path, before: &Path, moves: &mut Moves) -> Result<(), BackupError> {
    for name in OF_THE_OLD {
        move_away(data, name, before, moves)?;
    }
    for name in EXCHANGED {
        let from = ready.join(name);
        if from.exists() {
            move_away(data, name, before, moves)?;
            moves.rename(from, data.join(name))?;
        }
    }
    Ok(())
}

fn move_away(data: &Path, name: &str, before: &Path, moves: &mut Moves) -> Result<(), BackupError> {
    let from = data.join(name);
    if fs::symlink_metadata(&from).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        return Ok(());
    }
    make_folder(before)?;
    moves.rename(from, before.join(name))
}

/// The renamed files and folders, from and to, in that order.
#[derive(Default)]
struct Moves(Vec<(PathBuf, PathBuf)>);

impl Moves {
    fn rename(&mut self, from: PathBuf, to: PathBuf) -> Result<(), BackupError> {
        fs::rename(&from, &to).map_err(BackupError::disk(&from))?;
        self.0.push((from, to));
        Ok(())
    }

    /// Gives everything its previous name, the last one first, so that an interruption here can be continued too; after that no
    /// restore is pending.
    fn take_back(self, data: &Path, ready: &Path, before: &Path) -> Result<(), BackupError> {
        for (from, to) in self.0.iter().rev() {
            fs::rename(to, from).map_err(BackupError::disk(to))?;
        }
        // It stays when somebody else has put something into it.
        let _ = fs::remove_dir(before);
        let part = part_of(data);
        remove_folder(&part)?;
        fs::rename(ready, &part).map_err(BackupError::disk(ready))?;
        sync_folder(data)?;
        remove_folder(&part)
    }
}

/// How many contents, and how many other files, were lost; none when the file with these numbers is missing.
fn lost(ready: &Path) -> Result<(u64, u64), BackupError> {
    let path = ready.join(LOST);
    if !path.exists() {
        return Ok((0, 0));
    }
    let text = read(&path)?;
    let (contents, others) = text.split_once(' ').unwrap_or((&text, ""));
    Ok((contents.parse().unwrap_or(0), others.parse().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As when a name cannot be given, for whatever reason, after half of them were.
    #[test]
    fn a_restore_that_fails_half_way_is_taken_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path();
        let fill = |folder: &Path, what: &str| {
            for name in [FILES, IMPORTS, ARCHIVE] {
                fs::create_dir_all(folder.join(name)).expect("a folder");
                fs::write(folder.join(name).join("x"), what).expect("a file");
            }
            fs::write(folder.join(FILE), what).expect("a file");
        };
        fill(data, "old");
        fs::write(data.join("roster.db-wal"), "old").expect("a file");
        fill(&data.join(RESTORED), "new");
        fs::write(data.join(RESTORED).join(BEFORE), "before-x").expect("a file");
        let in_the_way = data.join("before-x").join(ARCHIVE);
        fs::create_dir_all(in_the_way.join("other")).expect("a folder");
        let error = put_in_place(data, false).expect_err("there is something in the way");
        assert!(matches!(&error, BackupError::Disk { path, .. } if path.ends_with(ARCHIVE)), "{error}");
        for name in ["files/x", "imports/x", "archive/x", FILE, "roster.db-wal"] {
            assert_eq!(fs::read_to_string(data.join(name)).expect("a file"), "old", "{name}");
        }
        assert!(!data.join(RESTORED).exists() && !part_of(data).exists(), "and can be opened");
        // What another process has begun is continued.
        fill(&data.join(RESTORED), "new");
        fs::write(data.join(RESTORED).join(BEFORE), "before-x").expect("a file");
        put_in_place(data, true).expect_err("it is still in the way");
        assert!(data.join(RESTORED).exists());
    }
}
