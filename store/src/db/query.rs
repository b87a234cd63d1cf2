//! Statements: a text, its values, and how the answer is read. The same chain of calls as sqlx has, but neither texts nor values nor
//! rows belong to one engine.

use std::marker::PhantomData;

use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};

use super::{
    Conn, Executor,
    driver::{DatabaseError, Statement, Text, Value, Values, sqlite},
    sql::Sql,
};

/// A row that a statement can answer: a tuple, or a struct with `#[derive(sqlx::FromRow)]`.
pub trait Row: sqlite::Row {}

impl<T: sqlite::Row> Row for T {}

/// How many rows a statement has changed.
#[derive(Clone, Copy, Debug)]
pub struct Done(u64);

impl Done {
    /// How many rows were inserted, updated or deleted.
    pub fn rows_affected(self) -> u64 {
        self.0
    }
}

/// A statement that answers no rows.
pub fn query(sql: impl Into<Sql>) -> Query {
    Query(Statement { text: Text::Static(sql.into().sqlite()), values: Values::new() })
}

/// A statement whose rows have several columns.
pub fn query_as<T: Row>(sql: impl Into<Sql>) -> QueryAs<T> {
    QueryAs { statement: query(sql).0, row: PhantomData }
}

/// A statement whose rows have one column.
pub fn query_scalar<T>(sql: impl Into<Sql>) -> QueryScalar<T>
where
    (T,): Row,
{
    QueryScalar(query_as(sql))
}

/// See [`query`].
#[derive(Debug)]
#[must_use = "a statement does nothing until it is executed"]
pub struct Query(pub(super) Statement);

impl Query {
    /// Binds the next value: the first is `$1`.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.0.values.push(value.into());
        self
    }

    /// Runs the statement.
    pub async fn execute<'c>(self, db: impl Executor<'c>) -> Result<Done, DatabaseError> {
        match &mut *db.source().connection().await? {
            Conn::Sqlite(connection) => connection.execute(self.0).await.map(Done),
        }
    }
}

/// See [`query_as`].
#[must_use = "a statement does nothing until its rows are fetched"]
pub struct QueryAs<T> {
    pub(super) statement: Statement,
    pub(super) row: PhantomData<fn() -> T>,
}

impl<T: Row> QueryAs<T> {
    /// Binds the next value: the first is `$1`.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.statement.values.push(value.into());
        self
    }

    /// The first row; an error without one.
    pub async fn fetch_one<'c>(self, db: impl Executor<'c>) -> Result<T, DatabaseError> {
        self.fetch_optional(db).await?.ok_or(DatabaseError::RowNotFound)
    }

    /// The first row, if there is one.
    pub async fn fetch_optional<'c>(self, db: impl Executor<'c>) -> Result<Option<T>, DatabaseError> {
        match &mut *db.source().connection().await? {
            Conn::Sqlite(connection) => connection.fetch_optional(self.statement).await,
        }
    }

    /// All rows.
    pub async fn fetch_all<'c>(self, db: impl Executor<'c>) -> Result<Vec<T>, DatabaseError> {
        match &mut *db.source().connection().await? {
            Conn::Sqlite(connection) => connection.fetch_all(self.statement).await,
        }
    }

    /// The rows one by one, for answers that may be too large for the memory.
    pub fn fetch<'c>(self, db: &'c mut Conn) -> BoxStream<'c, Result<T, DatabaseError>>
    where
        T: 'c,
    {
        match db {
            Conn::Sqlite(connection) => connection.fetch(self.statement),
        }
    }
}

/// See [`query_scalar`].
#[must_use = "a statement does nothing until its rows are fetched"]
pub struct QueryScalar<T>(pub(super) QueryAs<(T,)>);

impl<T> QueryScalar<T>
where
    (T,): Row,
{
    /// Binds the next value: the first is `$1`.
    pub fn bind(self, value: impl Into<Value>) -> Self {
        Self(self.0.bind(value))
    }

    /// The value in the first row; an error without one.
    pub async fn fetch_one<'c>(self, db: impl Executor<'c>) -> Result<T, DatabaseError> {
        self.0.fetch_one(db).await.map(|(value,)| value)
    }

    /// The value in the first row, if there is one.
    pub async fn fetch_optional<'c>(self, db: impl Executor<'c>) -> Result<Option<T>, DatabaseError> {
        Ok(self.0.fetch_optional(db).await?.map(|(value,)| value))
    }

    /// The values of all rows.
    pub async fn fetch_all<'c>(self, db: impl Executor<'c>) -> Result<Vec<T>, DatabaseError> {
        match &mut *db.source().connection().await? {
            Conn::Sqlite(connection) => connection.fetch_all_scalars(self.0.statement).await,
        }
    }

    /// The values one by one, for answers that may be too large for the memory.
    pub fn fetch<'c>(self, db: &'c mut Conn) -> BoxStream<'c, Result<T, DatabaseError>>
    where
        T: 'c,
    {
        self.0.fetch(db).map_ok(|(value,)| value).boxed()
    }
}
