//! Names of what events say was changed, where they stand nowhere else.

pub struct EventFieldWords {
    pub column: &'static str,
    pub reason: &'static str,
    /// When an event was written down that could not be written at its time.
    pub written_at: &'static str,
    pub number: &'static str,
    pub length: &'static str,
    pub ended_tokens: &'static str,
    pub activated: &'static str,
    pub name: &'static str,
    pub kind: &'static str,
    pub grant: &'static str,
    pub left_out: &'static str,
    pub since: &'static str,
    /// Those that tokens were given for.
    pub usernames: &'static str,
    /// The field of an event that says why.
    pub cause: &'static str,
}
