//! The surrogate keys of rows. The store gives them, the database never does, so that every engine has the same ones
//! (`docs/adr/0014-keys.md`).
//!
//! A key of a row of an app is the app's key in the upper bits and a number in the lower 32: the rows of an app are one range, see
//! [`range`]. Rows that belong to no app, and those whose order or number people see across all apps, have the number alone.
//!
//! The table `id_block` holds the next number of each table and app. Numbers are taken from it in the transaction that uses them, as
//! a block where the rows come one by one; the rest of a block waits in the memory of the [`Writer`](super::Writer), in [`KeyBlocks`].

use std::{collections::HashMap, ops::Range};

use domain::{Error, Result, application::AppId};

use super::{Conn, OrFault, query_scalar};

/// The bits of the number in a key of an app's row; the app's key is above them.
const NUMBER_BITS: u32 = 32;
/// The highest key of an app: 21 bits, so that no key has more than 53, which JSON numbers keep exactly.
pub const MAX_APP: i64 = (1 << 21) - 1;
/// How many numbers are taken at a time where rows come one by one.
const BLOCK: i64 = 1_000;
/// How many blocks wait in memory at most; the rest of all of them is given up for the next one.
const MAX_BLOCKS: usize = 4_096;

/// A table whose rows belong to an app, which its keys contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AppTable {
    /// Accounts.
    Account,
    /// Groups.
    Group,
    /// Shared files.
    GroupFile,
}

impl AppTable {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Account, Self::Group, Self::GroupFile];

    /// The name of the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Group => "group",
            Self::GroupFile => "group_file",
        }
    }

    /// The highest number of a row in its app. Ids of messages hold the number of their group in 30 bits.
    pub const fn max_number(self) -> i64 {
        match self {
            Self::Group => (1 << 30) - 1,
            Self::Account | Self::GroupFile => (1 << NUMBER_BITS) - 1,
        }
    }
}

/// A table whose keys are numbers of the whole server: its rows belong to no app, or their keys are shown or give the order of
/// all apps' rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerTable {
    /// Apps.
    Application,
    /// Operators.
    Operator,
    /// Sessions of the console; the page of sessions names them by their keys.
    Session,
    /// Jobs; addresses name them by their keys, and the oldest one runs first.
    Job,
    /// Imports; addresses and files name them by their keys.
    Import,
    /// API credentials; pages name them by their keys.
    Credential,
    /// Saved views.
    View,
    /// Archives of the log.
    Archive,
}

impl ServerTable {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Application, Self::Operator, Self::Session, Self::Job, Self::Import, Self::Credential, Self::View, Self::Archive];

    /// The name of the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Operator => "operator",
            Self::Session => "session",
            Self::Job => "job",
            Self::Import => "import",
            Self::Credential => "api_credential",
            Self::View => "saved_view",
            Self::Archive => "event_archive",
        }
    }

    /// The highest key of a row.
    pub const fn max_key(self) -> i64 {
        match self {
            Self::Application => MAX_APP,
            Self::Operator | Self::Session | Self::Job | Self::Import | Self::Credential | Self::View | Self::Archive => {
                (1 << 53) - 1
            }
        }
    }
}

/// The lowest and the highest key that a row of the app can have, in every [`AppTable`].
pub const fn range(app: AppId) -> (i64, i64) {
    let low = app.key() << NUMBER_BITS;
    (low, low | ((1 << NUMBER_BITS) - 1))
}

/// The number of a row in its app, from the row's key.
pub const fn number(key: i64) -> i64 {
    key & ((1 << NUMBER_BITS) - 1)
}

/// Takes the key of one new row of the whole server. It rises with each row, and no later row ever has it.
pub async fn server_key(db: &mut Conn, table: ServerTable) -> Result<i64> {
    take(db, table.name(), 0, 1, table.max_key()).await
}

/// The last key that was taken for a row of the whole server; 0 before the first.
pub async fn last_server_key(db: &mut Conn, table: ServerTable) -> Result<i64> {
    let sql = "SELECT coalesce(max(next) - 1, 0) FROM id_block WHERE name = $1 AND app_id = 0";
    query_scalar(sql).bind(table.name()).fetch_one(db).await.or_fault()
}

/// Takes numbers that follow each other; the first of them.
async fn take(db: &mut Conn, name: &'static str, app: i64, count: i64, max: i64) -> Result<i64> {
    let first: i64 = query_scalar(
        "INSERT INTO id_block (name, app_id, next) VALUES ($1, $2, 1 + $3)
         ON CONFLICT (name, app_id) DO UPDATE SET next = id_block.next + $3 RETURNING next - $3",
    )
    .bind(name)
    .bind(app)
    .bind(count)
    .fetch_one(db)
    .await
    .or_fault()?;
    // Nothing above the limit is ever used: the error undoes the transaction.
    if first > max - (count - 1) {
        return Err(Error::Internal(format!("the table {name} has no keys left")));
    }
    Ok(first)
}

type Place = (AppTable, AppId);

/// The rests of blocks that transactions have taken and not used up, the next key first.
///
/// A key is given out only while the transaction in which its block was taken is committed, or is the present one, or lies before it
/// in the same commit. So a rollback has to bring back what was here when the transaction began: then the block that it took is gone,
/// in the database as in memory, and the keys that it used are free again. When it is not certain what was rolled back, all blocks are
/// given up.
#[derive(Debug, Default)]
pub(super) struct KeyBlocks {
    rests: HashMap<Place, Range<i64>>,
    /// What the present transaction has changed: what was there before.
    before: Vec<(Place, Option<Range<i64>>)>,
}

impl KeyBlocks {
    /// Keys for that many new rows of an app, which follow each other; the first of them. One row or a few take them from a block,
    /// many take exactly what they need.
    pub(super) async fn take(&mut self, db: &mut Conn, app: AppId, table: AppTable, count: i64) -> Result<i64> {
        let place = (table, app);
        let (low, max) = (range(app).0, table.max_number());
        if count == 0 {
            return Ok(low);
        }
        if count >= BLOCK {
            // The rest of a block is given up: its keys would be lower than these, and keys rise.
            if let Some(rest) = self.rests.remove(&place) {
                note(&mut self.before, place, Some(rest));
            }
            return Ok(low + take(db, table.name(), app.key(), count, max).await?);
        }
        let rest = match self.rests.get(&place) {
            Some(rest) if rest.end - rest.start >= count => rest.clone(),
            // The last keys of the old block are given up, so that keys rise.
            Some(_) | None => {
                let first = low + take(db, table.name(), app.key(), BLOCK, max).await?;
                first..first + BLOCK
            }
        };
        self.set(place, rest.start + count..rest.end);
        Ok(rest.start)
    }

    /// Takes a key back that was the last one given.
    pub(super) fn take_back(&mut self, app: AppId, table: AppTable, key: i64) {
        if let Some(rest) = self.rests.get_mut(&(table, app))
            && rest.start == key + 1
        {
            rest.start = key;
        }
    }

    fn set(&mut self, place: Place, rest: Range<i64>) {
        if self.rests.len() >= MAX_BLOCKS && !self.rests.contains_key(&place) {
            for (place, rest) in self.rests.drain() {
                note(&mut self.before, place, Some(rest));
            }
        }
        let old = self.rests.insert(place, rest);
        note(&mut self.before, place, old);
    }

    /// The present transaction is done, and rolled back only together with the others of its commit.
    pub(super) fn keep(&mut self) {
        self.before.clear();
    }

    /// The present transaction is rolled back, and nothing else.
    pub(super) fn roll_back(&mut self) {
        for (place, rest) in self.before.drain(..) {
            match rest {
                Some(rest) => self.rests.insert(place, rest),
                None => self.rests.remove(&place),
            };
        }
    }

    /// Gives up all blocks: what was taken before may have been rolled back.
    pub(super) fn forget(&mut self) {
        self.rests.clear();
        self.before.clear();
    }
}

/// Notes what was there before the first change of a transaction.
fn note(before: &mut Vec<(Place, Option<Range<i64>>)>, place: Place, rest: Option<Range<i64>>) {
    if before.iter().all(|(other, _)| *other != place) {
        before.push((place, rest));
    }
}

#[cfg(test)]
mod tests;
