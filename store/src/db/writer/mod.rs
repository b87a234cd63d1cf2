//! The writer: one connection on which transactions run one after the other and, when others wait, are committed together. A commit
//! waits for the disk; twenty transactions that share one wait as long as one would. Nobody is answered before the commit that holds
//! its transaction, so what was acknowledged is on the disk as ever.
//!
//! The first transaction of a group is SQLite's own; each further one is a savepoint in it, so that one that fails takes only itself
//! back. The savepoint of one that went well is released together with the next one's beginning or by the commit: each statement is
//! handed to another thread, which costs more than most of them do. A group ends when nobody waits, when it is [`MAX_GROUP_AGE`] old or has [`MAX_GROUP_SIZE`] transactions, and whenever one of them failed: SQLite
//! may have taken back more than that one, which the commit tells.

mod transaction;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use sqlx::{Connection, SqliteConnection};
use tokio::{
    sync::{Mutex, OwnedMutexGuard, oneshot},
    task::JoinHandle,
    time::timeout,
};

pub use self::transaction::{Alone, WriteTransaction};
use crate::db::{
    OrFault,
    fault::{of_database, primary_code},
};
use domain::{Error, Result};

/// The oldest that a group becomes before it is committed, although others wait.
const MAX_GROUP_AGE: Duration = Duration::from_millis(12);
/// Transactions that are committed together at most.
const MAX_GROUP_SIZE: usize = 64;
/// How long one waits for its turn before it is told that the database is busy.
const WRITE_TIMEOUT: Duration = Duration::from_secs(15);

/// What SQLite calls an error without a code of its own, such as a COMMIT without a transaction.
const SQLITE_ERROR: i32 = 1;

/// Cheap to clone.
#[derive(Clone, Debug)]
pub struct Writer {
    group: Arc<Mutex<CommitGroup>>,
    /// How many wait for their turn.
    waiting: Arc<AtomicUsize>,
    /// How many have had to wait since somebody asked.
    waited: Arc<AtomicUsize>,
    /// [`MAX_GROUP_AGE`] but in tests.
    longest: Duration,
}

#[derive(Debug)]
struct CommitGroup {
    /// `None`: closed.
    connection: Option<SqliteConnection>,
    /// When SQLite's transaction began, if there is one.
    open: Option<Instant>,
    /// Whether the latest transaction went well and its savepoint is still to be released.
    unreleased: bool,
    /// Counts the groups.
    number: u64,
    /// Whose transactions are done and wait for the commit.
    done: Vec<FinishedTransaction>,
}

/// Why a transaction was not committed.
#[derive(Debug, Clone)]
pub enum NotCommitted {
    /// The disk or the database refused it.
    Fault(Error),
    /// The database has rolled it back together with another one of its group. Nothing was wrong with it: run again, it may succeed.
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

/// A transaction that is done.
struct FinishedTransaction {
    tell: oneshot::Sender<Result<(), NotCommitted>>,
    then: Then,
}

/// What follows the commit, whether or not whoever asked for it is still there.
type Then = Box<dyn FnOnce() + Send>;

impl std::fmt::Debug for FinishedTransaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Done")
    }
}

impl Writer {
    pub fn new(connection: SqliteConnection) -> Self {
        let group = CommitGroup { connection: Some(connection), open: None, unreleased: false, number: 0, done: Vec::new() };
        Self { group: Arc::new(Mutex::new(group)), waiting: Arc::default(), waited: Arc::default(), longest: MAX_GROUP_AGE }
    }

    /// Begins a transaction; waits for those before it, at most [`WRITE_TIMEOUT`].
    pub async fn begin(&self) -> Result<WriteTransaction> {
        let group = self.turn().await?;
        self.begin_in(group).await
    }

    /// The same for who does what no rollback takes back, such as removing files: what it reads is on the disk for good, and nothing of
    /// others that may still fail.
    pub async fn begin_apart(&self) -> Result<WriteTransaction> {
        let group = self.settled().await?;
        self.begin_in(group).await
    }

    async fn begin_in(&self, group: OwnedMutexGuard<CommitGroup>) -> Result<WriteTransaction> {
        let savepoint = group.open.is_some();
        // From here on, dropping takes back whatever has begun.
        let mut transaction = WriteTransaction { writer: self.clone(), group: Some(group), savepoint };
        let group = transaction.group()?;
        group.open.get_or_insert_with(Instant::now);
        // IMMEDIATE, because a transaction that begins as a reader fails at once where this one waits.
        let sql = match (savepoint, group.unreleased) {
            (false, _) => "BEGIN IMMEDIATE",
            (true, false) => "SAVEPOINT one",
            (true, true) => "RELEASE one; SAVEPOINT one",
        };
        group.execute(sql).await?;
        group.unreleased = false;
        Ok(transaction)
    }

    /// The connection itself, outside of any transaction.
    pub async fn alone(&self) -> Result<Alone> {
        let mut group = self.settled().await?;
        group.connection()?;
        Ok(Alone(group))
    }

    /// Our turn, when no transaction is open any more.
    async fn settled(&self) -> Result<OwnedMutexGuard<CommitGroup>> {
        let mut group = self.turn().await?;
        if group.open.is_none() {
            return Ok(group);
        }
        detached(async move {
            // Whoever is in it is told.
            let _ = group.commit().await;
            group
        })
        .await
    }

    /// Whether anybody has had to wait for its turn since this was last asked.
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
        // What is wrong has been logged.
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

    /// Ends the group of that number in a while, in case that whoever was waiting does not come.
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

/// Counts one who waits, until it is dropped.
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
    fn connection(&mut self) -> Result<&mut SqliteConnection> {
        self.connection.as_mut().ok_or_else(|| Error::Internal("the database is closed".to_owned()))
    }

    async fn execute(&mut self, sql: &'static str) -> Result<()> {
        sqlx::query(sql).execute(self.connection()?).await.or_fault()?;
        Ok(())
    }

    /// Takes all of the transaction back. After some faults SQLite has done so itself; then there is none, and that is fine.
    async fn roll_back(&mut self) {
        if let Ok(connection) = self.connection()
            && let Err(error) = sqlx::query("ROLLBACK").execute(connection).await
        {
            tracing::debug!(%error, "there was no transaction to take back");
        }
    }

    /// Commits the group and tells everybody whose transaction is in it.
    async fn commit(&mut self) -> Result<(), NotCommitted> {
        let result = match self.connection() {
            Err(error) => Err(NotCommitted::Fault(error)),
            Ok(connection) => match sqlx::query("COMMIT").execute(connection).await {
                Ok(_) => Ok(()),
                // There is no transaction: after some faults SQLite rolls back all of it, not only the statement.
                Err(error) if primary_code(&error) == Some(SQLITE_ERROR) => Err(NotCommitted::RolledBack),
                Err(error) => Err(NotCommitted::Fault(of_database(error))),
            },
        };
        if matches!(result, Err(NotCommitted::Fault(_))) {
            self.roll_back().await;
        }
        self.ended(&result);
        result
    }

    fn ended(&mut self, result: &Result<(), NotCommitted>) {
        self.open = None;
        self.unreleased = false;
        self.number += 1;
        for FinishedTransaction { tell, then } in self.done.drain(..) {
            if result.is_ok() {
                then();
            }
            // An error only says that whoever asked has gone.
            let _ = tell.send(result.clone());
        }
    }
}

/// Work that goes on although whoever waits for it goes away: half of it would leave the connection in the middle of something.
async fn detached<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> Result<T> {
    let task: JoinHandle<T> = tokio::spawn(work);
    task.await.map_err(|error| Error::Internal(format!("the writer: {error}")))
}
