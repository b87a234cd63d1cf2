//! Sample data: the app that a new server shows (`demo`), and generated data of any size to measure with (`generate`).

#![warn(missing_docs)]

pub mod demo;
pub mod generate;
