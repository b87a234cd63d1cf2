//! Korean: what files that are imported call columns and choices besides.

use domain::{
    account::{AccountType, AdminForbidType, AllowType, Gender},
    group::GroupType,
    import::ImportList,
    member::MemberRole,
};

use crate::shape::import_names::ImportNames;

pub(crate) const NAMES: ImportNames = ImportNames {
    columns: &[
        (ImportList::Accounts, "type", &["유형"]),
        (ImportList::Groups, "type", &["유형"]),
        (ImportList::Groups, "owner", &["그룹 소유자 ID"]),
        (ImportList::Members, "role", &["역할"]),
    ],
    choices: &[
        (
            ImportList::Accounts,
            "type",
            &[
                (AccountType::General.as_str(), &["일반", "일반 계정"]),
                (AccountType::Admin.as_str(), &["관리자", "App 관리자", "앱 관리자"]),
            ],
        ),
        (
            ImportList::Accounts,
            "gender",
            &[
                (Gender::Unknown.as_str(), &["미설정", "설정 안 함", "알 수 없음"]),
                (Gender::Female.as_str(), &["여성", "여", "여자"]),
                (Gender::Male.as_str(), &["남성", "남", "남자"]),
            ],
        ),
        (
            ImportList::Accounts,
            "allow_type",
            &[
                (AllowType::NeedConfirm.as_str(), &["인증 필요", "확인 필요"]),
                (AllowType::AllowAny.as_str(), &["모두 허용"]),
                (AllowType::DenyAny.as_str(), &["모두 거부"]),
            ],
        ),
        (
            ImportList::Accounts,
            "msg_settings",
            &[("0", &["메시지 수신", "수신"]), ("1", &["메시지 수신 안 함", "수신 안 함", "수신 거부"])],
        ),
        (
            ImportList::Accounts,
            "admin_forbid_type",
            &[
                (AdminForbidType::None.as_str(), &["친구 요청 가능", "허용"]),
                (AdminForbidType::SendOut.as_str(), &["친구 요청 금지", "금지"]),
            ],
        ),
        (
            ImportList::Groups,
            "type",
            &[
                (GroupType::Work.as_str(), &["업무 그룹", "업무", "비공개 그룹"]),
                (GroupType::Public.as_str(), &["공개 그룹", "공개", "퍼블릭 소셜 그룹"]),
                (GroupType::Meeting.as_str(), &["미팅 그룹", "미팅", "회의 그룹", "채팅방"]),
                (GroupType::AvChatRoom.as_str(), &["라이브 방송 그룹", "라이브 방송", "오디오-비디오 그룹"]),
            ],
        ),
        (
            ImportList::Members,
            "role",
            &[
                (MemberRole::Owner.as_str(), &["그룹 소유자", "소유자"]),
                (MemberRole::Admin.as_str(), &["관리자", "그룹 관리자"]),
                (MemberRole::Member.as_str(), &["일반 구성원", "구성원", "그룹 구성원"]),
            ],
        ),
    ],
};
