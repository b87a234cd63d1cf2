//! Files shared in a group.

pub struct FileWords {
    pub title: &'static str,
    pub search_files: &'static str,
    pub upload_file: &'static str,
    pub delete_files: &'static str,
    pub delete_files_question: fn(u64, String) -> String,
    pub delete_files_confirm: fn(u64, String) -> String,
    pub no_files: &'static str,
    pub file: &'static str,
    /// Megabytes.
    pub file_help: fn(u64) -> String,
    pub file_name: &'static str,
    pub file_id: &'static str,
    pub file_size: &'static str,
    pub file_owner: &'static str,
    pub by_server: &'static str,
    pub shared_at: &'static str,
    pub file_shared: &'static str,
    pub files_deleted: fn(u64, String) -> String,
    pub not_found: &'static str,
    /// Megabytes.
    pub file_too_large: fn(u64) -> String,
}
