//! Reads the log. How a filter finds its events is in `scans.rs`. The module `change` writes events; nothing changes an event,
//! and only events that are in an archive (`archive`) are deleted.

pub mod archive;
mod scans;
pub mod stream;

pub use self::scans::{EventScan, push_each, scans};
use domain::{
    Caller, Error, Permission, Result,
    application::AppId,
    error::Entity,
    event::{
        Action, Event, EventPage, EventParams, EventRow, Outcome,
        rules::{EventQuery, changes, steps, subject},
    },
    export::{Column, ExportList},
    page::{CursorKey, Sort, SortKey},
};

use crate::{
    Scope, Store,
    change::state,
    db::{Builder, Conn, Keyset, KeysetRow, OrFault, capped_count, decode_enum, query_scalar, sql, texts},
    group::group_ref,
    lines::columns,
};

/// Whether the log has ever had an event of that action in an app; archived events count too.
pub async fn was_recorded(store: &Store, action: Action, app: AppId) -> Result<bool> {
    // Not from the log itself: its oldest part may be archived.
    let sql = "SELECT EXISTS (SELECT 1 FROM event_day WHERE app_id = $1 AND action = $2)";
    query_scalar(sql).bind(app.key()).bind(action.as_str()).fetch_one(store.reader()).await.or_fault()
}

/// The app id of server-wide events.
const SERVER: i64 = 0;

/// The columns of [`Row`]; the table is `t`.
macro_rules! columns {
    ($address:literal) => {
        concat!(
            "SELECT id, at, app_id, actor, operator, through, action, outcome, target, target_name, ",
            $address,
            ", state_before, state_after,
     CASE substr(action, 1, instr(action, '.') - 1)
         WHEN 'account' THEN EXISTS (SELECT 1 FROM account a WHERE a.app_id = t.app_id AND a.username = t.target)
         WHEN 'credential' THEN EXISTS (SELECT 1 FROM api_credential c WHERE c.app_id = t.app_id AND c.name = t.target)
         WHEN 'operator' THEN t.target_name <> ''
         WHEN 'session' THEN t.target_name <> ''
         WHEN 'application' THEN EXISTS (SELECT 1 FROM application a
             WHERE a.org_name = substr(t.target, 1, instr(t.target, '/') - 1)
               AND a.app_name = substr(t.target, instr(t.target, '/') + 1))
         ELSE EXISTS (SELECT 1 FROM \"group\" g WHERE g.app_id = t.app_id AND g.group_id = t.target)
     END AS target_exists "
        )
    };
}
const COLUMNS: &str = columns!("address");
const COLUMNS_WITHOUT_ADDRESS: &str = columns!("NULL AS address");
/// Events of one branch.
const OF_BRANCH: &str = "FROM event t WHERE app_id = ";

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    at: i64,
    app_id: i64,
    actor: String,
    operator: String,
    through: String,
    action: String,
    outcome: String,
    target: String,
    target_name: String,
    /// Operators are neither renamed nor removed: one that had a name when the event was written still exists.
    target_exists: bool,
    address: Option<String>,
    state_before: Option<String>,
    state_after: Option<String>,
}

/// Which part of the log a caller may see.
#[derive(Debug, Clone)]
pub struct EventVisibility {
    /// The branches, by app.
    branches: Vec<i64>,
    /// The whole of these branches. Callers who only read see the branches of apps alone, and no addresses: where operators sign
    /// in from and what is done about operators does not concern an app.
    whole: bool,
}

impl EventVisibility {
    /// The branches of the log that belong on one page: the app's and, for callers who may change something, the server's.
    /// [`Error::Forbidden`] for the server's branch alone.
    pub fn of(caller: &Caller, app: Option<AppId>) -> Result<Self> {
        caller.require(Permission::Read)?;
        let whole = caller.require(Permission::Write).is_ok();
        if app.is_none() && !whole {
            return Err(Error::Forbidden);
        }
        Ok(Self { branches: app.map(|app| app.key()).into_iter().chain(whole.then_some(SERVER)).collect(), whole })
    }

    /// The app's branch alone.
    fn of_app(caller: &Caller, app: AppId) -> Result<Self> {
        Ok(Self { branches: vec![app.key()], ..Self::of(caller, Some(app))? })
    }

    /// The ids of the apps whose branches are visible; 0 stands for the server's branch.
    pub fn branches(&self) -> &[i64] {
        &self.branches
    }

    /// The SQL of a column of an export, for what this caller may see.
    pub fn column(&self, column: &Column) -> &'static str {
        match column.key {
            "address" if !self.whole => "NULL",
            // In a file as in [`get`].
            "after" if !self.whole => texts::WITHOUT_ADDRESSES,
            _ => columns::sql(ExportList::Events, column),
        }
    }

    /// The columns of [`Row`].
    fn select(&self) -> &'static str {
        if self.whole { COLUMNS } else { COLUMNS_WITHOUT_ADDRESS }
    }
}

impl Row {
    fn event(self) -> Result<EventRow> {
        let (before, after) = (state(self.state_before.as_deref())?, state(self.state_after.as_deref())?);
        Ok(EventRow {
            id: self.id,
            at: self.at,
            // Of older events: the name of a stranger is what was typed as one, and that is the target.
            operator: if self.actor == "anonymous" { String::new() } else { self.operator },
            through: self.through,
            actor: self.actor,
            action: decode_enum(&self.action, Action::parse)?,
            outcome: decode_enum(&self.outcome, Outcome::parse)?,
            target: self.target,
            target_name: self.target_name,
            target_exists: self.target_exists,
            subject: subject(before.as_ref(), after.as_ref()),
            address: self.address,
            in_app: self.app_id != SERVER,
        })
    }
}

impl KeysetRow for Row {
    fn id(&self) -> i64 {
        self.id
    }

    fn key(&self, _: SortKey) -> CursorKey {
        CursorKey::Number(self.at)
    }
}

/// One page of the log, newest first: the events of the app and of the server, or only the server's without an app.
/// [`EventVisibility`] decides which of them the caller sees.
pub async fn list(store: &Store, caller: &Caller, app: Option<AppId>, params: &EventParams) -> Result<EventPage> {
    let visibility = EventVisibility::of(caller, app)?;
    let query = EventQuery::parse(params)?;
    page(&mut store.read().await?, &visibility, &query).await
}

/// One page of the events about one group, newest first; [`Entity::Group`] not found. A target in the filter is ignored: it is
/// always the group.
pub async fn list_of_group(scope: Scope<'_>, group_id: &str, params: &EventParams) -> Result<EventPage> {
    let visibility = EventVisibility::of_app(scope.caller, scope.app)?;
    let mut db = scope.store.read().await?;
    group_ref(&mut db, scope.app, group_id).await?;
    let query = EventQuery { target: Some(group_id.to_owned()), of_group: true, ..EventQuery::parse(params)? };
    page(&mut db, &visibility, &query).await
}

async fn page(db: &mut Conn, visibility: &EventVisibility, query: &EventQuery) -> Result<EventPage> {
    let mut ways = scans(db, visibility.branches(), query).await?;
    let mut counted = Builder::new("SELECT count(*) FROM (");
    push_each(&mut counted, &ways, |sql, walk| {
        sql.push("SELECT 1");
        walk.push(sql, query)
    })?;
    let total = capped_count(db, counted).await?;
    // So few are found faster one by one than sorted.
    ways = ways.into_iter().map(|walk| walk.by_target(!total.more)).collect();
    let (mut sql, keyset) = page_sql(visibility, &ways, query)?;
    let rows: Vec<Row> = sql.build_query_as().fetch_all(&mut *db).await.or_fault()?;
    let page = keyset.page(rows, total, Row::event)?;
    let operators = operators_sql(visibility).build_query_scalar().fetch_all(db).await.or_fault()?;
    Ok(EventPage { page, operators })
}

/// The operators that can be filtered by: for callers who only read, those with an event that the caller can see.
fn operators_sql(visibility: &EventVisibility) -> Builder {
    let mut sql = Builder::new("SELECT name FROM operator o");
    if !visibility.whole {
        // Each operator is looked for in the index; there are few of them.
        sql.push(" WHERE EXISTS (SELECT 1 FROM event e WHERE e.app_id IN (");
        for (number, branch) in visibility.branches().iter().enumerate() {
            sql.push(if number > 0 { ", " } else { "" }).push_bind(branch);
        }
        sql.push(") AND e.operator = o.name AND e.actor = 'operator')");
    }
    sql.push(" ORDER BY name_key");
    sql
}

/// Each scan walks its own index in descending order; SQLite merges them.
fn page_sql<'a>(visibility: &EventVisibility, ways: &[EventScan], query: &'a EventQuery) -> Result<(Builder, Keyset<'a>)> {
    let keyset = Keyset { key: "at", id: "id", sort: Sort::default(), size: query.size.get(), cursor: query.cursor.as_ref() };
    let mut sql = Builder::new("");
    push_each(&mut sql, ways, |sql, walk| {
        sql.push(visibility.select());
        walk.push(sql, query)?;
        keyset.push_after(sql);
        Ok(())
    })?;
    keyset.push_order(&mut sql);
    Ok((sql, keyset))
}

/// The most events on an account's page.
const LATEST: i64 = 10;

/// The latest events about one account of the app, newest first, at most 10: not those of a group or an operator of the same
/// name.
pub async fn latest_of_account(db: &mut Conn, caller: &Caller, app: AppId, username: &str) -> Result<Vec<EventRow>> {
    let rows: Vec<Row> = latest_of_account_sql(&EventVisibility::of_app(caller, app)?, app, username)
        .build_query_as()
        .fetch_all(db)
        .await
        .or_fault()?;
    rows.into_iter().map(Row::event).collect()
}

fn latest_of_account_sql(visibility: &EventVisibility, app: AppId, username: &str) -> Builder {
    let mut sql = Builder::new(visibility.select());
    sql.push(OF_BRANCH).push_bind(app.key()).push(" AND target = ").push_bind(username.to_owned());
    sql.push(sql!(" AND @unindexed(action) LIKE 'account.%' ORDER BY at DESC, id DESC LIMIT ")).push_bind(LATEST);
    sql
}

/// The latest events of one app alone, newest first, at most `number`; for its overview.
pub async fn latest(db: &mut Conn, caller: &Caller, app: AppId, number: u32) -> Result<Vec<EventRow>> {
    let rows: Vec<Row> =
        latest_sql(&EventVisibility::of_app(caller, app)?, app, number).build_query_as().fetch_all(db).await.or_fault()?;
    rows.into_iter().map(Row::event).collect()
}

fn latest_sql(visibility: &EventVisibility, app: AppId, number: u32) -> Builder {
    let mut sql = Builder::new(visibility.select());
    sql.push(OF_BRANCH).push_bind(app.key()).push(" ORDER BY at DESC, id DESC LIMIT ").push_bind(i64::from(number));
    sql
}

/// One event with what it changed; [`Entity::Event`] not found for an event of another app, and for one that the caller may not
/// see.
pub async fn get(store: &Store, caller: &Caller, app: Option<AppId>, id: i64) -> Result<Event> {
    let visibility = EventVisibility::of(caller, app)?;
    let mut db = store.read().await?;
    let mut found = None;
    for &branch in visibility.branches() {
        let mut sql = Builder::new(visibility.select());
        sql.push(OF_BRANCH).push_bind(branch).push(" AND id = ").push_bind(id);
        found = found.or(sql.build_query_as::<Row>().fetch_optional(&mut db).await.or_fault()?);
    }
    let row = found.ok_or(Error::NotFound(Entity::Event))?;
    let (before, after) = (state(row.state_before.as_deref())?, state(row.state_after.as_deref())?);
    let (mut steps, more_steps) = steps(after.as_ref());
    if !visibility.whole {
        steps.iter_mut().for_each(|step| step.address = None);
    }
    Ok(Event { row: row.event()?, changes: changes(before.as_ref(), after.as_ref()), steps, more_steps })
}

#[cfg(test)]
mod tests {
    use domain::{Actor, operator::Role, page::Cursor};

    use super::*;
    use crate::db::{assert_walks, plan};

    #[tokio::test]
    async fn every_filter_walks_an_index_and_the_branches_are_merged() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).await.expect("a store");
        let mut db = store.read().await.expect("a connection");
        let cursor = Cursor::new(Sort::default(), false, CursorKey::Number(5), 5).encode();
        let viewer = Actor::Operator { id: 1, name: "vi".into(), role: Role::Viewer };
        let callers = [Caller::system(), Caller { actor: viewer, address: None, proof: None }];
        let sights = callers.iter().map(|caller| EventVisibility::of(caller, Some(AppId::of_row(7))).expect("a sight"));
        let sights: Vec<EventVisibility> = sights.chain([EventVisibility::of(&callers[0], None).expect("a sight")]).collect();
        assert_eq!(sights.iter().map(|visibility| visibility.branches().len()).collect::<Vec<_>>(), [2, 1, 1]);
        for visibility in &sights[..2] {
            assert_walks(&plan(&mut db, &latest_sql(visibility, AppId::of_row(7), 10)).await, "event_app ");
            assert_walks(&plan(&mut db, &latest_of_account_sql(visibility, AppId::of_row(7), "ada")).await, "event_app_target");
        }
        let looked_for = plan(&mut db, &operators_sql(&sights[1])).await;
        assert!(looked_for.iter().any(|step| step.contains("event_app_operator (app_id=? AND operator=?)")), "{looked_for:?}");
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
            for visibility in &sights {
                let ways = scans(&mut db, visibility.branches(), &query).await.expect("ways");
                let (sql, _) = page_sql(visibility, &ways, &query).expect("a statement");
                assert_walks(&plan(&mut db, &sql).await, index);
            }
        }
        let params = EventParams { target: word("g"), ..Default::default() };
        let query = EventQuery { of_group: true, ..EventQuery::parse(&params).expect("a query") };
        // More than a few targets, and too many events to sort: by time, checking each event's target.
        let many = EventQuery { target: Some("a".to_owned()), ..EventQuery::parse(&EventParams::default()).expect("a query") };
        let holding = scans::holding(&[7, 0], "a").into_iter().map(|walk| walk.by_target(false)).collect::<Vec<_>>();
        let sql = page_sql(&sights[0], &holding, &many).expect("a statement").0;
        let steps: Vec<String> = plan(&mut db, &sql).await.into_iter().filter(|step| step.contains(" t ")).collect();
        assert!(steps.iter().any(|step| step.contains("event_app (app_id=?)")), "{steps:?}");
        let ways = scans(&mut db, &[7], &query).await.expect("ways");
        assert_walks(&plan(&mut db, &page_sql(&sights[1], &ways, &query).expect("a statement").0).await, "event_app_target");
    }
}
