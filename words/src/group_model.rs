//! Words of the group model: roles, mutes, lists, files, settings.

use domain::page::Reason;

pub struct GroupModelWords {
    pub reason_not_member: &'static str,
    pub reason_blocked: &'static str,
    pub reason_too_many_groups: &'static str,
    pub reason_too_many_admins: &'static str,
    pub reason_not_admin: &'static str,
    pub reason_not_blocked: &'static str,
    /// The same of somebody: who, why.
    pub refused: fn(&str, Reason) -> String,
    /// So many more were refused.
    pub refused_more: fn(u64, String) -> String,
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
    reason_not_member: "Not a member of this group.",
    reason_blocked: "On the block list of this group.",
    reason_too_many_groups: "Belongs to 500 groups already.",
    reason_too_many_admins: "The group has 99 admins already.",
    reason_not_admin: "Not an admin of this group.",
    reason_not_blocked: "Not on the block list.",
    refused: |who, reason| match reason {
        Reason::NotRegistered => format!("{who} is not registered in this app."),
        Reason::AlreadyMember => format!("{who} is a member already."),
        Reason::GroupFull => format!("There is no place left for {who}: the group is full."),
        Reason::Owner => format!("This cannot be done to {who}, the owner."),
        Reason::NotMember => format!("{who} is not a member of this group."),
        Reason::Blocked => format!("{who} is on the block list of this group."),
        Reason::TooManyGroups => format!("{who} belongs to 500 groups already."),
        Reason::TooManyAdmins => format!("{who} cannot become admin: the group has 99 already."),
        Reason::NotAdmin => format!("{who} is not an admin of this group."),
        Reason::NotBlocked => format!("{who} is not on the block list."),
    },
    refused_more: |n, number| if n == 1 { "And 1 more.".to_owned() } else { format!("And {number} more.") },
    not_found_file: "This file is not there any more.",
    file_too_large: |mb| format!("A shared file may have at most {mb} MB."),
};

pub const ZH: GroupModelWords = GroupModelWords {
    reason_not_member: "不是该群成员。",
    reason_blocked: "在该群的黑名单中。",
    reason_too_many_groups: "已加入 500 个群组。",
    reason_too_many_admins: "该群已有 99 名管理员。",
    reason_not_admin: "不是该群的管理员。",
    reason_not_blocked: "不在黑名单中。",
    refused: |who, reason| match reason {
        Reason::NotRegistered => format!("{who} 未在此应用中注册。"),
        Reason::AlreadyMember => format!("{who} 已是成员。"),
        Reason::GroupFull => format!("群组已满，无法添加 {who}。"),
        Reason::Owner => format!("{who} 是群主，不能对其执行此操作。"),
        Reason::NotMember => format!("{who} 不是该群成员。"),
        Reason::Blocked => format!("{who} 在该群的黑名单中。"),
        Reason::TooManyGroups => format!("{who} 已加入 500 个群组。"),
        Reason::TooManyAdmins => format!("该群已有 99 名管理员，无法将 {who} 设为管理员。"),
        Reason::NotAdmin => format!("{who} 不是该群的管理员。"),
        Reason::NotBlocked => format!("{who} 不在黑名单中。"),
    },
    refused_more: |_, number| format!("另有 {number} 个。"),
    not_found_file: "该文件已不存在。",
    file_too_large: |mb| format!("群文件最大 {mb} MB。"),
};

pub const KO: GroupModelWords = GroupModelWords {
    reason_not_member: "이 그룹의 구성원이 아닙니다.",
    reason_blocked: "이 그룹의 차단 목록에 있습니다.",
    reason_too_many_groups: "이미 500개 그룹에 참여 중입니다.",
    reason_too_many_admins: "이 그룹의 관리자가 이미 99명입니다.",
    reason_not_admin: "이 그룹의 관리자가 아닙니다.",
    reason_not_blocked: "차단 목록에 없습니다.",
    refused: |who, reason| match reason {
        Reason::NotRegistered => format!("{who} 계정은 이 앱에 등록되지 않았습니다."),
        Reason::AlreadyMember => format!("{who} 계정은 이미 구성원입니다."),
        Reason::GroupFull => format!("그룹 정원이 차서 {who} 계정을 추가할 수 없습니다."),
        Reason::Owner => format!("{who} 계정은 그룹 소유자이므로 할 수 없습니다."),
        Reason::NotMember => format!("{who} 계정은 이 그룹의 구성원이 아닙니다."),
        Reason::Blocked => format!("{who} 계정은 이 그룹의 차단 목록에 있습니다."),
        Reason::TooManyGroups => format!("{who} 계정은 이미 500개 그룹에 참여 중입니다."),
        Reason::TooManyAdmins => format!("그룹의 관리자가 이미 99명이라 {who} 계정을 관리자로 지정할 수 없습니다."),
        Reason::NotAdmin => format!("{who} 계정은 이 그룹의 관리자가 아닙니다."),
        Reason::NotBlocked => format!("{who} 계정은 차단 목록에 없습니다."),
    },
    refused_more: |_, number| format!("그 외 {number}개."),
    not_found_file: "이 파일은 더 이상 없습니다.",
    file_too_large: |mb| format!("공유 파일은 최대 {mb} MB입니다."),
};
