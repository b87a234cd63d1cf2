//! The items of a batch that still wait.

use std::collections::VecDeque;

use domain::Result;

use super::context::JobContext;
use crate::db::{OrFault, query_as};

/// The most items of a transaction.
const ITEMS: i64 = 10_000;

/// The next items of a job with their numbers, at most 10,000; none when all are processed.
pub async fn waiting(context: &JobContext<'_>) -> Result<VecDeque<(i64, String)>> {
    let sql = "SELECT seq, item FROM job_item WHERE job_id = $1 ORDER BY seq LIMIT $2";
    let items: Vec<_> = query_as(sql).bind(context.id()).bind(ITEMS).fetch_all(context.store().reader()).await.or_fault()?;
    Ok(items.into())
}
