//! The plans of lists.

use crate::db::{Builder, Conn};
use domain::{
    account::AccountType,
    page::{Cursor, ListParams, Sort},
};

use super::*;

/// SQLite's plan for a statement.
pub async fn plan(db: &mut Conn, sql: &Builder) -> Vec<String> {
    let sql = format!("EXPLAIN QUERY PLAN {}", sql.text());
    let rows: Vec<(i64, i64, i64, String)> = Builder::unchecked(sql).build_query_as().fetch_all(db).await.expect("a plan");
    rows.into_iter().map(|row| row.3).collect()
}

/// The page comes from an index, without a sort or a scan.
pub fn assert_walks(plan: &[String], index: &str) {
    let text = plan.join("; ");
    assert!(!text.contains("TEMP B-TREE") && !text.contains("SCAN "), "{text}");
    assert!(text.contains(index), "{index}: {text}");
}

/// Every order of a list, with and without type, on the first page and later, uses the index made for it.
pub async fn assert_list_walks(source: &ListSource, kind: &'static str, indexes: [&str; 4]) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = crate::Store::open(folder.path()).await.expect("a store");
    let mut db = store.read().await.expect("a connection");
    for (word, kind, index) in [
        ("created", None, indexes[0]),
        ("name", None, indexes[1]),
        ("created", Some(kind), indexes[2]),
        ("name", Some(kind), indexes[3]),
    ] {
        for descending in ["", "-"] {
            let sort = Sort::parse(&format!("{descending}{word}"));
            let key = if word == "created" { CursorKey::Number(1) } else { CursorKey::Text("a".to_owned()) };
            for cursor in [None, Some(false), Some(true)] {
                let cursor = cursor.map(|backward| Cursor::new(sort, backward, key.clone(), 1).encode()).unwrap_or_default();
                let params = ListParams { sort: sort.as_str().to_owned(), cursor, ..ListParams::default() };
                let query = ListQuery::parse(&params, AccountType::parse).expect("a query");
                let request = ListRequest { kind, ..ListRequest::new(AppId::of_row(1), &query, source, AccountType::as_str) };
                let sql = page_sql(source, &request, &Plan::Walk { until: None }).expect("a statement");
                assert_walks(&plan(&mut db, &sql).await, index);
                // The whole statement, with the count beside it. The count of a type reads its own rows, and no others.
                let listed = plan(&mut db, &listed_sql(source, &request)).await.join("; ").replace("SCAN counted", "");
                assert!(!listed.contains("TEMP B-TREE") && !listed.contains("SCAN ") && listed.contains(index), "{listed}");
            }
        }
    }
}
