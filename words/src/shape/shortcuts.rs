//! Keyboard shortcuts.

pub struct ShortcutWords {
    pub title: &'static str,
    pub help: &'static str,
    pub are_on: &'static str,
    pub are_off: &'static str,
    pub turn_on: &'static str,
    pub turn_off: &'static str,
    pub key_palette: &'static str,
    pub key_search: &'static str,
    pub key_new: &'static str,
    pub key_move: &'static str,
    pub key_open: &'static str,
    pub key_select: &'static str,
    pub key_help: &'static str,
}
