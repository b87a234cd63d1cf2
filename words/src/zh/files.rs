//! Simplified Chinese: files shared in a group.

use crate::shape::files::FileWords;

pub(super) const WORDS: FileWords = FileWords {
    title: "群文件",
    search_files: "搜索文件名或上传者",
    upload_file: "上传文件",
    delete_files: "删除文件",
    delete_files_question: |n, number| {
        if n == 1 { "删除该文件？".to_owned() } else { format!("删除这 {number} 个文件？") }
    },
    delete_files_confirm: |n, number| if n == 1 { "删除文件".to_owned() } else { format!("删除 {number} 个文件") },
    no_files: "暂无文件。",
    file: "文件",
    file_help: |mb| format!("最大 {mb} MB。"),
    file_name: "文件名",
    file_id: "文件 ID",
    file_size: "大小",
    file_owner: "上传者",
    by_server: "服务端",
    shared_at: "上传时间",
    file_shared: "文件已上传。",
    files_deleted: |_, number| format!("已删除 {number} 个文件。"),
    not_found: "该文件已不存在。",
    file_too_large: |mb| format!("群文件最大 {mb} MB。"),
};
