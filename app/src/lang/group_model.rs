//! Words of the group model: roles, mutes, lists, files, settings.

use domain::page::Reason;

pub struct GroupModelWords {
    pub reason_not_member: &'static str,
    pub reason_blocked: &'static str,
    pub reason_too_many_groups: &'static str,
    pub reason_too_many_admins: &'static str,
    pub reason_not_admin: &'static str,
    pub reason_not_blocked: &'static str,
    pub not_found_file: &'static str,
    /// Megabytes.
    pub file_too_large: fn(u64) -> String,
}

impl GroupModelWords {
    /// Why a row of an import cannot become a membership; the reasons that imports know otherwise are not asked for.
    pub fn barred(&self, reason: Reason) -> String {
        let text = match reason {
            Reason::Blocked => self.reason_blocked,
            Reason::TooManyGroups => self.reason_too_many_groups,
            Reason::TooManyAdmins => self.reason_too_many_admins,
            _ => self.reason_not_member,
        };
        text.to_owned()
    }
}

pub const EN: GroupModelWords = GroupModelWords {
    reason_not_member: "Not a member of this group",
    reason_blocked: "On the block list of this group",
    reason_too_many_groups: "Belongs to 500 groups already",
    reason_too_many_admins: "The group has 99 admins already",
    reason_not_admin: "Not an admin of this group",
    reason_not_blocked: "Not on the block list",
    not_found_file: "This file is not there any more.",
    file_too_large: |mb| format!("A shared file may have at most {mb} MB."),
};

pub const ZH: GroupModelWords = GroupModelWords {
    reason_not_member: "不是该群成员",
    reason_blocked: "在该群的黑名单中",
    reason_too_many_groups: "已加入 500 个群组",
    reason_too_many_admins: "该群已有 99 名管理员",
    reason_not_admin: "不是该群的管理员",
    reason_not_blocked: "不在黑名单中",
    not_found_file: "该文件已不存在。",
    file_too_large: |mb| format!("群文件最大 {mb} MB。"),
};

pub const KO: GroupModelWords = GroupModelWords {
    reason_not_member: "이 그룹의 구성원이 아님",
    reason_blocked: "이 그룹의 차단 목록에 있음",
    reason_too_many_groups: "이미 500개 그룹에 참여 중",
    reason_too_many_admins: "이 그룹의 관리자가 이미 99명임",
    reason_not_admin: "이 그룹의 관리자가 아님",
    reason_not_blocked: "차단 목록에 없음",
    not_found_file: "이 파일은 더 이상 없습니다.",
    file_too_large: |mb| format!("공유 파일은 최대 {mb} MB입니다."),
};
