//! English: the rules for API tokens of an app.

use crate::shape::tokens::TokenWords;

pub(super) const WORDS: TokenWords = TokenWords {
    title: "API tokens",
    help: "Switching one off ends the tokens that were issued that way at once. A shorter lifetime applies to new tokens.",
    saved: "API token settings saved.",
    password_grant: "Users, with their password (password)",
    inherit_grant: "Users, through a back end (inherit)",
    allowed: "Allowed",
    off: "Switched off",
    ttl_max: "Longest token lifetime",
    ttl_max_label: "Longest token lifetime, seconds",
    ttl_max_help: "3600 is an hour, 2592000 are 30 days. 0: no limit.",
    no_limit: "No limit",
    seconds: |n, number| format!("{number} {}", if n == 1 { "second" } else { "seconds" }),
};
