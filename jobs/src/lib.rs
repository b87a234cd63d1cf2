//! Work in the background: the runner (`run`), batches over many items (`batch`, `chunks`), exports, imports, and a job's own
//! page (`job`).

#![warn(missing_docs)]

pub mod batch;
pub mod chunks;
pub mod export;
pub mod import;
pub mod job;
pub mod run;
