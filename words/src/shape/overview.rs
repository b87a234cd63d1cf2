//! The overview of an app.

use domain::backup::BackupProblem;

pub struct OverviewWords {
    pub title: &'static str,
    pub lead: &'static str,
    pub figures: &'static str,
    pub messages: &'static str,
    pub admins: fn(String, String) -> String,
    pub net_today: fn(String, String) -> String,
    pub largest_of: fn(String, String) -> String,
    pub sent_today: fn(String) -> String,
    /// What happened in the thirty days.
    pub charts: &'static str,
    pub new_and_deleted: &'static str,
    pub new_groups: &'static str,
    pub deleted_groups: &'static str,
    pub net_groups: &'static str,
    pub net: &'static str,
    pub net_help: fn(String) -> String,
    pub limit: fn(String) -> String,
    pub new_accounts: &'static str,
    pub messages_sent: &'static str,
    /// Label and sum of one row of bars, for the head of its chart.
    pub sum: fn(&str, String) -> String,
    /// First and last day that a chart shows.
    pub days_shown: fn(String, String) -> String,
    /// Label, sum, and the day with the most.
    pub told: fn(&str, String, Option<(String, String)>) -> String,
    pub nothing: &'static str,
    pub as_table: &'static str,
    pub day: &'static str,
    pub today: &'static str,
    pub total: &'static str,
    pub largest: &'static str,
    pub most_active: &'static str,
    pub members: fn(u64) -> String,
    pub members_of: fn(String, String) -> String,
    pub messages_kept: fn(u64) -> String,
    pub no_members: &'static str,
    pub latest_events: &'static str,
    /// How old the last good backup is, in words.
    pub last_backup: fn(String) -> String,
    pub no_backup: &'static str,
    pub backup_overdue: &'static str,
    /// When the latest one failed, why, and of when the last good one is.
    pub backup_failed: fn(String, BackupProblem, Option<String>) -> String,
}
