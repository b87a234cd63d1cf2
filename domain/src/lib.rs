//! What an instant messaging app is, for one server: types, limits and rules; with the feature `store` also the
//! SQL, the transactions and the append-only event log. Nothing here knows HTTP or HTML.
//!
//! One folder an entity: `mod.rs` (types), most with `rules.rs` (what is allowed; pure), and `store.rs` or `store/` (SQL and
//! the transaction). Without `store` the crate compiles to WASM, so that the browser checks input
//! with the very code that gives the server's verdict.

pub mod account;
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
pub mod operator;
pub mod overview;
pub mod page;
pub mod search;
pub mod selection;
pub mod text;
pub mod view;

#[cfg(feature = "store")]
pub mod db;
#[cfg(feature = "store")]
pub mod demo;
#[cfg(feature = "store")]
pub mod generate;
#[cfg(feature = "store")]
pub mod session;

pub use caller::{Actor, Caller, Permission};
pub use error::{Code, Error, FieldError, Result};

#[cfg(feature = "store")]
pub use db::Store;
