//! What an engine is given.

use super::Values;

/// An error of a driver, the same type for all of them.
pub use sqlx::Error as DatabaseError;

/// A text with its values.
#[derive(Clone, Debug)]
pub struct Statement {
    pub text: Text,
    pub values: Values,
}

/// A text as it is given to the engine.
#[derive(Clone, Debug)]
pub enum Text {
    /// Known when the program is compiled.
    Static(&'static str),
    /// Put together from such texts.
    Built(String),
}
