//! A page in the order of creation, by hits in the order of their keys.
//!
//! Keys rise with time, but for clocks that were put back and rows that were imported with times of their own. So the hits that
//! follow each other by key are nearly always those that follow each other in the list, and the index has them in that order. What
//! is between them in the list and elsewhere by key is then looked for: in each zone of 4,096 keys, an index gives the rows of a
//! stretch of time. There are none as a rule, and with more than a few this plan gives up.

use crate::db::{Builder, Conn, Row};
use domain::{
    Error, Result,
    page::{CursorKey, SortKey},
};

use super::{
    super::{KeysetRow, json, keys, term::Lookup},
    ListRequest, ListSource, Plan, fetch,
    found::{Within, any_of, fetch_ids, holding, ids_sql, push_ids, trigrams},
    hits::{Hits, Stretch},
};

/// The zone of a row, as the index has it: keys that differ in the lowest 12 bits alone.
const ZONE: &str = "t.id >> 12";
/// The number of these bits.
const ZONE_BITS: u32 = 12;
/// Hits that are read by key: as many as the page has rows, and so many times as many when some of them belong elsewhere.
const MORE: usize = 16;
/// So many rows at most may lie between the hits in the list and elsewhere by key.
const ELSEWHERE: i64 = 1_000;
/// So many trigrams of a short term are looked up at most.
const TRIGRAMS: usize = 64;

/// A place in the list: time and key.
type Place = (i64, i64);

/// The page's rows. `None` when its order is another one, when the term has too many trigrams, or when keys are not in order.
pub(super) async fn rows<R>(db: &mut Conn, source: &ListSource, request: &ListRequest<'_>, hits: &Hits) -> Result<Option<Vec<R>>>
where
    R: Row + KeysetRow,
{
    if request.keyset.sort.key != SortKey::Created || source.app_rows.is_none() {
        return Ok(None);
    }
    let (low, high) = keys::range(request.app);
    let down = request.keyset.down();
    let cursor = match request.keyset.cursor.map(|cursor| (&cursor.key, cursor.id)) {
        Some((CursorKey::Number(at), id)) => Some((*at, id)),
        Some((CursorKey::Text(_), _)) => return Ok(None),
        None => None,
    };
    let edge = if down { high } else { low };
    let beside = |(_, id): Place| if down { id.saturating_sub(1) } else { id.saturating_add(1) };
    let start = cursor.map_or(edge, beside).clamp(low, high);
    let range = if down { (low, start) } else { (start, high) };
    for wanted in [request.rows(), MORE * request.rows()] {
        let Some(mut near) = near(db, source, request, hits, range, wanted).await? else { return Ok(None) };
        let rows: Vec<R> = fetch(db, source, request, &Plan::Sort(&near.ids)).await?;
        let full = rows.len() >= request.rows();
        if !full && (near.low, near.high) != range {
            // Too many of these hits are before the cursor.
            continue;
        }
        let last = match rows.last().filter(|_| full).map(|row| (row.key(SortKey::Created), row.id())) {
            Some((CursorKey::Number(at), id)) => Some((at, id)),
            Some((CursorKey::Text(_), _)) => return Err(Error::Internal("a time is a text".to_owned())),
            None => None,
        };
        let (after, before) = if down { (last, cursor) } else { (cursor, last) };
        let sql = elsewhere_sql(source, request, (near.low, near.high), after, before)?;
        let mut elsewhere = fetch_ids(db, sql, ELSEWHERE + 1).await?;
        if elsewhere.len() as i64 > ELSEWHERE {
            continue;
        }
        match hits {
            Hits::Few(stretch) => elsewhere.retain(|id| stretch.ids.binary_search(id).is_ok()),
            Hits::Many(_) => {
                elsewhere = holding(db, source, elsewhere, request.kind, request.search).await?;
            }
        }
        if elsewhere.is_empty() {
            return Ok(Some(rows));
        }
        near.ids.append(&mut elsewhere);
        return Ok(Some(fetch(db, source, request, &Plan::Sort(&near.ids)).await?));
    }
    Ok(None)
}

/// So many hits from the end of the range at which the page begins, and the part of the range whose hits they are.
async fn near(
    db: &mut Conn,
    source: &ListSource,
    request: &ListRequest<'_>,
    hits: &Hits,
    (low, high): (i64, i64),
    wanted: usize,
) -> Result<Option<Stretch>> {
    let down = request.keyset.down();
    let known = match hits {
        Hits::Few(stretch) => Some(stretch),
        Hits::Many(stretch) => stretch.as_ref(),
    };
    if let Some(known) = known {
        let (from, to) = (known.ids.partition_point(|id| *id < low), known.ids.partition_point(|id| *id <= high));
        let ids = known.ids.get(from..to).unwrap_or_default();
        // Only what lies in the stretch is known, and only up to its end.
        let begins = if down { known.high >= high } else { known.low <= low };
        let ends = if down { known.low <= low } else { known.high >= high };
        if begins && (ends || ids.len() >= wanted) {
            let ids = if down { &ids[ids.len().saturating_sub(wanted)..] } else { &ids[..ids.len().min(wanted)] };
            return Ok(Some(part((low, high), ids.to_vec(), wanted, down)));
        }
    }
    let lookup = match Lookup::of(request.search) {
        Lookup::Grams { ranges, exact: true } => {
            let terms = trigrams(db, source, &ranges, TRIGRAMS).await?;
            terms.filter(|terms| !terms.is_empty()).map(|terms| any_of(&terms))
        }
        lookup @ Lookup::Phrase(_) => Some(lookup),
        Lookup::Grams { exact: false, .. } | Lookup::Scan => None,
    };
    let Some(lookup) = lookup else { return Ok(None) };
    let within = Within { app: request.app, kind: request.kind, range: Some((low, high)) };
    let mut sql = ids_sql();
    push_ids(&mut sql, source, &lookup, within, request.search)?;
    sql.push(" ORDER BY ").push(source.trigrams).push(".rowid").push(if down { " DESC" } else { "" });
    let mut ids = fetch_ids(db, sql, wanted as i64).await?;
    ids.sort_unstable();
    Ok(Some(part((low, high), ids, wanted, down)))
}

/// These hits as the stretch that they are all of: it ends with the last of them, unless there are fewer than were wanted.
fn part((low, high): (i64, i64), ids: Vec<i64>, wanted: usize, down: bool) -> Stretch {
    let all = ids.len() < wanted;
    match (ids.first(), ids.last()) {
        (Some(&first), _) if down && !all => Stretch { low: first, high, ids },
        (_, Some(&last)) if !down && !all => Stretch { low, high: last, ids },
        _ => Stretch { low, high, ids },
    }
}

/// The statement for the rows of the app that are between two places of the list (`None`: its ends) and whose keys are outside a
/// stretch. Whether they are hits is not asked.
pub(super) fn elsewhere_sql(
    source: &ListSource,
    request: &ListRequest<'_>,
    (from, to): (i64, i64),
    after: Option<Place>,
    before: Option<Place>,
) -> Result<Builder> {
    let (low, high) = keys::range(request.app);
    let zone = |key: i64| key >> ZONE_BITS;
    let below = (low < from).then(|| (zone(low), zone(from - 1)));
    // The stretch may lie within one zone, which is read once.
    let first = below.map_or(zone(low), |(_, last)| last + 1);
    let above = (to < high).then(|| (zone(to + 1).max(first), zone(high)));
    let spans: Vec<(i64, i64)> = below.into_iter().chain(above).collect();
    let zones = source.app_rows.as_ref().map_or("", |rows| rows.zones);
    let mut sql = ids_sql();
    sql.push("id FROM (WITH RECURSIVE span (first, last) AS (SELECT value ->> 0, value ->> 1 FROM json_each(");
    sql.push_bind(json(&spans)?).push(")), zone (number, last) AS (SELECT ");
    push_zone(&mut sql, source, zones, ">= span.first");
    sql.push(", last FROM span UNION ALL SELECT ");
    push_zone(&mut sql, source, zones, "> zone.number");
    sql.push(", last FROM zone WHERE zone.number < zone.last)");
    // Strictly between the times: zone by zone.
    sql.push(" SELECT t.id FROM zone CROSS JOIN ").push(source.from).push(" INDEXED BY ").push(zones).push(" ON ").push(ZONE);
    sql.push(" = zone.number AND t.created_at > ").push_bind(after.map_or(i64::MIN, |(at, _)| at));
    sql.push(" AND t.created_at < ").push_bind(before.map_or(i64::MAX, |(at, _)| at)).push(" WHERE zone.number <= zone.last");
    sql.push(" AND t.id NOT BETWEEN ").push_bind(from).push(" AND ").push_bind(to);
    // Of the same time as one of the places: by key.
    let same = after.zip(before).filter(|((after, _), (before, _))| after == before);
    if let Some((at, id)) = after {
        push_tie(&mut sql, source, request, at, (id.max(to), same.map_or(i64::MAX, |(_, (_, id))| id)));
    }
    if let Some((at, id)) = before {
        push_tie(&mut sql, source, request, at, (same.map_or(i64::MIN, |((_, id), _)| id), id.min(from)));
    }
    sql.push(")");
    Ok(sql)
}

/// Pushes the first zone that has rows, of those that are as said.
fn push_zone(sql: &mut Builder, source: &ListSource, zones: &'static str, which: &'static str) {
    sql.push("(SELECT ").push(ZONE).push(" FROM ").push(source.from).push(" INDEXED BY ").push(zones).push(" WHERE ");
    sql.push(ZONE).push(" ").push(which).push(" ORDER BY ").push(ZONE).push(" LIMIT 1)");
}

/// Pushes ` UNION ALL …` of the rows of one time with keys strictly between two.
fn push_tie(sql: &mut Builder, source: &ListSource, request: &ListRequest<'_>, at: i64, (low, high): (i64, i64)) {
    sql.push(" UNION ALL SELECT t.id FROM ").push(source.from).push(" INDEXED BY ").push(source.index);
    sql.push(" WHERE t.app_id = ").push_bind(request.app.key()).push(" AND t.created_at = ").push_bind(at);
    sql.push(" AND t.id > ").push_bind(low).push(" AND t.id < ").push_bind(high);
}
