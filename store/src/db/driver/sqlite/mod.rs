//! SQLite as a driver.

mod connection;
pub mod fault;
mod tokens;

pub use connection::{Connection, Pool, Row, connect};
pub use tokens::{DIALECT, ITEM_KEYS, ITEMS, KEYS, LIST, TEXTS, TUPLE};
