//! English: how much may be kept: quotas of shared files, room on the disk.

use crate::shape::quotas::QuotaWords;

pub(super) const WORDS: QuotaWords = QuotaWords {
    title: "Shared files",
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
};
