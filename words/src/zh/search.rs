//! Simplified Chinese: the search over everything, as palette and as page.

use crate::shape::search::SearchWords;

pub(super) const WORDS: SearchWords = SearchWords {
    title: "搜索",
    lead: "按 ID 或名称查找群组，按用户名或昵称查找帐号，也可查找操作。",
    label: "搜索群组、帐号和操作",
    hint: "输入内容以搜索。",
    actions: "操作",
    go_to: |page| format!("前往{page}"),
    all_in: |page| format!("{page}中的全部匹配"),
    nothing_found: |term| format!("没有找到“{term}”。"),
    found: |n| format!("{n} 条建议"),
    groups: "群组",
    accounts: "帐号",
};
