//! Lists of an app that can be searched: one plan for each number of hits, so that neither a rare nor a frequent term is slow.
//! `term.rs` has how a term is looked up. (PostgreSQL would use pg_trgm for all of it.)

use domain::{
    Error, Result,
    application::AppId,
    limits,
    page::{Count, CursorKey, ListQuery, Page, SortKey},
    selection::Selection,
};
use sqlx::{FromRow, QueryBuilder, Sqlite, SqliteConnection, sqlite::SqliteRow};

use super::{
    Keyset, KeysetRow, OrFault, capped_count, json,
    keyset::{CAP_AND_ONE, count, push_optional},
    like::{push_either, push_like},
    term::{Lookup, missed_by_like},
};

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
}

/// What a search found.
enum Hits {
    /// There is no term.
    NoTerm,
    /// All hits, at most [`limits::COUNT_CAP`]: they are fetched and sorted.
    Few(Vec<i64>),
    /// So many hits that reading the list's own index soon fills a page.
    Many,
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

/// One page of a list; `all` is the number of the app's rows without any filter, and `item` makes the answer of a row.
pub async fn page<R, T>(
    db: &mut SqliteConnection,
    source: &ListSource,
    request: &ListRequest<'_>,
    all: i64,
    item: impl Fn(R) -> Result<T>,
) -> Result<Page<T>>
where
    R: for<'r> FromRow<'r, SqliteRow> + KeysetRow + Send + Unpin,
{
    let hits = hits(db, source, request).await?;
    let total = match &hits {
        Hits::Few(ids) => count(ids.len()),
        Hits::Many => Count { number: limits::COUNT_CAP, more: true },
        Hits::NoTerm if request.kind.is_none() => Count { number: u64::try_from(all).unwrap_or(0), more: false },
        Hits::NoTerm => {
            let mut sql = QueryBuilder::new("SELECT count(*) FROM (SELECT 1 FROM ");
            sql.push(source.from);
            push_scope(&mut sql, request);
            capped_count(db, sql).await?
        }
    };
    let rows: Vec<R> = match &hits {
        Hits::NoTerm => fetch(db, source, request, &Plan::Walk { until: None }).await?,
        Hits::Few(ids) => {
            let number = ids.len() as i64;
            // So many hits that reading the list fills the page sooner than looking at each of them.
            let soon = number > walked(request, number.max(1), all);
            match if soon { walk(db, source, request, number, all).await? } else { None } {
                Some(rows) => rows,
                None => fetch(db, source, request, &Plan::Sort(ids)).await?,
            }
        }
        Hits::Many => match walk(db, source, request, limits::COUNT_CAP as i64, all).await? {
            Some(rows) => rows,
            None => fetch(db, source, request, &Plan::SortAll).await?,
        },
    };
    request.keyset.page(rows, total, item)
}

async fn fetch<R>(db: &mut SqliteConnection, source: &ListSource, request: &ListRequest<'_>, plan: &Plan<'_>) -> Result<Vec<R>>
where
    R: for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
{
    page_sql(source, request, plan)?.build_query_as().fetch_all(db).await.or_fault()
}

/// The page by reading the list along its index, when at least `hits` of `all` rows are hits. `None` when the page is not full at
/// the row where that stops: the hits are not spread over the list, and going on may take much longer than sorting all hits.
async fn walk<R>(
    db: &mut SqliteConnection,
    source: &ListSource,
    request: &ListRequest<'_>,
    hits: i64,
    all: i64,
) -> Result<Option<Vec<R>>>
where
    R: for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
{
    let until = bound(db, source, request, walked(request, hits, all)).await?;
    let bounded = until.is_some();
    let rows = fetch(db, source, request, &Plan::Walk { until }).await?;
    let full = rows.len() > request.keyset.size as usize;
    Ok((full || !bounded).then_some(rows))
}

/// The number of rows within which a page is almost certainly full, when `hits` of `all` rows are hits and evenly spread.
fn walked(request: &ListRequest<'_>, hits: i64, all: i64) -> i64 {
    (3 * (i64::from(request.keyset.size) + 1) * all / hits).max(1_000)
}

/// The position after this many rows, if the list is that long; reading stops there.
async fn bound(
    db: &mut SqliteConnection,
    source: &ListSource,
    request: &ListRequest<'_>,
    rows: i64,
) -> Result<Option<(CursorKey, i64)>> {
    let mut sql = QueryBuilder::new("SELECT ");
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

fn page_sql(source: &ListSource, request: &ListRequest<'_>, plan: &Plan<'_>) -> Result<QueryBuilder<Sqlite>> {
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(source.columns).push(" FROM ");
    let lookup = Lookup::of(request.search);
    match plan {
        Plan::Walk { until } => {
            sql.push(source.from).push(source.joins);
            push_scope(&mut sql, request);
            if let Some((key, id)) = until {
                request.keyset.push_until(&mut sql, key, *id);
            }
            match &lookup {
                _ if request.search.is_empty() => {}
                Lookup::Phrase(phrase) => match missed_by_like(request.search) {
                    Some(missed) if missed.is_empty() => push_like(&mut sql, source.texts, request.search),
                    missed => push_phrase(&mut sql, source, phrase, request.search, missed),
                },
                Lookup::Grams { .. } | Lookup::Scan => push_like(&mut sql, source.texts, request.search),
            }
        }
        // CROSS: from the hits to their rows, never in the other direction.
        Plan::Sort(ids) => {
            sql.push("json_each(").push_bind(json(ids)?).push(") AS hit CROSS JOIN ").push(source.from);
            sql.push(" ON t.id = hit.value").push(source.joins).push(" WHERE +t.app_id = ").push_bind(request.app.key());
        }
        Plan::SortAll => push_found(&mut sql, source, &lookup, request.app, request.kind, request.search)?,
    }
    request.keyset.push_after(&mut sql);
    request.keyset.push_order(&mut sql);
    Ok(sql)
}

async fn hits(db: &mut SqliteConnection, source: &ListSource, request: &ListRequest<'_>) -> Result<Hits> {
    if request.search.is_empty() {
        return Ok(Hits::NoTerm);
    }
    let ids = matching_ids(db, source, request.app, request.kind, request.search, CAP_AND_ONE).await?;
    Ok(if ids.len() as u64 > limits::COUNT_CAP { Hits::Many } else { Hits::Few(ids) })
}

/// Ids of at most `limit` rows of the app that contain the term, in no order.
pub async fn matching_ids(
    db: &mut SqliteConnection,
    source: &ListSource,
    app: AppId,
    kind: Option<&'static str>,
    term: &str,
    limit: i64,
) -> Result<Vec<i64>> {
    // As one text: to transfer ten thousand rows would take longer than to find them.
    let mut sql = QueryBuilder::new("SELECT json_group_array(id) FROM (SELECT t.id FROM ");
    let source = ListSource { joins: "", ..*source };
    push_found(&mut sql, &source, &Lookup::of(term), app, kind, term)?;
    sql.push(" LIMIT ").push_bind(limit).push(")");
    let ids: String = sql.build_query_scalar().fetch_one(db).await.or_fault()?;
    serde_json::from_str(&ids).map_err(|error| Error::Internal(format!("ids of a search: {error}")))
}

/// Pushes ` FROM … WHERE …` of all rows that pass a filter, for statements about all of them: a batch, an export, a sum. An empty
/// term does not filter.
pub fn push_matching(
    sql: &mut QueryBuilder<Sqlite>,
    source: &ListSource,
    app: AppId,
    kind: Option<&'static str>,
    term: &str,
) -> Result<()> {
    let source = ListSource { joins: "", ..*source };
    sql.push(" FROM ");
    if !term.is_empty() {
        return push_found(sql, &source, &Lookup::of(term), app, kind, term);
    }
    sql.push(source.from).push(" WHERE t.app_id = ").push_bind(app.key());
    push_optional(sql, &[(" AND t.type = ", kind)]);
    Ok(())
}

/// Pushes ` FROM … WHERE …` of the rows of a selection that exist.
pub fn push_selected(
    sql: &mut QueryBuilder<Sqlite>,
    source: &ListSource,
    app: AppId,
    selection: &Selection<&'static str>,
) -> Result<()> {
    let public_id = source.texts[0];
    match selection {
        Selection::Ids(ids) => {
            sql.push(" FROM ").push(source.from).push(" WHERE t.app_id = ").push_bind(app.key()).push(" AND ").push(public_id);
            sql.push(" IN (SELECT value FROM json_each(").push_bind(json(ids)?).push("))");
        }
        Selection::Matching { search, kind, except } => {
            push_matching(sql, source, app, *kind, search)?;
            if !except.is_empty() {
                sql.push(" AND ").push(public_id).push(" NOT IN (SELECT value FROM json_each(");
                sql.push_bind(json(except)?).push("))");
            }
        }
    }
    Ok(())
}

/// Pushes the rows of the app that contain the term: what follows `FROM`.
fn push_found(
    sql: &mut QueryBuilder<Sqlite>,
    source: &ListSource,
    lookup: &Lookup,
    app: AppId,
    kind: Option<&'static str>,
    term: &str,
) -> Result<()> {
    // CROSS: the hits come first, and the table only says which app each belongs to.
    match lookup {
        Lookup::Phrase(phrase) => {
            sql.push(source.trigrams).push(" CROSS JOIN ").push(source.from).push(" ON t.id = ").push(source.trigrams);
            sql.push(".rowid").push(source.joins).push(" WHERE ").push(source.trigrams).push(" MATCH ").push_bind(phrase.clone());
            sql.push(" AND +t.app_id = ").push_bind(app.key());
        }
        Lookup::Grams { ranges, .. } => {
            sql.push("(SELECT DISTINCT gram.doc FROM json_each(").push_bind(json(ranges)?).push(") AS span CROSS JOIN ");
            sql.push(source.grams).push(" AS gram ON gram.term >= span.value ->> 0 AND gram.term < span.value ->> 1) AS hit");
            sql.push(" CROSS JOIN ").push(source.from).push(" ON t.id = hit.doc").push(source.joins);
            sql.push(" WHERE +t.app_id = ").push_bind(app.key());
        }
        Lookup::Scan => {
            // Without this the planner reads the whole table, including other apps, when one app is large.
            sql.push(source.from).push(" INDEXED BY ").push(source.index).push(source.joins);
            sql.push(" WHERE t.app_id = ").push_bind(app.key());
        }
    }
    push_optional(sql, &[(" AND +t.type = ", kind)]);
    if !matches!(lookup, Lookup::Phrase(_) | Lookup::Grams { exact: true, .. }) {
        push_like(sql, source.texts, term);
    }
    Ok(())
}

fn push_scope(sql: &mut QueryBuilder<Sqlite>, request: &ListRequest<'_>) {
    sql.push(" WHERE t.app_id = ").push_bind(request.app.key());
    push_optional(sql, &[(" AND t.type = ", request.kind)]);
}

/// Pushes the condition that a row of the list contains the phrase as the index sees it. To ask the index about one row takes a
/// hundred times as long as LIKE. So it is asked only about rows with characters that LIKE would miss, if those are known.
fn push_phrase(sql: &mut QueryBuilder<Sqlite>, source: &ListSource, phrase: &str, term: &str, missed: Option<String>) {
    sql.push(" AND (");
    if let Some(missed) = missed {
        let ([a, b], glob) = (source.texts, format!("*[{missed}]*"));
        push_either(sql, source.texts, term);
        sql.push(" OR (")
            .push(a)
            .push(" GLOB ")
            .push_bind(glob.clone())
            .push(" OR ")
            .push(b)
            .push(" GLOB ")
            .push_bind(glob)
            .push(") AND ");
    }
    // A count, not EXISTS or IN: those would become a join that collects and sorts every hit.
    sql.push("(SELECT count(*) FROM ").push(source.trigrams).push(" WHERE ").push(source.trigrams);
    sql.push(" MATCH ").push_bind(phrase.to_owned()).push(" AND rowid = t.id) = 1)");
}

#[cfg(test)]
pub mod tests {
    use domain::{
        account::AccountType,
        page::{Cursor, ListParams, Sort},
    };

    use super::*;

    /// SQLite's plan for a statement.
    pub async fn plan(db: &mut SqliteConnection, sql: &QueryBuilder<Sqlite>) -> Vec<String> {
        let sql = format!("EXPLAIN QUERY PLAN {}", sql.sql().as_str());
        let rows: Vec<(i64, i64, i64, String)> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(db).await.expect("a plan");
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
        let mut db = store.reader().acquire().await.expect("a connection");
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
                }
            }
        }
    }
}
