//! The database: one writer, many readers, how lists are read and searched, and the [`Store`] that holds what this
//! process remembers. What the tables hold is the business of each entity's folder or file.

mod batch;
mod companion_files;
mod content_lock;
pub mod fault;
mod health;
mod keyset;
mod open;
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
    keyset::{Keyset, KeysetRow, capped_count, push_optional},
    open::{FILE, RESTORED, belongings, known_version, make_folder, private, refuse_missing},
    pacer::Pacer,
    reading::Reading,
    search::{ListRequest, ListSource, matching_ids, page, push_like, push_matching, push_selected},
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

/// What the writer usually keeps in memory, KiB.
pub const WRITER_CACHE_KIB: u32 = 8_192;

/// The data of one server: a folder with one SQLite file. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    /// One connection: whoever writes waits here, in order, and never meets `SQLITE_BUSY` from this process.
    writer: Writer,
    /// Read-only connections; they never wait for the writer.
    reader: SqlitePool,
    folder: PathBuf,
    feed: Arc<Feed>,
    /// Rung when a job waits: one for those that write, one for the others.
    job_bells: Arc<[Notify; 2]>,
    /// Rung when shared files may have lost their last row.
    file_bell: Arc<Notify>,
    /// Where passwords wait to be looked at.
    passwords: Arc<HashingPool>,
    /// What cursors are signed with.
    cursor_key: [u8; 32],
    /// Milliseconds since 1970.
    opened_at: i64,
    /// Tokens that were looked up a moment ago.
    tokens: Arc<TokenCache>,
    /// Sign-ins that could not be written yet.
    deferred: Arc<DeferredSessions>,
    /// Whether something could be written when that was last tried.
    probe: Arc<health::WriteProbe>,
    /// What was refused and is not written yet.
    refusals: Arc<Refusals>,
    /// How much room the disk has.
    space: Arc<Space>,
    /// See [`Self::copied_to`].
    copied_to: Arc<AtomicI64>,
    /// Rung when events may be old enough to be archived.
    archive_bell: Arc<Notify>,
}

impl Store {
    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// When this process opened it, milliseconds since 1970. What is unfinished and older was left by another one.
    pub fn opened_at(&self) -> i64 {
        self.opened_at
    }

    /// What has just changed.
    pub fn feed(&self) -> &Feed {
        &self.feed
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1").execute(&self.reader).await.or_fault()?;
        Ok(())
    }

    /// Renews the planner's statistics of the tables that have grown or shrunk much; quick, for a timer. Done at opening and
    /// closing too.
    pub async fn optimize(&self) -> Result<()> {
        // 0x10000: tables that were not looked at yet are included; analysis_limit bounds the work.
        self.writer.alone().await?.execute("PRAGMA optimize = 0x10002").await
    }

    /// Closes the database alone; see [`Self::close`].
    pub(crate) async fn close_database(&self) {
        self.reader.close().await;
        // Whatever is wrong has been logged; closing goes on.
        let _ = self.optimize().await;
        self.writer.close().await;
    }

    /// A job waits.
    pub fn wake_jobs(&self, writes: bool) {
        self.job_bells[usize::from(writes)].notify_one();
    }

    /// Until a job waits.
    pub async fn wait_for_job(&self, writes: bool) {
        self.job_bells[usize::from(writes)].notified().await;
    }

    /// Shared files may be there to be taken off the disk.
    pub fn wake_file_sweeper(&self) {
        self.file_bell.notify_one();
    }

    /// Until that is so.
    pub async fn wait_for_file_sweep(&self) {
        self.file_bell.notified().await;
    }

    /// How much of the database the writer keeps in memory, KiB: for a while more, when millions of rows come at once.
    pub async fn writer_cache(&self, kib: u32) -> Result<()> {
        // Pragmas take no parameters; this is a number.
        let sql = format!("PRAGMA cache_size = -{kib}");
        self.writer.alone().await?.execute(sqlx::AssertSqlSafe(sql)).await
    }

    pub fn deferred_sessions(&self) -> &DeferredSessions {
        &self.deferred
    }

    /// What is refused without being a change.
    pub fn refusals(&self) -> &Refusals {
        &self.refusals
    }

    /// How much room the disk has, and how much is kept free.
    pub fn space(&self) -> &Space {
        &self.space
    }

    /// The number of the last event that every copy of the log has; archives do not overtake it. Without a copy there is no such limit.
    pub fn copied_to(&self) -> i64 {
        self.copied_to.load(Ordering::Acquire)
    }

    /// A copy of the log has come so far.
    pub fn set_copied_to(&self, id: i64) {
        self.copied_to.store(id, Ordering::Release);
    }

    /// Events may be old enough to be archived.
    pub fn wake_archiver(&self) {
        self.archive_bell.notify_one();
    }

    /// Until that is so.
    pub async fn wait_for_archiving(&self) {
        self.archive_bell.notified().await;
    }

    pub fn tokens(&self) -> &TokenCache {
        &self.tokens
    }

    pub fn passwords(&self) -> &HashingPool {
        &self.passwords
    }

    pub fn reader(&self) -> &SqlitePool {
        &self.reader
    }

    /// A read-only connection outside the pool, for what reads for long.
    pub async fn long_reader(&self) -> Result<SqliteConnection> {
        open::long_reader(&self.folder.join(open::FILE)).await.or_fault()
    }

    /// A write transaction.
    pub async fn write(&self) -> Result<WriteTransaction> {
        self.writer.begin().await
    }

    /// The same for what no rollback takes back; see [`Writer::begin_apart`].
    pub async fn write_apart(&self) -> Result<WriteTransaction> {
        self.writer.begin_apart().await
    }

    /// Whether anybody has had to wait for the writer since this was last asked.
    pub fn writer_was_contended(&self) -> bool {
        self.writer.was_contended()
    }
}

/// A word from the database as the value it stands for.
pub fn decode_enum<T>(word: &str, parse: impl Fn(&str) -> Result<T, Code>) -> Result<T> {
    parse(word).map_err(|_| Error::Internal(format!("unknown word in the database: {word:?}")))
}

/// A number from the database in the type that the domain gives it.
pub fn decode_int<T: TryFrom<i64>>(number: i64) -> Result<T> {
    T::try_from(number).map_err(|_| Error::Internal(format!("number out of range in the database: {number}")))
}
