//! What SQLite needs or can tell about itself: the size of its cache, whether a file is sound, what is in its schema.

use super::open_copy;
use crate::db::{Builder, Conn, DatabaseError, query, query_scalar};
use std::path::Path;

/// Sets the size of a connection's cache, KiB.
pub async fn set_cache(db: &mut Conn, kib: u32) -> Result<(), DatabaseError> {
    // Pragmas take no parameters; this is a number.
    Builder::unchecked(format!("PRAGMA cache_size = -{kib}")).execute(db).await?;
    Ok(())
}

/// What is damaged in the file, in SQLite's words, at most 20 lines. The connection must be new: one that knows an older structure of
/// the search indexes does not read it again (SQLite 3.51) and takes it for damage.
pub async fn damage(db: &mut Conn) -> Result<Vec<String>, DatabaseError> {
    let lines: Vec<String> = query_scalar("PRAGMA integrity_check(20)").fetch_all(db).await?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}

/// The first damage that a look at the file's structure alone finds.
pub async fn quickly_seen_damage(db: &mut Conn) -> Result<Option<String>, DatabaseError> {
    let lines: Vec<String> = query_scalar("PRAGMA quick_check(1)").fetch_all(db).await?;
    Ok(lines.into_iter().next().filter(|line| line != "ok"))
}

/// Tables whose rows point to rows that do not exist, with the tables of these, at most 20.
pub async fn orphans(db: &mut Conn) -> Result<Vec<String>, DatabaseError> {
    let sql = "SELECT DISTINCT \"table\" || ' -> ' || parent FROM pragma_foreign_key_check LIMIT 20";
    query_scalar(sql).fetch_all(db).await
}

/// The tables of a copy whose search indexes differ from them, each with SQLite's reason.
pub async fn wrong_search_indexes(copy: &Path) -> Result<Vec<(&'static str, String)>, DatabaseError> {
    let mut db = open_copy(copy).await?;
    let mut wrong = Vec::new();
    // Commands of FTS5 are written as inserts; these change nothing but need a writer.
    for (table, sql) in [
        ("account", "INSERT INTO account_fts (account_fts, rank) VALUES ('integrity-check', 1)"),
        ("group", "INSERT INTO group_fts (group_fts, rank) VALUES ('integrity-check', 1)"),
        ("event_name", "INSERT INTO event_name_fts (event_name_fts, rank) VALUES ('integrity-check', 1)"),
    ] {
        if let Err(error) = query(sql).execute(&mut db).await {
            wrong.push((table, error.to_string()));
        }
    }
    db.close().await?;
    Ok(wrong)
}

/// Whether the database has a table of that name.
pub async fn has_table(db: &mut Conn, name: &str) -> Result<bool, DatabaseError> {
    query_scalar("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = $1)").bind(name).fetch_one(db).await
}

/// Whether a table has a column of that name.
pub async fn has_column(db: &mut Conn, table: &str, name: &str) -> Result<bool, DatabaseError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM pragma_table_info($1) WHERE name = $2)";
    query_scalar(sql).bind(table).bind(name).fetch_one(db).await
}
