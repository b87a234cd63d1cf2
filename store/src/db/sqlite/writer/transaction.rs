//! What the writer gives out: one transaction, or the connection without any.

use std::{
    ops::{Deref, DerefMut},
    sync::atomic::Ordering,
};

use domain::{Error, Result, application::AppId};
use tokio::sync::{OwnedMutexGuard, oneshot};

use super::{CommitGroup, FinishedTransaction, MAX_GROUP_SIZE, NotCommitted, Writer, detached};
use crate::db::{AppTable, Conn, Counts, ServerTable, server_key};

/// A write transaction that has begun. Dropping it rolls it back.
#[derive(Debug)]
pub struct WriteTransaction {
    pub(super) writer: Writer,
    /// `None` after its end.
    pub(super) group: Option<OwnedMutexGuard<CommitGroup>>,
    pub(super) savepoint: bool,
    /// Whether the statement that begins it was executed.
    pub(super) reached: bool,
    /// What it has changed in the counters; the commit writes it.
    pub(super) counts: Counts,
}

impl WriteTransaction {
    pub(super) fn group(&mut self) -> Result<&mut CommitGroup> {
        self.group.as_deref_mut().ok_or_else(|| Error::Internal("the transaction is over".to_owned()))
    }

    /// Keys for that many new rows of an app, which follow each other; the first of them. See [`KeyBlocks`](crate::db::keys::KeyBlocks).
    pub async fn app_keys(&mut self, app: AppId, table: AppTable, count: usize) -> Result<i64> {
        let count = i64::try_from(count).map_err(|_| Error::Internal("too many rows at once".to_owned()))?;
        self.group()?.app_keys(app, table, count).await
    }

    /// The key for one new row of an app.
    pub async fn app_key(&mut self, app: AppId, table: AppTable) -> Result<i64> {
        self.app_keys(app, table, 1).await
    }

    /// Takes back the last key that [`Self::app_key`] gave, when no row was inserted with it.
    pub fn return_app_key(&mut self, app: AppId, table: AppTable, key: i64) {
        if let Some(group) = self.group.as_deref_mut() {
            group.keys.take_back(app, table, key);
        }
    }

    /// The key for one new row of the whole server.
    pub async fn server_key(&mut self, table: ServerTable) -> Result<i64> {
        server_key(self, table).await
    }

    /// Where a function that inserts or deletes counted rows says what it did.
    pub fn counts(&mut self) -> &mut Counts {
        &mut self.counts
    }

    /// Commits; returns when the transaction is on the disk.
    pub async fn commit(self) -> Result<()> {
        self.commit_then(|| ()).await
    }

    /// The same; `then` is called as soon as the transaction is on the disk, even when the caller is no longer there.
    pub async fn commit_then(self, then: impl FnOnce() + Send + 'static) -> Result<()> {
        Ok(self.commit_or_again(then).await?)
    }

    /// The same for a caller that can run the transaction again.
    pub async fn commit_or_again(mut self, then: impl FnOnce() + Send + 'static) -> Result<(), NotCommitted> {
        let Some(mut group) = self.group.take() else { return Ok(()) };
        group.counts.add(std::mem::take(&mut self.counts));
        let young = group.open.is_some_and(|begun| begun.elapsed() < self.writer.longest);
        if young && group.done.len() + 1 < MAX_GROUP_SIZE && self.writer.waiting.load(Ordering::SeqCst) > 0 {
            let (tell, told) = oneshot::channel();
            if group.done.is_empty() {
                self.writer.end_later(group.number);
            }
            group.done.push(FinishedTransaction { tell, then: Box::new(then) });
            group.unsettled.store(group.done.len(), Ordering::SeqCst);
            group.unreleased = self.savepoint;
            group.keys.keep();
            drop(group);
            let lost = |_| Err(NotCommitted::Fault(Error::Internal("nobody told of the commit".to_owned())));
            return told.await.unwrap_or_else(lost);
        }
        // The commit includes a savepoint that still exists.
        detached(async move {
            let result = group.commit().await;
            if result.is_ok() {
                then();
            }
            result
        })
        .await
        .map_err(NotCommitted::Fault)?
    }

    /// Rolls the transaction back.
    pub async fn rollback(mut self) -> Result<()> {
        let Some(group) = self.group.take() else { return Ok(()) };
        detached(take_back(group, self.savepoint, self.reached)).await
    }
}

async fn take_back(mut group: OwnedMutexGuard<CommitGroup>, savepoint: bool, reached: bool) {
    if savepoint {
        // Before its own savepoint exists it has done nothing, and the latest savepoint is that of the transaction before it,
        // which is kept.
        // Either may be missing: the savepoint when it was never reached, the transaction when SQLite rolled back everything. In
        // the latter case nothing may be written any more: it would be a transaction of its own. What cannot be rolled back by
        // itself is rolled back with all others.
        let sql = if group.unreleased { "RELEASE one" } else { "ROLLBACK TO one; RELEASE one" };
        if group.execute(sql).await.is_ok() || !reached && group.is_open().await {
            group.keys.roll_back();
            let _ = group.commit().await;
        } else {
            group.roll_back().await;
            let reason = group.rolled_back();
            group.ended(&Err(reason));
        }
    } else {
        // The first of its group, so nobody else is in it.
        group.roll_back().await;
        group.keys.roll_back();
        group.ended(&Ok(()));
    }
}

impl Drop for WriteTransaction {
    fn drop(&mut self) {
        if let Some(group) = self.group.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(take_back(group, self.savepoint, self.reached));
        }
    }
}

impl Deref for WriteTransaction {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        // Both exist from `begin` to `commit`, which consumes the value.
        match self.group.as_ref().and_then(|group| group.connection.as_ref()) {
            Some(connection) => connection,
            None => unreachable!("a transaction that is over is gone"),
        }
    }
}

impl DerefMut for WriteTransaction {
    fn deref_mut(&mut self) -> &mut Conn {
        match self.group.as_mut().and_then(|group| group.connection.as_mut()) {
            Some(connection) => connection,
            None => unreachable!("a transaction that is over is gone"),
        }
    }
}

/// The connection without a transaction.
#[derive(Debug)]
pub struct Alone(pub(super) OwnedMutexGuard<CommitGroup>);

impl Alone {
    pub fn conn(&mut self) -> Result<&mut Conn> {
        self.0.connection()
    }
}

#[cfg(test)]
mod tests {
    use crate::db::{OrFault, connect, query, query_scalar};
    use std::{
        path::{Path, PathBuf},
        sync::{Arc, atomic::AtomicUsize},
        time::Duration,
    };

    use tempfile::TempDir;

    use super::*;

    struct World {
        writer: Writer,
        file: PathBuf,
        _folder: TempDir,
    }

    async fn world() -> World {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("db");
        std::fs::File::create(&file).expect("a file");
        let mut connection = connect(&file).await.expect("a connection");
        query("PRAGMA journal_mode = WAL").execute(&mut connection).await.expect("a log");
        query("CREATE TABLE t (n INTEGER PRIMARY KEY)").execute(&mut connection).await.expect("a table");
        query("CREATE TABLE id_block (next INTEGER)").execute(&mut connection).await.expect("the table of the beginning");
        let writer = Writer::new(connection);
        World { writer, file, _folder: folder }
    }

    async fn insert(transaction: &mut WriteTransaction, n: i64) -> Result<()> {
        query("INSERT INTO t (n) VALUES ($1)").bind(n).execute(&mut **transaction).await.or_fault()?;
        Ok(())
    }

    /// What another connection sees.
    async fn committed(file: &Path) -> Vec<i64> {
        let mut other = connect(file).await.expect("a connection");
        query_scalar("SELECT n FROM t ORDER BY n").fetch_all(&mut other).await.expect("rows")
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_acknowledged_is_there_and_nothing_else() {
        let w = world().await;
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..200_i64 {
            let (writer, file) = (w.writer.clone(), w.file.clone());
            tasks.spawn(async move {
                let mut transaction = writer.begin().await.expect("a transaction");
                insert(&mut transaction, n).await.expect("a row");
                match n % 4 {
                    0 => drop(transaction),
                    1 => transaction.rollback().await.expect("rolled back"),
                    2 => {
                        // Fails, and is rolled back with what it had done before.
                        insert(&mut transaction, n).await.expect_err("the same again");
                        transaction.rollback().await.expect("rolled back");
                    }
                    _ => {
                        transaction.commit().await.expect("committed");
                        assert!(committed(&file).await.contains(&n), "{n} was acknowledged");
                    }
                }
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.expect("no panic");
        }
        let expected: Vec<i64> = (0..200).filter(|n| n % 4 == 3).collect();
        assert_eq!(committed(&w.file).await, expected);
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
        let there = committed(&w.file).await;
        assert!(acknowledged.iter().all(|n| there.contains(n)));
        assert!(there.contains(&1000));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_begins_apart_sees_only_what_is_on_the_disk() {
        let mut w = world().await;
        w.writer.longest = Duration::from_secs(60);
        let mut first = w.writer.begin().await.expect("first");
        insert(&mut first, 1).await.expect("a row");
        let (writer, file) = (w.writer.clone(), w.file.clone());
        let apart = tokio::spawn(async move {
            let mut apart = writer.begin_apart().await.expect("apart");
            let seen: Vec<i64> = query_scalar("SELECT n FROM t").fetch_all(&mut *apart).await.expect("rows");
            assert_eq!(seen, committed(&file).await);
            apart.rollback().await.expect("rolled back");
            seen
        });
        while w.writer.waiting.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        let followed = Arc::new(AtomicUsize::new(0));
        let follows = followed.clone();
        // Left open for the one that waits, and committed by it.
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
            // As after a full disk: the whole transaction is rolled back, with what the others did in it.
            query("ROLLBACK").execute(&mut *second).await.expect("rolled back");
            second.rollback().await
        });
        while w.writer.waiting.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        assert!(first.commit().await.is_err(), "it is not there");
        second.await.expect("no panic").expect("rolled back");
        assert!(committed(&w.file).await.is_empty());
        let mut third = w.writer.begin().await.expect("third");
        insert(&mut third, 3).await.expect("a row");
        third.commit().await.expect("committed");
        assert_eq!(committed(&w.file).await, [3]);
    }
}
