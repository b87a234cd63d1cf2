//! Exports: what a list shows, as a file. A small file is made within the request and downloaded with a one-time token; a large
//! one is a job. Each format has its own module; `make.rs` makes the files. `store::export` reads the rows, and finds and deletes
//! the files.

mod csv;
pub(crate) mod job;
mod make;
mod write;
mod xlsx;

pub use make::{accounts, count, start};
pub(crate) use xlsx::fitting;
