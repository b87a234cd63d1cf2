//! The log of events as lines of JSON, for copies that follow it as it grows and for its archives: every event of every app and
//! of the server once, in the order of their numbers, one object per line with the keys that the export of the log has. There is
//! one writer, so a reader that sees an event sees all events before it.

use std::sync::LazyLock;

use domain::{
    Error, Result,
    export::{ExportList, Kind},
};

use crate::{
    Store,
    db::{Builder, OrFault, query, query_scalar, sql},
    lines::{Cell, Page, columns::sql as sql_of, jsonl::JsonLinesWriter},
};

/// Events that are read at a time.
pub const EVENTS_AT_ONCE: u32 = 500;

/// What a line has beyond a line of the export, which covers one app: also the keys, because an archive is the only record of its
/// events.
const MORE: [Value; 3] = [
    ("app", Kind::Text, "(SELECT p.org_name || '/' || p.app_name FROM application p WHERE p.id = t.app_id)"),
    ("app_id", Kind::Number, "t.app_id"),
    ("operator_id", Kind::Number, "t.operator_id"),
];

/// A value of a line: its key, what it is, and its SQL.
type Value = (&'static str, Kind, &'static str);

static VALUES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let exported =
        ExportList::Events.columns().iter().map(|column| (column.key, column.kind, sql_of(ExportList::Events, column)));
    exported.chain(MORE).collect()
});

/// Events as lines of JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventLines {
    /// Complete lines, each ending in a line break.
    pub text: Vec<u8>,
    /// The number of the last event.
    pub last: i64,
}

/// The number of the latest event; 0 when there is none.
pub async fn last_event(store: &Store) -> Result<i64> {
    query_scalar("SELECT coalesce(max(id), 0) FROM event").fetch_one(store.reader()).await.or_fault()
}

/// The first events after that number, at most [`EVENTS_AT_ONCE`]; `None` when there are none.
pub async fn events_after(store: &Store, id: i64) -> Result<Option<EventLines>> {
    events_between(store, id, i64::MAX, EVENTS_AT_ONCE, |_, _| {}).await
}

/// The first events after the number `behind` and up to the number `until`, at most `at_most`; `None` when there are none. `each`
/// is called with the number and the time of each event.
pub async fn events_between(
    store: &Store,
    behind: i64,
    until: i64,
    at_most: u32,
    mut each: impl FnMut(i64, i64),
) -> Result<Option<EventLines>> {
    let page: Option<String> = sql(behind, until, at_most).build_query_scalar().fetch_one(store.reader()).await.or_fault()?;
    let Some(page) = page else { return Ok(None) };
    let at = VALUES.iter().position(|(key, ..)| *key == "at");
    let mut writer = JsonLinesWriter::begin(Vec::new(), VALUES.iter().map(|(key, kind, _)| (*key, *kind)));
    let mut last = behind;
    Page::of(page, VALUES.len()).each_placed(|cells, id| {
        let Some(&Cell::Number(at)) = at.and_then(|at| cells.get(at)) else {
            return Err(Error::Internal("an event without its moment".to_owned()));
        };
        each(id, at);
        last = id;
        writer.row(cells)
    })?;
    Ok(Some(EventLines { text: writer.finish()?, last }))
}

fn sql(behind: i64, until: i64, at_most: u32) -> Builder {
    let mut sql = Builder::new(sql!("SELECT @lines(line) FROM (SELECT "));
    sql.push_tuple(|sql| {
        for (_, _, value) in VALUES.iter() {
            sql.push(value).push(", ");
        }
        sql.push("id, id");
    });
    sql.push(" AS line FROM event t WHERE id > ").push_bind(behind).push(" AND id <= ").push_bind(until);
    sql.push(" ORDER BY id LIMIT ").push_bind(i64::from(at_most)).push(") AS page");
    sql
}

/// The last number of the archived events after that one, which are no longer in the log; `None`: no event after it is archived.
pub async fn archived_behind(store: &Store, id: i64) -> Result<Option<i64>> {
    let sql = "SELECT max(last_id) FROM event_archive WHERE last_id > $1";
    query_scalar(sql).bind(id).fetch_one(store.reader()).await.or_fault()
}

/// The number of the last event that the file at that path had when [`set_place`] was last called; `None`: the path is unknown.
pub async fn place(store: &Store, path: &str) -> Result<Option<i64>> {
    let sql = "SELECT event_id FROM audit_log_place WHERE path = $1";
    query_scalar(sql).bind(path).fetch_optional(store.reader()).await.or_fault()
}

/// Stores the number of the last event that the file at that path has.
pub async fn set_place(store: &Store, path: &str, id: i64) -> Result<()> {
    let mut transaction = store.write().await?;
    query("INSERT INTO audit_log_place (path, event_id) VALUES ($1, $2) ON CONFLICT (path) DO UPDATE SET event_id = $2")
        .bind(path)
        .bind(id)
        .execute(&mut *transaction)
        .await
        .or_fault()?;
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
        let mut db = store.read().await.expect("a connection");
        let plan = plan(&mut db, &sql(5, 9, 2)).await;
        assert!(plan.join(";").contains("SEARCH t USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"), "{plan:?}");
    }
}
