//! Everything that is kept: the database with its transactions, the files that accompany it, and the append-only log of events.
//!
//! There is one folder or file for each entity, named as in the crate `domain`, which has its types and rules. An operation
//! takes the caller and the app ([`Scope`]) or the caller alone, and checks what the caller may do; each change is in the log
//! in the same transaction. Functions of a module `rows` do neither: they write many rows for imports, which do both for a
//! whole chunk, and for generated data. `tools/sql.py` finds paths such as `group::rows::`, in this crate too, and allows
//! them in `import` and in the crate `sample` alone. `db` is the engine below all of them; `memory` is what a process
//! remembers besides the database, `identity` the current identity of a caller, `change` how everything is changed.
//!
//! Some conventions hold everywhere and are not repeated:
//!
//! - An operation checks the caller's permission: [`domain::Error::Forbidden`] without it. A refused change is recorded in
//!   the log too, with the exceptions at [`change::refuse`].
//! - An error of the database or the disk is [`domain::Error::Storage`], [`domain::Error::Busy`] or [`domain::Error::Internal`].
//! - «Not found» with an entity is [`domain::Error::NotFound`]; a code at a field is [`domain::Error::Invalid`].
//! - Times are milliseconds since 1970 in UTC, as `i64`, unless the comment of the field names another unit.

#![warn(missing_docs)]
// A new kind of something stops the compiler wherever it has to be considered.
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
pub mod throttle;
pub mod view;

pub use db::Store;
pub use group::member;
pub use scope::{AppScope, Scope};
