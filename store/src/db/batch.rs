//! Batches: any number of items in one bind, unpacked by SQLite's `json_each`. One cached statement whatever the size,
//! and no limit on variables. (PostgreSQL would take arrays and UNNEST.)

use domain::{Error, Result};
use serde::Serialize;

/// The items as the JSON array that `json_each($n)` unpacks.
pub fn json(items: &(impl Serialize + ?Sized)) -> Result<String> {
    serde_json::to_string(items).map_err(|error| Error::Internal(error.to_string()))
}
