//! English: what files that are imported call columns and choices besides. The old names of the REST APIs are here as well.

use domain::{
    account::{AccountType, AdminForbidType, AllowType, Gender},
    group::GroupType,
    import::ImportList,
    member::MemberRole,
};

use crate::shape::import_names::ImportNames;

pub(crate) const NAMES: ImportNames = ImportNames {
    columns: &[
        (ImportList::Accounts, "username", &["UserID"]),
        (ImportList::Groups, "owner", &["Group Owner ID"]),
        (ImportList::Members, "username", &["UserID"]),
    ],
    choices: &[
        (
            ImportList::Accounts,
            "type",
            &[(AccountType::General.as_str(), &[]), (AccountType::Admin.as_str(), &["Administrator", "App admin"])],
        ),
        (
            ImportList::Accounts,
            "gender",
            &[
                (Gender::Unknown.as_str(), &["Not set", "Unset", "Unknown"]),
                (Gender::Female.as_str(), &["Female", "F", "Woman"]),
                (Gender::Male.as_str(), &["Male", "M", "Man"]),
            ],
        ),
        (
            ImportList::Accounts,
            "allow_type",
            &[
                (AllowType::NeedConfirm.as_str(), &["NeedConfirm", "Needs confirmation"]),
                (AllowType::AllowAny.as_str(), &["AllowAny", "Anyone may add"]),
                (AllowType::DenyAny.as_str(), &["DenyAny", "Nobody may add"]),
            ],
        ),
        (
            ImportList::Accounts,
            "msg_settings",
            &[("0", &["receive", "Receive messages"]), ("1", &["do_not_receive", "Do not receive messages"])],
        ),
        (
            ImportList::Accounts,
            "admin_forbid_type",
            &[
                (AdminForbidType::None.as_str(), &["None", "Allowed", "May send friend requests"]),
                (AdminForbidType::SendOut.as_str(), &["SendOut", "Forbidden", "May not send friend requests"]),
            ],
        ),
        (
            ImportList::Groups,
            "type",
            &[
                (GroupType::Work.as_str(), &["Private", "Work group", "Private group"]),
                (GroupType::Public.as_str(), &["Public group"]),
                (GroupType::Meeting.as_str(), &["ChatRoom", "Meeting group"]),
                (GroupType::AvChatRoom.as_str(), &["Audio-video", "Audio-video group"]),
            ],
        ),
        (
            ImportList::Members,
            "role",
            &[
                (MemberRole::Owner.as_str(), &["Group owner"]),
                (MemberRole::Admin.as_str(), &["Administrator", "Group admin"]),
                (MemberRole::Member.as_str(), &["Ordinary member", "Group member"]),
            ],
        ),
    ],
};
