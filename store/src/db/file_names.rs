//! What the files in a data folder are called.

/// The name of the database file in the data folder.
pub const FILE: &str = "roster.db";
pub(super) const LOCK_FILE: &str = "roster.lock";
/// A folder with a restored backup that is complete but not in place yet.
pub const RESTORED: &str = "restored";
