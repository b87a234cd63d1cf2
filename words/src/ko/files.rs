//! Korean: files shared in a group.

use crate::shape::files::FileWords;

pub(super) const WORDS: FileWords = FileWords {
    title: "공유 파일",
    search_files: "파일 이름 또는 공유한 사람 검색",
    upload_file: "파일 업로드",
    delete_files: "파일 삭제",
    delete_files_question: |n, number| {
        if n == 1 {
            "이 파일을 삭제하시겠습니까?".to_owned()
        } else {
            format!("이 파일 {number}개를 삭제하시겠습니까?")
        }
    },
    delete_files_confirm: |n, number| if n == 1 { "파일 삭제".to_owned() } else { format!("파일 {number}개 삭제") },
    no_files: "아직 파일이 없습니다.",
    file: "파일",
    file_help: |mb| format!("최대 {mb} MB입니다."),
    file_name: "이름",
    file_id: "파일 ID",
    file_size: "크기",
    file_owner: "공유한 사람",
    by_server: "서버",
    shared_at: "공유 시간",
    file_shared: "파일을 공유했습니다.",
    files_deleted: |_, number| format!("파일 {number}개를 삭제했습니다."),
    not_found: "이 파일은 더 이상 없습니다.",
    file_too_large: |mb| format!("공유 파일은 최대 {mb} MB입니다."),
};
