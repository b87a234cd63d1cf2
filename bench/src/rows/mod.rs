//! The rows of the table, one file each.

pub mod browse;
pub mod delete;
pub mod export;
pub mod import;
pub mod lists;
pub mod search;
pub mod send;
pub mod start;
pub mod wire;
