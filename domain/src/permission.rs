//! What an operation asks of its caller.

/// What an operation needs of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Sees an app's data.
    Read,
    /// Changes an app's data.
    Write,
    /// Adds, changes and disables operators; sets how long the audit log is kept.
    Operators,
}
