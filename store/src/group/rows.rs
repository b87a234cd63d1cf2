//! Many groups in one statement: rows of imports, of the sample and of generated data.

use domain::{Result, application::AppId, group::rules::Announcement};

pub use super::table::{Changed, ChangedRow, NewRow, Row, insert_rows, update_rows};
use super::table::{Deleted, delete, deleted_columns};
use crate::{
    Store,
    db::{Conn, OrFault, WriteTransaction, query, query_as, query_scalar, range},
};

/// Deletes some groups of an app with everything that belongs to them, at most `at_most`; how many. For generated data: the log has
/// no event of it.
pub async fn delete_some(tx: &mut WriteTransaction, app: AppId, at_most: i64) -> Result<u64> {
    let (low, high) = range(app);
    let groups: Vec<Deleted> =
        query_as(concat!("SELECT ", deleted_columns!(), " FROM \"group\" WHERE id BETWEEN $1 AND $2 ORDER BY id LIMIT $3"))
            .bind(low)
            .bind(high)
            .bind(at_most)
            .fetch_all(&mut **tx)
            .await
            .or_fault()?;
    delete(tx, app, &groups).await?;
    Ok(groups.len() as u64)
}

/// The id of the first group that an app has; `None` when there is none.
pub async fn first_id(store: &Store, app: AppId) -> Result<Option<String>> {
    let (low, high) = range(app);
    let sql = "SELECT group_id FROM \"group\" WHERE id BETWEEN $1 AND $2 ORDER BY id LIMIT 1";
    query_scalar(sql).bind(low).bind(high).fetch_optional(store.reader()).await.or_fault()
}

/// Sets the announcement of the group of that key; `at` is the time of the change, milliseconds since 1970.
pub async fn set_announcement(db: &mut Conn, key: i64, text: &Announcement, at: i64) -> Result<()> {
    let sql = "UPDATE \"group\" SET announcement = $1, announced_at = $2 WHERE id = $3";
    query(sql).bind(text.as_str()).bind(at).bind(key).execute(db).await.or_fault()?;
    Ok(())
}
