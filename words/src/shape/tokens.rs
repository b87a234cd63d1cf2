//! The rules for API tokens of an app.

pub struct TokenWords {
    pub title: &'static str,
    pub help: &'static str,
    pub saved: &'static str,
    pub password_grant: &'static str,
    pub inherit_grant: &'static str,
    pub allowed: &'static str,
    pub off: &'static str,
    pub ttl_max: &'static str,
    pub ttl_max_label: &'static str,
    pub ttl_max_help: &'static str,
    pub no_limit: &'static str,
    pub seconds: fn(u64, String) -> String,
}
