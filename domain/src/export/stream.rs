//! The log of events as it grows, for who follows it: every event of every app and of the server once, in the order of their numbers, one
//! JSON object a line with the names that the export of the log has. There is one writer, so whoever sees an event sees all before it.

use std::sync::LazyLock;

use sqlx::{QueryBuilder, Sqlite};

use super::{Column, ExportList, Kind, jsonl::JsonLinesWriter, rows::Page};
use crate::{Result, Store};

/// Events that are read at once.
pub const EVENTS_AT_ONCE: u32 = 500;

/// What a line holds more than one of the export, which is of one app.
const APP: Column = Column {
    key: "app",
    kind: Kind::Text,
    sql: "(SELECT p.org_name || '/' || p.app_name FROM application p WHERE p.id = t.app_id)",
    titles: ["App", "应用", "앱"],
};

static COLUMNS: LazyLock<Vec<&'static Column>> = LazyLock::new(|| ExportList::Events.columns().iter().chain([&APP]).collect());

/// Events as lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventLines {
    /// Whole lines, each with its end.
    pub text: Vec<u8>,
    /// The number of the last one.
    pub last: i64,
}

/// The number of the latest event; 0 when there is none.
pub async fn last_event(store: &Store) -> Result<i64> {
    Ok(sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM event").fetch_one(store.reader()).await?)
}

/// The first events behind that number, at most [`EVENTS_AT_ONCE`]; `None` when there is none.
pub async fn events_after(store: &Store, id: i64) -> Result<Option<EventLines>> {
    let page: Option<String> = sql(id).build_query_scalar().fetch_one(store.reader()).await?;
    let Some(page) = page else { return Ok(None) };
    let mut writer = JsonLinesWriter::begin(Vec::new(), &COLUMNS);
    let mut last = id;
    Page::of(page, COLUMNS.len()).each_placed(|cells, id| {
        last = id;
        writer.row(cells)
    })?;
    let text = String::from_utf8(writer.finish()?).map_err(|error| crate::Error::Internal(error.to_string()))?;
    Ok(Some(EventLines { text: one_line_each(text).into_bytes(), last }))
}

fn sql(id: i64) -> QueryBuilder<Sqlite> {
    let mut sql = QueryBuilder::new("SELECT group_concat(line, char(10)) FROM (SELECT json_array(");
    for column in COLUMNS.iter() {
        sql.push(column.sql).push(", ");
    }
    sql.push("id, id) AS line FROM event t WHERE id > ").push_bind(id);
    sql.push(" ORDER BY id LIMIT ").push_bind(i64::from(EVENTS_AT_ONCE)).push(")");
    sql
}

/// JSON escapes the control characters of ASCII; some readers break lines at others, terminals obey some, and some turn the direction of
/// what follows. Outside of texts JSON has none of them, and all are within four digits.
fn one_line_each(text: String) -> String {
    let odd = |c: char| matches!(c, '\u{7f}'..='\u{9f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    if !text.contains(odd) {
        return text;
    }
    let mut escaped = String::with_capacity(text.len() + 64);
    for c in text.chars() {
        if odd(c) {
            escaped.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// The last number of the events behind that one which are in archives, and no longer in the log; `None`: none is.
pub async fn archived_behind(store: &Store, id: i64) -> Result<Option<i64>> {
    let sql = "SELECT max(last_id) FROM event_archive WHERE last_id > $1";
    Ok(sqlx::query_scalar(sql).bind(id).fetch_one(store.reader()).await?)
}

/// How far the file of that path had come when this was last written down; `None`: it is not known here.
pub async fn place(store: &Store, path: &str) -> Result<Option<i64>> {
    let sql = "SELECT event_id FROM audit_log_place WHERE path = $1";
    Ok(sqlx::query_scalar(sql).bind(path).fetch_optional(store.reader()).await?)
}

/// Writes down how far it has come.
pub async fn set_place(store: &Store, path: &str, id: i64) -> Result<()> {
    let mut transaction = store.write().await?;
    sqlx::query("INSERT INTO audit_log_place (path, event_id) VALUES ($1, $2) ON CONFLICT (path) DO UPDATE SET event_id = $2")
        .bind(path)
        .bind(id)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::plan;

    #[tokio::test]
    async fn the_log_is_read_by_its_key() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).await.expect("a store");
        let mut db = store.reader().acquire().await.expect("a connection");
        let plan = plan(&mut db, &sql(5)).await;
        assert!(plan.join(";").contains("SEARCH t USING INTEGER PRIMARY KEY (rowid>?)"), "{plan:?}");
    }

    #[test]
    fn other_line_breaks_are_escaped() {
        assert_eq!(one_line_each("{\"a\":\"x\u{2028}y\u{2029}z\u{85}\"}".into()), "{\"a\":\"x\\u2028y\\u2029z\\u0085\"}");
    }
}
