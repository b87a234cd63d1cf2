//! Simplified Chinese: keyboard shortcuts.

use crate::shape::shortcuts::ShortcutWords;

pub(super) const WORDS: ShortcutWords = ShortcutWords {
    title: "键盘快捷键",
    help: "单键快捷键可能妨碍语音输入和读屏软件。Ctrl K 或 ⌘ K 搜索始终可用。",
    are_on: "单键快捷键已开启。",
    are_off: "单键快捷键已关闭。",
    turn_on: "开启",
    turn_off: "关闭",
    key_palette: "全局搜索",
    key_search: "搜索此列表",
    key_new: "添加或新建",
    key_move: "下一行、上一行",
    key_open: "打开该行",
    key_select: "选择该行",
    key_help: "显示这些快捷键",
};
