//! The engines as the statements see them: connections, values, and the words of their own.

pub mod sqlite;
mod statement;
mod tokens;
mod value;

pub use statement::{DatabaseError, Statement, Text};
pub use tokens::{Dialect, Token, expand, text_of};
pub use value::{Value, Values};
