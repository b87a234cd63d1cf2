//! Work in the background: the runner (`run`), batches over many items (`batch`, `chunks`), exports, imports, and a job's own
//! page (`job`).

#![warn(missing_docs)]
// A new kind of something stops the compiler wherever it has to be thought of.
#![warn(clippy::wildcard_enum_match_arm)]

pub mod batch;
pub mod chunks;
pub mod export;
pub mod import;
pub mod job;
pub mod run;
