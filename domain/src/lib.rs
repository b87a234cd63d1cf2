//! What an instant messaging app is, for one server: types, limits and rules. Pure: no SQL, no files, no HTTP. The crate compiles to
//! WASM, so that the browser checks input with the same code that gives the server's verdict.
//!
//! One folder or file for each entity: `mod.rs` has its types, `rules.rs` (where there is one) what is allowed. The folder or file of the
//! same name of the crate `store` reads and writes the entity.
//!
//! Some conventions hold everywhere and are not repeated:
//!
//! - A type whose name ends in `Input` or `Params` has the texts of a form or an address as they came; a `parse` checks them.
//! - Rules of one field give a [`Code`]; whatever checks a whole form gives an [`Error`] that names every broken field.
//! - Times are milliseconds since 1970 in UTC, as `i64`, unless the comment of the field names another unit.

#![warn(missing_docs)]
// A new kind of something stops the compiler wherever it has to be thought of.
#![warn(clippy::wildcard_enum_match_arm)]

pub mod account;
pub mod account_page;
pub mod application;
pub mod backup;
pub mod caller;
pub mod credential;
pub mod error;
pub mod event;
pub mod export;
pub mod feed;
pub mod file;
pub mod group;
pub mod import;
pub mod job;
pub mod layout;
pub mod limits;
pub mod member;
pub mod message;
pub mod moment;
pub mod operator;
pub mod overview;
pub mod page;
pub mod permission;
pub mod search;
pub mod selection;
pub mod text;
pub mod view;

pub use caller::{Actor, Caller};
pub use error::{Code, Error, FieldError, Result, upload};
pub use permission::Permission;
