//! English: the search over everything, as palette and as page.

use super::form;
use crate::shape::search::SearchWords;

pub(super) const WORDS: SearchWords = SearchWords {
    title: "Search",
    lead: "Finds groups by ID or name, accounts by username or nickname, and actions.",
    label: "Search groups, accounts and actions",
    hint: "Type to search.",
    actions: "Actions",
    go_to: |page| format!("Go to {page}"),
    all_in: |page| format!("All matches in {page}"),
    nothing_found: |term| format!("Nothing found for “{term}”."),
    found: |n| format!("{n} {}", form(n, "suggestion", "suggestions")),
    groups: "Groups",
    accounts: "Accounts",
};
