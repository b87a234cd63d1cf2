//! Connections, whatever the engine: what a statement is run on.

use std::ops::{Deref, DerefMut};

use domain::Result;

use super::{
    OrFault,
    driver::{DatabaseError, sqlite},
};

/// A connection to the database. [`query`](super::query) and [`Builder`](super::Builder) run statements on it.
#[derive(Debug)]
pub enum Conn {
    /// To the file of the data folder.
    Sqlite(sqlite::Connection),
}

impl Conn {
    /// Closes a connection of its own; gives one of the pool back.
    pub async fn close(self) -> Result<(), DatabaseError> {
        match self {
            Self::Sqlite(connection) => connection.close().await,
        }
    }
}

/// The connections for short reads, which never wait for the writer.
#[derive(Clone, Debug)]
pub enum Pool {
    /// Of SQLite.
    Sqlite(sqlite::Pool),
}

impl Pool {
    /// Waits for a connection.
    pub(super) async fn acquire(&self) -> Result<Conn, DatabaseError> {
        match self {
            Self::Sqlite(pool) => pool.acquire().await.map(Conn::Sqlite),
        }
    }

    /// The same, for reads of a single state of the data.
    pub(super) async fn snapshot(&self) -> Result<Snapshot, DatabaseError> {
        match self {
            Self::Sqlite(pool) => pool.snapshot().await.map(|connection| Snapshot(Conn::Sqlite(connection))),
        }
    }

    /// Waits until all connections have come back, and closes them.
    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
        }
    }
}

/// What a statement can be run on: a connection, or the pool, which lends one for this statement alone.
pub trait Executor<'c>: Send {
    /// Which of the two it is.
    fn source(self) -> Source<'c>;
}

/// See [`Executor`].
#[derive(Debug)]
pub enum Source<'c> {
    /// The caller's own connection.
    Conn(&'c mut Conn),
    /// The pool.
    Pool(&'c Pool),
}

impl<'c> Source<'c> {
    /// The connection for one statement.
    pub(super) async fn connection(self) -> Result<Lent<'c>, DatabaseError> {
        match self {
            Self::Conn(conn) => Ok(Lent::Borrowed(conn)),
            Self::Pool(pool) => pool.acquire().await.map(Lent::Pooled),
        }
    }
}

impl<'c> Executor<'c> for &'c mut Conn {
    fn source(self) -> Source<'c> {
        Source::Conn(self)
    }
}

impl<'c> Executor<'c> for &'c Pool {
    fn source(self) -> Source<'c> {
        Source::Pool(self)
    }
}

/// A connection for one statement.
#[derive(Debug)]
pub(super) enum Lent<'c> {
    /// The caller's own.
    Borrowed(&'c mut Conn),
    /// One that the pool gets back.
    Pooled(Conn),
}

impl Deref for Lent<'_> {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        match self {
            Self::Borrowed(conn) => conn,
            Self::Pooled(conn) => conn,
        }
    }
}

impl DerefMut for Lent<'_> {
    fn deref_mut(&mut self) -> &mut Conn {
        match self {
            Self::Borrowed(conn) => conn,
            Self::Pooled(conn) => conn,
        }
    }
}

/// A connection on which all that is read is of a single state of the data, whatever is written meanwhile: that of the first read.
/// Dropping it ends that.
#[derive(Debug)]
pub struct Snapshot(Conn);

impl Snapshot {
    /// On a connection of its own.
    pub(super) async fn begin(conn: Conn) -> Result<Self> {
        match conn {
            Conn::Sqlite(connection) => connection.begin().await.map(|connection| Self(Conn::Sqlite(connection))).or_fault(),
        }
    }

    /// Ends it: gives the connection back to the pool, or closes one of its own.
    pub async fn end(self) -> Result<()> {
        match self.0 {
            Conn::Sqlite(connection) => connection.end().await.or_fault(),
        }
    }
}

impl Deref for Snapshot {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.0
    }
}

impl DerefMut for Snapshot {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}
