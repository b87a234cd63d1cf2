//! Simplified Chinese: how long the audit log keeps events, and its archives.

use crate::shape::retention::RetentionWords;

pub(super) const WORDS: RetentionWords = RetentionWords {
    archives: "保留期限与归档",
    archives_lead: "事件在审计日志中保留多久，以及较早的事件被移入了哪些文件。",
    kept: "事件保留",
    kept_help: "较早的事件按周移入“archive”文件夹中的文件，并保留在那里，直到所有者将其删除。每个文件都会先重新读取核对，其中的事件才会离开日志。概览中的数据和图表不变；列表和导出不再显示已移走的事件。",
    kept_choices: ["永久", "90 天", "180 天", "1 年", "2 年", "5 年", "10 年"],
    kept_saved: "已保存。如有更早的事件，现在开始移入归档，可能需要一些时间。",
    held_back: |number, day| {
        format!(
            "编号 {number} 的事件日期为 {day}（UTC），晚于在它之后写入的事件。事件按编号顺序移走，因此在编号 {number} 的事件超过保留期限之前，其后的事件会留在日志中。"
        )
    },
    no_archives: "还没有归档",
    no_archives_help: "所有事件都在审计日志中。",
    archive: "归档",
    events: "事件数",
    event_range: |first, last| format!("编号 {first} 至 {last}"),
    period: "时间范围",
    size: "大小",
    archived: "归档时间",
    by_server: "自动",
    delete_archive: "删除归档",
    delete_archive_question: |name, _, number| format!("删除 {name} 及其中的 {number} 个事件？"),
    delete_archive_warning: "这些事件无法恢复：除之前的备份外没有其他副本。审计日志会保留该归档的事件编号范围和 SHA-256。",
    archive_deleted: "归档已删除。",
    not_found: "该归档不存在。",
    changes: "更改次数",
    first_event: "第一个事件",
    last_event: "最后一个事件",
};
