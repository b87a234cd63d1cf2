//! The writer: one connection on which transactions run one after the other and, when others wait, are committed together. A commit
//! waits for the disk; twenty transactions that share one wait as long as one would. Nobody is answered before the commit that holds
//! its transaction, so what was acknowledged is on the disk as ever.
//!
//! The first transaction of a group is SQLite's own; each further one is a savepoint in it, so that one that fails takes only itself
//! back. The savepoint of one that went well is released together with the next one's beginning or by the commit: each statement is
//! handed to another thread, which costs more than most of them do. A group ends when nobody waits, when it is [`LONGEST`] old or has [`MOST`] transactions, and whenever one of them failed: SQLite
//! may have taken back more than that one, which the commit tells.

use std::{
    ops::{Deref, DerefMut},
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

use crate::{Error, Result};

/// The oldest that a group becomes before it is committed, although others wait.
const LONGEST: Duration = Duration::from_millis(12);
/// Transactions that are committed together at most.
const MOST: usize = 64;
/// How long one waits for its turn before it is told that the database is busy.
const PATIENCE: Duration = Duration::from_secs(15);

/// Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    group: Arc<Mutex<Group>>,
    /// How many wait for their turn.
    waiting: Arc<AtomicUsize>,
    /// How many have had to wait since somebody asked.
    waited: Arc<AtomicUsize>,
    /// [`LONGEST`] but in tests.
    longest: Duration,
}

#[derive(Debug)]
struct Group {
    /// `None`: closed.
    connection: Option<SqliteConnection>,
    /// When SQLite's transaction began, if there is one.
    open: Option<Instant>,
    /// Whether the latest transaction went well and its savepoint is still to be released.
    unreleased: bool,
    /// Counts the groups.
    number: u64,
    /// Whose transactions are done and wait for the commit.
    done: Vec<Done>,
}

/// A transaction that is done.
struct Done {
    tell: oneshot::Sender<Result<()>>,
    then: Then,
}

/// What follows the commit, whether or not whoever asked for it is still there.
type Then = Box<dyn FnOnce() + Send>;

impl std::fmt::Debug for Done {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Done")
    }
}

impl Writer {
    pub fn new(connection: SqliteConnection) -> Self {
        let group = Group { connection: Some(connection), open: None, unreleased: false, number: 0, done: Vec::new() };
        Self { group: Arc::new(Mutex::new(group)), waiting: Arc::default(), waited: Arc::default(), longest: LONGEST }
    }

    /// Begins a transaction; waits for those before it, at most [`PATIENCE`].
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

    async fn begin_in(&self, group: OwnedMutexGuard<Group>) -> Result<WriteTransaction> {
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
    async fn settled(&self) -> Result<OwnedMutexGuard<Group>> {
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
    pub fn was_wanted(&self) -> bool {
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
                Some(connection) => connection.close().await.map_err(Error::from),
                None => Ok(()),
            }
        });
        // What is wrong has been logged.
        let _ = closed.await;
    }

    async fn turn(&self) -> Result<OwnedMutexGuard<Group>> {
        if let Ok(group) = self.group.clone().try_lock_owned() {
            return Ok(group);
        }
        self.waited.fetch_add(1, Ordering::Relaxed);
        let _waiting = Waiting::new(&self.waiting);
        timeout(PATIENCE, self.group.clone().lock_owned()).await.map_err(|_| {
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

impl Group {
    fn connection(&mut self) -> Result<&mut SqliteConnection> {
        self.connection.as_mut().ok_or_else(|| Error::Internal("the database is closed".to_owned()))
    }

    async fn execute(&mut self, sql: &'static str) -> Result<()> {
        sqlx::query(sql).execute(self.connection()?).await?;
        Ok(())
    }

    /// Commits the group and tells everybody whose transaction is in it.
    async fn commit(&mut self) -> Result<()> {
        let result = self.execute("COMMIT").await;
        if result.is_err() {
            // After some faults SQLite has done so itself; then this fails, and that is fine.
            let _ = self.execute("ROLLBACK").await;
        }
        self.ended(&result);
        result
    }

    fn ended(&mut self, result: &Result<()>) {
        self.open = None;
        self.unreleased = false;
        self.number += 1;
        for Done { tell, then } in self.done.drain(..) {
            if result.is_ok() {
                then();
            }
            // An error only says that whoever asked has gone.
            let _ = tell.send(result.clone());
        }
    }
}

/// A change under way. Dropping it takes it back.
#[derive(Debug)]
pub(crate) struct WriteTransaction {
    writer: Writer,
    /// `None` once it is over.
    group: Option<OwnedMutexGuard<Group>>,
    savepoint: bool,
}

impl WriteTransaction {
    fn group(&mut self) -> Result<&mut Group> {
        self.group.as_deref_mut().ok_or_else(|| Error::Internal("the transaction is over".to_owned()))
    }

    /// Returns once it is on the disk.
    pub async fn commit(self) -> Result<()> {
        self.commit_then(|| ()).await
    }

    /// The same; `then` follows as soon as it is on the disk, even when nobody waits for this any more.
    pub async fn commit_then(mut self, then: impl FnOnce() + Send + 'static) -> Result<()> {
        let Some(mut group) = self.group.take() else { return Ok(()) };
        let young = group.open.is_some_and(|begun| begun.elapsed() < self.writer.longest);
        if young && group.done.len() + 1 < MOST && self.writer.waiting.load(Ordering::SeqCst) > 0 {
            let (tell, told) = oneshot::channel();
            if group.done.is_empty() {
                self.writer.end_later(group.number);
            }
            group.done.push(Done { tell, then: Box::new(then) });
            group.unreleased = self.savepoint;
            drop(group);
            return told.await.unwrap_or_else(|_| Err(Error::Internal("nobody told of the commit".to_owned())));
        }
        // A savepoint that is still there is committed as well.
        detached(async move {
            let result = group.commit().await;
            if result.is_ok() {
                then();
            }
            result
        })
        .await?
    }

    /// Takes it back.
    pub async fn rollback(mut self) -> Result<()> {
        let Some(group) = self.group.take() else { return Ok(()) };
        detached(take_back(group, self.savepoint)).await
    }
}

async fn take_back(mut group: OwnedMutexGuard<Group>, savepoint: bool) {
    if savepoint {
        // Before its own savepoint it has done nothing, and the latest one is that of the transaction before it, which is kept.
        if !group.unreleased {
            // Neither may be there: the savepoint when it was never reached, the transaction when SQLite took all back. Then they fail,
            // and the commit tells.
            let _ = group.execute("ROLLBACK TO one; RELEASE one").await;
        }
        let _ = group.commit().await;
    } else {
        // The first of its group, so there is nobody else in it.
        let _ = group.execute("ROLLBACK").await;
        group.ended(&Ok(()));
    }
}

/// Work that goes on although whoever waits for it goes away: half of it would leave the connection in the middle of something.
async fn detached<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> Result<T> {
    let task: JoinHandle<T> = tokio::spawn(work);
    task.await.map_err(|error| Error::Internal(format!("the writer: {error}")))
}

impl Drop for WriteTransaction {
    fn drop(&mut self) {
        if let Some(group) = self.group.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(take_back(group, self.savepoint));
        }
    }
}

impl Deref for WriteTransaction {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        // Both are there from `begin` to `commit`, which takes the value away.
        match self.group.as_ref().and_then(|group| group.connection.as_ref()) {
            Some(connection) => connection,
            None => unreachable!("a transaction that is over is gone"),
        }
    }
}

impl DerefMut for WriteTransaction {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        match self.group.as_mut().and_then(|group| group.connection.as_mut()) {
            Some(connection) => connection,
            None => unreachable!("a transaction that is over is gone"),
        }
    }
}

/// The connection without a transaction.
#[derive(Debug)]
pub(crate) struct Alone(OwnedMutexGuard<Group>);

impl Alone {
    pub async fn execute(&mut self, sql: impl sqlx::SqlSafeStr) -> Result<()> {
        sqlx::query(sql).execute(self.0.connection()?).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};
    use tempfile::TempDir;

    use super::*;

    struct World {
        writer: Writer,
        options: SqliteConnectOptions,
        _folder: TempDir,
    }

    async fn world() -> World {
        let folder = tempfile::tempdir().expect("a folder");
        let options = SqliteConnectOptions::new().filename(folder.path().join("db")).create_if_missing(true);
        let options = options.journal_mode(sqlx::sqlite::SqliteJournalMode::Wal);
        let writer = Writer::new(options.connect().await.expect("a connection"));
        writer.alone().await.expect("alone").execute("CREATE TABLE t (n INTEGER PRIMARY KEY)").await.expect("a table");
        World { writer, options, _folder: folder }
    }

    async fn insert(transaction: &mut WriteTransaction, n: i64) -> Result<()> {
        sqlx::query("INSERT INTO t (n) VALUES ($1)").bind(n).execute(&mut **transaction).await?;
        Ok(())
    }

    /// What another connection sees.
    async fn committed(options: &SqliteConnectOptions) -> Vec<i64> {
        let mut other = options.connect().await.expect("a connection");
        sqlx::query_scalar("SELECT n FROM t ORDER BY n").fetch_all(&mut other).await.expect("rows")
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_acknowledged_is_there_and_nothing_else() {
        let w = world().await;
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..200_i64 {
            let (writer, options) = (w.writer.clone(), w.options.clone());
            tasks.spawn(async move {
                let mut transaction = writer.begin().await.expect("a transaction");
                insert(&mut transaction, n).await.expect("a row");
                match n % 4 {
                    0 => drop(transaction),
                    1 => transaction.rollback().await.expect("rolled back"),
                    2 => {
                        // Fails, and is taken back with what it had done before.
                        insert(&mut transaction, n).await.expect_err("the same again");
                        transaction.rollback().await.expect("rolled back");
                    }
                    _ => {
                        transaction.commit().await.expect("committed");
                        assert!(committed(&options).await.contains(&n), "{n} was acknowledged");
                    }
                }
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.expect("no panic");
        }
        let expected: Vec<i64> = (0..200).filter(|n| n % 4 == 3).collect();
        assert_eq!(committed(&w.options).await, expected);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn those_who_go_away_hold_nobody_up() {
        let w = world().await;
        let mut tasks = Vec::new();
        for n in 0..100_i64 {
            let writer = w.writer.clone();
            tasks.push(tokio::spawn(async move {
                let mut transaction = writer.begin().await?;
                insert(&mut transaction, n).await?;
                transaction.commit().await
            }));
        }
        for (n, task) in tasks.iter().enumerate() {
            if n % 3 == 0 {
                tokio::time::sleep(Duration::from_micros(200)).await;
                task.abort();
            }
        }
        let mut acknowledged = Vec::new();
        for (n, task) in tasks.into_iter().enumerate() {
            if let Ok(result) = task.await {
                result.expect("committed");
                acknowledged.push(n as i64);
            }
        }
        let mut last = w.writer.begin().await.expect("the writer is free");
        insert(&mut last, 1000).await.expect("a row");
        last.commit().await.expect("committed");
        let there = committed(&w.options).await;
        assert!(acknowledged.iter().all(|n| there.contains(n)));
        assert!(there.contains(&1000));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_begins_apart_sees_only_what_is_on_the_disk() {
        let mut w = world().await;
        w.writer.longest = Duration::from_secs(60);
        let mut first = w.writer.begin().await.expect("first");
        insert(&mut first, 1).await.expect("a row");
        let (writer, options) = (w.writer.clone(), w.options.clone());
        let apart = tokio::spawn(async move {
            let mut apart = writer.begin_apart().await.expect("apart");
            let seen: Vec<i64> = sqlx::query_scalar("SELECT n FROM t").fetch_all(&mut *apart).await.expect("rows");
            assert_eq!(seen, committed(&options).await);
            apart.rollback().await.expect("rolled back");
            seen
        });
        while w.writer.waiting.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        let followed = Arc::new(AtomicUsize::new(0));
        let follows = followed.clone();
        // Left open for the one who waits, and committed by it.
        let then = move || {
            follows.fetch_add(1, Ordering::SeqCst);
        };
        first.commit_then(then).await.expect("committed");
        assert_eq!(apart.await.expect("no panic"), [1]);
        assert_eq!(followed.load(Ordering::SeqCst), 1);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn when_sqlite_takes_all_back_everybody_is_told() {
        let mut w = world().await;
        w.writer.longest = Duration::from_secs(60);
        let mut first = w.writer.begin().await.expect("first");
        insert(&mut first, 1).await.expect("a row");
        let writer = w.writer.clone();
        let second = tokio::spawn(async move {
            let mut second = writer.begin().await.expect("second");
            // As after a full disk: the whole transaction is gone, with what the others did in it.
            sqlx::query("ROLLBACK").execute(&mut *second).await.expect("rolled back");
            second.rollback().await
        });
        while w.writer.waiting.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        assert!(first.commit().await.is_err(), "it is not there");
        second.await.expect("no panic").expect("rolled back");
        assert!(committed(&w.options).await.is_empty());
        let mut third = w.writer.begin().await.expect("third");
        insert(&mut third, 3).await.expect("a row");
        third.commit().await.expect("committed");
        assert_eq!(committed(&w.options).await, [3]);
    }
}
