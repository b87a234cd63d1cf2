//! Many accounts in one statement: rows of imports, of the sample and of generated data.

use domain::{Result, application::AppId};

use super::table::delete;
pub use super::table::{Row, insert_rows, row, update_rows};
use crate::db::{OrFault, WriteTransaction, query_scalar, range};

/// Deletes at most `at_most` accounts of an app and answers how many it deleted. For generated data only: it writes no events.
pub async fn delete_some(tx: &mut WriteTransaction, app: AppId, at_most: i64) -> Result<u64> {
    let (low, high) = range(app);
    let sql = "SELECT id FROM account WHERE id BETWEEN $1 AND $2 ORDER BY id LIMIT $3";
    let keys: Vec<i64> = query_scalar(sql).bind(low).bind(high).bind(at_most).fetch_all(&mut **tx).await.or_fault()?;
    delete(tx, app, &keys).await?;
    Ok(keys.len() as u64)
}
