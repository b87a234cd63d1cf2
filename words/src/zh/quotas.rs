//! Simplified Chinese: how much may be kept: quotas of shared files, room on the disk.

use crate::shape::quotas::QuotaWords;

pub(super) const WORDS: QuotaWords = QuotaWords {
    title: "群文件",
    file_quota: "应用配额",
    group_file_quota: "每个群组的配额",
    quota_help: "例如 500 MB、50 GB 或 2 TB。留空表示不限制。",
    quota_note: "同一内容只存储一份，但每个共享它的群组都会计入用量。已有文件会保留，即使超出调低后的配额。",
    set_quotas: "设置配额",
    quotas_saved: "配额已保存。",
    used_of: |used, max| format!("{used} / {max}"),
    used: |used| format!("{used}，不限制"),
    files_of_app: "所有群组",
    files_of_group: "本群",
    group_files_full: |max| format!("本群的群文件总共最多 {max}。请删除一些文件，或在设置中提高配额。"),
    app_files_full: |max| format!("此应用的群文件总共最多 {max}。请删除一些文件，或在设置中提高配额。"),
    not_size: "请输入大小，例如 500 MB 或 50 GB，最大 1024 TB。",
    disk_free: |free, total| format!("磁盘：可用 {free}，共 {total}"),
    disk_short: |free, kept| format!("磁盘只剩 {free} 可用。在可用空间恢复到 {kept} 之前，群文件、导入和导出都会被拒绝。"),
};
