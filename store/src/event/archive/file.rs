//! The file of an archive: one JSON object per line, in the order of the numbers, as [`stream`] writes them. Earlier versions
//! wrote other lines; of each line only the number is read later, and the hash of the whole file.

use std::{
    fs,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
};

use domain::{Error, Result, limits};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tokio::{fs::File, io::AsyncWriteExt, task::spawn_blocking};

use crate::{
    Store,
    db::{self, Executor, OrFault, TempFile, disk_fault, query_as, query_scalar, sql},
    event::stream,
};

/// Events that are read at a time.
const READ_AT_ONCE: u32 = 2_000;

/// What a file contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Content {
    pub first_id: i64,
    pub last_id: i64,
    pub first_at: i64,
    pub last_at: i64,
    pub events: u64,
    pub bytes: u64,
    pub sha256: [u8; 32],
}

impl Content {
    /// Contains nothing yet; `id` and `at` are those of the first event that will be added.
    fn empty(id: i64, at: i64) -> Self {
        Self { first_id: id, last_id: id, first_at: at, last_at: at, events: 0, bytes: 0, sha256: [0; 32] }
    }
}

/// The last number of the events to archive: those older than `before`, up to the first that is not. An event that a wrong clock
/// has dated in the future counts as old as those written around it, or nothing would ever be archived again: it holds back no
/// other event and is archived with the events after it.
async fn end(store: &Store, behind: i64, before: i64, now: i64) -> Result<Option<i64>> {
    let stays = first_that_stays(store.reader(), behind, before, now).await?.map(|(id, _)| id);
    query_scalar(sql!("SELECT id FROM event WHERE id > $1 AND id < $2 AND @unindexed(at) < $3 ORDER BY id DESC LIMIT 1"))
        .bind(behind)
        // Nor an event that is still to be written to a copy of the log.
        .bind(stays.unwrap_or(i64::MAX).min(store.copied_to().saturating_add(1)))
        .bind(before)
        .fetch_optional(store.reader())
        .await
        .or_fault()
}

/// The first event after the number `behind` that is not older than `before` and not in the future: number and time.
pub(super) async fn first_that_stays(db: impl Executor<'_>, behind: i64, before: i64, now: i64) -> Result<Option<(i64, i64)>> {
    // In the order of the numbers, so that no more is read than what will be archived: each `+` keeps SQLite from using the index
    // over times.
    query_as(sql!("SELECT id, at FROM event WHERE id > $1 AND @unindexed(at) >= $2 AND @unindexed(at) <= $3 ORDER BY id LIMIT 1"))
        .bind(behind)
        .bind(before)
        .bind(now)
        .fetch_optional(db)
        .await
        .or_fault()
}

/// Writes the events after a number and before a time into a file and syncs it; `None` when there are no such events.
pub(super) async fn write(store: &Store, folder: &Path, behind: i64, before: i64) -> Result<Option<(String, Content)>> {
    let scratch = TempFile::new(folder)?;
    let mut file = File::from_std(scratch.create()?);
    let mut hash = Sha256::new();
    let mut content: Option<Content> = None;
    let now = db::now();
    let Some(end) = end(store, behind, before, now).await? else { return Ok(None) };
    let (mut last, mut ahead) = (behind, 0_u64);
    // Events up to the last number never change, and no event is ever written before it: no snapshot is needed.
    loop {
        let room = u64::from(limits::ARCHIVE_EVENTS) - content.as_ref().map_or(0, |content| content.events);
        let at_most = READ_AT_ONCE.min(u32::try_from(room).unwrap_or(READ_AT_ONCE));
        let read = stream::events_between(store, last, end, at_most, |id, at| {
            ahead += u64::from(at > now);
            let content = content.get_or_insert_with(|| Content::empty(id, at));
            content.last_id = id;
            content.first_at = content.first_at.min(at);
            content.last_at = content.last_at.max(at);
            content.events += 1;
        });
        let Some(lines) = read.await? else { break };
        let bytes = lines.text.len() as u64;
        content.iter_mut().for_each(|content| content.bytes += bytes);
        last = lines.last;
        hash.update(&lines.text);
        store.space().require(bytes)?;
        file.write_all(&lines.text).await.map_err(disk_fault)?;
    }
    let Some(mut content) = content else { return Ok(None) };
    if ahead > 0 {
        tracing::warn!(
            events = ahead,
            "events that a wrong clock has dated in the future leave the log with those written around them"
        );
    }
    content.sha256 = hash.finalize().into();
    file.flush().await.map_err(disk_fault)?;
    file.sync_all().await.map_err(disk_fault)?;
    drop(file);
    let name = put(scratch, folder, &content).await?;
    let folder = folder.to_owned();
    // The name too must outlive a power cut.
    let synced = spawn_blocking(move || fs::File::open(folder).and_then(|folder| folder.sync_all()));
    synced.await.map_err(|error| Error::Internal(error.to_string()))?.map_err(disk_fault)?;
    Ok(Some((name, content)))
}

/// Gives the file its name. A file that another database has left, of which this one may be an older copy, is never overwritten;
/// an identical file, left by a process that was stopped, is taken.
async fn put(scratch: TempFile, folder: &Path, content: &Content) -> Result<String> {
    let range = format!("events-{}-{}", content.first_id, content.last_id);
    let hash: String = content.sha256[..4].iter().map(|byte| format!("{byte:02x}")).collect();
    for name in [format!("{range}.jsonl"), format!("{range}-{hash}.jsonl")] {
        let path = folder.join(&name);
        if path.exists() {
            if read_back(path).await?.0 == (content.sha256, content.bytes) {
                return Ok(name);
            }
            continue;
        }
        match scratch.is_also(&path) {
            Ok(true) => return Ok(name),
            Ok(false) => continue,
            // Some file systems do not support hard links.
            Err(_) => {
                scratch.becomes(&path)?;
                return Ok(name);
            }
        }
    }
    Err(Error::Internal(format!("there are other files named {range} in the folder archive")))
}

/// The part of a line that is compared.
#[derive(Deserialize)]
struct Line {
    id: i64,
}

/// Reads a file back from the disk: its SHA-256 and its size in bytes, and the numbers of the events in it.
pub(super) async fn read_back(path: PathBuf) -> Result<(([u8; 32], u64), Vec<i64>)> {
    let read = spawn_blocking(move || {
        let mut file = BufReader::with_capacity(1 << 18, fs::File::open(path)?);
        let (mut hash, mut bytes, mut ids, mut line) = (Sha256::new(), 0, Vec::new(), Vec::new());
        while file.read_until(b'\n', &mut line)? > 0 {
            hash.update(&line);
            bytes += line.len() as u64;
            // A line that cannot be parsed shows as a number that is missing.
            if let Ok(Line { id }) = serde_json::from_slice(&line) {
                ids.push(id);
            }
            line.clear();
        }
        Ok(((hash.finalize().into(), bytes), ids))
    });
    read.await.map_err(|error| Error::Internal(error.to_string()))?.map_err(|error: io::Error| disk_fault(error))
}

/// Removes what earlier processes have left unfinished. Archives stay, whether or not this database knows them: they may be the
/// only copy of their events.
pub(super) async fn clean(store: &Store) -> Result<()> {
    let entries = match fs::read_dir(super::folder(store)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(disk_fault(error)),
    };
    for entry in entries.flatten().filter(|entry| TempFile::is_left_behind(&entry.file_name().to_string_lossy())) {
        if let Err(error) = fs::remove_file(entry.path()) {
            tracing::warn!(%error, path = ?entry.path(), "an unfinished archive could not be removed");
        }
    }
    Ok(())
}
