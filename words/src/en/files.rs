//! English: files shared in a group.

use crate::shape::files::FileWords;

pub(super) const WORDS: FileWords = FileWords {
    title: "Shared files",
    search_files: "Search file name or owner",
    upload_file: "Upload file",
    delete_files: "Delete files",
    delete_files_question: |n, number| {
        if n == 1 { "Delete this file?".to_owned() } else { format!("Delete these {number} files?") }
    },
    delete_files_confirm: |n, number| if n == 1 { "Delete file".to_owned() } else { format!("Delete {number} files") },
    no_files: "No files yet.",
    file: "File",
    file_help: |mb| format!("At most {mb} MB."),
    file_name: "Name",
    file_id: "File ID",
    file_size: "Size",
    file_owner: "Shared by",
    by_server: "The server",
    shared_at: "Shared",
    file_shared: "File shared.",
    files_deleted: |n, number| if n == 1 { "1 file deleted.".to_owned() } else { format!("{number} files deleted.") },
    not_found: "This file is not there any more.",
    file_too_large: |mb| format!("A shared file may have at most {mb} MB."),
};
