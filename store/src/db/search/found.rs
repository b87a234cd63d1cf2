//! All rows that contain a term, for lists and for statements about all of them.

use crate::db::{Builder, Conn};
use domain::{Error, Result, application::AppId, selection::Selection};

use super::{
    super::{
        OrFault, json, keys,
        keyset::push_optional,
        like::{push_either, push_like},
        term::{Lookup, missed_by_like},
    },
    ListSource,
};

/// Which rows of an app a term is looked for in.
#[derive(Clone, Copy)]
pub(super) struct Within {
    pub app: AppId,
    /// The type that they have, as stored; `None`: any.
    pub kind: Option<&'static str>,
    /// The lowest and the highest key that they have. `None`: keys do not tell the app.
    pub range: Option<(i64, i64)>,
}

impl Within {
    /// All rows of an app, or those of a type.
    pub fn app(source: &ListSource, app: AppId, kind: Option<&'static str>) -> Self {
        Self { app, kind, range: source.app_rows.as_ref().map(|_| keys::range(app)) }
    }
}

/// Ids of at most `limit` rows of the app that contain the term, in no order.
pub async fn matching_ids(
    db: &mut Conn,
    source: &ListSource,
    app: AppId,
    kind: Option<&'static str>,
    term: &str,
    limit: i64,
) -> Result<Vec<i64>> {
    let mut sql = ids_sql();
    push_ids(&mut sql, source, &Lookup::of(term), Within::app(source, app, kind), term)?;
    fetch_ids(db, sql, limit).await
}

/// Begins a statement for [`push_ids`] and [`fetch_ids`].
pub(super) fn ids_sql() -> Builder {
    // As one text: to transfer ten thousand rows would take longer than to find them.
    Builder::new("SELECT json_group_array(id) FROM (SELECT ")
}

/// Completes the statement and gives at most `limit` ids; -1: all.
pub(super) async fn fetch_ids(db: &mut Conn, mut sql: Builder, limit: i64) -> Result<Vec<i64>> {
    sql.push(" LIMIT ").push_bind(limit).push(")");
    let ids: String = sql.build_query_scalar().fetch_one(db).await.or_fault()?;
    serde_json::from_str(&ids).map_err(|error| Error::Internal(format!("ids of a search: {error}")))
}

/// Those of these rows that contain the term, in no order.
pub(super) async fn holding(
    db: &mut Conn,
    source: &ListSource,
    ids: Vec<i64>,
    kind: Option<&'static str>,
    term: &str,
) -> Result<Vec<i64>> {
    if ids.is_empty() {
        return Ok(ids);
    }
    let mut sql = ids_sql();
    sql.push("t.id AS id FROM json_each(").push_bind(json(&ids)?).push(") AS item CROSS JOIN ").push(source.from);
    sql.push(" ON t.id = item.value WHERE true");
    push_optional(&mut sql, &[(" AND +t.type = ", kind)]);
    push_holding(&mut sql, source, term);
    fetch_ids(db, sql, -1).await
}

/// The trigrams in the index that begin as a short term does; `None`: they are more than so many.
pub(super) async fn trigrams(
    db: &mut Conn,
    source: &ListSource,
    ranges: &[(String, String)],
    most: usize,
) -> Result<Option<Vec<String>>> {
    let mut sql = Builder::new("WITH RECURSIVE span (low, high) AS (SELECT value ->> 0, value ->> 1 FROM json_each(");
    sql.push_bind(json(ranges)?).push(")), found (term, high) AS (SELECT (SELECT term FROM ").push(source.grams);
    // From term to term: nothing lies between a trigram and the same with U+0001 behind it.
    sql.push(" WHERE term >= span.low LIMIT 1), high FROM span UNION ALL SELECT (SELECT gram.term FROM ").push(source.grams);
    sql.push(" AS gram WHERE gram.term >= found.term || char(1) LIMIT 1), high FROM found WHERE found.term < found.high");
    // Each range ends with a term after it.
    let steps = most + ranges.len() + 1;
    sql.push(" LIMIT ").push_bind(steps as i64).push(") SELECT json_group_array(term) FILTER (WHERE term < high), count(*)");
    let (terms, seen): (String, i64) = sql.push(" FROM found").build_query_as().fetch_one(db).await.or_fault()?;
    let terms: Vec<String> = serde_json::from_str(&terms).map_err(|error| Error::Internal(format!("trigrams: {error}")))?;
    Ok((seen < steps as i64 && terms.len() <= most).then_some(terms))
}

/// Looks up the rows that have any of these trigrams.
pub(super) fn any_of(terms: &[String]) -> Lookup {
    let quoted = |term: &String| format!("\"{}\"", term.replace('"', "\"\""));
    Lookup::Phrase(terms.iter().map(quoted).collect::<Vec<_>>().join(" OR "))
}

/// Pushes `… AS id FROM … WHERE …` of the rows that contain the term. The table is left alone where the index alone can tell.
pub(super) fn push_ids(sql: &mut Builder, source: &ListSource, lookup: &Lookup, within: Within, term: &str) -> Result<()> {
    match (lookup, within) {
        (Lookup::Phrase(phrase), Within { range: Some(range), kind: None, .. }) => {
            sql.push(source.trigrams).push(".rowid AS id FROM ").push(source.trigrams).push(" WHERE ");
            push_match(sql, source, phrase, Some(range));
        }
        (Lookup::Grams { ranges, exact: true }, Within { range: Some(range), kind: None, .. }) => {
            sql.push("DISTINCT doc AS id FROM ");
            push_instances(sql, source, ranges)?;
            sql.push(" AS hit WHERE doc BETWEEN ").push_bind(range.0).push(" AND ").push_bind(range.1);
        }
        (Lookup::Phrase(_) | Lookup::Grams { .. } | Lookup::Scan, _) => {
            sql.push("t.id AS id FROM ");
            push_rows(sql, &ListSource { joins: "", ..*source }, lookup, within, term)?;
        }
    }
    Ok(())
}

/// Pushes ` FROM … WHERE …` of all rows that pass a filter, for statements about all of them: a batch, an export, a sum. An empty
/// term does not filter.
pub fn push_matching(sql: &mut Builder, source: &ListSource, app: AppId, kind: Option<&'static str>, term: &str) -> Result<()> {
    let source = ListSource { joins: "", ..*source };
    sql.push(" FROM ");
    if !term.is_empty() {
        return push_rows(sql, &source, &Lookup::of(term), Within::app(&source, app, kind), term);
    }
    sql.push(source.from).push(" WHERE t.app_id = ").push_bind(app.key());
    push_optional(sql, &[(" AND t.type = ", kind)]);
    Ok(())
}

/// The public ids of the rows of a selection that exist, in the order of their keys where that costs nothing: whoever deals with one after
/// the other goes through the tables once. Hits of a term of three characters and more come out of its index like that, those of shorter
/// ones by their places in it.
pub fn selected_ids(source: &ListSource, app: AppId, selection: &Selection<&'static str>) -> Result<Builder> {
    let mut sql = Builder::new("SELECT ");
    sql.push(source.texts[0]);
    match selection {
        Selection::Matching { search, kind, except } if search.is_empty() => {
            let (low, high) = keys::range(app);
            sql.push(" FROM ").push(source.from).push(" WHERE t.id BETWEEN ").push_bind(low).push(" AND ").push_bind(high);
            push_optional(&mut sql, &[(" AND t.type = ", *kind)]);
            push_except(&mut sql, source, except)?;
            sql.push(" ORDER BY t.id");
        }
        Selection::Matching { .. } | Selection::Ids(_) => push_selected(&mut sql, source, app, selection)?,
    }
    Ok(sql)
}

/// Pushes the condition that leaves out rows by their public ids.
fn push_except(sql: &mut Builder, source: &ListSource, except: &[String]) -> Result<()> {
    if !except.is_empty() {
        sql.push(" AND ").push(source.texts[0]).push(" NOT IN (SELECT value FROM json_each(").push_bind(json(except)?).push("))");
    }
    Ok(())
}

/// Pushes ` FROM … WHERE …` of the rows of a selection that exist.
pub fn push_selected(sql: &mut Builder, source: &ListSource, app: AppId, selection: &Selection<&'static str>) -> Result<()> {
    let public_id = source.texts[0];
    match selection {
        Selection::Ids(ids) => {
            sql.push(" FROM ").push(source.from).push(" WHERE t.app_id = ").push_bind(app.key()).push(" AND ").push(public_id);
            sql.push(" IN (SELECT value FROM json_each(").push_bind(json(ids)?).push("))");
        }
        Selection::Matching { search, kind, except } => {
            push_matching(sql, source, app, *kind, search)?;
            push_except(sql, source, except)?;
        }
    }
    Ok(())
}

/// Pushes the rows of the app that contain the term, as `t`: what follows `FROM`.
pub(super) fn push_rows(sql: &mut Builder, source: &ListSource, lookup: &Lookup, within: Within, term: &str) -> Result<()> {
    // CROSS: from the hits to their rows, never in the other direction.
    match lookup {
        Lookup::Phrase(phrase) => {
            sql.push(source.trigrams).push(" CROSS JOIN ").push(source.from).push(" ON t.id = ").push(source.trigrams);
            sql.push(".rowid").push(source.joins).push(" WHERE ");
            push_match(sql, source, phrase, within.range);
            sql.push(" AND +t.app_id = ").push_bind(within.app.key());
        }
        Lookup::Grams { ranges, .. } => {
            sql.push("(SELECT DISTINCT doc FROM ");
            push_instances(sql, source, ranges)?;
            if let Some((low, high)) = within.range {
                sql.push(" AS instance WHERE doc BETWEEN ").push_bind(low).push(" AND ").push_bind(high);
            }
            sql.push(") AS hit CROSS JOIN ").push(source.from).push(" ON t.id = hit.doc").push(source.joins);
            sql.push(" WHERE +t.app_id = ").push_bind(within.app.key());
        }
        Lookup::Scan => {
            // Without this the planner reads the whole table, including other apps, when one app is large.
            sql.push(source.from).push(" INDEXED BY ").push(source.index).push(source.joins);
            sql.push(" WHERE t.app_id = ").push_bind(within.app.key());
        }
    }
    push_optional(sql, &[(" AND +t.type = ", within.kind)]);
    if !matches!(lookup, Lookup::Phrase(_) | Lookup::Grams { exact: true, .. }) {
        push_like(sql, source.texts, term);
    }
    Ok(())
}

/// Pushes the condition that the index has the phrase, in rows of these keys: the index itself narrows them.
fn push_match(sql: &mut Builder, source: &ListSource, phrase: &str, range: Option<(i64, i64)>) {
    sql.push(source.trigrams).push(" MATCH ").push_bind(phrase.to_owned());
    if let Some((low, high)) = range {
        sql.push(" AND ").push(source.trigrams).push(".rowid BETWEEN ").push_bind(low).push(" AND ").push_bind(high);
    }
}

/// Pushes a table in brackets that has a row, with `doc` and `col`, for each place where the index has a term between two others.
pub(super) fn push_instances(sql: &mut Builder, source: &ListSource, ranges: &[(String, String)]) -> Result<()> {
    // MATERIALIZED: otherwise both ends of a range would be read from JSON again for each place.
    sql.push("(WITH span (low, high) AS MATERIALIZED (SELECT value ->> 0, value ->> 1 FROM json_each(").push_bind(json(ranges)?);
    sql.push(")) SELECT gram.doc, gram.col FROM span CROSS JOIN ").push(source.grams);
    sql.push(" AS gram ON gram.term >= span.low AND gram.term < span.high)");
    Ok(())
}

/// Pushes the condition that a row of the list contains the term.
pub(super) fn push_holding(sql: &mut Builder, source: &ListSource, term: &str) {
    match Lookup::of(term) {
        _ if term.is_empty() => {}
        Lookup::Phrase(phrase) => match missed_by_like(term) {
            Some(missed) if missed.is_empty() => push_like(sql, source.texts, term),
            missed => push_phrase(sql, source, &phrase, term, missed),
        },
        Lookup::Grams { .. } | Lookup::Scan => push_like(sql, source.texts, term),
    }
}

/// Pushes the condition that a row of the list contains the phrase as the index sees it. To ask the index about one row takes a
/// hundred times as long as LIKE. So it is asked only about rows with characters that LIKE would miss, if those are known.
fn push_phrase(sql: &mut Builder, source: &ListSource, phrase: &str, term: &str, missed: Option<String>) {
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
