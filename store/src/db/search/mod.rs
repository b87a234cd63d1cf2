//! Lists of an app that can be searched: one plan for each number of hits and each order, so that neither a rare nor a frequent term
//! is slow, wherever in the list its hits lie. `db/term.rs` has how a term is looked up. (PostgreSQL would use pg_trgm for all of it.)

mod by_key;
mod cache;
mod found;
mod hits;
#[cfg(test)]
mod random_tests;
#[cfg(test)]
pub mod tests;

use crate::db::{Builder, Conn, Row};
use domain::{
    Result,
    application::AppId,
    limits,
    page::{Count, CursorKey, ListQuery, Page, SortKey},
};

pub use self::{
    cache::HitCache,
    found::{matching_ids, push_matching, push_selected, selected_ids},
};
use self::{
    found::{Within, any_of, push_holding, push_ids, push_rows, trigrams},
    hits::{Hits, TRIGRAMS},
};
use super::{
    Keyset, KeysetRow, OrFault, json,
    keyset::{CAP_AND_ONE, count, push_optional},
    term::Lookup,
};

/// More hits than these are not all read to sort them.
const SORTED: usize = 500;

/// The SQL of a list. The listed table is called `t` in it.
pub struct ListSource {
    /// The columns that are selected.
    pub columns: &'static str,
    /// The table, as `… t`.
    pub from: &'static str,
    /// The joined tables, or nothing.
    pub joins: &'static str,
    /// The name of the index of the app's rows by time.
    pub index: &'static str,
    /// The table that has the trigrams of the texts.
    pub trigrams: &'static str,
    /// The table that lists these trigrams, for terms shorter than three characters.
    pub grams: &'static str,
    /// SQL of the name by which the list can be sorted.
    pub name: &'static str,
    /// The two columns that are searched; the first is the public id.
    pub texts: [&'static str; 2],
    /// What only tables of an app's own rows have; nothing else is paged.
    pub app_rows: Option<AppRows>,
}

/// What a list has whose keys are of an [`AppTable`](super::keys::AppTable), so that the rows of an app are a range of keys. Their
/// public ids are ASCII.
#[derive(Clone, Copy)]
pub struct AppRows {
    /// The column of `application` that counts the rows.
    pub counter: &'static str,
    /// The name of the index of rows by the zones of their keys and by time.
    pub zones: &'static str,
}

/// Which page of which rows a list is asked for.
pub struct ListRequest<'a> {
    /// The app whose rows are listed.
    pub app: AppId,
    /// The type that all rows must have, as stored; `None`: any.
    pub kind: Option<&'static str>,
    /// The search term; empty: none.
    pub search: &'a str,
    /// The page.
    pub keyset: Keyset<'a>,
}

impl<'a> ListRequest<'a> {
    /// The request for what a client asks; `word` gives a type as it is stored.
    pub fn new<T: Copy>(app: AppId, query: &'a ListQuery<T>, source: &ListSource, word: impl Fn(T) -> &'static str) -> Self {
        let key = match query.sort.key {
            SortKey::Created => "t.created_at",
            SortKey::Name => source.name,
        };
        let keyset = Keyset { key, id: "t.id", sort: query.sort, size: query.size.get(), cursor: query.cursor.as_ref() };
        Self { app, kind: query.kind.map(word), search: &query.search, keyset }
    }

    /// The most rows that are read for a page: one more than it has.
    fn rows(&self) -> usize {
        self.keyset.size as usize + 1
    }
}

/// How the rows of a page are found.
enum Plan<'a> {
    /// Along the list's index: all rows, or those that contain the term, up to this position.
    Walk { until: Option<(CursorKey, i64)> },
    /// These rows, sorted.
    Sort(&'a [i64]),
    /// All hits in the term's index, sorted.
    SortAll,
}

/// One page of a list; `item` makes the answer of a row.
pub async fn page<R, T>(
    db: &mut Conn,
    cache: &HitCache,
    source: &ListSource,
    request: &ListRequest<'_>,
    item: impl Fn(R) -> Result<T>,
) -> Result<Page<T>>
where
    R: Row + KeysetRow,
{
    if request.search.is_empty() {
        let rows: Vec<Listed<R>> = listed_sql(source, request).build_query_as().fetch_all(&mut *db).await.or_fault()?;
        let total = match rows.first() {
            Some(row) => row.total,
            None => total(db, source, request).await?,
        };
        let total = match request.kind {
            Some(_) => count(usize::try_from(total).unwrap_or(0)),
            None => Count { number: u64::try_from(total).unwrap_or(0), more: false },
        };
        return request.keyset.page(rows.into_iter().map(|row| row.row).collect(), total, item);
    }
    if !cache.had_many(source, request)
        && let Some((rows, total)) = few(db, source, request).await?
    {
        return request.keyset.page(rows, total, item);
    }
    let (all, version) = state(db, source, request).await?;
    let hits = cache.hits(db, source, request, version).await?;
    let total = match &hits {
        Hits::Few(stretch) => count(stretch.ids.len()),
        Hits::Many(_) => Count { number: limits::COUNT_CAP, more: true },
    };
    let rows = rows(db, source, request, &hits, all).await?;
    request.keyset.page(rows, total, item)
}

/// A row of a list with the number of all rows of the list, or of all hits: one statement for both, because each is handed to another
/// thread, which takes longer than most of them do.
#[derive(sqlx::FromRow)]
struct Listed<T> {
    #[sqlx(flatten)]
    row: T,
    total: i64,
}

fn listed_sql(source: &ListSource, request: &ListRequest<'_>) -> Builder {
    let mut sql = Builder::new("SELECT ");
    sql.push(source.columns).push(", ");
    push_total(&mut sql, source, request);
    sql.push(" AS total FROM ").push(source.from).push(source.joins);
    push_scope(&mut sql, request);
    request.keyset.push_after(&mut sql);
    request.keyset.push_order(&mut sql);
    sql
}

/// The page of a term with few hits, and their number. `None`: there are so many that another way may be quicker, or that is not known
/// without a look at rows, or the page is empty.
async fn few<R>(db: &mut Conn, source: &ListSource, request: &ListRequest<'_>) -> Result<Option<(Vec<R>, Count)>>
where
    R: Row,
{
    // With a type all hits of other types may be read in vain, and then once more.
    if source.app_rows.is_none() || request.kind.is_some() {
        return Ok(None);
    }
    let lookup = match Lookup::of(request.search) {
        phrase @ Lookup::Phrase(_) => phrase,
        Lookup::Grams { ranges, exact: true } => match trigrams(db, source, &ranges, TRIGRAMS).await? {
            Some(terms) if terms.is_empty() => return Ok(Some((vec![], count(0)))),
            Some(terms) => any_of(&terms),
            None => return Ok(None),
        },
        Lookup::Grams { .. } | Lookup::Scan => return Ok(None),
    };
    let mut sql = Builder::new("WITH hit (id) AS MATERIALIZED (SELECT ");
    push_ids(&mut sql, source, &lookup, Within::app(source, request.app, request.kind), request.search)?;
    sql.push(" LIMIT ").push_bind(SORTED as i64 + 1).push(") SELECT ").push(source.columns);
    sql.push(", (SELECT count(*) FROM hit) AS total FROM hit CROSS JOIN ")
        .push(source.from)
        .push(" ON t.id = hit.id")
        .push(source.joins);
    sql.push(" WHERE +t.app_id = ").push_bind(request.app.key());
    sql.push(" AND (SELECT count(*) FROM hit) <= ").push_bind(SORTED as i64);
    request.keyset.push_after(&mut sql);
    request.keyset.push_order(&mut sql);
    let rows: Vec<Listed<R>> = sql.build_query_as().fetch_all(db).await.or_fault()?;
    let found = rows.first().map(|row| count(usize::try_from(row.total).unwrap_or(0)));
    Ok(found.map(|total| (rows.into_iter().map(|row| row.row).collect(), total)))
}

/// The number of rows of a list without a term, where its page has none.
async fn total(db: &mut Conn, source: &ListSource, request: &ListRequest<'_>) -> Result<i64> {
    let mut sql = Builder::new("SELECT ");
    push_total(&mut sql, source, request);
    sql.build_query_scalar().fetch_one(db).await.or_fault()
}

/// Pushes the number of rows of a list without a term: from the app's counter, or those of a type, counted up to one above the cap.
fn push_total(sql: &mut Builder, source: &ListSource, request: &ListRequest<'_>) {
    match (&source.app_rows, request.kind) {
        (Some(rows), None) => {
            sql.push("(SELECT ").push(rows.counter).push(" FROM application WHERE id = ").push_bind(request.app.key()).push(")");
        }
        _ => {
            sql.push("(SELECT count(*) FROM (SELECT 1 FROM ").push(source.from);
            push_scope(sql, request);
            sql.push(" LIMIT ").push_bind(CAP_AND_ONE).push(") AS counted)");
        }
    }
}

/// The rows of the page, and one more if there are more.
async fn rows<R>(db: &mut Conn, source: &ListSource, request: &ListRequest<'_>, hits: &Hits, all: i64) -> Result<Vec<R>>
where
    R: Row + KeysetRow,
{
    match hits {
        Hits::Few(stretch) if stretch.ids.is_empty() => Ok(vec![]),
        Hits::Few(stretch) if stretch.ids.len() <= SORTED => fetch(db, source, request, &Plan::Sort(&stretch.ids)).await,
        Hits::Few(stretch) => {
            if let Some(rows) = by_key::rows(db, source, request, hits).await? {
                return Ok(rows);
            }
            let number = stretch.ids.len() as i64;
            // So many hits that reading the list fills the page sooner than looking at each of them.
            let soon = number > walked(request, number.max(1), all);
            match if soon { walk(db, source, request, number, all).await? } else { None } {
                Some(rows) => Ok(rows),
                None => fetch(db, source, request, &Plan::Sort(&stretch.ids)).await,
            }
        }
        Hits::Many(stretch) => {
            // Without hits by key the term is short and has many trigrams to look up: the list is read first, because a frequent
            // term fills a page soon.
            let known = stretch.is_some();
            if known && let Some(rows) = by_key::rows(db, source, request, hits).await? {
                return Ok(rows);
            }
            if let Some(rows) = walk(db, source, request, limits::COUNT_CAP as i64, all).await? {
                return Ok(rows);
            }
            if !known && let Some(rows) = by_key::rows(db, source, request, hits).await? {
                return Ok(rows);
            }
            fetch(db, source, request, &Plan::SortAll).await
        }
    }
}

/// The number of the app's rows, and what changes whenever the term's index does.
async fn state(db: &mut Conn, source: &ListSource, request: &ListRequest<'_>) -> Result<(i64, Vec<u8>)> {
    let Some(rows) = &source.app_rows else { return Ok((0, vec![])) };
    let mut sql = Builder::new("SELECT ");
    // The record of the index's structure: FTS5 writes it anew, with a higher counter, in every transaction that writes terms.
    sql.push(rows.counter).push(", (SELECT block FROM ").push(source.trigrams).push("_data WHERE id = 10)");
    sql.push(" FROM application WHERE id = ").push_bind(request.app.key());
    sql.build_query_as().fetch_one(db).await.or_fault()
}

async fn fetch<R>(db: &mut Conn, source: &ListSource, request: &ListRequest<'_>, plan: &Plan<'_>) -> Result<Vec<R>>
where
    R: Row,
{
    page_sql(source, request, plan)?.build_query_as().fetch_all(db).await.or_fault()
}

/// The page by reading the list along its index, when at least `hits` of `all` rows are hits. `None` when the page is not full at
/// the row where that stops: the hits are not spread over the list, and going on may take much longer than sorting all hits.
async fn walk<R>(db: &mut Conn, source: &ListSource, request: &ListRequest<'_>, hits: i64, all: i64) -> Result<Option<Vec<R>>>
where
    R: Row,
{
    let until = bound(db, source, request, walked(request, hits, all)).await?;
    let bounded = until.is_some();
    let rows = fetch(db, source, request, &Plan::Walk { until }).await?;
    let full = rows.len() >= request.rows();
    Ok((full || !bounded).then_some(rows))
}

/// The number of rows within which a page is almost certainly full, when `hits` of `all` rows are hits and evenly spread.
fn walked(request: &ListRequest<'_>, hits: i64, all: i64) -> i64 {
    (3 * (i64::from(request.keyset.size) + 1) * all / hits).max(1_000)
}

/// The position after this many rows, if the list is that long; reading stops there.
async fn bound(db: &mut Conn, source: &ListSource, request: &ListRequest<'_>, rows: i64) -> Result<Option<(CursorKey, i64)>> {
    let mut sql = Builder::new("SELECT ");
    sql.push(request.keyset.key).push(", t.id FROM ").push(source.from);
    push_scope(&mut sql, request);
    request.keyset.push_after(&mut sql);
    request.keyset.push_order(&mut sql);
    sql.push(" OFFSET ").push_bind(rows);
    Ok(match request.keyset.sort.key {
        SortKey::Created => {
            let row: Option<(i64, i64)> = sql.build_query_as().fetch_optional(db).await.or_fault()?;
            row.map(|(key, id)| (CursorKey::Number(key), id))
        }
        SortKey::Name => {
            let row: Option<(String, i64)> = sql.build_query_as().fetch_optional(db).await.or_fault()?;
            row.map(|(key, id)| (CursorKey::Text(key), id))
        }
    })
}

fn page_sql(source: &ListSource, request: &ListRequest<'_>, plan: &Plan<'_>) -> Result<Builder> {
    let mut sql = Builder::new("SELECT ");
    sql.push(source.columns).push(" FROM ");
    match plan {
        Plan::Walk { until } => {
            sql.push(source.from).push(source.joins);
            push_scope(&mut sql, request);
            if let Some((key, id)) = until {
                request.keyset.push_until(&mut sql, key, *id);
            }
            push_holding(&mut sql, source, request.search);
        }
        // CROSS: from the hits to their rows, never in the other direction.
        Plan::Sort(ids) => {
            sql.push("json_each(").push_bind(json(ids)?).push(") AS hit CROSS JOIN ").push(source.from);
            sql.push(" ON t.id = hit.value").push(source.joins).push(" WHERE +t.app_id = ").push_bind(request.app.key());
        }
        Plan::SortAll => {
            let within = Within::app(source, request.app, request.kind);
            push_rows(&mut sql, source, &Lookup::of(request.search), within, request.search)?;
        }
    }
    request.keyset.push_after(&mut sql);
    request.keyset.push_order(&mut sql);
    Ok(sql)
}

fn push_scope(sql: &mut Builder, request: &ListRequest<'_>) {
    sql.push(" WHERE t.app_id = ").push_bind(request.app.key());
    push_optional(sql, &[(" AND t.type = ", request.kind)]);
}
