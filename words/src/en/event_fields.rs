//! English: names of what events say was changed, where they stand nowhere else.

use crate::shape::event_fields::EventFieldWords;

pub(super) const WORDS: EventFieldWords = EventFieldWords {
    column: "Subject",
    reason: "Reason",
    written_at: "Written down",
    number: "Number",
    length: "Length",
    ended_tokens: "Tokens ended",
    activated: "Activated",
    name: "Name",
    kind: "Type",
    grant: "Grant type",
    left_out: "Left out before",
    since: "Since",
    usernames: "First users",
    cause: "Cause",
};
