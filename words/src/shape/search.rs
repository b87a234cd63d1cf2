//! The search over everything, as palette and as page.

pub struct SearchWords {
    pub title: &'static str,
    pub lead: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub actions: &'static str,
    pub go_to: fn(&str) -> String,
    pub all_in: fn(&str) -> String,
    pub nothing_found: fn(String) -> String,
    pub found: fn(u64) -> String,
    pub groups: &'static str,
    pub accounts: &'static str,
}
