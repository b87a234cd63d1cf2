//! English: what all lists share: pages, selection, columns, saved views, live changes.

use super::form;
use crate::shape::lists::ListWords;

pub(super) const WORDS: ListWords = ListWords {
    clear_all: "Clear all",
    rows: "Rows",
    rows_per_page: "Rows per page",
    rows_label: |n| format!("{n} rows per page"),
    previous: "Previous",
    next: "Next",
    pages: "Pages",
    results: |n, number| format!("{number} {}", if n == 1 { "result" } else { "results" }),
    matching: |term| format!("Contains “{term}”"),
    remove_filter: |filter| format!("Remove filter: {filter}"),
    nothing_matches: "Nothing matches these filters.",
    select_page: "Select all rows of this page",
    selected_column: "Selected",
    select_row: |name| format!("Select {name}"),
    selected: |number| format!("{number} selected"),
    select_first: "Select rows first.",
    nothing_selected: "Nothing is selected. Go back to the list and select one or more rows.",
    and_more: |n, number| {
        let _ = n;
        format!("and {number} more")
    },
    type_number: |number| format!("Type {number} to confirm"),
    view: "View",
    columns: "Columns",
    density: "Density",
    comfortable: "Comfortable",
    compact: "Compact",
    kept_for_you: "Kept for you, in every browser. Density counts for all lists.",
    views: "Saved views",
    no_views: "No saved views yet.",
    view_name: "Name of this view",
    view_name_help: "Keeps the filters and the order. A view of the same name is replaced.",
    save_view: "Save view",
    delete_view: |name| format!("Delete view: {name}"),
    copy_list: "Copy link to this list",
    changes: |n, number| format!("{number} {}", form(n, "change", "changes")),
    may_have_changed: "This list may have changed",
    refresh: "Refresh",
    changed_elsewhere: "This list has changed. Refresh it with the button above it.",
    matches: |n, number| format!("List updated: {number} {}", form(n, "match", "matches")),
    table_of: |name| format!("{name}: table"),
    select_matching: |number| format!("Select all {number} that match"),
    page_selected: |n| format!("All {n} on this page are selected."),
    all_selected: |number| format!("All {number} that match are selected."),
    all_selected_except: |number, n| format!("All {number} that match are selected, except {n}."),
};
