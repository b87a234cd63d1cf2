//! Sessions and passwords of operators.

pub struct SessionWords {
    pub my_account: &'static str,
    pub change_password: &'static str,
    pub current_password: &'static str,
    pub change_password_help: &'static str,
    pub my_sessions: &'static str,
    pub end_other_sessions: &'static str,
    pub end_session: &'static str,
    pub this_session: &'static str,
    pub browser: &'static str,
    pub signed_in_at: &'static str,
    pub last_seen: &'static str,
    /// In the row of an operator, and over the dialog that it opens.
    pub sessions: &'static str,
    pub no_sessions: &'static str,
    pub end_all_sessions: &'static str,
    /// After that, by the number that ended.
    pub all_ended: fn(u64, String) -> String,
    pub session_ended: &'static str,
    pub stop_jobs: &'static str,
}
