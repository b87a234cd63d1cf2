//! The audit log and its actions.

use domain::event::Action;

pub struct AuditWords {
    pub title: &'static str,
    pub server_audit: &'static str,
    pub lead: &'static str,
    pub server_audit_lead: &'static str,
    pub filter_events: &'static str,
    pub all_operators: &'static str,
    pub all_actions: &'static str,
    pub time: &'static str,
    pub operator: &'static str,
    pub action_column: &'static str,
    pub target: &'static str,
    /// The field that looks for one.
    pub target_search: &'static str,
    /// What no longer exists.
    pub target_gone: &'static str,
    pub outcome: &'static str,
    pub address: &'static str,
    pub from_day: &'static str,
    pub to_day: &'static str,
    pub outcome_done: &'static str,
    pub outcome_refused: &'static str,
    pub system: &'static str,
    pub nobody: &'static str,
    pub no_events: &'static str,
    pub event: &'static str,
    pub no_difference: &'static str,
    pub difference: &'static str,
    pub field: &'static str,
    pub before: &'static str,
    pub after: &'static str,
    pub action: fn(Action) -> &'static str,
    /// An account that acts itself; and by a token that came through that credential.
    pub account: fn(&str) -> String,
    pub through: fn(&str, &str) -> String,
    /// The states in between, and how many more there were.
    pub steps: &'static str,
    pub more_steps: fn(u64, String) -> String,
    /// The page's line for who only reads.
    pub lead_of_app: &'static str,
}
