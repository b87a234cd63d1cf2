//! Reads what is exported: page by page along the list's own index, within one read transaction, so that the file shows one state
//! of the data and memory holds one page, however long the list is. SQLite returns a whole page as one text, a JSON array per
//! line: passing fifteen values for each of a million rows separately would cost more than everything else.

use std::{collections::HashSet, sync::Arc};

use serde_json::Value;

use domain::{
    Caller, Error, Result,
    application::AppId,
    event::rules::EventQuery,
    export::{Column, ExportRequest, rules::Subject},
    member::rules::require_member_list,
    page::{Cursor, CursorKey, Sort, SortKey},
    selection::Selection,
};

use crate::{
    db::{Builder, Conn, Keyset, ListSource, OrFault, decode_int, json, matching_ids, push_like, push_optional, sql},
    event::{EventScan, EventVisibility, push_each, scans},
    group::group_ref,
    lines::{Page, columns::sql},
};

/// Rows that are read at a time.
const PAGE: u32 = 1_000;
/// Up to so many found rows are sorted; more are filtered while the list is walked, which needs no memory for their order.
const SORTED: usize = 50_000;

/// One list that is read from its beginning to its end.
pub struct Reading {
    list: List,
    /// The SQL of each value of a row.
    values: Vec<&'static str>,
    sort: Sort,
    source: Source,
    /// How many rows there are.
    pub total: u64,
    /// Ids that were asked for and do not exist.
    pub gone: Vec<String>,
    /// Where the last page ended.
    after: Option<Cursor>,
    over: bool,
}

enum List {
    /// A list of the app.
    Listed {
        listed: &'static ListSource,
        app: AppId,
        kind: Option<&'static str>,
    },
    /// JSON arrays of the usernames that are wanted and that are left out, of the members of a group.
    Members {
        group: i64,
        kind: Option<&'static str>,
        search: String,
        only: Option<String>,
        except: String,
    },
    Messages {
        group: i64,
    },
    Events {
        visibility: EventVisibility,
        walks: Vec<EventScan>,
        query: EventQuery,
    },
}

enum Source {
    /// Walks the whole list; of its rows only those in `only` and none in `except`. Both are sorted.
    Walk { only: Option<Arc<[i64]>>, except: Arc<[i64]> },
    /// Reads these rows in this order; `read` are done.
    Ids { ids: Vec<i64>, read: usize },
}

impl Reading {
    /// Looks up what a request asks for. The connection must be in the transaction in which the pages are read. Of the log the
    /// caller gets what the caller may see ([`EventVisibility`]). [`Entity::Group`](domain::error::Entity::Group) not found,
    /// [`Conflict::NoMemberList`](domain::error::Conflict::NoMemberList) for the members of a group that keeps no list.
    pub async fn begin(db: &mut Conn, caller: &Caller, app: AppId, request: &ExportRequest) -> Result<Self> {
        let mut reading = match &request.subject {
            Subject::Accounts { rows, sort } => Self::listed(db, &crate::account::ACCOUNTS, app, rows, *sort).await?,
            Subject::Groups { rows, sort } => Self::listed(db, &crate::group::GROUPS, app, rows, *sort).await?,
            Subject::Members { group_id, rows, descending } => Self::members(db, app, group_id, rows, *descending).await?,
            Subject::Messages { group_id } => {
                let group = group_ref(db, app, group_id).await?;
                Self::walking(List::Messages { group: group.key }, Sort::default(), group.message_count)
            }
            Subject::Events(query) => {
                let visibility = EventVisibility::of(caller, Some(app))?;
                // A term that many targets match is checked event by event: a file contains all of them, so nothing is sorted.
                let ways = scans(db, visibility.branches(), query).await?;
                let walks = ways.into_iter().map(|walk| walk.by_target(false)).collect();
                let mut reading = Self::walking(List::Events { visibility, walks, query: query.clone() }, Sort::default(), 0);
                reading.total = reading.count(db).await?;
                reading
            }
        };
        let value = |column: &&'static Column| match &reading.list {
            List::Events { visibility, .. } => visibility.column(column),
            List::Listed { .. } | List::Members { .. } | List::Messages { .. } => sql(request.list(), column),
        };
        reading.values = request.columns.iter().map(value).collect();
        Ok(reading)
    }

    fn walking(list: List, sort: Sort, total: u64) -> Self {
        let source = Source::Walk { only: None, except: Arc::default() };
        Self { list, values: vec![], sort, source, total, gone: vec![], after: None, over: false }
    }

    async fn listed(
        db: &mut Conn,
        listed: &'static ListSource,
        app: AppId,
        rows: &Selection<&'static str>,
        sort: Sort,
    ) -> Result<Self> {
        let list = |kind| List::Listed { listed, app, kind };
        match rows {
            Selection::Ids(names) => {
                let mut reading = Self::walking(list(None), sort, 0);
                let found = reading.named(db, names).await?;
                let there: HashSet<&str> = found.iter().map(|(_, name)| name.as_str()).collect();
                reading.gone = names.iter().filter(|name| !there.contains(name.as_str())).cloned().collect();
                reading.take(found.iter().map(|(id, _)| *id).collect());
                Ok(reading)
            }
            Selection::Matching { search, kind, except } => {
                let mut reading = Self::walking(list(*kind), sort, 0);
                let mut left_out: Vec<i64> =
                    if except.is_empty() { vec![] } else { reading.named(db, except).await?.iter().map(|(id, _)| *id).collect() };
                left_out.sort_unstable();
                if search.is_empty() {
                    reading.total = reading.count(db).await?.saturating_sub(left_out.len() as u64);
                    reading.source = Source::Walk { only: None, except: left_out.into() };
                    return Ok(reading);
                }
                let mut found = matching_ids(db, listed, app, *kind, search, -1).await?;
                found.retain(|id| left_out.binary_search(id).is_err());
                if found.len() <= SORTED {
                    let sorted = reading.sorted(db, &found).await?;
                    reading.take(sorted);
                } else {
                    found.sort_unstable();
                    reading.total = found.len() as u64;
                    reading.source = Source::Walk { only: Some(found.into()), except: Arc::default() };
                }
                Ok(reading)
            }
        }
    }

    async fn members(
        db: &mut Conn,
        app: AppId,
        group_id: &str,
        rows: &Selection<&'static str>,
        descending: bool,
    ) -> Result<Self> {
        let group = group_ref(db, app, group_id).await?;
        require_member_list(group.group_type)?;
        let sort = Sort { key: SortKey::Created, descending };
        let list = match rows {
            Selection::Ids(names) => {
                let only = Some(json(names)?);
                List::Members { group: group.key, kind: None, search: String::new(), only, except: json(&[""; 0])? }
            }
            Selection::Matching { search, kind, except } => {
                List::Members { group: group.key, kind: *kind, search: search.clone(), only: None, except: json(except)? }
            }
        };
        let mut reading = Self::walking(list, sort, 0);
        reading.total = reading.count(db).await?;
        if let Selection::Ids(names) = rows {
            let mut sql = Builder::new("SELECT a.username FROM ");
            reading.push_from(&mut sql)?;
            let there: HashSet<String> = sql.build_query_scalar().fetch_all(db).await.or_fault()?.into_iter().collect();
            reading.gone = names.iter().filter(|name| !there.contains(*name)).cloned().collect();
        }
        Ok(reading)
    }

    fn take(&mut self, ids: Vec<i64>) {
        self.total = ids.len() as u64;
        self.source = Source::Ids { ids, read: 0 };
    }

    /// Those of the named rows that are on the list, in its order, with their names.
    async fn named(&self, db: &mut Conn, names: &[String]) -> Result<Vec<(i64, String)>> {
        let List::Listed { listed, app, kind } = &self.list else { return Ok(vec![]) };
        let public_id = listed.texts[0];
        let mut sql = Builder::new("SELECT t.id, ");
        sql.push(public_id).push(" FROM ").push_items(json(names)?).push(sql!(" @join ")).push(listed.from);
        sql.push(" ON t.app_id = ").push_bind(app.key()).push(" AND ").push(public_id).push(" = item.value WHERE true");
        push_optional(&mut sql, &[(" AND t.type = ", *kind)]);
        self.push_order(&mut sql);
        sql.build_query_as().fetch_all(db).await.or_fault()
    }

    /// The rows in the list's order.
    async fn sorted(&self, db: &mut Conn, ids: &[i64]) -> Result<Vec<i64>> {
        let List::Listed { listed, .. } = &self.list else { return Ok(vec![]) };
        let mut sql = Builder::new("SELECT t.id FROM ");
        sql.push_item_keys(json(ids)?).push(sql!(" @join ")).push(listed.from).push(" ON t.id = item.value");
        self.push_order(&mut sql);
        sql.build_query_scalar().fetch_all(db).await.or_fault()
    }

    async fn count(&self, db: &mut Conn) -> Result<u64> {
        let mut sql = Builder::new("SELECT count(*) FROM (");
        match &self.list {
            List::Events { walks, query, .. } => push_each(&mut sql, walks, |sql, walk| {
                sql.push("SELECT 1");
                walk.push(sql, query)
            })?,
            List::Listed { listed, app, kind, .. } => {
                sql.push("SELECT 1 FROM ").push(listed.from).push(" WHERE t.app_id = ").push_bind(app.key());
                push_optional(&mut sql, &[(" AND t.type = ", *kind)]);
            }
            List::Members { .. } | List::Messages { .. } => {
                sql.push("SELECT 1 FROM ");
                self.push_from(&mut sql)?;
            }
        }
        sql.push(") AS found");
        decode_int(sql.build_query_scalar().fetch_one(db).await.or_fault()?)
    }

    fn keyset(&self) -> Keyset<'_> {
        let (key, id) = match &self.list {
            List::Listed { listed, .. } => match self.sort.key {
                SortKey::Created => ("t.created_at", "t.id"),
                SortKey::Name => (listed.name, "t.id"),
            },
            List::Members { .. } => ("t.joined_at", "t.account_key"),
            // The number alone is the key of a message.
            List::Messages { .. } => ("t.seq", "t.seq"),
            List::Events { .. } => ("at", "id"),
        };
        Keyset { key, id, sort: self.sort, size: PAGE, cursor: self.after.as_ref() }
    }

    fn push_order(&self, sql: &mut Builder) {
        let Keyset { key, id, .. } = self.keyset();
        let direction = if self.sort.descending { " DESC" } else { "" };
        sql.push(" ORDER BY ").push(key).push(direction).push(", ").push(id).push(direction);
    }

    /// Tables and filter of the whole list.
    fn push_from(&self, sql: &mut Builder) -> Result<()> {
        match &self.list {
            List::Listed { listed, app, kind, .. } => {
                sql.push(listed.from).push(listed.joins).push(" WHERE t.app_id = ").push_bind(app.key());
                push_optional(sql, &[(" AND t.type = ", *kind)]);
            }
            List::Members { group, kind, search, only, except } => {
                sql.push("member t JOIN account a ON a.id = t.account_key WHERE t.group_key = ").push_bind(*group);
                push_optional(sql, &[(" AND t.role = ", *kind)]);
                if !search.is_empty() {
                    push_like(sql, ["a.username", "a.nickname"], search);
                }
                if let Some(only) = only {
                    sql.push(" AND a.username IN ").push_texts(only.clone());
                }
                sql.push(" AND a.username NOT IN ").push_texts(except.clone());
            }
            List::Messages { group } => {
                sql.push("message t WHERE t.group_key = ").push_bind(*group);
            }
            List::Events { .. } => return Err(Error::Internal("the log has several branches".to_owned())),
        }
        Ok(())
    }

    /// The next page; `None` after the last one.
    pub async fn next(&mut self, db: &mut Conn) -> Result<Option<Page>> {
        if self.over {
            return Ok(None);
        }
        let sql = match &mut self.source {
            Source::Ids { ids, read } => {
                let from = *read;
                *read = ids.len().min(from + PAGE as usize);
                let chunk = json(&ids[from..*read])?;
                self.over = *read == ids.len();
                self.ids_sql(chunk)
            }
            Source::Walk { .. } => self.walk_sql()?,
        };
        let text: Option<String> = { sql }.build_query_scalar().fetch_one(db).await.or_fault()?;
        let Some(text) = text else {
            self.over = true;
            return Ok(None);
        };
        let (only, except) = match &self.source {
            Source::Walk { only, except } => {
                self.after = Some(self.place(&text)?);
                (only.clone(), except.clone())
            }
            Source::Ids { .. } => (None, Arc::default()),
        };
        Ok(Some(Page { text, columns: self.values.len(), only, except }))
    }

    /// A JSON array named `line`: the values, then sort key and id of the row.
    fn push_line(&self, sql: &mut Builder) {
        let Keyset { key, id, .. } = self.keyset();
        sql.push_tuple(|sql| {
            for value in &self.values {
                sql.push(value).push(", ");
            }
            sql.push(key).push(", ").push(id);
        });
        sql.push(" AS line");
    }

    fn ids_sql(&self, chunk: String) -> Builder {
        let mut sql = Builder::new(sql!("SELECT @lines(line) FROM (SELECT "));
        if let List::Listed { listed, .. } = &self.list {
            self.push_line(&mut sql);
            sql.push(" FROM ").push_item_keys(chunk).push(sql!(" @join ")).push(listed.from);
            sql.push(" ON t.id = item.value").push(listed.joins).push(" ORDER BY item.key LIMIT ").push_bind(i64::from(PAGE));
        }
        sql.push(") AS page");
        sql
    }

    fn walk_sql(&self) -> Result<Builder> {
        let keyset = self.keyset();
        let mut sql = Builder::new(sql!("SELECT @lines(line) FROM ("));
        match &self.list {
            // Each branch walks its own index; SQLite merges them.
            List::Events { walks, query, .. } => push_each(&mut sql, walks, |sql, walk| {
                sql.push("SELECT ");
                self.push_line(sql);
                sql.push(", at, id");
                walk.push(sql, query)?;
                keyset.push_after(sql);
                Ok(())
            })?,
            List::Listed { .. } | List::Members { .. } | List::Messages { .. } => {
                sql.push("SELECT ");
                self.push_line(&mut sql);
                sql.push(" FROM ");
                self.push_from(&mut sql)?;
                keyset.push_after(&mut sql);
            }
        }
        self.push_order(&mut sql);
        sql.push(" LIMIT ").push_bind(i64::from(PAGE)).push(") AS page");
        Ok(sql)
    }

    /// The key at which a page ends: the last two values of its last line.
    fn place(&self, text: &str) -> Result<Cursor> {
        let fault = || Error::Internal("a row without its place".to_owned());
        let line = text.rsplit('\n').next().unwrap_or(text);
        let mut values: Vec<Value> = serde_json::from_str(line).map_err(|error| Error::Internal(error.to_string()))?;
        let id = values.pop().and_then(|id| id.as_i64()).ok_or_else(fault)?;
        let key = match values.pop() {
            Some(Value::String(text)) => CursorKey::Text(text),
            Some(key) => CursorKey::Number(key.as_i64().ok_or_else(fault)?),
            None => return Err(fault()),
        };
        Ok(Cursor::new(self.sort, false, key, id))
    }
}
