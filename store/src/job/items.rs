//! The items of a batch that still wait.

use std::collections::VecDeque;

use domain::Result;

use super::running::Running;
use crate::db::OrFault;

/// Items that a chunk holds at most.
const ITEMS: i64 = 1_000;

/// The next items, with their numbers.
pub async fn waiting(running: &Running<'_>) -> Result<VecDeque<(i64, String)>> {
    let sql = "SELECT seq, item FROM job_item WHERE job_id = $1 ORDER BY seq LIMIT $2";
    let items: Vec<_> =
        sqlx::query_as(sql).bind(running.id()).bind(ITEMS).fetch_all(running.store().reader()).await.or_fault()?;
    Ok(items.into())
}
