//! Statements whose text depends on what is asked.

use std::marker::PhantomData;

use super::{
    Executor,
    driver::{DatabaseError, Statement, Text, Token, Value, Values, sqlite},
    query::{Done, Query, QueryAs, QueryScalar, Row},
    sql::Sql,
};

/// A statement that is put together from parts. Values are bound, never written into the text.
#[derive(Clone, Debug)]
pub struct Builder {
    text: String,
    values: Vec<Value>,
}

impl Builder {
    /// Begins a statement.
    pub fn new(sql: impl Into<Sql>) -> Self {
        let mut builder = Self { text: String::with_capacity(256), values: Vec::new() };
        builder.push(sql);
        builder
    }

    /// A whole text that is not known to the compiler. Nothing that a user typed may be in it.
    pub fn unchecked(text: String) -> Self {
        Self { text, values: Vec::new() }
    }

    /// Adds a part of the text.
    pub fn push(&mut self, sql: impl Into<Sql>) -> &mut Self {
        self.text.push_str(sql.into().sqlite());
        self
    }

    /// Adds a part that is not known to the compiler. Nothing that a user typed may be in it.
    pub fn push_unchecked(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Binds a value, with its number as the next part of the text.
    pub fn push_bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self.text.push('$');
        push_number(&mut self.text, self.values.len());
        self
    }

    /// Binds a JSON array of texts, for `IN`.
    pub fn push_texts(&mut self, json: String) -> &mut Self {
        self.push_token(&sqlite::TEXTS, json)
    }

    /// Binds a JSON array of surrogate keys, for `IN`.
    pub fn push_keys(&mut self, json: String) -> &mut Self {
        self.push_token(&sqlite::KEYS, json)
    }

    /// Binds a JSON array of texts as the table `item`.
    pub fn push_items(&mut self, json: String) -> &mut Self {
        self.push_token(&sqlite::ITEMS, json)
    }

    /// Binds a JSON array of surrogate keys as the table `item`.
    pub fn push_item_keys(&mut self, json: String) -> &mut Self {
        self.push_token(&sqlite::ITEM_KEYS, json)
    }

    /// All rows of the inner part as one text, a JSON array.
    pub fn push_list(&mut self, inner: impl FnOnce(&mut Self)) -> &mut Self {
        self.push_within(&sqlite::LIST, inner)
    }

    /// The values of the inner part as one JSON array.
    pub fn push_tuple(&mut self, inner: impl FnOnce(&mut Self)) -> &mut Self {
        self.push_within(&sqlite::TUPLE, inner)
    }

    fn push_within(&mut self, token: &Token, inner: impl FnOnce(&mut Self)) -> &mut Self {
        inner(self.push(token.before));
        self.push(token.after.unwrap_or_default())
    }

    fn push_token(&mut self, token: &Token, value: String) -> &mut Self {
        self.push(token.before).push_bind(value).push(token.after.unwrap_or_default())
    }

    /// The same statement between two other parts, such as `SELECT count(*) FROM (` and `)`.
    #[must_use]
    pub fn between(&self, before: impl Into<Sql>, after: impl Into<Sql>) -> Self {
        let mut whole = Self { text: String::with_capacity(self.text.len() + 64), values: self.values.clone() };
        whole.push(before).push_unchecked(&self.text).push(after);
        whole
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The statement as one that answers no rows. The builder is empty afterwards.
    pub fn build(&mut self) -> Query {
        Query(self.take())
    }

    /// The statement as one whose rows have several columns. The builder is empty afterwards.
    pub fn build_query_as<T: Row>(&mut self) -> QueryAs<T> {
        QueryAs { statement: self.take(), row: PhantomData }
    }

    /// The statement as one whose rows have one column. The builder is empty afterwards.
    pub fn build_query_scalar<T>(&mut self) -> QueryScalar<T>
    where
        (T,): Row,
    {
        QueryScalar(self.build_query_as())
    }

    /// Runs a statement that answers no rows.
    pub async fn execute<'c>(&mut self, db: impl Executor<'c>) -> Result<Done, DatabaseError> {
        self.build().execute(db).await
    }

    fn take(&mut self) -> Statement {
        Statement {
            text: Text::Built(std::mem::take(&mut self.text)),
            values: Values::from_vec(std::mem::take(&mut self.values)),
        }
    }
}

/// Adds a number without a text of its own in between.
fn push_number(text: &mut String, number: usize) {
    if number > 9 {
        push_number(text, number / 10);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_numbered_in_their_order() {
        let mut sql = Builder::new("SELECT ");
        for number in 1..=12_i64 {
            sql.push_bind(number).push(", ");
        }
        assert!(sql.text().ends_with("$9, $10, $11, $12, "), "{}", sql.text());
        let counted = sql.between("SELECT count(*) FROM (", ")");
        assert!(counted.text().starts_with("SELECT count(*) FROM (SELECT $1, "));
        assert_eq!(counted.values.len(), 12);
    }
}
