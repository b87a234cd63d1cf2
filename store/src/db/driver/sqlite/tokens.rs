//! What SQLite writes for the tokens of [`sql!`](crate::db::sql). Batches come as one JSON text, whatever their number: one statement
//! for the cache, and no limit on values.

use crate::db::driver::{Dialect, Token};

const fn token(name: &'static str, before: &'static str, after: &'static str) -> Token {
    Token { name, before, after: Some(after) }
}

const fn word(name: &'static str, before: &'static str) -> Token {
    Token { name, before, after: None }
}

/// `name IN @texts($1)`, for a JSON array of texts.
pub const TEXTS: Token = token("texts", "(SELECT value FROM json_each(", "))");
/// `id IN @keys($1)`, for a JSON array of surrogate keys.
pub const KEYS: Token = token("keys", "(SELECT value FROM json_each(", "))");
/// `FROM @items($1) @join …`: a JSON array of texts as a table. `item.value` is the text, `item.key` is in its order.
pub const ITEMS: Token = token("items", "json_each(", ") AS item");
/// The same for surrogate keys.
pub const ITEM_KEYS: Token = token("item_keys", "json_each(", ") AS item");

/// All rows as one text, a JSON array: `SELECT @list(name)`.
pub const LIST: Token = token("list", "json_group_array(", ")");
/// Values of a row as a JSON array: `@tuple(name, size)`.
pub const TUPLE: Token = token("tuple", "json_array(", ")");

/// SQLite's words. [`Dialect::rows`]: `FROM @rows($1: name text, size int) AS v`, for a JSON array of arrays with as
/// many values; types are `int`, `text` and `json`.
pub const DIALECT: Dialect = Dialect {
    tokens: &[
        TEXTS,
        KEYS,
        ITEMS,
        ITEM_KEYS,
        // A JSON array of objects as a table: `item.value ->> 'name'`.
        token("objects", "jsonb_each(", ") AS item"),
        // `sha256 IN @hashes($1)`, for a JSON array of hexadecimal texts; `@bytes(item.value)` is one of them.
        token("hashes", "(SELECT unhex(value) FROM json_each(", "))"),
        token("bytes", "unhex(", ")"),
        // The number of an item, from 1.
        word("position", "item.key + 1"),
        // A join in this order: the planner follows it.
        word("join", "CROSS JOIN"),
        // A column that the planner takes from no index.
        token("unindexed", "+", ""),
        // The index of the table before it that the planner takes.
        token("index", "INDEXED BY ", ""),
        LIST,
        TUPLE,
        // All rows as one text, a row on each line.
        token("lines", "group_concat(", ", char(10))"),
    ],
    rows: ["(SELECT ", "value ->> ", " AS ", ", ", " FROM jsonb_each(", "))"],
};
