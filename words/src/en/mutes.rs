//! English: mutes, and the block, mute and allow lists of a group.

use domain::member::MemberList;

use crate::shape::mutes::MuteWords;

pub(super) const WORDS: MuteWords = MuteWords {
    speaking: "Mute all",
    all_muted: "On",
    all_speak: "Off",
    mute_all: "Mute everybody",
    let_speak: "Let everybody speak",
    muted_until: "Muted until",
    muted_for_ever: "Muted for ever",
    for_ever: "for ever",
    duration: "How long",
    duration_word: |word| match word {
        "10m" => "10 minutes",
        "1h" => "1 hour",
        "1d" => "1 day",
        "7d" => "7 days",
        "30d" => "30 days",
        _ => "For ever",
    },
    until_choice: "Until a date and time",
    until: "Until",
    until_utc: "Until (UTC)",
    until_help: "Only for “Until a date and time”.",
    until_utc_help: "Only for “Until a date and time”. In UTC; shown in your own time afterwards.",
    not_future: "Enter a moment that is still to come.",
    list: |list| match list {
        MemberList::Block => "Block list",
        MemberList::Mute => "Muted",
        MemberList::Allow => "Allow list",
    },
    list_help: |list| match list {
        MemberList::Block => "These accounts were removed and cannot be added until they are unblocked.",
        MemberList::Mute => {
            "These members cannot speak in the group until their mute ends. Members who leave and come back are still muted."
        }
        MemberList::Allow => "These members may speak while everybody is muted. Owner and admins may without standing here.",
    },
    nobody_listed: |list| match list {
        MemberList::Block => "Nobody is blocked.",
        MemberList::Mute => "Nobody is muted.",
        MemberList::Allow => "The allow list is empty.",
    },
    listed_at: "Since",
    everybody_muted: "Everybody is muted now.",
    everybody_speaks: "Everybody may speak again.",
};
