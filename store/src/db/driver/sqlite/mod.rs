//! SQLite as a driver.

mod connection;
pub mod fault;
mod search_rows;
mod tokens;

pub use connection::{Connection, Pool, Row, connect};
pub(crate) use search_rows::{indexed, unindexed};
pub use tokens::{DIALECT, ITEM_KEYS, ITEMS, KEYS, LIST, TEXTS, TUPLE};
