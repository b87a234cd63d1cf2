//! The database: one writer, many readers, how lists are read and searched, and the [`Store`] that holds what this process
//! remembers. The folder or file of each entity says what its tables hold.

mod batch;
mod builder;
mod conn;
mod content_lock;
mod counts;
mod driver;
mod event_names;
pub mod fault;
mod file_names;
mod health;
mod keys;
mod keyset;
mod like;
mod open_error;
mod pacer;
mod query;
mod search;
mod signed;
mod space;
mod sql;
mod sqlite;
mod temp_file;
mod temp_folder;
mod term;
mod token;

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use tokio::sync::Notify;

pub use driver::DatabaseError;
pub use fault::OrFault;
pub use open_error::OpenError;
pub use space::Space;
pub use {
    batch::json,
    builder::Builder,
    conn::{Conn, Executor, Pool, Snapshot, Source},
    content_lock::{ContentReadLock, ContentRemoveLock},
    counts::Counts,
    driver::{Value, Values},
    event_names::enter_names,
    file_names::{FILE, RESTORED},
    keys::{AppTable, MAX_APP, ServerTable, last_server_key, number, range, server_key},
    keyset::{Keyset, KeysetRow, capped_count, push_optional},
    like::push_like,
    pacer::{Next, Pacer},
    query::{Done, Query, QueryAs, QueryScalar, Row, query, query_as, query_scalar},
    search::{AppRows, HitCache, ListRequest, ListSource, matching_ids, page, push_matching, push_selected, selected_ids},
    signed::{next_cursor, opened_cursor},
    space::{room_on_disk, usually_kept_free},
    sql::Sql,
    sqlite::{
        DataLock, NotCommitted, Reading, WriteTransaction, Writer, belongings, connect, known_version, make_folder, open_copy,
        private, refuse_missing, upkeep,
    },
    temp_file::{TempFile, disk_fault},
    temp_folder::TempFolder,
    token::{new_token, random_text, token_hash},
};

pub(crate) use driver::{
    sqlite::{indexed, unindexed},
    text_of,
};
pub(crate) use sql::{sql, sqlite_bytes, sqlite_length};
pub(crate) use sqlite::texts;

#[cfg(test)]
pub use search::tests::{assert_list_walks, assert_walks, plan};

use domain::{Code, Error, Result};

pub use crate::clock::now;
use crate::{
    feed::Feed,
    memory::{apps::AppCache, refusals::Refusals, sessions::DeferredSessions, tokens::TokenCache},
    password::HashingPool,
};

/// How much the writer's cache holds unless [`Store::writer_cache`] says otherwise, KiB.
pub const WRITER_CACHE_KIB: u32 = 8_192;
/// The same while a job writes: its transactions touch pages all over the indexes, and those that do not fit are written more than once.
pub const JOB_CACHE_KIB: u32 = 65_536;

/// The data of one server: a folder with one SQLite file. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    /// One connection: writers wait here, in order, and never get `SQLITE_BUSY` from this process.
    writer: Writer,
    /// Read-only connections; they never wait for the writer.
    reader: Pool,
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
    /// The names of all apps, read recently.
    apps: Arc<AppCache>,
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
    /// What searches found.
    hit_cache: Arc<HitCache>,
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
        query("SELECT 1").execute(&self.reader).await.or_fault()?;
        Ok(())
    }

    /// Closes the database without anything else; see [`Self::close`].
    pub(crate) async fn close_database(&self) {
        self.reader.close().await;
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
        sqlite::upkeep::set_cache(self.writer.alone().await?.conn()?, kib).await.or_fault()
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

    /// The names of all apps, so that not every page and call reads them.
    pub fn apps(&self) -> &AppCache {
        &self.apps
    }

    /// What searches of the lists found recently.
    pub fn hit_cache(&self) -> &HitCache {
        &self.hit_cache
    }

    /// The pool that hashes and checks passwords, a limited number at a time.
    pub fn passwords(&self) -> &HashingPool {
        &self.passwords
    }

    /// The pool of read-only connections, for a single short read. They never wait for the writer.
    pub fn reader(&self) -> &Pool {
        &self.reader
    }

    /// A read-only connection from the pool, for several short reads.
    pub async fn read(&self) -> Result<Conn> {
        self.reader.acquire().await.or_fault()
    }

    /// The same, but all that is read is of one state of the data.
    pub async fn snapshot(&self) -> Result<Snapshot> {
        self.reader.snapshot().await.or_fault()
    }

    /// A read-only connection outside the pool, for long reads.
    pub async fn long_reader(&self) -> Result<Conn> {
        sqlite::long_reader(&self.folder.join(FILE)).await.or_fault()
    }

    /// The same, but all that is read is of one state of the data.
    pub async fn long_snapshot(&self) -> Result<Snapshot> {
        Snapshot::begin(self.long_reader().await?).await
    }

    /// Begins a write transaction; [`Error::Busy`] after a wait of 15 seconds for the writer.
    pub async fn write(&self) -> Result<WriteTransaction> {
        self.writer.begin().await
    }

    /// The same if nobody has the writer now; see [`Writer::begin_if_free`].
    pub async fn write_if_free(&self) -> Result<Option<WriteTransaction>> {
        self.writer.begin_if_free().await
    }

    /// The same for work that no rollback undoes; see [`Writer::begin_apart`].
    pub async fn write_apart(&self) -> Result<WriteTransaction> {
        self.writer.begin_apart().await
    }

    /// Whether a transaction waits for the writer now.
    pub fn writer_is_wanted(&self) -> bool {
        self.writer.is_wanted()
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
