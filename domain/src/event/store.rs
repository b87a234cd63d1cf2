//! Reading the log. Writing is the business of `db/change.rs`; nothing changes an event, and only what lies in an archive (`archive`) is
//! deleted. What end users cause in a row is held back for a while (`pending`).

pub mod archive;
pub mod pending;

use serde_json::Value;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::{
    Action, Event, EventPage, EventParams, EventRow, Outcome,
    rules::{EventQuery, changes, subject},
};
use crate::{
    Caller, Error, Permission, Result, Store,
    application::AppId,
    db::{Keyset, Placed, capped_count, push_given, word},
    error::Entity,
    group::store::place,
    page::{CursorKey, Sort, SortKey},
};

/// Server-wide events stand under this app id.
const SERVER: i64 = 0;

const COLUMNS: &str = "SELECT id, at, app_id, actor, operator, action, outcome, target, address, state_before, state_after
     FROM event WHERE app_id = ";

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    at: i64,
    app_id: i64,
    actor: String,
    operator: String,
    action: String,
    outcome: String,
    target: String,
    address: Option<String>,
    state_before: Option<String>,
    state_after: Option<String>,
}

fn state(text: Option<&str>) -> Result<Option<Value>> {
    text.map(serde_json::from_str).transpose().map_err(|error| Error::Internal(error.to_string()))
}

impl Row {
    fn event(self) -> Result<EventRow> {
        let (before, after) = (state(self.state_before.as_deref())?, state(self.state_after.as_deref())?);
        Ok(EventRow {
            id: self.id,
            at: self.at,
            operator: self.operator,
            actor: self.actor,
            action: word(&self.action, Action::parse)?,
            outcome: word(&self.outcome, Outcome::parse)?,
            target: self.target,
            subject: subject(before.as_ref(), after.as_ref()),
            address: self.address,
            in_app: self.app_id != SERVER,
        })
    }
}

impl Placed for Row {
    fn id(&self) -> i64 {
        self.id
    }

    fn key(&self, _: SortKey) -> CursorKey {
        CursorKey::Number(self.at)
    }
}

/// The branches of the log that belong on one page: the app's and the server's.
pub(crate) fn branches(app: Option<AppId>) -> Vec<i64> {
    app.map(|app| app.0).into_iter().chain([SERVER]).collect()
}

/// One page of the log, newest first: the app's events and the server-wide ones, or only these.
pub async fn list(store: &Store, caller: &Caller, app: Option<AppId>, params: &EventParams) -> Result<EventPage> {
    caller.require(Permission::Read)?;
    let query = EventQuery::parse(params)?;
    page(&mut *store.reader().acquire().await?, &branches(app), &query).await
}

/// One page of what was done to one group, newest first; [`Entity::Group`] not found. The target of the filter is the group in any case.
pub async fn list_of_group(
    store: &Store,
    caller: &Caller,
    app: AppId,
    group_id: &str,
    params: &EventParams,
) -> Result<EventPage> {
    caller.require(Permission::Read)?;
    let mut db = store.reader().acquire().await?;
    place(&mut db, app, group_id).await?;
    let query = EventQuery { target: Some(group_id.to_owned()), of_group: true, ..EventQuery::parse(params)? };
    page(&mut db, &[app.0], &query).await
}

async fn page(db: &mut SqliteConnection, branches: &[i64], query: &EventQuery) -> Result<EventPage> {
    let mut counted = QueryBuilder::new("SELECT count(*) FROM (");
    for (number, branch) in branches.iter().enumerate() {
        counted.push(if number == 0 {
            "SELECT 1 FROM event WHERE app_id = "
        } else {
            " UNION ALL SELECT 1 FROM event WHERE app_id = "
        });
        counted.push_bind(*branch);
        push_filter(&mut counted, query);
    }
    let total = capped_count(db, counted).await?;
    let (mut sql, keyset) = page_sql(branches, query);
    let rows: Vec<Row> = sql.build_query_as().fetch_all(&mut *db).await?;
    let page = keyset.page(rows, total, Row::event)?;
    let operators = sqlx::query_scalar("SELECT name FROM operator ORDER BY name_key").fetch_all(db).await?;
    Ok(EventPage { page, operators })
}

/// Each branch walks its own index downwards; SQLite merges them as it goes.
fn page_sql<'a>(branches: &[i64], query: &'a EventQuery) -> (QueryBuilder<Sqlite>, Keyset<'a>) {
    let keyset = Keyset { key: "at", id: "id", sort: Sort::default(), size: query.size.get(), cursor: query.cursor.as_ref() };
    let mut sql = QueryBuilder::new("");
    for (number, branch) in branches.iter().enumerate() {
        sql.push(if number == 0 { "" } else { " UNION ALL " }).push(COLUMNS).push_bind(*branch);
        push_filter(&mut sql, query);
        keyset.push_after(&mut sql);
    }
    keyset.push_order(&mut sql);
    (sql, keyset)
}

pub(crate) fn push_filter(sql: &mut QueryBuilder<Sqlite>, query: &EventQuery) {
    let parts = [
        (" AND operator = ", query.operator.as_deref()),
        (" AND action = ", query.action.map(Action::as_str)),
        (" AND target = ", query.target.as_deref()),
    ];
    push_given(sql, &parts);
    if query.of_group {
        // `+`: the walk is that of the target.
        sql.push(" AND +substr(action, 1, instr(action, '.') - 1) IN ('group', 'member', 'file', 'message')");
    }
    for (fragment, time) in [(" AND at >= ", query.from), (" AND at < ", query.until)] {
        if let Some(time) = time {
            sql.push(fragment).push_bind(time);
        }
    }
}

/// Events on an account's page.
const LATEST: i64 = 10;

/// The latest events about one account of the app: not those of a group or an operator of the same name.
pub(crate) async fn latest_of_account(db: &mut SqliteConnection, app: AppId, username: &str) -> Result<Vec<EventRow>> {
    let rows: Vec<Row> = latest_of_account_sql(app, username).build_query_as().fetch_all(db).await?;
    rows.into_iter().map(Row::event).collect()
}

fn latest_of_account_sql(app: AppId, username: &str) -> QueryBuilder<Sqlite> {
    let mut sql = QueryBuilder::new(COLUMNS);
    sql.push_bind(app.0).push(" AND target = ").push_bind(username.to_owned());
    sql.push(" AND +action GLOB 'account.*' ORDER BY at DESC, id DESC LIMIT ").push_bind(LATEST);
    sql
}

/// The latest events of one app alone, newest first; for its overview.
pub(crate) async fn latest(db: &mut SqliteConnection, app: AppId, number: u32) -> Result<Vec<EventRow>> {
    let rows: Vec<Row> = latest_sql(app, number).build_query_as().fetch_all(db).await?;
    rows.into_iter().map(Row::event).collect()
}

fn latest_sql(app: AppId, number: u32) -> QueryBuilder<Sqlite> {
    let mut sql = QueryBuilder::new(COLUMNS);
    sql.push_bind(app.0).push(" ORDER BY at DESC, id DESC LIMIT ").push_bind(i64::from(number));
    sql
}

/// One event with what it changed; [`Entity::Event`] not found for another app's.
pub async fn get(store: &Store, caller: &Caller, app: Option<AppId>, id: i64) -> Result<Event> {
    caller.require(Permission::Read)?;
    let mut db = store.reader().acquire().await?;
    let mut found = None;
    for branch in branches(app) {
        let mut sql = QueryBuilder::new(COLUMNS);
        sql.push_bind(branch).push(" AND id = ").push_bind(id);
        found = found.or(sql.build_query_as::<Row>().fetch_optional(&mut *db).await?);
    }
    let row = found.ok_or(Error::NotFound(Entity::Event))?;
    let (before, after) = (state(row.state_before.as_deref())?, state(row.state_after.as_deref())?);
    Ok(Event { row: row.event()?, changes: changes(before.as_ref(), after.as_ref()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        db::{assert_walks, plan},
        page::Cursor,
    };

    #[tokio::test]
    async fn every_filter_walks_an_index_and_the_branches_are_merged() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).await.expect("a store");
        let mut db = store.reader().acquire().await.expect("a connection");
        let cursor = Cursor::new(Sort::default(), false, CursorKey::Number(5), 5).encode();
        assert_walks(&plan(&mut db, &latest_sql(AppId(7), 10)).await, "event_app ");
        let word = |text: &str| text.to_owned();
        for (params, index) in [
            (EventParams::default(), "event_app "),
            (EventParams { cursor, ..Default::default() }, "event_app "),
            (EventParams { from: word("2026-01-01"), to: word("2026-02-01"), ..Default::default() }, "event_app "),
            (EventParams { operator: word("ada"), ..Default::default() }, "event_app_operator"),
            (EventParams { action: word("group.create"), ..Default::default() }, "event_app_action"),
            (EventParams { target: word("g"), ..Default::default() }, "event_app_target"),
        ] {
            let query = EventQuery::parse(&params).expect("a query");
            for app in [None, Some(AppId(7))] {
                let (sql, _) = page_sql(&branches(app), &query);
                assert_walks(&plan(&mut db, &sql).await, index);
            }
        }
        let params = EventParams { target: word("g"), ..Default::default() };
        let query = EventQuery { of_group: true, ..EventQuery::parse(&params).expect("a query") };
        assert_walks(&plan(&mut db, &page_sql(&[7], &query).0).await, "event_app_target");
        assert_walks(&plan(&mut db, &latest_of_account_sql(AppId(7), "ada")).await, "event_app_target");
    }
}
