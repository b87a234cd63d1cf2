//! How long the audit log keeps events, and its archives.

use crate::number::number;

pub struct RetentionWords {
    pub archives: &'static str,
    pub archives_lead: &'static str,
    pub kept: &'static str,
    pub kept_help: &'static str,
    /// In the order of `EVENTS_KEPT_DAYS`.
    pub kept_choices: [&'static str; 7],
    pub kept_saved: &'static str,
    /// The number of an event and its day, which is too late.
    pub held_back: fn(String, String) -> String,
    pub no_archives: &'static str,
    pub no_archives_help: &'static str,
    pub archive: &'static str,
    pub events: &'static str,
    pub event_range: fn(String, String) -> String,
    pub period: &'static str,
    pub size: &'static str,
    pub archived: &'static str,
    pub by_server: &'static str,
    pub delete_archive: &'static str,
    /// Its name, and how many events are in it.
    pub delete_archive_question: fn(String, u64, String) -> String,
    pub delete_archive_warning: &'static str,
    pub archive_deleted: &'static str,
    pub not_found: &'static str,
    pub changes: &'static str,
    pub first_event: &'static str,
    pub last_event: &'static str,
}

impl RetentionWords {
    /// The first and the last number of an archive's events.
    pub fn numbers(&self, first: i64, last: i64) -> String {
        let told = |id: i64| number(id.unsigned_abs());
        (self.event_range)(told(first), told(last))
    }
}
