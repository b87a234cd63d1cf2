//! What the planner knows about the tables: always the same, as on a server with a million accounts in twenty apps. Real statistics would
//! be right only for a while. They are made when a table is small, and a plan for a small table reads all of it; the import that makes it
//! large would read it again for each of its steps. So nobody runs `ANALYZE`, and a statement has the same plan on every server
//! (`statements.rs` looks at the plans).

use crate::db::{Conn, DatabaseError, query, query_as, query_scalar};

/// Table, index, and how many rows there are, then how many for each value of its first column, of its first two, and so on. What is
/// missing here the planner takes for a large table.
const STATISTICS: &[(&str, &str, &str)] = &[
    ("account", "account_created", "1000000 50000 1"),
    ("account", "account_type_created", "1000000 50000 25000 1"),
    ("account", "account_type_name", "1000000 50000 25000 1"),
    ("account", "account_zone", "1000000 4096 1"),
    ("account", "sqlite_autoindex_account_1", "1000000 50000 1"),
    ("application", "sqlite_autoindex_application_1", "20 5 1"),
    ("event", "event_app", "10000000 500000 2"),
    ("event", "event_app_action", "10000000 500000 20000 2"),
    ("event", "event_app_operator", "10000000 500000 20000 2"),
    ("event", "event_app_target", "10000000 500000 10 1"),
    ("event_name", "event_name_key", "1000000 50000 2 1"),
    ("group", "group_created", "100000 5000 1"),
    ("group", "group_members", "100000 5000 300"),
    ("group", "group_messages", "100000 5000 500"),
    ("group", "group_name", "100000 5000 1"),
    ("group", "group_owner", "100000 3 1"),
    ("group", "group_type_created", "100000 5000 1500 1"),
    ("group", "group_type_name", "100000 5000 1500 1"),
    ("group", "group_zone", "100000 2048 1"),
    ("group", "sqlite_autoindex_group_1", "100000 5000 1"),
    ("group_file", "group_file_content", "100000 2"),
    ("group_file", "group_file_created", "100000 10 1 1"),
    ("group_file", "sqlite_autoindex_group_file_1", "100000 1"),
    ("group_listed", "group_listed", "1000000 20 10 1"),
    ("group_listed", "group_listed_account", "1000000 5"),
    ("group_listed", "group_listed_order", "1000000 20 10 1 1"),
    ("member", "member", "2000000 4 1"),
    ("member", "member_account", "2000000 3 1 1"),
    ("member", "member_admin", "20000 2 1"),
    ("member", "member_joined", "2000000 4 1 1"),
    ("member", "member_one_owner", "98707 1"),
    ("message", "message", "10000000 100 1"),
    ("operator", "sqlite_autoindex_operator_1", "20 1"),
];

/// Writes the statistics where other ones are. The connection uses them at once, others that open later do.
pub async fn fix(db: &mut Conn) -> Result<(), DatabaseError> {
    let is_there = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1')";
    if query_scalar(is_there).fetch_one(&mut *db).await? {
        let found: Vec<(String, Option<String>, String)> =
            query_as("SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY tbl, idx").fetch_all(&mut *db).await?;
        if found
            .iter()
            .map(|(table, index, stat)| (table.as_str(), index.as_deref().unwrap_or_default(), stat.as_str()))
            .eq(STATISTICS.iter().copied())
        {
            return Ok(());
        }
    }
    // The only way to make the tables; this one has few rows.
    query("ANALYZE application").execute(&mut *db).await?;
    let written = query(
        "BEGIN IMMEDIATE;
         DELETE FROM sqlite_stat1;
         DELETE FROM sqlite_stat4;
         INSERT INTO sqlite_stat1 (tbl, idx, stat) SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each($1);
         COMMIT;
         ANALYZE sqlite_schema",
    )
    .bind(serde_json::to_string(STATISTICS).map_err(|error| DatabaseError::Encode(error.into()))?)
    .execute(&mut *db)
    .await;
    if written.is_err() {
        // Nothing may stay open on the connection that will write. Without a transaction this fails, as it should.
        let _ = query("ROLLBACK").execute(db).await;
    }
    written.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Store,
        db::{FILE, connect},
    };

    #[tokio::test]
    async fn whatever_statistics_a_database_has_opening_it_writes_these() {
        let folder = tempfile::tempdir().expect("a folder");
        let open = async || {
            let store = Store::open(folder.path()).await.expect("a store");
            let sql = "SELECT stat FROM sqlite_stat1 WHERE idx = 'account_created'";
            let stat: Vec<String> = query_scalar(sql).fetch_all(store.reader()).await.expect("statistics");
            store.close().await;
            stat
        };
        assert_eq!(open().await, ["1000000 50000 1"]);
        // As somebody may do by hand, while the tables are small.
        let mut db = connect(&folder.path().join(FILE)).await.expect("a connection");
        query("ANALYZE").execute(&mut db).await.expect("analysed");
        let changed = "SELECT count(*) FROM sqlite_stat1 WHERE idx = 'account_created'";
        assert_eq!(query_scalar::<i64>(changed).fetch_one(&mut db).await.expect("a number"), 0);
        db.close().await.expect("closed");
        assert_eq!(open().await, ["1000000 50000 1"]);
    }

    #[tokio::test]
    async fn every_index_of_a_large_table_is_in_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).await.expect("a store");
        for (table, index, stat) in STATISTICS {
            let sql = "SELECT count(*) FROM pragma_index_list($1) AS l JOIN pragma_index_info(l.name) WHERE l.name = $2";
            let columns: i64 = query_scalar(sql).bind(*table).bind(*index).fetch_one(store.reader()).await.expect("a number");
            // Or the primary key of a table that is its own index.
            let is_table = index == table;
            assert!(is_table || stat.split(' ').count() as i64 == columns + 1, "{index} has {columns} columns");
        }
        for table in super::super::statements::LARGE {
            // Of these the planner's own guesses are right: no two indexes begin with the same column.
            if ["account_place", "api_token", "job_item", "job_result"].contains(&table) {
                continue;
            }
            let sql = "SELECT name FROM pragma_index_list($1) WHERE origin <> 'pk'";
            let indexes: Vec<String> = query_scalar(sql).bind(table).fetch_all(store.reader()).await.expect("indexes");
            for index in indexes {
                assert!(STATISTICS.iter().any(|(_, known, _)| *known == index), "{index}");
            }
        }
    }
}
