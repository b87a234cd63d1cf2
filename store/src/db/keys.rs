//! Surrogate keys of rows that are written many at a time, with keys that the writer chooses.

use domain::Result;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::OrFault;

/// A table whose rows can be inserted with chosen keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyedTable {
    /// The accounts of all apps.
    Accounts,
    /// The groups of all apps.
    Groups,
}

impl KeyedTable {
    fn sql(self) -> &'static str {
        match self {
            Self::Accounts => "account",
            Self::Groups => "\"group\"",
        }
    }

    /// The highest surrogate key of all rows, of any app; 0 when there are none.
    pub async fn last_key(self, db: &mut SqliteConnection) -> Result<i64> {
        let mut sql: QueryBuilder<Sqlite> = QueryBuilder::new("SELECT coalesce(max(id), 0) FROM ");
        sql.push(self.sql()).build_query_scalar().fetch_one(db).await.or_fault()
    }

    /// Whether a row of any app has a surrogate key from `low` to `high`, both included.
    pub async fn has_key_within(self, db: &mut SqliteConnection, low: i64, high: i64) -> Result<bool> {
        let mut sql: QueryBuilder<Sqlite> = QueryBuilder::new("SELECT EXISTS (SELECT 1 FROM ");
        sql.push(self.sql()).push(" WHERE id BETWEEN ").push_bind(low).push(" AND ").push_bind(high).push(")");
        sql.build_query_scalar().fetch_one(db).await.or_fault()
    }
}
