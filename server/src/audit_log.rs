//! `ROSTER_AUDIT_LOG`: every event as one line of JSON, in a file or on standard output, for log collectors. The table of events is the
//! source; this is a copy that catches up. After a restart it continues after the last line of the file. After a disk error it retries. A
//! file that was moved away is created again.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use serde::Deserialize;
use store::{Store, event::stream};
use tokio::{sync::oneshot, task::spawn_blocking};

/// How often it looks for events that it was not notified of: those of the command line.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How long it waits after an error, at first and at most.
const TRY_AGAIN: Duration = Duration::from_secs(1);
const TRY_AGAIN_AT_MOST: Duration = Duration::from_secs(30);
/// How often the position in the log is saved.
const PLACE_EVERY: Duration = Duration::from_secs(60);
/// How much of the end of a file is read at first; more, if that is within one line.
const TAIL_BYTES: u64 = 64 * 1024;
/// No line is longer.
const TAIL_MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The target of the lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// `-`
    Stdout,
    File(PathBuf),
}

impl Target {
    pub fn parse(text: &str) -> Self {
        if text == "-" { Self::Stdout } else { Self::File(text.into()) }
    }
}

/// The copy of the log, and its position.
#[derive(Debug)]
pub struct AuditLog {
    store: Store,
    target: Target,
    /// The file as it was opened; `None` before that, after an error, and for standard output.
    file: Option<File>,
    /// The number of the last event that was written.
    last: i64,
    /// Whether `last` says so already.
    begun: bool,
    /// The time and value of the last saved position; `None`: none yet.
    placed: Option<(Instant, i64)>,
}

impl AuditLog {
    /// Checks the target. An existing file with other content is refused, in one sentence.
    pub async fn open(store: Store, target: Target) -> Result<Self, String> {
        let now = stream::last_event(&store).await.map_err(|error| error.to_string())?;
        let mut log = Self { store, target, file: None, last: now, begun: false, placed: None };
        match log.target.clone() {
            // What was before this start, the one before has written.
            Target::Stdout => {
                log.begun = true;
                log.store.set_copied_to(now);
            }
            Target::File(path) => log.reopen().await.map_err(|error| {
                let path = path.display();
                format!("ROSTER_AUDIT_LOG (--audit-log) is «{path}», which cannot be used: {error}. Give a file of its own that Roster may write, or - for standard output.")
            })?,
        }
        Ok(log)
    }

    /// Opens the file and finds its position.
    async fn reopen(&mut self) -> io::Result<()> {
        let Target::File(path) = &self.target else { return Ok(()) };
        let owned = path.clone();
        let (file, last) = spawn_blocking(move || open(&owned)).await.map_err(io::Error::other)??;
        let newest = stream::last_event(&self.store).await.map_err(io::Error::other)?;
        self.last = match last {
            Some(last) if last > newest => {
                tracing::warn!(
                    last,
                    newest,
                    "the audit log file holds later events than the database; a backup was restored, it seems"
                );
                newest
            }
            Some(last) => last,
            // A file that was moved away in the meantime.
            None if self.begun => self.last,
            // Moved away while no process was running, or the first file of all.
            None => stream::place(&self.store, &name(path)).await.map_err(io::Error::other)?.unwrap_or(0).min(newest),
        };
        self.begun = true;
        self.file = Some(file);
        self.store.set_copied_to(self.last);
        if let Some(until) = stream::archived_behind(&self.store, self.last).await.map_err(io::Error::other)? {
            tracing::error!(
                from = self.last + 1,
                until,
                "events went into archives before they were written to the audit log file; they are in the folder archive"
            );
        }
        Ok(())
    }

    /// Writes everything that is not written yet.
    pub async fn catch_up(&mut self) -> io::Result<()> {
        let result = self.write_rest().await;
        if result.is_err() {
            // How much of it was written, the file says when it is opened again.
            self.file = None;
        }
        result
    }

    async fn write_rest(&mut self) -> io::Result<()> {
        loop {
            if let Target::File(path) = &self.target
                && !self.file.as_ref().is_some_and(|file| is_at(file, path))
            {
                self.reopen().await?;
            }
            let Some(lines) = stream::events_after(&self.store, self.last).await.map_err(io::Error::other)? else { break };
            let file = self.file.as_ref().map(File::try_clone).transpose()?;
            let write = move || match file {
                Some(mut file) => file.write_all(&lines.text).map(|()| lines.last),
                None => {
                    let mut out = io::stdout().lock();
                    out.write_all(&lines.text).and_then(|()| out.flush()).map(|()| lines.last)
                }
            };
            self.last = spawn_blocking(write).await.map_err(io::Error::other)??;
            self.store.set_copied_to(self.last);
        }
        if self.placed.is_none_or(|(since, _)| since.elapsed() >= PLACE_EVERY) {
            self.note_place().await;
        }
        Ok(())
    }

    /// Saves the position, for a start that finds no file.
    async fn note_place(&mut self) {
        let Target::File(path) = &self.target else { return };
        if self.placed.is_some_and(|(_, last)| last == self.last) {
            return;
        }
        match stream::set_place(&self.store, &name(path), self.last).await {
            Ok(()) => self.placed = Some((Instant::now(), self.last)),
            Err(error) => tracing::warn!(%error, "how far the audit log file has come could not be written down"),
        }
    }

    /// Writes what is left, at the end.
    pub async fn finish(&mut self) {
        if let Err(error) = self.catch_up().await {
            tracing::error!(%error, "the end of the audit log was not written; the next start goes on with it");
        }
        self.note_place().await;
    }

    /// Follows the log until `stop` completes or is dropped, then writes what is left.
    pub async fn follow(mut self, mut stop: oneshot::Receiver<()>) {
        let mut told = self.store.feed().subscribe(None).receiver;
        let mut wait = TRY_AGAIN;
        loop {
            match self.catch_up().await {
                Ok(()) => {
                    if wait > TRY_AGAIN {
                        tracing::warn!("the audit log is written again");
                    }
                    wait = TRY_AGAIN;
                    // It may be stopped here only: lines that are being written would appear twice.
                    tokio::select! {
                        _ = &mut stop => break,
                        () = tokio::time::sleep(LOOK_EVERY) => {}
                        // Missed notifications are a reason to look, too.
                        _ = told.recv() => while told.try_recv().is_ok() {},
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "the audit log could not be written; nothing is lost, trying again");
                    tokio::select! {
                        _ = &mut stop => break,
                        () = tokio::time::sleep(wait) => wait = (wait * 2).min(TRY_AGAIN_AT_MOST),
                    }
                }
            }
        }
        self.finish().await;
    }
}

/// The key of a stored position.
fn name(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).to_string_lossy().into_owned()
}

/// Opens the file, or creates it readable by its owner alone, and cuts off what follows its last whole line; also the number of
/// that line's event.
fn open(path: &Path) -> io::Result<(File, Option<i64>)> {
    if std::fs::metadata(path).is_ok_and(|about| !about.is_file()) {
        return Err(io::Error::other("it is no file"));
    }
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let length = file.metadata()?.len();
    let mut taken = TAIL_BYTES;
    loop {
        let from = length.saturating_sub(taken);
        file.seek(SeekFrom::Start(from))?;
        let mut tail = Vec::new();
        (&file).take(length - from).read_to_end(&mut tail)?;
        let end = tail.iter().rposition(|byte| *byte == b'\n').map(|place| place + 1);
        let line = end.and_then(|end| {
            let before = tail[..end - 1].iter().rposition(|byte| *byte == b'\n').map(|place| place + 1);
            before.or((from == 0).then_some(0)).map(|start| &tail[start..end])
        });
        match (line, end) {
            (Some(line), Some(end)) => {
                let id = id_of(line).ok_or_else(|| io::Error::other("its last line is no event of Roster's"))?;
                // Cut by a kill while it was written; it is written again, complete.
                truncate(&file, from + end as u64, length)?;
                return Ok((file, Some(id)));
            }
            (None, None) if from == 0 && tail.iter().zip(b"{\"id\":").all(|(is, wanted)| is == wanted) => {
                truncate(&file, 0, length)?;
                return Ok((file, None));
            }
            _ if from == 0 || taken >= TAIL_MAX_BYTES => return Err(io::Error::other("it holds no events of Roster's")),
            _ => taken *= 8,
        }
    }
}

fn truncate(file: &File, to: u64, length: u64) -> io::Result<()> {
    if to < length { file.set_len(to) } else { Ok(()) }
}

fn id_of(line: &[u8]) -> Option<i64> {
    #[derive(Deserialize)]
    struct Line {
        id: i64,
        #[serde(rename = "action")]
        _action: String,
    }
    serde_json::from_slice::<Line>(line).ok().map(|line| line.id)
}

/// Whether the path still leads to the file that is open.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let key = |about: std::fs::Metadata| (about.dev(), about.ino());
    matches!((file.metadata().map(key), std::fs::metadata(path).map(key)), (Ok(open), Ok(there)) if open == there)
}

/// Whether there is still a file at the path.
#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.is_file()
}
