//! The text of a statement. What the engines write differently stands in it as a token, which [`sql!`] replaces when the program is
//! compiled: `DELETE FROM account WHERE username IN @texts($1)`. `db/driver/sqlite/tokens.rs` lists them.

use super::driver::{expand, sqlite};

/// The text of a statement, or a part of one for a [`Builder`](super::Builder). It is known when the program is compiled, so nothing
/// that a user typed can be in it. An engine that needs another text than SQLite gets a field of its own here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sql {
    sqlite: &'static str,
}

impl Sql {
    /// What [`sql!`] makes: the texts of all engines.
    pub(crate) const fn of(sqlite: &'static str) -> Self {
        Self { sqlite }
    }

    /// The text for SQLite.
    pub(crate) const fn sqlite(self) -> &'static str {
        self.sqlite
    }
}

impl From<&&'static str> for Sql {
    fn from(text: &&'static str) -> Self {
        Self::from(*text)
    }
}

impl From<&'static str> for Sql {
    /// A text without tokens, which all engines understand; but `indexed!` and `unindexed!` put commands of FTS5 into such texts,
    /// which a second engine needs anew.
    fn from(text: &'static str) -> Self {
        Self::of(text)
    }
}

/// A statement, or a part of one, with tokens: see the list in `db/driver/sqlite/tokens.rs`. A misspelt token does not compile.
macro_rules! sql {
    ($text:expr) => {{
        const TEXT: &str = $text;
        const LENGTH: usize = $crate::db::sqlite_length(TEXT);
        const BYTES: [u8; LENGTH] = $crate::db::sqlite_bytes(TEXT);
        const SQL: $crate::db::Sql = $crate::db::Sql::of($crate::db::text_of(&BYTES));
        SQL
    }};
}
pub(crate) use sql;

/// How long the text for SQLite is.
pub const fn sqlite_length(text: &str) -> usize {
    expand::<0>(text, &sqlite::DIALECT).1
}

/// The text for SQLite.
pub const fn sqlite_bytes<const N: usize>(text: &str) -> [u8; N] {
    expand::<N>(text, &sqlite::DIALECT).0
}

/// The text for SQLite, made when the program runs, for tests that read texts from the sources.
#[cfg(test)]
pub fn expanded(text: &str) -> String {
    let (bytes, length) = expand::<16_384>(text, &sqlite::DIALECT);
    super::text_of(&bytes[..length]).to_owned()
}

#[cfg(test)]
mod tests {
    use super::Sql;

    #[test]
    fn tokens_become_the_words_of_the_engine() {
        for (sql, text) in [
            (sql!("SELECT 1"), "SELECT 1"),
            (sql!("a IN @texts($2) AND (b)"), "a IN (SELECT value FROM json_each($2)) AND (b)"),
            (
                sql!("SELECT @list(@tuple(a, f(b))) FROM @items($1) @join t ON (t.n = item.value) ORDER BY @unindexed(t.a)"),
                "SELECT json_group_array(json_array(a, f(b))) FROM json_each($1) AS item CROSS JOIN t ON (t.n = item.value) ORDER BY +t.a",
            ),
            (
                sql!("INSERT INTO t SELECT v.a, v.b_2 FROM @rows($3: a int, b_2 text) AS v"),
                "INSERT INTO t SELECT v.a, v.b_2 FROM (SELECT value ->> 0 AS a, value ->> 1 AS b_2 FROM jsonb_each($3)) AS v",
            ),
            (sql!("é @position ü"), "é item.key + 1 ü"),
        ] {
            assert_eq!(sql, Sql::of(text));
        }
    }
}
