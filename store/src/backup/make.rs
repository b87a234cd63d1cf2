//! Making a backup.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use domain::{backup::BackupProblem, export::times::iso};
use futures_util::TryStreamExt;

use super::{
    BackupError,
    backup_folder::{ARCHIVE, BackupFolder, FILES, FORMAT, MANIFEST, Manifest},
    content::{Content, CopyOptions, Outcome},
    copied,
    disk::{copy, make_folder, require_room, sync_folder, waiting},
    sums::{Item, Sum, Writer, archive_name},
};
use crate::{
    db::{Conn, ContentReadLock, FILE, Reading, now, private, query_as, query_scalar},
    file::{content_in, hex, places, sha256_of},
};

/// How a backup is made.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Whether all contents that an earlier backup has copied are read again and compared, and copied again where they differ.
    /// Otherwise that happens to a thirtieth of them, a different one each day.
    pub verify: bool,
    /// How many backups are kept; older ones are removed after this one is complete. `None`: all are kept.
    pub keep: Option<u32>,
    /// Bytes that stay free on the disk of the backup folder; `None`: as many as
    /// [`usually_kept_free`](crate::db::usually_kept_free) says.
    pub keep_free: Option<u64>,
}

/// How many contents one query looks up.
const LOOKED_AT_ONCE: usize = 1_000;

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    /// The folder of the backup.
    pub path: PathBuf,
    /// The moment that it shows, milliseconds since 1970.
    pub at: i64,
    /// How many contents of shared files it has.
    pub contents: u64,
    /// How many of them were copied, because the folder did not have them or only damaged ones.
    pub copied: u64,
    /// Contents, and archives of the audit log, that are missing or damaged in the data folder, so the backup does not have them.
    pub missing: u64,
    /// Jobs that were open; a restore shows them as cancelled.
    pub ended_jobs: u64,
    /// Older backups that were removed.
    pub dropped: u64,
}

/// Makes a backup of the data folder `data` in `folder`. The data may be served meanwhile, be on a read-only disk, or be from an
/// older version. The backup is complete or does not exist: what a failed one has copied is removed at once, what a killed one
/// left is removed by the next. Where there is no room, older backups that would be removed after this one are removed before it.
pub async fn make(data: &Path, folder: &Path, how: &Options) -> Result<BackupReport, BackupError> {
    require_place(data, folder)?;
    make_folder(folder)?;
    let shelf = Arc::new(BackupFolder::lock(folder)?);
    shelf.drop_unfinished()?;
    let keep = how.keep.map(|keep| usize::try_from(keep).unwrap_or(usize::MAX));
    let mut dropped = 0;
    let mut tried_without = false;
    let mut made = loop {
        let error = match attempt(data, &shelf, how).await {
            Ok(made) => break made,
            Err(error) => error,
        };
        let Some(keep) = keep.filter(|_| error.trouble() == BackupProblem::Full) else { return Err(error) };
        let full = shelf.clone();
        match waiting(move || full.make_room(keep)).await {
            // No backup was removed, only what killed processes had left. That was done before: another try would not help.
            Ok(Some(0)) if tried_without => return Err(error),
            Ok(Some(backups)) => {
                tried_without = backups == 0;
                dropped += backups;
            }
            Ok(None) => return Err(error),
            Err(why) => {
                tracing::warn!(%why, ?folder, "no room could be made for a backup");
                return Err(error);
            }
        }
    };
    if let Some(keep) = keep {
        let rotated = waiting(move || shelf.rotate(keep)).await;
        dropped += rotated.map_err(|why| BackupError::NotRotated { path: made.path.clone(), why: Box::new(why) })?;
    }
    made.dropped = dropped;
    Ok(made)
}

async fn attempt(data: &Path, shelf: &Arc<BackupFolder>, how: &Options) -> Result<BackupReport, BackupError> {
    // Checked before it uses room that others need: the copy of the database alone is often most of what is new.
    let database = [FILE, "roster.db-wal"].map(|name| fs::metadata(data.join(name)).map_or(0, |about| about.len()));
    require_room(&shelf.folder, database.iter().sum(), how.keep_free)?;
    let (part, place) = shelf.begin(now())?;
    let made = async {
        let made = fill(data, shelf, &part, how).await?;
        // From here on none of it is removed.
        shelf.forget_new();
        fs::rename(&part, &place).map_err(BackupError::disk(&place))?;
        Ok(made)
    };
    match made.await {
        Ok(made) => {
            sync_folder(&shelf.folder)?;
            Ok(BackupReport { path: place, ..made })
        }
        Err(error) => {
            let shelf = shelf.clone();
            if let Err(why) = waiting(move || shelf.drop_failed(&part)).await {
                tracing::warn!(%why, "what a backup has left that failed could not be removed; the next one does that");
            }
            Err(error)
        }
    }
}

/// Refuses a path that cannot be a folder for backups.
fn require_place(data: &Path, folder: &Path) -> Result<(), BackupError> {
    let looks_like_a_file = folder.extension().is_some_and(|end| end.eq_ignore_ascii_case("db"));
    if folder.is_file() || (looks_like_a_file && !folder.is_dir()) {
        return Err(BackupError::IsFile { path: folder.to_owned() });
    }
    // A folder that does not exist yet will be where its parent is.
    let full = |path: &Path| {
        let path = std::path::absolute(path).unwrap_or(path.to_owned());
        path.canonicalize().or_else(|_| {
            Ok::<_, io::Error>(path.parent().unwrap_or(&path).canonicalize()?.join(path.file_name().unwrap_or_default()))
        })
    };
    if let (Ok(data), Ok(inner)) = (full(data), full(folder))
        && inner.starts_with(&data)
    {
        return Err(BackupError::InsideData { folder: folder.to_owned() });
    }
    Ok(())
}

async fn fill(data: &Path, shelf: &BackupFolder, part: &Path, how: &Options) -> Result<BackupReport, BackupError> {
    let reading = Reading::open(data, part).await?;
    // Taken before the database is copied, so that everything that the copy refers to exists until it is copied too.
    let held = ContentReadLock::take(data).await?;
    let at = now();
    reading.copy_to(&part.join(FILE)).await?;
    let schema = reading.version();
    drop(reading);
    for name in ["source.db", "source.db-wal", "source.db-shm"] {
        // They exist only when the database could be read in no other way.
        let _ = fs::remove_file(part.join(name));
    }
    let mut db = copied::open(part).await?;
    let ended_jobs = copied::end_jobs(&mut db, at).await?;
    copied::forget_files(&mut db).await?;
    let mut sums = Writer::new(part)?;
    let care = CopyOptions { verify: how.verify, at, keep_free: how.keep_free };
    let mut found = contents(&mut db, data, shelf, part, care, &mut sums).await?;
    let archives = archives(&mut db, data, shelf, part, care, &mut sums).await?;
    found.missing += archives.missing;
    let imports = imports(&mut db, data, part, &mut sums).await?;
    drop(held);
    copied::require_sound(&mut db).await?;
    db.close().await?;
    let manifest = Manifest {
        format: FORMAT,
        roster: env!("CARGO_PKG_VERSION").to_owned(),
        schema,
        made_at: at,
        made_at_utc: iso(at),
        contents: found.contents,
        content_bytes: found.bytes,
        missing: found.missing,
        imports,
        archives: archives.contents,
        database_bytes: 0,
        database_sha256: String::new(),
        sums_sha256: String::new(),
    };
    let folder = part.to_owned();
    waiting(move || finish(&folder, sums, manifest)).await?;
    let Found { contents, copied, missing, .. } = found;
    Ok(BackupReport { path: part.to_owned(), at, contents, copied, missing, ended_jobs, dropped: 0 })
}

/// Writes the last files; all of them are synced to the disk.
fn finish(part: &Path, mut sums: Writer, mut manifest: Manifest) -> Result<(), BackupError> {
    let database = part.join(FILE);
    let synced = fs::File::open(&database).and_then(|file| file.sync_all().and_then(|()| file.metadata()));
    manifest.database_bytes = synced.map_err(BackupError::disk(&database))?.len();
    let sha256 = sha256_of(&database).map_err(BackupError::disk(&database))?;
    sums.add(&Sum { item: Item::Database, sha256 })?;
    manifest.database_sha256 = hex(&sha256);
    manifest.sums_sha256 = sums.finish()?;
    let text = serde_json::to_string_pretty(&manifest).map_err(|error| BackupError::Internal(error.to_string()))?;
    let path = part.join(MANIFEST);
    let written = private().write(true).create_new(true).open(&path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()
    });
    written.map_err(BackupError::disk(&path))?;
    sync_folder(part)
}

#[derive(Debug, Default)]
struct Found {
    contents: u64,
    bytes: u64,
    copied: u64,
    missing: u64,
}

/// Copies the contents that the database refers to and that the folder does not have yet.
async fn contents(
    db: &mut Conn,
    data: &Path,
    shelf: &BackupFolder,
    part: &Path,
    care: CopyOptions,
    sums: &mut Writer,
) -> Result<Found, BackupError> {
    let files = shelf.folder.join(FILES);
    make_folder(&files)?;
    let mut found = Found::default();
    require_room_for_contents(db, shelf, care.keep_free).await?;
    let mut parts = [false; 256];
    let sql = "SELECT sha256, min(file_size) FROM group_file GROUP BY sha256 ORDER BY sha256";
    let mut rows = query_as::<(Vec<u8>, i64)>(sql).fetch(db);
    while let Some((sha256, size)) = rows.try_next().await? {
        let sha256: [u8; 32] =
            sha256.try_into().map_err(|_| BackupError::Unsound { reason: "a sum has another length".to_owned() })?;
        let front = usize::from(sha256[0]);
        let place = content_in(&files, &sha256);
        if !parts[front] {
            make_folder(place.parent().unwrap_or(&files))?;
        }
        parts[front] = true;
        let from = places(data, &sha256).to_vec();
        let one = Content { sha256, size, from, place, part: part.to_owned(), new: shelf.new.clone(), care };
        match waiting(move || one.copy()).await? {
            Outcome::There => {}
            Outcome::Copied => found.copied += 1,
            Outcome::Missing => {
                found.missing += 1;
                continue;
            }
        }
        found.contents += 1;
        found.bytes += u64::try_from(size).unwrap_or(0);
        sums.add(&Sum { item: Item::Content, sha256 })?;
    }
    // Those that existed before are synced too: the process that copied them may have been killed.
    for front in (0..=u8::MAX).filter(|front| parts[usize::from(*front)]) {
        sync_folder(&files.join(hex(&[front])))?;
    }
    sync_folder(&files)?;
    sync_folder(&shelf.folder)?;
    Ok(found)
}

/// Refuses contents that would not fit before it copies the first of them.
async fn require_room_for_contents(db: &mut Conn, shelf: &BackupFolder, keep_free: Option<u64>) -> Result<(), BackupError> {
    let sql = "SELECT CAST(coalesce(sum(size), 0) AS BIGINT) FROM (SELECT min(file_size) AS size FROM group_file GROUP BY sha256) AS content";
    let all: i64 = query_scalar(sql).fetch_one(&mut *db).await?;
    if require_room(&shelf.folder, u64::try_from(all).unwrap_or(0), keep_free).is_ok() {
        return Ok(());
    }
    // Most of them may be there already; finding out takes a look at each.
    let mut missing = 0;
    let sql = "SELECT sha256, min(file_size) FROM group_file GROUP BY sha256";
    let mut rows = query_as::<(Vec<u8>, i64)>(sql).fetch(db).try_chunks(LOOKED_AT_ONCE);
    while let Some(chunk) = rows.try_next().await.map_err(|error| error.1)? {
        let files = shelf.folder.join(FILES);
        missing += waiting(move || {
            let is_missing = |(sha256, size): &&(Vec<u8>, i64)| {
                let there = <[u8; 32]>::try_from(sha256.as_slice()).map(|sha256| fs::metadata(content_in(&files, &sha256)));
                !there.is_ok_and(|about| about.is_ok_and(|about| i64::try_from(about.len()) == Ok(*size)))
            };
            Ok(chunk.iter().filter(is_missing).map(|(_, size)| u64::try_from(*size).unwrap_or(0)).sum::<u64>())
        })
        .await?;
    }
    require_room(&shelf.folder, missing, keep_free)
}

/// Copies the archives of the audit log that the database refers to and that the folder does not have yet.
async fn archives(
    db: &mut Conn,
    data: &Path,
    shelf: &BackupFolder,
    part: &Path,
    care: CopyOptions,
    sums: &mut Writer,
) -> Result<Found, BackupError> {
    let mut found = Found::default();
    let folder = shelf.folder.join(ARCHIVE);
    for (name, sha256, size) in copied::archives(db).await? {
        make_folder(&folder)?;
        let place = folder.join(archive_name(&sha256, &name));
        let from = vec![data.join(ARCHIVE).join(&name)];
        let one = Content { sha256, size, from, place, part: part.to_owned(), new: shelf.new.clone(), care };
        match waiting(move || one.copy()).await? {
            Outcome::Missing => {
                found.missing += 1;
                continue;
            }
            Outcome::Copied | Outcome::There => found.contents += 1,
        }
        sums.add(&Sum { item: Item::Archive(name), sha256 })?;
    }
    if found.contents > 0 {
        sync_folder(&folder)?;
    }
    Ok(found)
}

/// Copies the rows of imports that somebody may still need; answers how many. The rows of one that ended in the meantime may be
/// missing.
async fn imports(db: &mut Conn, data: &Path, part: &Path, sums: &mut Writer) -> Result<u64, BackupError> {
    let folder = part.join("imports");
    make_folder(&folder)?;
    let mut count = 0;
    for id in copied::imports(db).await? {
        let name = format!("{id}.rows");
        let (from, to) = (data.join("imports").join(&name), folder.join(&name));
        let source = from.clone();
        match waiting(move || copy(&source, &to)).await {
            Ok(sha256) => {
                sums.add(&Sum { item: Item::Import(id), sha256 })?;
                count += 1;
            }
            Err(BackupError::Disk { path, source }) if path == from && source.kind() == io::ErrorKind::NotFound => {
                copied::forget_import(db, id).await?;
            }
            Err(error) => return Err(error),
        }
    }
    sync_folder(&folder)?;
    Ok(count)
}
