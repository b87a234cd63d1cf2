//! Batches: any number of items in one bind, unpacked by the tokens `@texts`, `@keys`, `@items` and `@rows`. One cached statement
//! whatever the size, and no limit on variables.

use domain::{Error, Result};
use serde::Serialize;

/// The items as the JSON array that a token unpacks.
pub fn json(items: &(impl Serialize + ?Sized)) -> Result<String> {
    serde_json::to_string(items).map_err(|error| Error::Internal(error.to_string()))
}
