//! Exports: what a list shows, as a file. A small one is made within the request and fetched with a one-time token; a large one is a
//! job. Each format has a file of its own; making one is in `make.rs`. Rows are read, and files found and dropped, by `store::export`.

mod csv;
pub(crate) mod job;
mod make;
mod write;
mod xlsx;

pub use make::{accounts, count, start};
pub(crate) use xlsx::fitting;
