//! The writer: one connection on which transactions run one after the other and, when others wait, are committed together. A
//! commit waits for the disk; twenty transactions that share one wait as long as one would. A transaction is acknowledged only
//! after the commit that contains it, so what was acknowledged is always on the disk.
//!
//! The first transaction of a group is SQLite's own; each further one is a savepoint in it, so that one that fails rolls back
//! only itself. The savepoint of a successful one is released by the statement that begins the next one, or by the commit: each
//! statement is handed to another thread, which costs more than most of them do.
//!
//! What the transactions of a group change in the counters is added up and written once, by the statement that commits the group.
//!
//! A group ends when nobody waits, when it is [`MAX_GROUP_AGE`] old or has [`MAX_GROUP_SIZE`] transactions, and whenever one of
//! them failed: SQLite may have rolled back more than that one, which the commit shows.

mod transaction;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    sync::{Mutex, OwnedMutexGuard, oneshot},
    task::JoinHandle,
    time::timeout,
};

pub use self::transaction::{Alone, WriteTransaction};
use crate::db::{
    AppTable, Conn, Counts, DatabaseError, OrFault, driver::sqlite::fault::primary_code, fault::of_database, keys::KeyBlocks,
    query,
};
use domain::{Error, Result, application::AppId, error::StorageFault};

/// The age at which a group is committed although others wait.
const MAX_GROUP_AGE: Duration = Duration::from_millis(12);
/// The most transactions that are committed together.
const MAX_GROUP_SIZE: usize = 64;
/// How long a transaction waits for its turn before the database counts as busy.
const WRITE_TIMEOUT: Duration = Duration::from_secs(15);

/// Begins SQLite's transaction. It begins with a savepoint, because of which [`Counts::commit`] finds out whether SQLite has rolled it
/// back meanwhile. As the outermost one that costs nothing, while one inside a transaction keeps the old content of each page that
/// changes. The statement after it changes nothing: it takes the right to write at once, where a transaction that begins as a reader
/// may have to fail later.
const BEGIN: &str = "SAVEPOINT opened; UPDATE id_block SET next = next WHERE FALSE";

/// SQLite's code for errors without a code of their own, such as a RELEASE without its savepoint.
const SQLITE_ERROR: i32 = 1;
/// SQLite's code for a row that a CHECK refuses.
const SQLITE_CONSTRAINT: i32 = 19;

/// The only way to write; cheap to clone.
#[derive(Clone, Debug)]
pub struct Writer {
    group: Arc<Mutex<CommitGroup>>,
    /// How many wait for their turn.
    waiting: Arc<AtomicUsize>,
    /// How many are done and wait for the commit.
    unsettled: Arc<AtomicUsize>,
    /// How many have had to wait since the last call of [`Self::was_contended`].
    waited: Arc<AtomicUsize>,
    /// [`MAX_GROUP_AGE`], except in tests.
    longest: Duration,
}

#[derive(Debug)]
struct CommitGroup {
    /// `None`: closed, or given up.
    connection: Option<Conn>,
    /// Whether the connection was given up, because a transaction could not be rolled back.
    is_lost: bool,
    /// When SQLite's transaction began, if there is one.
    open: Option<Instant>,
    /// Whether the latest transaction went well and its savepoint is still to be released.
    unreleased: bool,
    /// Counts the groups.
    number: u64,
    /// Transactions that are done and wait for the commit.
    done: Vec<FinishedTransaction>,
    /// How many these are, for those who have no turn: see [`Writer::is_wanted`].
    unsettled: Arc<AtomicUsize>,
    /// Keys that are taken and not used yet.
    keys: KeyBlocks,
    /// What they have changed in the counters; the commit writes it.
    counts: Counts,
}

/// Why a transaction was not committed.
#[derive(Debug, Clone)]
pub enum NotCommitted {
    /// The disk or the database refused it.
    Fault(Error),
    /// The database has rolled it back together with another one of its group. Nothing was wrong with it: a second run may
    /// succeed.
    RolledBack,
}

impl From<NotCommitted> for Error {
    fn from(reason: NotCommitted) -> Self {
        match reason {
            NotCommitted::Fault(error) => error,
            NotCommitted::RolledBack => Self::Busy,
        }
    }
}

/// A transaction that is done and waits for the commit.
struct FinishedTransaction {
    tell: oneshot::Sender<Result<(), NotCommitted>>,
    then: Then,
}

/// What follows the commit, even when the caller is no longer there.
type Then = Box<dyn FnOnce() + Send>;

impl std::fmt::Debug for FinishedTransaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FinishedTransaction")
    }
}

impl Writer {
    /// A writer on this connection, which nobody else may use.
    pub fn new(connection: Conn) -> Self {
        let unsettled: Arc<AtomicUsize> = Arc::default();
        let group = CommitGroup {
            connection: Some(connection),
            is_lost: false,
            open: None,
            unreleased: false,
            number: 0,
            done: Vec::new(),
            unsettled: unsettled.clone(),
            keys: KeyBlocks::default(),
            counts: Counts::default(),
        };
        let group = Arc::new(Mutex::new(group));
        Self { group, waiting: Arc::default(), unsettled, waited: Arc::default(), longest: MAX_GROUP_AGE }
    }

    /// Begins a transaction. Waits for those before it; [`Error::Busy`] after 15 seconds.
    pub async fn begin(&self) -> Result<WriteTransaction> {
        let group = self.turn().await?;
        self.begin_in(group).await
    }

    /// Begins a transaction if nobody has the writer now; `None`: somebody has. Nobody is made to hurry by it.
    pub async fn begin_if_free(&self) -> Result<Option<WriteTransaction>> {
        match self.group.clone().try_lock_owned() {
            Ok(group) => self.begin_in(group).await.map(Some),
            Err(_) => Ok(None),
        }
    }

    /// Begins a transaction for work that no rollback undoes, such as removing files: all that it reads is on the disk, and
    /// nothing comes from transactions that may still fail.
    pub async fn begin_apart(&self) -> Result<WriteTransaction> {
        let group = self.settled().await?;
        self.begin_in(group).await
    }

    async fn begin_in(&self, group: OwnedMutexGuard<CommitGroup>) -> Result<WriteTransaction> {
        let savepoint = group.open.is_some();
        // From here on, dropping rolls back what has begun.
        let mut transaction =
            WriteTransaction { writer: self.clone(), group: Some(group), savepoint, reached: false, counts: Counts::default() };
        let group = transaction.group()?;
        // What is still to be undone belongs to the transaction before, which is a part of the commit.
        group.keys.keep();
        group.open.get_or_insert_with(Instant::now);
        let sql = match (savepoint, group.unreleased) {
            (false, _) => BEGIN,
            (true, false) => "SAVEPOINT one",
            (true, true) => "RELEASE one; SAVEPOINT one",
        };
        group.execute(sql).await?;
        group.unreleased = false;
        transaction.reached = true;
        Ok(transaction)
    }

    /// The connection itself, outside of any transaction.
    pub async fn alone(&self) -> Result<Alone> {
        let mut group = self.settled().await?;
        group.connection()?;
        Ok(Alone(group))
    }

    /// The connection, when it is the caller's turn and no transaction is open.
    async fn settled(&self) -> Result<OwnedMutexGuard<CommitGroup>> {
        let mut group = self.turn().await?;
        if group.open.is_none() {
            return Ok(group);
        }
        detached(async move {
            // The waiting transactions in it get the result.
            let _ = group.commit().await;
            group
        })
        .await
    }

    /// Whether a transaction waits now: for its turn, or for the commit that it shares with the present one.
    pub fn is_wanted(&self) -> bool {
        self.waiting.load(Ordering::SeqCst) > 0 || self.unsettled.load(Ordering::SeqCst) > 0
    }

    /// Whether a transaction has had to wait for its turn since the last call.
    pub fn was_contended(&self) -> bool {
        self.waited.swap(0, Ordering::Relaxed) > 0
    }

    /// Commits what is done and closes the connection.
    pub async fn close(&self) {
        let group = self.group.clone().lock_owned().await;
        let closed = detached(async move {
            let mut group = group;
            if group.open.is_some() {
                let _ = group.commit().await;
            }
            match group.connection.take() {
                Some(connection) => connection.close().await.or_fault(),
                None => Ok(()),
            }
        });
        // Errors have been logged.
        let _ = closed.await;
    }

    async fn turn(&self) -> Result<OwnedMutexGuard<CommitGroup>> {
        if let Ok(group) = self.group.clone().try_lock_owned() {
            return Ok(group);
        }
        self.waited.fetch_add(1, Ordering::Relaxed);
        let _waiting = Waiting::new(&self.waiting);
        timeout(WRITE_TIMEOUT, self.group.clone().lock_owned()).await.map_err(|_| {
            tracing::warn!("a change waited in vain for its turn");
            Error::Busy
        })
    }

    /// Commits the group of that number after a while, in case the one that waited for its turn does not begin.
    fn end_later(&self, number: u64) {
        let (group, longest) = (self.group.clone(), self.longest);
        tokio::spawn(async move {
            tokio::time::sleep(longest).await;
            let mut group = group.lock().await;
            if group.number == number && group.open.is_some() {
                let _ = group.commit().await;
            }
        });
    }
}

fn closed() -> Error {
    Error::Internal("the database is closed".to_owned())
}

/// Counts one that waits, until it is dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl CommitGroup {
    fn connection(&mut self) -> Result<&mut Conn> {
        // To everybody else the disk can be read, but not written.
        let error = if self.is_lost { Error::Storage(StorageFault::ReadOnly) } else { closed() };
        self.connection.as_mut().ok_or(error)
    }

    /// See [`WriteTransaction::app_keys`].
    async fn app_keys(&mut self, app: AppId, table: AppTable, count: i64) -> Result<i64> {
        self.keys.take(self.connection.as_mut().ok_or_else(closed)?, app, table, count).await
    }

    async fn execute(&mut self, sql: &'static str) -> Result<()> {
        query(sql).execute(self.connection()?).await.or_fault()?;
        Ok(())
    }

    /// Rolls back the whole transaction; whether there was one. After some faults SQLite has rolled back itself.
    async fn roll_back(&mut self) -> bool {
        let Ok(connection) = self.connection() else { return false };
        match query("ROLLBACK").execute(connection).await {
            Ok(_) => true,
            Err(error) if primary_code(&error) == Some(SQLITE_ERROR) => {
                tracing::debug!(%error, "there was no transaction to roll back");
                false
            }
            Err(error) => {
                // A transaction that stays open would take in the following ones, which nobody would ever commit.
                tracing::error!(%error, "a transaction could not be rolled back: nothing is written any more until the server starts again");
                (self.connection, self.is_lost) = (None, true);
                false
            }
        }
    }

    /// Whether SQLite's transaction is still open: only then another one cannot begin.
    async fn is_open(&mut self) -> bool {
        let Ok(connection) = self.connection() else { return false };
        let is_open = query("BEGIN").execute(connection).await.is_err();
        if !is_open {
            self.roll_back().await;
        }
        is_open
    }

    /// Writes the counters, commits the group and sends the result to all transactions in it.
    async fn commit(&mut self) -> Result<(), NotCommitted> {
        let counts = std::mem::take(&mut self.counts);
        let committed = match self.connection() {
            Err(error) => Err(NotCommitted::Fault(error)),
            Ok(connection) => match counts.commit(connection).await {
                Ok(()) => Ok(()),
                Err(error) => Err(self.not_committed(error).await),
            },
        };
        self.ended(&committed);
        committed
    }

    /// Why COMMIT failed. Nothing is left open.
    async fn not_committed(&mut self, error: DatabaseError) -> NotCommitted {
        // After some faults SQLite rolls back the whole transaction, not only the statement: then its beginning is not there.
        let was_open = match self.connection() {
            Ok(connection) => query("ROLLBACK TO opened").execute(connection).await.is_ok(),
            Err(_) => false,
        };
        self.roll_back().await;
        // Then a counter without its rows may be the first that is refused.
        if matches!(primary_code(&error), Some(SQLITE_ERROR | SQLITE_CONSTRAINT)) && !was_open {
            return self.rolled_back();
        }
        // A counter that is wrong, of which only one of them knows: alone each of them learns whether it was that one.
        if primary_code(&error) == Some(SQLITE_CONSTRAINT) && !self.done.is_empty() {
            tracing::error!(%error, "the counters of several transactions could not be written");
            return self.rolled_back();
        }
        NotCommitted::Fault(of_database(error))
    }

    /// The answer when SQLite has rolled back the whole transaction.
    fn rolled_back(&self) -> NotCommitted {
        tracing::warn!(
            transactions = self.done.len(),
            "the database has rolled back a group of transactions because of one of them"
        );
        NotCommitted::RolledBack
    }

    fn ended(&mut self, result: &Result<(), NotCommitted>) {
        self.open = None;
        self.unreleased = false;
        self.counts = Counts::default();
        self.number += 1;
        self.unsettled.store(0, Ordering::SeqCst);
        match result {
            Ok(()) => self.keys.keep(),
            Err(_) => self.keys.forget(),
        }
        for FinishedTransaction { tell, then } in self.done.drain(..) {
            if result.is_ok() {
                then();
            }
            // A failed send only means that the caller is no longer there.
            let _ = tell.send(result.clone());
        }
    }
}

/// Runs work to its end even when the caller is dropped: half of it would leave the connection in an undefined state.
async fn detached<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> Result<T> {
    let task: JoinHandle<T> = tokio::spawn(work);
    task.await.map_err(|error| Error::Internal(format!("the writer: {error}")))
}
