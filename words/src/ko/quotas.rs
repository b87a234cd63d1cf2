//! Korean: how much may be kept: quotas of shared files, room on the disk.

use crate::shape::quotas::QuotaWords;

pub(super) const WORDS: QuotaWords = QuotaWords {
    title: "공유 파일",
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
};
