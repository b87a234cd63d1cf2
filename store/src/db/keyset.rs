//! Keyset paging, once for all lists: the condition, the order, and how rows become a page with cursors in both directions.

use super::{Builder, Conn};
use crate::db::OrFault;
use domain::{
    Result, limits,
    page::{Count, Cursor, CursorKey, Page, Sort, SortKey},
};

/// One row above the cap shows that there are more.
pub const CAP_AND_ONE: i64 = limits::COUNT_CAP as i64 + 1;

/// A row of a list that is paged by sort value and id.
pub trait KeysetRow {
    /// The surrogate key, which orders rows with the same sort value.
    fn id(&self) -> i64;
    /// The value by which `sort` orders the list.
    fn key(&self, sort: SortKey) -> CursorKey;
}

/// Where one page begins in a list and how it is read from an index.
#[derive(Debug)]
pub struct Keyset<'a> {
    /// SQL of the sort value, as the index has it.
    pub key: &'static str,
    /// SQL of the surrogate key, as the index has it.
    pub id: &'static str,
    /// By what the list is sorted, and in which direction.
    pub sort: Sort,
    /// The most rows on the page.
    pub size: u32,
    /// The row after or before which the page begins; `None`: the first page.
    pub cursor: Option<&'a Cursor>,
}

impl Keyset<'_> {
    fn backward(&self) -> bool {
        self.cursor.is_some_and(|cursor| cursor.backward)
    }

    /// Whether the index is read downwards: a backward page is read against the list's order.
    pub fn down(&self) -> bool {
        self.sort.descending != self.backward()
    }

    /// Pushes ` AND (key, id) < (…)`, or nothing on the first page.
    pub fn push_after(&self, sql: &mut Builder) {
        let Some(cursor) = self.cursor else { return };
        self.push_bound(sql, if self.down() { "<" } else { ">" }, &cursor.key, cursor.id);
    }

    /// Pushes ` AND (key, id) <= (…)` in the direction of reading: not beyond this row.
    pub fn push_until(&self, sql: &mut Builder, key: &CursorKey, id: i64) {
        self.push_bound(sql, if self.down() { ">=" } else { "<=" }, key, id);
    }

    fn push_bound(&self, sql: &mut Builder, side: &'static str, key: &CursorKey, id: i64) {
        sql.push(" AND (").push(self.key).push(", ").push(self.id).push(") ").push(side).push(" (");
        match key {
            CursorKey::Number(number) => sql.push_bind(*number),
            CursorKey::Text(text) => sql.push_bind(text.clone()),
        };
        sql.push(", ").push_bind(id).push(")");
    }

    /// Pushes ` ORDER BY … LIMIT …` with one row more than the page has, which shows whether there is a next one.
    pub fn push_order(&self, sql: &mut Builder) {
        let direction = if self.down() { " DESC" } else { "" };
        sql.push(" ORDER BY ").push(self.key).push(direction).push(", ").push(self.id).push(direction);
        sql.push(" LIMIT ").push_bind(i64::from(self.size) + 1);
    }

    /// The rows in the list's order, with the cursors of the pages before and after.
    pub fn page<R: KeysetRow, T>(&self, mut rows: Vec<R>, total: Count, item: impl Fn(R) -> Result<T>) -> Result<Page<T>> {
        let size = self.size as usize;
        let more = rows.len() > size;
        rows.truncate(size);
        if self.backward() {
            rows.reverse();
        }
        let place = |row: &R, backward| Cursor::new(self.sort, backward, row.key(self.sort.key), row.id()).encode();
        // On an empty page both cursors begin where the cursor that led here does.
        let turned =
            |backward| self.cursor.map(|cursor| Cursor::new(self.sort, backward, cursor.key.clone(), cursor.id).encode());
        let (after, before) = if self.backward() { (true, more) } else { (more, self.cursor.is_some()) };
        let next = after.then(|| rows.last().map(|row| place(row, false)).or_else(|| turned(false))).flatten();
        let previous = before.then(|| rows.first().map(|row| place(row, true)).or_else(|| turned(true))).flatten();
        let items = rows.into_iter().map(item).collect::<Result<_>>()?;
        Ok(Page { items, next, previous, total })
    }
}

/// Completes `SELECT count(*) FROM (SELECT 1 FROM …` with the cap and counts: nobody needs the exact number of a million.
pub async fn capped_count(db: &mut Conn, mut sql: Builder) -> Result<Count> {
    sql.push(" LIMIT ").push_bind(CAP_AND_ONE).push(") AS found");
    let found: i64 = sql.build_query_scalar().fetch_one(db).await.or_fault()?;
    Ok(count(usize::try_from(found).unwrap_or(0)))
}

/// A number of found rows, cut off at [`limits::COUNT_CAP`].
pub fn count(found: usize) -> Count {
    let found = found as u64;
    Count { number: found.min(limits::COUNT_CAP), more: found > limits::COUNT_CAP }
}

/// Pushes each fragment that has a value, followed by its bound value.
pub fn push_optional(sql: &mut Builder, parts: &[(&'static str, Option<&str>)]) {
    for (fragment, value) in parts {
        if let Some(value) = value {
            sql.push(fragment).push_bind((*value).to_owned());
        }
    }
}
