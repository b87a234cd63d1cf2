//! How the backups stand that the server makes by itself.

use serde::{Deserialize, Serialize};

use crate::limits::MINUTE_MS;

/// What [`crate::job::JobRow::error`] says of a job that was under way when a backup was made, in what is restored from it.
pub const CUT_OFF: &str = "backup";

/// How the backups stand that the server makes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupState {
    /// What the last good one shows is of this time, milliseconds since 1970; `None`: there is none.
    pub last_good: Option<i64>,
    /// A further one is made so long after that, milliseconds.
    pub every: i64,
    /// The latest attempt, if it failed.
    pub failed: Option<BackupFailure>,
}

/// When a backup was not made, milliseconds since 1970, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupFailure {
    pub at: i64,
    pub trouble: BackupTrouble,
}

impl BackupState {
    /// Whether somebody should look after them at the time `now`, though no attempt may have failed.
    pub fn is_overdue(&self, now: i64) -> bool {
        // One of the future was made while a clock ran ahead: nobody knows how old it is. A reader's may be a little behind.
        self.last_good.is_none_or(|at| at - now > MINUTE_MS || now - at > self.every.saturating_mul(2))
    }
}

/// Why a backup was not made, in as many words as a page has for it; the log says more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackupTrouble {
    /// There is no room left where backups go.
    Full,
    /// What they go to cannot be written to, or is not there.
    NotWritable,
    /// It was made, but contents of shared files are missing or damaged in the data folder.
    Incomplete,
    /// The copy of the database is damaged, as the database is then.
    Unsound,
    Other,
}
