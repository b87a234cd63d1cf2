//! Mutes, and the block, mute and allow lists of a group.

use domain::member::MemberList;

pub struct MuteWords {
    pub speaking: &'static str,
    pub all_muted: &'static str,
    pub all_speak: &'static str,
    pub mute_all: &'static str,
    pub let_speak: &'static str,
    pub muted_until: &'static str,
    pub muted_for_ever: &'static str,
    pub for_ever: &'static str,
    pub duration: &'static str,
    pub duration_word: fn(&str) -> &'static str,
    pub until_choice: &'static str,
    pub until: &'static str,
    /// Where the browser cannot say how far its clock is from UTC.
    pub until_utc: &'static str,
    pub until_help: &'static str,
    pub until_utc_help: &'static str,
    pub not_future: &'static str,
    pub list: fn(MemberList) -> &'static str,
    pub list_help: fn(MemberList) -> &'static str,
    pub nobody_listed: fn(MemberList) -> &'static str,
    pub listed_at: &'static str,
    pub everybody_muted: &'static str,
    pub everybody_speaks: &'static str,
}
