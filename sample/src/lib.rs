//! Sample data: the app that a new server shows (`demo`), and generated data of any size to measure with (`generate`).

#![warn(missing_docs)]
// A new kind of something stops the compiler wherever it has to be thought of.
#![warn(clippy::wildcard_enum_match_arm)]

pub mod demo;
pub mod generate;

use domain::{Code, Error};

/// What is made up keeps the rules of what people type.
fn checked<T>(field: &str, parsed: Result<T, Code>) -> domain::Result<T> {
    parsed.map_err(|code| Error::field(field, code))
}
