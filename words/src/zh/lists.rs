//! Simplified Chinese: what all lists share: pages, selection, columns, saved views, live changes.

use crate::shape::lists::ListWords;

pub(super) const WORDS: ListWords = ListWords {
    clear_all: "全部清除",
    rows: "每页",
    rows_per_page: "每页行数",
    rows_label: |n| format!("每页 {n} 行"),
    previous: "上一页",
    next: "下一页",
    pages: "分页",
    results: |n, number| {
        let _ = n;
        format!("共 {number} 条")
    },
    matching: |term| format!("包含“{term}”"),
    remove_filter: |filter| format!("移除筛选：{filter}"),
    nothing_matches: "没有符合筛选条件的内容。",
    select_page: "选择本页所有行",
    selected_column: "选择",
    select_row: |name| format!("选择 {name}"),
    selected: |number| format!("已选 {number} 项"),
    select_first: "请先选择行。",
    nothing_selected: "没有选中任何内容。返回列表，选择一行或多行。",
    and_more: |n, number| {
        let _ = n;
        format!("以及另外 {number} 项")
    },
    type_number: |number| format!("输入 {number} 以确认"),
    view: "显示",
    columns: "列",
    density: "行距",
    comfortable: "宽松",
    compact: "紧凑",
    kept_for_you: "为您保存，在任何浏览器中都有效。行距对所有列表生效。",
    views: "已存视图",
    no_views: "还没有已存视图。",
    view_name: "此视图的名称",
    view_name_help: "保存筛选条件和排序。同名视图会被替换。",
    save_view: "保存视图",
    delete_view: |name| format!("删除视图：{name}"),
    copy_list: "复制此列表的链接",
    changes: |_, number| format!("{number} 处更改"),
    may_have_changed: "此列表可能已更改",
    refresh: "刷新",
    changed_elsewhere: "此列表已更改。可用列表上方的按钮刷新。",
    matches: |_, number| format!("列表已更新：{number} 条匹配"),
    table_of: |name| format!("{name}表格"),
    select_matching: |number| format!("选择符合条件的全部 {number} 项"),
    page_selected: |n| format!("已选择本页全部 {n} 项。"),
    all_selected: |number| format!("已选择符合条件的全部 {number} 项。"),
    all_selected_except: |number, n| format!("已选择符合条件的全部 {number} 项，其中 {n} 项除外。"),
};
