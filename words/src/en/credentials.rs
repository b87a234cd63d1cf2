//! English: API credentials.

use crate::shape::credentials::CredentialWords;

fn tokens(n: u64, number: &str) -> String {
    match n {
        0 => "It has no valid tokens.".to_owned(),
        1 => "Its one valid token stops working, too.".to_owned(),
        _ => format!("Its {number} valid tokens stop working, too."),
    }
}

pub(super) const WORDS: CredentialWords = CredentialWords {
    title: "API credentials",
    lead: "With a credential the app’s back end gets tokens for the REST API.",
    create: "Create credential",
    none: "No credentials yet.",
    none_help: "Create one for each back end, so that each can be revoked by itself.",
    name: "Name",
    name_help: "Such as the back end that uses it.",
    client_id: "Client ID",
    rotated: "Secret rotated",
    last_used: "Last used",
    tokens: "Tokens",
    rotate: "Rotate secret",
    revoke: "Revoke",
    secret: "Client secret",
    secret_of: |name| format!("Credentials of “{name}”"),
    secret_once: "The secret is shown this once. Keep it where the back end finds it, and nowhere else.",
    secret_saved: "I have saved the secret",
    secret_gone: "The secret was shown once and is kept nowhere. Rotate it to get a new one.",
    gone: "This credential is not there any more.",
    rotate_question: |name| format!("Give “{name}” a new secret?"),
    rotate_help: |n, number| {
        format!("Unless it keeps working for a while, the current secret stops working immediately. {}", tokens(n, &number))
    },
    revoke_question: |name| format!("Revoke “{name}”?"),
    revoke_help: |n, number| format!("It can no longer be used. {} This cannot be undone.", tokens(n, &number)),
    revoked: "Credential revoked.",
    edit: "Edit",
    saved: "Credential saved.",
    by: |name| format!("by {name}"),
    by_unknown: "by unknown",
    by_command_line: "on the command line",
    expires: "Expires",
    expires_label: "Last day",
    expires_help: "The credential and its tokens work until the end of this day in UTC. Leave empty for no end.",
    expired: "Expired",
    access: "Access",
    access_write: "Read and write",
    access_read: "Read only",
    access_help: "What is read only cannot change anything, nor can users who get their tokens through it.",
    read_only: "Read only",
    addresses: "Addresses",
    addresses_label: "Allowed addresses",
    addresses_help: "At most 20 addresses such as 192.0.2.7 or networks such as 10.0.0.0/8, one per line. Leave empty to allow any.",
    anywhere: "Any",
    overlap: "The current secret keeps working for",
    overlap_now: "Not at all",
    overlap_hour: "1 hour",
    overlap_day: "24 hours",
    overlap_week: "7 days",
    overlap_help: "Meanwhile both secrets work; tokens from the current one end with it. If it leaked, let it end at once.",
    old_until: "Old secret until",
};
