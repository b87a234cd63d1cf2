//! Lists of an app that can be searched: one plan for each number of hits, so that neither a rare nor a frequent term is
//! slow. From three characters up the trigram index answers, below it LIKE. (PostgreSQL would take pg_trgm for both.)

use sqlx::{FromRow, QueryBuilder, Sqlite, SqliteConnection, sqlite::SqliteRow};

use super::{
    Keyset, Placed, capped_count, json,
    keyset::{CAP_AND_ONE, count, push_given},
};
use crate::{
    Result,
    application::AppId,
    limits,
    page::{Count, ListQuery, Page, SortKey},
};

/// What a list is made of. The listed table is called `t` in the SQL.
pub(crate) struct Listed {
    /// `SELECT … FROM … t …`, up to but without WHERE.
    pub select: &'static str,
    /// The table alone.
    pub from: &'static str,
    /// The table that holds its trigrams.
    pub trigrams: &'static str,
    /// SQL of the name that it sorts by.
    pub name: &'static str,
    /// The two columns that are searched.
    pub texts: [&'static str; 2],
}

/// Which page of which rows.
pub(crate) struct Wanted<'a> {
    pub app: AppId,
    pub kind: Option<&'static str>,
    pub search: &'a str,
    pub keyset: Keyset<'a>,
}

impl<'a> Wanted<'a> {
    pub fn new<T: Copy>(app: AppId, query: &'a ListQuery<T>, listed: &Listed, word: impl Fn(T) -> &'static str) -> Self {
        let key = match query.sort.key {
            SortKey::Created => "t.created_at",
            SortKey::Name => listed.name,
        };
        let keyset = Keyset { key, id: "t.id", sort: query.sort, size: query.size.get(), cursor: query.cursor.as_ref() };
        Self { app, kind: query.kind.map(word), search: &query.search, keyset }
    }
}

/// What a search term found.
enum Hits {
    /// There is no term.
    NoTerm,
    /// All of them, at most [`limits::COUNT_CAP`]: fetch and sort them.
    Few(Vec<i64>),
    /// So many that walking the list's own index soon fills a page.
    Many,
}

/// One page; `all` is the number of rows without any filter.
pub(crate) async fn page<R, T>(
    db: &mut SqliteConnection,
    listed: &Listed,
    wanted: &Wanted<'_>,
    all: i64,
    item: impl Fn(R) -> Result<T>,
) -> Result<Page<T>>
where
    R: for<'r> FromRow<'r, SqliteRow> + Placed + Send + Unpin,
{
    let hits = hits(db, listed, wanted).await?;
    let total = match &hits {
        Hits::Few(ids) => count(ids.len()),
        Hits::Many => Count { number: limits::COUNT_CAP, more: true },
        Hits::NoTerm if wanted.kind.is_none() => Count { number: u64::try_from(all).unwrap_or(0), more: false },
        Hits::NoTerm => {
            let mut sql = QueryBuilder::new("SELECT count(*) FROM (SELECT 1 FROM ");
            sql.push(listed.from);
            push_scope(&mut sql, wanted);
            capped_count(db, sql).await?
        }
    };
    let rows: Vec<R> = page_sql(listed, wanted, &hits)?.build_query_as().fetch_all(db).await?;
    wanted.keyset.page(rows, total, item)
}

fn page_sql(listed: &Listed, wanted: &Wanted<'_>, hits: &Hits) -> Result<QueryBuilder<Sqlite>> {
    let mut sql = QueryBuilder::new(listed.select);
    match hits {
        Hits::NoTerm => push_scope(&mut sql, wanted),
        Hits::Few(ids) => {
            // The `+` keeps the planner from walking the whole index in order for the sake of a few rows.
            sql.push(" WHERE +t.app_id = ").push_bind(wanted.app.0);
            sql.push(" AND t.id IN (SELECT value FROM json_each(").push_bind(json(ids)?).push("))");
        }
        Hits::Many => {
            push_scope(&mut sql, wanted);
            if trigrams_reach(wanted.search) {
                // A count, not EXISTS or IN: those would become a join that collects and sorts every hit.
                sql.push(" AND (SELECT count(*) FROM ").push(listed.trigrams).push(" WHERE ").push(listed.trigrams);
                sql.push(" MATCH ").push_bind(phrase(wanted.search)).push(" AND rowid = t.id) = 1");
            } else {
                push_like(&mut sql, listed.texts, wanted.search);
            }
        }
    }
    wanted.keyset.push_after(&mut sql);
    wanted.keyset.push_order(&mut sql);
    Ok(sql)
}

async fn hits(db: &mut SqliteConnection, listed: &Listed, wanted: &Wanted<'_>) -> Result<Hits> {
    if wanted.search.is_empty() {
        return Ok(Hits::NoTerm);
    }
    let ids = some_ids(db, listed, wanted.app, wanted.kind, wanted.search, CAP_AND_ONE).await?;
    Ok(if ids.len() as u64 > limits::COUNT_CAP { Hits::Many } else { Hits::Few(ids) })
}

/// Ids of at most `limit` rows of the app that hold the term, in no order.
pub(crate) async fn some_ids(
    db: &mut SqliteConnection,
    listed: &Listed,
    app: AppId,
    kind: Option<&'static str>,
    term: &str,
    limit: i64,
) -> Result<Vec<i64>> {
    let mut sql = QueryBuilder::new("SELECT t.id FROM ");
    if trigrams_reach(term) {
        // CROSS: the hits come first, the table is only asked whose they are.
        sql.push(listed.trigrams).push(" CROSS JOIN ").push(listed.from).push(" ON t.id = ").push(listed.trigrams);
        sql.push(".rowid WHERE ").push(listed.trigrams).push(" MATCH ").push_bind(phrase(term));
        sql.push(" AND +t.app_id = ").push_bind(app.0);
        push_given(&mut sql, &[(" AND +t.type = ", kind)]);
    } else {
        sql.push(listed.from).push(" WHERE t.app_id = ").push_bind(app.0);
        push_given(&mut sql, &[(" AND t.type = ", kind)]);
        push_like(&mut sql, listed.texts, term);
    }
    sql.push(" LIMIT ").push_bind(limit);
    Ok(sql.build_query_scalar().fetch_all(db).await?)
}

fn push_scope(sql: &mut QueryBuilder<Sqlite>, wanted: &Wanted<'_>) {
    sql.push(" WHERE t.app_id = ").push_bind(wanted.app.0);
    push_given(sql, &[(" AND t.type = ", wanted.kind)]);
}

/// ` AND (a LIKE … OR b LIKE …)`.
pub(crate) fn push_like(sql: &mut QueryBuilder<Sqlite>, texts: [&'static str; 2], term: &str) {
    sql.push(" AND (").push(texts[0]).push(" LIKE ").push_bind(pattern(term)).push(" ESCAPE '\\' OR ");
    sql.push(texts[1]).push(" LIKE ").push_bind(pattern(term)).push(" ESCAPE '\\')");
}

/// Trigrams find nothing that is shorter than three characters.
fn trigrams_reach(term: &str) -> bool {
    term.chars().nth(2).is_some()
}

/// The term as an FTS5 string: every character stands for itself.
fn phrase(term: &str) -> String {
    format!("\"{}\"", term.replace('"', "\"\""))
}

/// The term as a LIKE pattern for "holds", with `\` as the escape character.
pub(crate) fn pattern(term: &str) -> String {
    let mut pattern = String::with_capacity(term.len() + 2);
    pattern.push('%');
    for c in term.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// The plan of a page without a search term, for tests.
#[cfg(test)]
pub(crate) async fn plan(db: &mut SqliteConnection, listed: &Listed, wanted: &Wanted<'_>) -> Result<Vec<String>> {
    let mut sql = QueryBuilder::new("EXPLAIN QUERY PLAN ");
    sql.push(page_sql(listed, wanted, &Hits::NoTerm)?.into_string());
    let rows: Vec<(i64, i64, i64, String)> = sql.build_query_as().fetch_all(db).await?;
    Ok(rows.into_iter().map(|row| row.3).collect())
}
