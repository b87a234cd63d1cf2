//! The database: one writer, many readers, how lists are read and searched, and the [`Store`] that holds what this process
//! remembers. The folder or file of each entity says what its tables hold.

mod batch;
mod companion_files;
mod content_lock;
pub mod fault;
mod file_names;
mod health;
mod keys;
mod keyset;
mod like;
mod open;
mod open_error;
mod pacer;
mod reading;
mod search;
mod signed;
mod space;
mod temp_file;
mod temp_folder;
mod term;
mod token;
mod writer;

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use sqlx::{SqliteConnection, SqlitePool};
use tokio::sync::Notify;

pub use fault::OrFault;
pub use open::{DataLock, OpenError};
pub use space::Space;
pub use {
    batch::json,
    content_lock::{ContentReadLock, ContentRemoveLock},
    file_names::{FILE, RESTORED},
    keys::KeyedTable,
    keyset::{Keyset, KeysetRow, capped_count, push_optional},
    like::push_like,
    open::{belongings, known_version, make_folder, private, refuse_missing},
    pacer::Pacer,
    reading::Reading,
    search::{ListRequest, ListSource, matching_ids, page, push_matching, push_selected},
    signed::{next_cursor, opened_cursor},
    space::{room_on_disk, usually_kept_free},
    temp_file::{TempFile, disk_fault},
    temp_folder::TempFolder,
    token::{new_token, random_text, token_hash},
    writer::{NotCommitted, WriteTransaction, Writer},
};

#[cfg(test)]
pub use search::tests::{assert_list_walks, assert_walks, plan};

use domain::{Code, Error, Result};

pub use crate::clock::now;
use crate::{
    feed::Feed,
    memory::{refusals::Refusals, sessions::DeferredSessions, tokens::TokenCache},
    password::HashingPool,
};

/// How much the writer's cache holds unless [`Store::writer_cache`] says otherwise, KiB.
pub const WRITER_CACHE_KIB: u32 = 8_192;

/// The data of one server: a folder with one SQLite file. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    /// One connection: writers wait here, in order, and never get `SQLITE_BUSY` from this process.
    writer: Writer,
    /// Read-only connections; they never wait for the writer.
    reader: SqlitePool,
    folder: PathBuf,
    feed: Arc<Feed>,
    /// Notified when a job waits: one for jobs that write, one for the others.
    job_bells: Arc<[Notify; 2]>,
    /// Notified when shared files may have lost their last row.
    file_bell: Arc<Notify>,
    /// Where passwords wait to be hashed or checked.
    passwords: Arc<HashingPool>,
    /// The key that cursors are signed with.
    cursor_key: [u8; 32],
    /// Milliseconds since 1970.
    opened_at: i64,
    /// Tokens that were looked up recently.
    tokens: Arc<TokenCache>,
    /// Sign-ins that could not be written yet.
    deferred: Arc<DeferredSessions>,
    /// Whether the last trial could write.
    probe: Arc<health::WriteProbe>,
    /// Refusals that are not written yet.
    refusals: Arc<Refusals>,
    /// How much room the disk has.
    space: Arc<Space>,
    /// See [`Self::copied_to`].
    copied_to: Arc<AtomicI64>,
    /// Notified when events may be old enough to be archived.
    archive_bell: Arc<Notify>,
}

impl Store {
    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// When this process opened the store, milliseconds since 1970. Unfinished work that is older was left by another process.
    pub fn opened_at(&self) -> i64 {
        self.opened_at
    }

    /// The feed of changes, to publish and to subscribe to.
    pub fn feed(&self) -> &Feed {
        &self.feed
    }

    /// Whether the database answers; the error when it does not.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1").execute(&self.reader).await.or_fault()?;
        Ok(())
    }

    /// Renews the planner's statistics of the tables that have grown or shrunk much. It is quick and meant for a timer; opening
    /// and closing do it too.
    pub async fn optimize(&self) -> Result<()> {
        // 0x10000 includes tables that were not looked at yet; analysis_limit bounds the work.
        self.writer.alone().await?.execute("PRAGMA optimize = 0x10002").await
    }

    /// Closes the database without anything else; see [`Self::close`].
    pub(crate) async fn close_database(&self) {
        self.reader.close().await;
        // Errors have been logged; closing continues.
        let _ = self.optimize().await;
        self.writer.close().await;
    }

    /// Signals that a job waits; `writes` says of which kind.
    pub fn wake_jobs(&self, writes: bool) {
        self.job_bells[usize::from(writes)].notify_one();
    }

    /// Waits until a job of that kind was signalled.
    pub async fn wait_for_job(&self, writes: bool) {
        self.job_bells[usize::from(writes)].notified().await;
    }

    /// Signals that shared files may have to be removed from the disk.
    pub fn wake_file_sweeper(&self) {
        self.file_bell.notify_one();
    }

    /// Waits for the signal of [`Self::wake_file_sweeper`].
    pub async fn wait_for_file_sweep(&self) {
        self.file_bell.notified().await;
    }

    /// Sets the size of the writer's cache, KiB: more for a while, when millions of rows are written at once. Otherwise it is
    /// [`WRITER_CACHE_KIB`].
    pub async fn writer_cache(&self, kib: u32) -> Result<()> {
        // Pragmas take no parameters; this is a number.
        let sql = format!("PRAGMA cache_size = -{kib}");
        self.writer.alone().await?.execute(sqlx::AssertSqlSafe(sql)).await
    }

    /// Sign-ins and sessions that could not be written yet.
    pub fn deferred_sessions(&self) -> &DeferredSessions {
        &self.deferred
    }

    /// Refusals that belong to no change, waiting to be recorded.
    pub fn refusals(&self) -> &Refusals {
        &self.refusals
    }

    /// How much space the disk has, and how much of it is kept free.
    pub fn space(&self) -> &Space {
        &self.space
    }

    /// The number of the newest event that every copy of the log has; archiving stops at it. Without a copy there is no such
    /// limit.
    pub fn copied_to(&self) -> i64 {
        self.copied_to.load(Ordering::Acquire)
    }

    /// Notes that every copy of the log has the events up to this number.
    pub fn set_copied_to(&self, id: i64) {
        self.copied_to.store(id, Ordering::Release);
    }

    /// Signals that events may be old enough to be archived.
    pub fn wake_archiver(&self) {
        self.archive_bell.notify_one();
    }

    /// Waits for the signal of [`Self::wake_archiver`].
    pub async fn wait_for_archiving(&self) {
        self.archive_bell.notified().await;
    }

    /// The tokens that were looked up recently, so that not every call reads the database.
    pub fn tokens(&self) -> &TokenCache {
        &self.tokens
    }

    /// The pool that hashes and checks passwords, a limited number at a time.
    pub fn passwords(&self) -> &HashingPool {
        &self.passwords
    }

    /// The pool of read-only connections, for short reads. They never wait for the writer.
    pub fn reader(&self) -> &SqlitePool {
        &self.reader
    }

    /// A read-only connection outside the pool, for long reads.
    pub async fn long_reader(&self) -> Result<SqliteConnection> {
        open::long_reader(&self.folder.join(FILE)).await.or_fault()
    }

    /// Begins a write transaction; [`Error::Busy`] after a wait of 15 seconds for the writer.
    pub async fn write(&self) -> Result<WriteTransaction> {
        self.writer.begin().await
    }

    /// The same for work that no rollback undoes; see [`Writer::begin_apart`].
    pub async fn write_apart(&self) -> Result<WriteTransaction> {
        self.writer.begin_apart().await
    }

    /// Whether a transaction has had to wait for the writer since the last call.
    pub fn writer_was_contended(&self) -> bool {
        self.writer.was_contended()
    }
}

/// The value that a word from the database means; [`Error::Internal`] for an unknown word.
pub fn decode_enum<T>(word: &str, parse: impl Fn(&str) -> Result<T, Code>) -> Result<T> {
    parse(word).map_err(|_| Error::Internal(format!("unknown word in the database: {word:?}")))
}

/// A number from the database in the type that the domain uses; [`Error::Internal`] when it does not fit.
pub fn decode_int<T: TryFrom<i64>>(number: i64) -> Result<T> {
    T::try_from(number).map_err(|_| Error::Internal(format!("number out of range in the database: {number}")))
}
