//! What the cells of a column with choices may contain: the wire's word, or a common name of the choice, in any of the three
//! languages; case, spaces and punctuation do not matter. The console's own words are among them; a test of the console checks
//! that. Pure.

use std::{collections::HashMap, sync::LazyLock};

use super::{ImportList, columns::folded};
use crate::{
    Code,
    account::{AccountType, AdminForbidType, AllowType, Gender},
    group::GroupType,
    member::MemberRole,
};

/// A choice: its word on the wire, and its common names.
type Choice = (&'static str, &'static [&'static str]);

/// The column, and its choices in the order of a form. Old names of group types are those of the REST APIs and of the Chinese
/// documents.
const CHOICES: &[(ImportList, &str, &[Choice])] = &[
    (
        ImportList::Accounts,
        "type",
        &[
            (AccountType::General.as_str(), &["普通", "普通帐号", "普通账号", "普通用户", "일반", "일반 계정"]),
            (
                AccountType::Admin.as_str(),
                &["Administrator", "App admin", "管理员", "App 管理员", "관리자", "App 관리자", "앱 관리자"],
            ),
        ],
    ),
    (
        ImportList::Accounts,
        "gender",
        &[
            (
                Gender::Unknown.as_str(),
                &["Not set", "Unset", "Unknown", "没设置", "未设置", "未知", "保密", "미설정", "설정 안 함", "알 수 없음"],
            ),
            (Gender::Female.as_str(), &["Female", "F", "Woman", "女性", "女", "여성", "여", "여자"]),
            (Gender::Male.as_str(), &["Male", "M", "Man", "男性", "男", "남성", "남", "남자"]),
        ],
    ),
    (
        ImportList::Accounts,
        "allow_type",
        &[
            (
                AllowType::NeedConfirm.as_str(),
                &["NeedConfirm", "Needs confirmation", "需要验证", "需要确认", "需验证", "인증 필요", "확인 필요"],
            ),
            (AllowType::AllowAny.as_str(), &["AllowAny", "Anyone may add", "允许任何人", "允许任何人加好友", "모두 허용"]),
            (AllowType::DenyAny.as_str(), &["DenyAny", "Nobody may add", "拒绝任何人", "不允许任何人加好友", "모두 거부"]),
        ],
    ),
    (
        ImportList::Accounts,
        "msg_settings",
        &[
            ("0", &["receive", "Receive messages", "接收消息", "接收", "메시지 수신", "수신"]),
            (
                "1",
                &[
                    "do_not_receive",
                    "Do not receive messages",
                    "不接收消息",
                    "不接收",
                    "메시지 수신 안 함",
                    "수신 안 함",
                    "수신 거부",
                ],
            ),
        ],
    ),
    (
        ImportList::Accounts,
        "admin_forbid_type",
        &[
            (
                AdminForbidType::None.as_str(),
                &[
                    "None",
                    "Allowed",
                    "May send friend requests",
                    "允许发起加好友请求",
                    "允许加好友",
                    "允许",
                    "친구 요청 가능",
                    "허용",
                ],
            ),
            (
                AdminForbidType::SendOut.as_str(),
                &[
                    "SendOut",
                    "Forbidden",
                    "May not send friend requests",
                    "禁止发起加好友请求",
                    "禁止加好友",
                    "禁止",
                    "친구 요청 금지",
                    "금지",
                ],
            ),
        ],
    ),
    (
        ImportList::Groups,
        "type",
        &[
            (
                GroupType::Work.as_str(),
                &["Private", "Work group", "Private group", "好友工作群", "工作群", "私有群", "업무 그룹", "업무", "비공개 그룹"],
            ),
            (
                GroupType::Public.as_str(),
                &["Public group", "陌生人社交群", "社交群", "公开群", "公有群", "공개 그룹", "공개", "퍼블릭 소셜 그룹"],
            ),
            (
                GroupType::Meeting.as_str(),
                &["ChatRoom", "Meeting group", "临时会议群", "会议群", "聊天室", "미팅 그룹", "미팅", "회의 그룹", "채팅방"],
            ),
            (
                GroupType::AvChatRoom.as_str(),
                &[
                    "Audio-video",
                    "Audio-video group",
                    "直播群",
                    "音视频聊天室",
                    "音视频直播聊天室",
                    "라이브 방송 그룹",
                    "라이브 방송",
                    "오디오-비디오 그룹",
                ],
            ),
        ],
    ),
    (
        ImportList::Members,
        "role",
        &[
            (MemberRole::Owner.as_str(), &["Group owner", "群主", "그룹 소유자", "소유자"]),
            (MemberRole::Admin.as_str(), &["Administrator", "Group admin", "管理员", "群管理员", "관리자", "그룹 관리자"]),
            (
                MemberRole::Member.as_str(),
                &["Ordinary member", "Group member", "普通成员", "成员", "群成员", "일반 구성원", "구성원", "그룹 구성원"],
            ),
        ],
    ),
];

/// The wire's words by list, field and folded word.
type Known<'a> = HashMap<(ImportList, &'a str, String), &'static str>;

static KNOWN: LazyLock<Known<'static>> = LazyLock::new(|| {
    let mut known = HashMap::new();
    for (list, field, choices) in CHOICES {
        for (wire, others) in *choices {
            for word in std::iter::once(wire).chain(*others) {
                known.insert((*list, *field, folded(word)), *wire);
            }
        }
    }
    known
});

/// The longest word of a file that an error repeats, characters.
const TOLD: usize = 40;

/// The wire's word for the text of a cell; [`Code::NotWord`] for a text that is none of the field's choices.
pub fn wire(list: ImportList, field: &str, text: &str) -> Result<&'static str, Code> {
    // A longer text is none of the words: not worth folding.
    let short = text.len() <= 256;
    let words: &Known<'_> = &KNOWN;
    let known = short.then(|| words.get(&(list, field, folded(text))).copied()).flatten();
    known.ok_or_else(|| {
        let mut told: String = text.trim().chars().filter(|c| !c.is_control()).take(TOLD + 1).collect();
        if let Some((place, _)) = told.char_indices().nth(TOLD) {
            told.truncate(place);
            told.push('…');
        }
        Code::NotWord { text: told }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::columns::{choices, fields};

    #[test]
    fn no_word_means_two_things_and_all_are_known() {
        for (list, field, choices) in CHOICES {
            let mut seen = HashMap::new();
            for (wire_word, others) in *choices {
                for word in std::iter::once(wire_word).chain(*others) {
                    let before = seen.insert(folded(word), *wire_word);
                    assert!(before.is_none_or(|before| before == *wire_word), "{field}: {word}");
                    assert_eq!(wire(*list, field, &format!(" {} ", word.to_uppercase())), Ok(*wire_word), "{field}: {word}");
                }
            }
        }
        assert_eq!(wire(ImportList::Groups, "type", "私有群"), Ok("Work"));
        assert_eq!(wire(ImportList::Groups, "type", "chat room"), Ok("Meeting"));
        assert_eq!(wire(ImportList::Accounts, "gender", "gender_type_female"), Ok("Gender_Type_Female"));
    }

    #[test]
    fn a_word_that_is_unknown_is_told_again_and_cut() {
        let told = |text: &str| match wire(ImportList::Accounts, "gender", text) {
            Err(Code::NotWord { text }) => text,
            other => panic!("{other:?}"),
        };
        assert_eq!(told(" Femal\n"), "Femal");
        assert_eq!(told(&"x".repeat(1_000_000)), format!("{}…", "x".repeat(40)));
        assert_eq!(told(&"名".repeat(40)), "名".repeat(40));
        // Nothing but signs is no word either.
        assert_eq!(told("—"), "—");
    }

    #[test]
    fn every_choice_of_the_wire_can_be_written() {
        for list in ImportList::ALL {
            for field in fields(*list) {
                let of_field = CHOICES.iter().find(|(of, name, _)| of == list && *name == field);
                let words = of_field.map(|(.., choices)| choices.iter().map(|(wire, _)| *wire).collect::<Vec<_>>());
                assert_eq!(words.unwrap_or_default(), choices(*list, field), "{field}");
            }
        }
    }
}
