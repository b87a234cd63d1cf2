//! How much may be kept: quotas of shared files, room on the disk.

use crate::number::size;

pub struct QuotaWords {
    pub title: &'static str,
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
}

impl QuotaWords {
    /// How much is used, and of how much.
    pub fn usage(&self, usage: domain::file::Usage) -> String {
        let used = size(usage.used);
        match usage.max {
            Some(max) => (self.used_of)(used, size(max)),
            None => (self.used)(used),
        }
    }
}
