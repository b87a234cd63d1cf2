//! English: keyboard shortcuts.

use crate::shape::shortcuts::ShortcutWords;

pub(super) const WORDS: ShortcutWords = ShortcutWords {
    title: "Keyboard shortcuts",
    help: "Single keys can get in the way of speech input and screen readers. Search with Ctrl K or ⌘ K always works.",
    are_on: "Single-key shortcuts are on.",
    are_off: "Single-key shortcuts are off.",
    turn_on: "Turn on",
    turn_off: "Turn off",
    key_palette: "Search everything",
    key_search: "Search this list",
    key_new: "Add or create",
    key_move: "Next row, previous row",
    key_open: "Open the row",
    key_select: "Select the row",
    key_help: "Show these shortcuts",
};
