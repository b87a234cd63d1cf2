//! Words about what is kept, for how long and how much: quotas of shared files, room on the disk, the audit log's archives.

use crate::format::number;

/// Sizes come as text.
pub struct KeptWords {
    pub file_quotas: &'static str,
    pub file_quota: &'static str,
    pub group_file_quota: &'static str,
    pub quota_help: &'static str,
    pub quota_note: &'static str,
    pub set_quotas: &'static str,
    pub quotas_saved: &'static str,
    /// How much is used of how much; without a limit only how much.
    pub used_of: fn(String, String) -> String,
    pub used: fn(String) -> String,
    pub files_of_app: &'static str,
    pub files_of_group: &'static str,
    pub group_files_full: fn(String) -> String,
    pub app_files_full: fn(String) -> String,
    pub not_size: &'static str,
    /// How much of the disk is free.
    pub disk_free: fn(String, String) -> String,
    pub disk_short: fn(String, String) -> String,
    pub archives: &'static str,
    pub archives_lead: &'static str,
    pub kept: &'static str,
    pub kept_help: &'static str,
    /// In the order of `EVENTS_KEPT_DAYS`.
    pub kept_choices: [&'static str; 7],
    pub kept_saved: &'static str,
    /// The number of an event and its day, which is too late.
    pub held_back: fn(String, String) -> String,
    pub no_archives: &'static str,
    pub no_archives_help: &'static str,
    pub archive: &'static str,
    pub events: &'static str,
    pub event_range: fn(String, String) -> String,
    pub period: &'static str,
    pub size: &'static str,
    pub archived: &'static str,
    pub by_server: &'static str,
    pub delete_archive: &'static str,
    /// Its name, and how many events are in it.
    pub delete_archive_question: fn(String, u64, String) -> String,
    pub delete_archive_warning: &'static str,
    pub archive_deleted: &'static str,
    pub not_found: &'static str,
    pub changes: &'static str,
    pub first_event: &'static str,
    pub last_event: &'static str,
}

pub const EN: KeptWords = KeptWords {
    file_quotas: "Shared files",
    file_quota: "Quota of the app",
    group_file_quota: "Quota of each group",
    quota_help: "A size such as 500 MB, 50 GB or 2 TB. Empty: no limit.",
    quota_note: "A file counts for each group that shares it, though the same content is stored only once. Files that are there stay, also above a lower quota.",
    set_quotas: "Set quotas",
    quotas_saved: "The quotas were saved.",
    used_of: |used, max| format!("{used} of {max}"),
    used: |used| format!("{used}, no limit"),
    files_of_app: "All groups",
    files_of_group: "This group",
    group_files_full: |max| {
        format!("The shared files of this group may have {max} together. Delete some files, or raise the quota in the settings.")
    },
    app_files_full: |max| {
        format!("The shared files of this app may have {max} together. Delete some files, or raise the quota in the settings.")
    },
    not_size: "Enter a size such as 500 MB or 50 GB, at most 1024 TB.",
    disk_free: |free, total| format!("Disk: {free} of {total} free"),
    disk_short: |free, kept| {
        format!("Only {free} of the disk are free. Shared files, imports and exports are refused until {kept} are free again.")
    },
    archives: "Retention and archives",
    archives_lead: "How long events stay in the audit log, and the files that older ones were moved into.",
    kept: "Keep events for",
    kept_help: "Older events are moved week by week into files in the folder «archive», which stay there until an owner deletes them. Each file is read again before its events leave the log. The figures and charts of the overview do not change; lists and exports no longer show what was moved.",
    kept_choices: ["All time", "90 days", "180 days", "1 year", "2 years", "5 years", "10 years"],
    kept_saved: "Saved. Older events, if there are any, are moved into archives now; that may take a while.",
    held_back: |number, day| {
        format!(
            "Event {number} is dated {day} (UTC), later than events that were written after it. Events are moved in the order of their numbers, so these stay in the log until event {number} is old enough too."
        )
    },
    no_archives: "There are no archives",
    no_archives_help: "All events are in the audit log.",
    archive: "Archive",
    events: "Events",
    event_range: |first, last| format!("Numbers {first} to {last}"),
    period: "Period",
    size: "Size",
    archived: "Archived",
    by_server: "Automatically",
    delete_archive: "Delete archive",
    delete_archive_question: |name, n, number| {
        if n == 1 { format!("Delete {name} with 1 event?") } else { format!("Delete {name} with {number} events?") }
    },
    delete_archive_warning: "These events cannot be brought back: they can only be found in backups made earlier. The audit log keeps the range of event numbers and the SHA-256 of the archive.",
    archive_deleted: "The archive was deleted.",
    not_found: "This archive does not exist.",
    changes: "Changes in all",
    first_event: "First event",
    last_event: "Last event",
};

pub const ZH: KeptWords = KeptWords {
    file_quotas: "群文件",
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

pub const KO: KeptWords = KeptWords {
    file_quotas: "공유 파일",
    file_quota: "앱 할당량",
    group_file_quota: "그룹별 할당량",
    quota_help: "예: 500 MB, 50 GB, 2 TB. 비워 두면 제한이 없습니다.",
    quota_note: "같은 내용은 한 번만 저장되지만, 공유하는 그룹마다 사용량에 포함됩니다. 할당량을 낮춰도 이미 있는 파일은 남습니다.",
    set_quotas: "할당량 설정",
    quotas_saved: "할당량을 저장했습니다.",
    used_of: |used, max| format!("{used} / {max}"),
    used: |used| format!("{used}, 제한 없음"),
    files_of_app: "모든 그룹",
    files_of_group: "이 그룹",
    group_files_full: |max| {
        format!("이 그룹의 공유 파일은 모두 합해 최대 {max}입니다. 파일을 삭제하거나 설정에서 할당량을 늘리세요.")
    },
    app_files_full: |max| {
        format!("이 앱의 공유 파일은 모두 합해 최대 {max}입니다. 파일을 삭제하거나 설정에서 할당량을 늘리세요.")
    },
    not_size: "500 MB 또는 50 GB와 같이 크기를 입력하세요. 최대 1024 TB입니다.",
    disk_free: |free, total| format!("디스크: {total} 중 {free} 사용 가능"),
    disk_short: |free, kept| {
        format!("디스크에 {free}만 남았습니다. 여유 공간이 {kept} 이상이 될 때까지 공유 파일, 가져오기, 내보내기가 거부됩니다.")
    },
    archives: "보존 기간 및 보관 파일",
    archives_lead: "이벤트를 감사 로그에 얼마나 보존하는지, 그리고 오래된 이벤트가 옮겨진 파일입니다.",
    kept: "이벤트 보존 기간",
    kept_help: "오래된 이벤트는 주 단위로 ‘archive’ 폴더의 파일로 옮겨져 소유자가 삭제할 때까지 그곳에 남습니다. 각 파일을 다시 읽어 확인한 뒤에야 이벤트가 로그에서 제거됩니다. 개요의 수치와 차트는 바뀌지 않으며, 목록과 내보내기에는 옮겨진 이벤트가 더 이상 나오지 않습니다.",
    kept_choices: ["계속", "90일", "180일", "1년", "2년", "5년", "10년"],
    kept_saved: "저장했습니다. 더 오래된 이벤트가 있으면 지금 보관 파일로 옮기며, 시간이 걸릴 수 있습니다.",
    held_back: |number, day| {
        format!(
            "{number}번 이벤트의 날짜는 {day}(UTC)로, 그 뒤에 기록된 이벤트보다 늦습니다. 이벤트는 번호 순서대로 옮겨지므로, {number}번 이벤트도 보존 기간이 지날 때까지 그 뒤의 이벤트는 로그에 남습니다."
        )
    },
    no_archives: "보관 파일이 없습니다",
    no_archives_help: "모든 이벤트가 감사 로그에 있습니다.",
    archive: "보관 파일",
    events: "이벤트 수",
    event_range: |first, last| format!("번호 {first}~{last}"),
    period: "기간",
    size: "크기",
    archived: "보관 시각",
    by_server: "자동",
    delete_archive: "보관 파일 삭제",
    delete_archive_question: |name, _, number| format!("{name} 파일과 그 안의 이벤트 {number}개를 삭제하시겠습니까?"),
    delete_archive_warning: "이 이벤트는 복구할 수 없습니다. 이전에 만든 백업에만 남아 있습니다. 감사 로그에는 보관 파일의 이벤트 번호 범위와 SHA-256이 남습니다.",
    archive_deleted: "보관 파일을 삭제했습니다.",
    not_found: "이 보관 파일은 존재하지 않습니다.",
    changes: "변경 횟수",
    first_event: "첫 이벤트",
    last_event: "마지막 이벤트",
};

impl KeptWords {
    /// How much is used, and of how much.
    pub fn usage(&self, usage: domain::file::Usage) -> String {
        let used = crate::format::size(usage.used);
        match usage.max {
            Some(max) => (self.used_of)(used, crate::format::size(max)),
            None => (self.used)(used),
        }
    }

    /// The first and the last number of an archive's events.
    pub fn numbers(&self, first: i64, last: i64) -> String {
        let told = |id: i64| number(id.unsigned_abs());
        (self.event_range)(told(first), told(last))
    }
}
