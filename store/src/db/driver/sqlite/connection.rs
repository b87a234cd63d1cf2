//! Connections to SQLite and what is asked through them. Each call is one hand-over to the thread of the connection.

use futures_util::{
    future,
    stream::{self, BoxStream, StreamExt, TryStreamExt},
};
use sqlx::{
    Arguments, AssertSqlSafe, ConnectOptions, Connection as _, FromRow, SqlSafeStr, SqlStr, Sqlite, SqliteConnection, SqlitePool,
    Transaction,
    pool::PoolConnection,
    query, query_as_with, query_with,
    sqlite::{SqliteArguments, SqliteConnectOptions, SqliteRow},
};

use crate::db::driver::{DatabaseError, Statement, Text, Value};

/// What SQLite answers as one row.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + Send + Unpin {}

impl<T: for<'r> FromRow<'r, SqliteRow> + Send + Unpin> Row for T {}

/// A connection to the file.
#[derive(Debug)]
pub enum Connection {
    /// One of its own.
    Owned(SqliteConnection),
    /// One that the pool gets back.
    Pooled(PoolConnection<Sqlite>),
    /// One of the pool while it reads a single state of the data. When it is dropped it ends that by itself.
    Snapshot(Transaction<'static, Sqlite>),
}

/// A pool of connections that only read.
#[derive(Clone, Debug)]
pub struct Pool(pub SqlitePool);

impl Pool {
    pub async fn acquire(&self) -> Result<Connection, DatabaseError> {
        self.0.acquire().await.map(Connection::Pooled)
    }

    pub async fn snapshot(&self) -> Result<Connection, DatabaseError> {
        self.0.begin().await.map(Connection::Snapshot)
    }

    pub async fn close(&self) {
        self.0.close().await;
    }
}

/// A new connection with these settings.
pub async fn connect(options: &SqliteConnectOptions) -> Result<Connection, DatabaseError> {
    options.connect().await.map(Connection::Owned)
}

impl Connection {
    pub fn driver(&mut self) -> &mut SqliteConnection {
        match self {
            Self::Owned(connection) => connection,
            Self::Pooled(connection) => connection,
            Self::Snapshot(transaction) => transaction,
        }
    }

    pub async fn close(self) -> Result<(), DatabaseError> {
        match self {
            Self::Owned(connection) => connection.close().await,
            Self::Pooled(_) | Self::Snapshot(_) => Ok(()),
        }
    }

    /// Begins a snapshot on a connection of its own.
    pub async fn begin(mut self) -> Result<Self, DatabaseError> {
        query("BEGIN").execute(self.driver()).await?;
        Ok(self)
    }

    /// Ends a snapshot.
    pub async fn end(mut self) -> Result<(), DatabaseError> {
        if let Self::Snapshot(transaction) = self {
            return transaction.rollback().await;
        }
        query("ROLLBACK").execute(self.driver()).await?;
        self.close().await
    }

    /// How many rows the statement has changed.
    pub async fn execute(&mut self, statement: Statement) -> Result<u64, DatabaseError> {
        let (text, values) = driven(statement)?;
        Ok(query_with(text, values).execute(self.driver()).await?.rows_affected())
    }

    pub async fn fetch_optional<T: Row>(&mut self, statement: Statement) -> Result<Option<T>, DatabaseError> {
        let (text, values) = driven(statement)?;
        query_as_with(text, values).fetch_optional(self.driver()).await
    }

    pub async fn fetch_all<T: Row>(&mut self, statement: Statement) -> Result<Vec<T>, DatabaseError> {
        let (text, values) = driven(statement)?;
        query_as_with(text, values).fetch_all(self.driver()).await
    }

    pub async fn fetch_all_scalars<T>(&mut self, statement: Statement) -> Result<Vec<T>, DatabaseError>
    where
        (T,): Row,
    {
        let (text, values) = driven(statement)?;
        query_as_with(text, values).fetch(self.driver()).map_ok(|(value,)| value).try_collect().await
    }

    pub fn fetch<'c, T: Row + 'c>(&'c mut self, statement: Statement) -> BoxStream<'c, Result<T, DatabaseError>> {
        match driven(statement) {
            Ok((text, values)) => query_as_with(text, values).fetch(self.driver()),
            Err(error) => stream::once(future::ready(Err(error))).boxed(),
        }
    }
}

/// Text and values as the driver takes them.
fn driven(Statement { text, values }: Statement) -> Result<(SqlStr, SqliteArguments), DatabaseError> {
    let text = match text {
        Text::Static(text) => text.into_sql_str(),
        // Put together from texts that are known when the program is compiled.
        Text::Built(text) => AssertSqlSafe(text).into_sql_str(),
    };
    let mut arguments = SqliteArguments::default();
    arguments.reserve(values.len(), 0);
    for value in values {
        let added = match value {
            Value::Int(value) => Arguments::add(&mut arguments, value),
            Value::Bool(value) => Arguments::add(&mut arguments, value),
            Value::Text(value) => Arguments::add(&mut arguments, value),
            Value::Bytes(value) => Arguments::add(&mut arguments, value),
        };
        added.map_err(DatabaseError::Encode)?;
    }
    Ok((text, arguments))
}
