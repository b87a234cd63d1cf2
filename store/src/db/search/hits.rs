//! How many hits a term has, and which they are, unless they are too many.

use crate::db::Conn;
use std::sync::Arc;

use domain::{Result, limits, page::SortKey};

use super::{
    super::{keyset::CAP_AND_ONE, term::Lookup},
    ListRequest, ListSource,
    found::{Within, any_of, fetch_ids, holding, ids_sql, push_ids, push_instances, trigrams},
};

/// So many places in the index are read to see whether a short term has more hits than are counted: rows that contain it twice
/// have two.
const PLACES: usize = limits::COUNT_CAP as usize + 1_000;

/// So many trigrams are looked up together at most, rather than the places where they are.
pub(super) const TRIGRAMS: usize = 12;

/// What a search found.
#[derive(Debug, Clone)]
pub(super) enum Hits {
    /// All hits, at most [`limits::COUNT_CAP`].
    Few(Arc<Stretch>),
    /// More; perhaps some of them.
    Many(Option<Arc<Stretch>>),
}

/// All hits whose keys are from `low` to `high`, in order.
#[derive(Debug)]
pub(super) struct Stretch {
    pub low: i64,
    pub high: i64,
    pub ids: Vec<i64>,
}

impl Hits {
    fn few(ids: Vec<i64>) -> Self {
        Self::Few(Arc::new(Stretch { low: i64::MIN, high: i64::MAX, ids }))
    }
}

/// The hits of the request's term.
pub(super) async fn find(db: &mut Conn, source: &ListSource, request: &ListRequest<'_>) -> Result<Hits> {
    let mut lookup = Lookup::of(request.search);
    let within = Within::app(source, request.app, request.kind);
    if let (Lookup::Grams { ranges, exact }, Some(range)) = (&lookup, within.range) {
        let few = if *exact { trigrams(db, source, ranges, TRIGRAMS).await? } else { None };
        let found = match few {
            Some(terms) if terms.is_empty() => return Ok(Hits::few(vec![])),
            Some(terms) => {
                lookup = any_of(&terms);
                None
            }
            None if request.kind.is_some() => None,
            None if *exact => of_places(db, source, ranges, range).await?,
            None if request.search.is_ascii() => of_ascii_places(db, source, request.search, ranges, range).await?,
            None => None,
        };
        if let Some(hits) = found {
            return Ok(hits);
        }
    }
    let mut sql = ids_sql();
    push_ids(&mut sql, source, &lookup, within, request.search)?;
    // From the end where the list begins, so that the first pages are among those of many hits.
    let down = request.keyset.sort.key == SortKey::Created && request.keyset.down();
    let range = if matches!(lookup, Lookup::Phrase(_)) { within.range } else { None };
    if range.is_some() {
        sql.push(" ORDER BY ").push(source.trigrams).push(".rowid").push(if down { " DESC" } else { "" });
    }
    let ids = ordered(fetch_ids(db, sql, CAP_AND_ONE).await?);
    if !is_many(&ids) {
        return Ok(Hits::few(ids));
    }
    let stretch = range.zip(ids.first().copied().zip(ids.last().copied())).map(|((low, high), (first, last))| {
        let (low, high) = if down { (first, high) } else { (low, last) };
        Arc::new(Stretch { low, high, ids })
    });
    Ok(Hits::Many(stretch))
}

/// The hits of a short term with many trigrams, by the places where the index has it. To take each row once is quicker here than in
/// SQL. `None`: rows have it so often that it must be done there.
async fn of_places(db: &mut Conn, source: &ListSource, ranges: &[(String, String)], range: (i64, i64)) -> Result<Option<Hits>> {
    let places = places(db, source, ranges, range, None).await?;
    let all = places.len() < PLACES;
    let ids = ordered(places);
    Ok(if is_many(&ids) { Some(Hits::Many(None)) } else { all.then(|| Hits::few(ids)) })
}

/// The same for ASCII letters that the index treats as equal to others. Public ids are ASCII, so that what the index has of them is
/// what is there; rows are read only where the other text alone has the term.
async fn of_ascii_places(
    db: &mut Conn,
    source: &ListSource,
    term: &str,
    ranges: &[(String, String)],
    range: (i64, i64),
) -> Result<Option<Hits>> {
    // First the places inside of an id, before a character other than a space: many, if the term is frequent.
    let inside: Vec<(String, String)> = ranges.iter().map(|(low, _)| (format!("{low}!"), format!("{low}\u{7f}"))).collect();
    if is_many(&ordered(places(db, source, &inside, range, Some(true)).await?)) {
        return Ok(Some(Hits::Many(None)));
    }
    let ids = places(db, source, ranges, range, Some(true)).await?;
    let others = places(db, source, ranges, range, Some(false)).await?;
    if ids.len() >= PLACES || others.len() >= PLACES {
        return Ok(None);
    }
    let mut ids = ordered(ids);
    let mut others = ordered(others);
    others.retain(|id| ids.binary_search(id).is_err());
    ids.append(&mut holding(db, source, others, None, term).await?);
    let ids = ordered(ids);
    Ok(Some(if is_many(&ids) { Hits::Many(None) } else { Hits::few(ids) }))
}

/// At most [`PLACES`] ids of rows in a range of keys, one for each place where the index has a term between two others: in the
/// public id, in the other text, or (`None`) in either.
async fn places(
    db: &mut Conn,
    source: &ListSource,
    ranges: &[(String, String)],
    (low, high): (i64, i64),
    in_id: Option<bool>,
) -> Result<Vec<i64>> {
    let mut sql = ids_sql();
    sql.push("doc AS id FROM ");
    push_instances(&mut sql, source, ranges)?;
    sql.push(" AS place WHERE doc BETWEEN ").push_bind(low).push(" AND ").push_bind(high);
    if let Some(in_id) = in_id {
        sql.push(if in_id { " AND col = " } else { " AND col <> " }).push_bind(source.texts[0].trim_start_matches("t."));
    }
    fetch_ids(db, sql, PLACES as i64).await
}

/// Each once, in order.
fn ordered(mut ids: Vec<i64>) -> Vec<i64> {
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn is_many(ids: &[i64]) -> bool {
    ids.len() as u64 > limits::COUNT_CAP
}
