//! Reading the log. How a filter finds its events is in `walks.rs`. Writing is the business of `db/change.rs`; nothing changes or deletes an event.

mod walks;

use serde_json::Value;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

pub(crate) use self::walks::{Walk, push_each, walks};
use super::{
    Action, Event, EventPage, EventParams, EventRow, Outcome,
    rules::{EventQuery, changes, subject},
};
use crate::{
    Caller, Error, Permission, Result, Store,
    application::AppId,
    db::{Keyset, Placed, capped_count, word},
    error::Entity,
    group::store::place,
    page::{CursorKey, Sort, SortKey},
};

/// Server-wide events stand under this app id.
const SERVER: i64 = 0;

/// The table is `t`.
const COLUMNS: &str =
    "SELECT id, at, app_id, actor, operator, action, outcome, target, target_name, address, state_before, state_after,
     CASE substr(action, 1, instr(action, '.') - 1)
         WHEN 'account' THEN EXISTS (SELECT 1 FROM account a WHERE a.app_id = t.app_id AND a.username = t.target)
         WHEN 'credential' THEN EXISTS (SELECT 1 FROM api_credential c WHERE c.app_id = t.app_id AND c.name = t.target)
         WHEN 'operator' THEN EXISTS (SELECT 1 FROM operator o WHERE o.name_key = lower(t.target))
         WHEN 'session' THEN EXISTS (SELECT 1 FROM operator o WHERE o.name_key = lower(t.target))
         WHEN 'application' THEN EXISTS (SELECT 1 FROM application a
             WHERE a.org_name = substr(t.target, 1, instr(t.target, '/') - 1)
               AND a.app_name = substr(t.target, instr(t.target, '/') + 1))
         ELSE EXISTS (SELECT 1 FROM \"group\" g WHERE g.app_id = t.app_id AND g.group_id = t.target)
     END AS target_exists";
/// Events of one branch.
const OF_BRANCH: &str = " FROM event t WHERE app_id = ";

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
    target_name: String,
    target_exists: bool,
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
            target_name: self.target_name,
            target_exists: self.target_exists,
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
    let mut ways = walks(db, branches, query).await?;
    let mut counted = QueryBuilder::new("SELECT count(*) FROM (");
    push_each(&mut counted, &ways, |sql, walk| {
        sql.push("SELECT 1");
        walk.push(sql, query)
    })?;
    let total = capped_count(db, counted).await?;
    // So many are sooner found one by one than sorted.
    ways = ways.into_iter().map(|walk| walk.by_target(!total.more)).collect();
    let (mut sql, keyset) = page_sql(&ways, query)?;
    let rows: Vec<Row> = sql.build_query_as().fetch_all(&mut *db).await?;
    let page = keyset.page(rows, total, Row::event)?;
    let operators = sqlx::query_scalar("SELECT name FROM operator ORDER BY name_key").fetch_all(db).await?;
    Ok(EventPage { page, operators })
}

/// Each walk goes its own index downwards; SQLite merges them as it goes.
fn page_sql<'a>(ways: &[Walk], query: &'a EventQuery) -> Result<(QueryBuilder<Sqlite>, Keyset<'a>)> {
    let keyset = Keyset { key: "at", id: "id", sort: Sort::default(), size: query.size.get(), cursor: query.cursor.as_ref() };
    let mut sql = QueryBuilder::new("");
    push_each(&mut sql, ways, |sql, walk| {
        sql.push(COLUMNS);
        walk.push(sql, query)?;
        keyset.push_after(sql);
        Ok(())
    })?;
    keyset.push_order(&mut sql);
    Ok((sql, keyset))
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
    sql.push(OF_BRANCH).push_bind(app.0).push(" AND target = ").push_bind(username.to_owned());
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
    sql.push(OF_BRANCH).push_bind(app.0).push(" ORDER BY at DESC, id DESC LIMIT ").push_bind(i64::from(number));
    sql
}

/// One event with what it changed; [`Entity::Event`] not found for another app's.
pub async fn get(store: &Store, caller: &Caller, app: Option<AppId>, id: i64) -> Result<Event> {
    caller.require(Permission::Read)?;
    let mut db = store.reader().acquire().await?;
    let mut found = None;
    for branch in branches(app) {
        let mut sql = QueryBuilder::new(COLUMNS);
        sql.push(OF_BRANCH).push_bind(branch).push(" AND id = ").push_bind(id);
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
                let ways = walks(&mut db, &branches(app), &query).await.expect("ways");
                let (sql, _) = page_sql(&ways, &query).expect("a statement");
                assert_walks(&plan(&mut db, &sql).await, index);
            }
        }
        let params = EventParams { target: word("g"), ..Default::default() };
        let query = EventQuery { of_group: true, ..EventQuery::parse(&params).expect("a query") };
        // More than a few targets, and too many events to sort: by time, each asked whether it is one of them.
        let many = EventQuery { target: Some("a".to_owned()), ..EventQuery::parse(&EventParams::default()).expect("a query") };
        let holding = walks::holding(&[7, 0], "a").into_iter().map(|walk| walk.by_target(false)).collect::<Vec<_>>();
        let sql = page_sql(&holding, &many).expect("a statement").0;
        let steps: Vec<String> = plan(&mut db, &sql).await.into_iter().filter(|step| step.contains(" t ")).collect();
        assert!(steps.iter().any(|step| step.contains("event_app (app_id=?)")), "{steps:?}");
        let ways = walks(&mut db, &[7], &query).await.expect("ways");
        assert_walks(&plan(&mut db, &page_sql(&ways, &query).expect("a statement").0).await, "event_app_target");
        assert_walks(&plan(&mut db, &latest_of_account_sql(AppId(7), "ada")).await, "event_app_target");
    }
}
