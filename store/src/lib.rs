//! Everything that is kept: the database with its transactions, the files beside it, and the append-only log of events.
//!
//! One folder or file for each entity, named as in the crate `domain`, which has its types and rules. An operation takes who asks (`Caller`)
//! and checks what that one may do; each change stands in the log in the same transaction. What is in a module `rows` does neither: it writes
//! many rows for imports, which do both for a whole chunk, and for data that is made up (`tools/sql.py` sees to it that nobody else calls it). `db` is the engine
//! below all of them; `memory` what a process remembers beside it, `identity` who somebody is by now, `change` how anything is changed.

// A new kind of something stops the compiler wherever it has to be thought of.
#![warn(clippy::wildcard_enum_match_arm)]

pub mod account;
pub mod application;
pub mod backup;
pub mod change;
pub mod check;
mod clock;
mod close;
pub mod credential;
pub mod db;
pub mod event;
pub mod export;
pub mod feed;
pub mod file;
pub mod group;
pub mod identity;
pub mod import;
pub mod job;
pub mod large_groups;
pub mod layout;
pub mod lines;
pub mod memory;
pub mod message;
pub mod operator;
pub mod overview;
pub mod password;
pub mod refusals;
mod scope;
pub mod search;
pub mod session;
pub mod view;

pub use db::Store;
pub use group::member;
pub use scope::Scope;
