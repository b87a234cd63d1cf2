//! The state of the backups that the server makes by itself.

use serde::{Deserialize, Serialize};

use crate::limits::MINUTE_MS;

/// The word in [`crate::job::JobRow::error`] of a job that was running when a backup was made, in the data restored from that
/// backup.
pub const CUT_OFF: &str = "backup";

/// The state of the backups that the server makes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupState {
    /// The time of which the last complete backup shows the data, milliseconds since 1970; `None`: there is none.
    pub last_good: Option<i64>,
    /// Milliseconds from one backup to the next.
    pub every: i64,
    /// The latest attempt, if it failed.
    pub failed: Option<BackupFailure>,
}

/// A backup that could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupFailure {
    /// When the attempt failed, milliseconds since 1970.
    pub at: i64,
    /// Why.
    pub trouble: BackupProblem,
}

impl BackupState {
    /// Whether somebody should look after the backups at the time `now`, though no attempt may have failed: none is complete, the
    /// last one is older than twice [`Self::every`], or its time is in the future.
    pub fn is_overdue(&self, now: i64) -> bool {
        // A backup of the future was made while a clock ran ahead: its age is unknown. The reader's clock may be a little late.
        self.last_good.is_none_or(|at| at - now > MINUTE_MS || now - at > self.every.saturating_mul(2))
    }
}

/// Why a backup was not made, as far as a page says it; the server's log says more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackupProblem {
    /// The disk of the backups has no room left.
    Full,
    /// The folder of the backups cannot be written, or does not exist.
    NotWritable,
    /// The backup was made, but contents of shared files are missing or damaged in the data folder.
    Incomplete,
    /// The copy of the database is damaged, as the database itself then is.
    Unsound,
    /// Any other reason, which only the server's log names.
    Other,
}
