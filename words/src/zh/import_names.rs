//! Simplified Chinese: what files that are imported call columns and choices besides.

use domain::{
    account::{AccountType, AdminForbidType, AllowType, Gender},
    group::GroupType,
    import::ImportList,
    member::MemberRole,
};

use crate::shape::import_names::ImportNames;

pub(crate) const NAMES: ImportNames = ImportNames {
    columns: &[
        (ImportList::Accounts, "type", &["账号类型", "类型"]),
        (ImportList::Groups, "group_id", &["群组 ID"]),
        (ImportList::Groups, "name", &["群组名称"]),
        (ImportList::Groups, "type", &["群组类型", "类型"]),
        (ImportList::Groups, "owner", &["群主 ID"]),
        (ImportList::Groups, "introduction", &["群组简介"]),
        (ImportList::Members, "group_id", &["群组 ID"]),
        (ImportList::Members, "role", &["角色"]),
    ],
    choices: &[
        (
            ImportList::Accounts,
            "type",
            &[
                (AccountType::General.as_str(), &["普通", "普通帐号", "普通账号", "普通用户"]),
                (AccountType::Admin.as_str(), &["管理员", "App 管理员"]),
            ],
        ),
        (
            ImportList::Accounts,
            "gender",
            &[
                (Gender::Unknown.as_str(), &["没设置", "未设置", "未知", "保密"]),
                (Gender::Female.as_str(), &["女性", "女"]),
                (Gender::Male.as_str(), &["男性", "男"]),
            ],
        ),
        (
            ImportList::Accounts,
            "allow_type",
            &[
                (AllowType::NeedConfirm.as_str(), &["需要验证", "需要确认", "需验证"]),
                (AllowType::AllowAny.as_str(), &["允许任何人", "允许任何人加好友"]),
                (AllowType::DenyAny.as_str(), &["拒绝任何人", "不允许任何人加好友"]),
            ],
        ),
        (ImportList::Accounts, "msg_settings", &[("0", &["接收消息", "接收"]), ("1", &["不接收消息", "不接收"])]),
        (
            ImportList::Accounts,
            "admin_forbid_type",
            &[
                (AdminForbidType::None.as_str(), &["允许发起加好友请求", "允许加好友", "允许"]),
                (AdminForbidType::SendOut.as_str(), &["禁止发起加好友请求", "禁止加好友", "禁止"]),
            ],
        ),
        (
            ImportList::Groups,
            "type",
            &[
                (GroupType::Work.as_str(), &["好友工作群", "工作群", "私有群"]),
                (GroupType::Public.as_str(), &["陌生人社交群", "社交群", "公开群", "公有群"]),
                (GroupType::Meeting.as_str(), &["临时会议群", "会议群", "聊天室"]),
                (GroupType::AvChatRoom.as_str(), &["直播群", "音视频聊天室", "音视频直播聊天室"]),
            ],
        ),
        (
            ImportList::Members,
            "role",
            &[
                (MemberRole::Owner.as_str(), &["群主"]),
                (MemberRole::Admin.as_str(), &["管理员", "群管理员"]),
                (MemberRole::Member.as_str(), &["普通成员", "成员", "群成员"]),
            ],
        ),
    ],
};
