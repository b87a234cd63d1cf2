//! SQLite: everything that belongs to this engine alone.

mod companion_files;
mod open;
mod reading;
#[cfg(test)]
mod statements;
mod statistics;
pub mod texts;
pub mod upkeep;
mod writer;

use sqlx::sqlite::SqliteConnectOptions;

use super::{Conn, DatabaseError, driver::sqlite};

pub use companion_files::belongings;
pub use open::{DataLock, known_version, long_reader, make_folder, private, refuse_missing};
pub use reading::{Reading, connect, open_copy};
pub use writer::{NotCommitted, WriteTransaction, Writer};

/// A new connection with these settings.
async fn connect_with(options: &SqliteConnectOptions) -> Result<Conn, DatabaseError> {
    sqlite::connect(options).await.map(Conn::Sqlite)
}
