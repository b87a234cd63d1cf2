//! Groups of one app: the group console document, with the types of Tencent's group system.

pub mod access;
pub mod rules;

use serde::{Deserialize, Serialize};

use self::access::Access;
use crate::{account::Person, wire_enum};

wire_enum! {
    /// Group type. The words are today's; REST samples also use `Private`, `ChatRoom` and `AVChatRoom` for the same.
    GroupType { Work = "Work", Public = "Public", Meeting = "Meeting", AvChatRoom = "AVChatRoom" }
}

impl GroupType {
    /// Audio-video groups keep no member list (Tencent group types).
    pub fn keeps_members(self) -> bool {
        self != Self::AvChatRoom
    }

    /// The digit or letter after `@TGS#` in ids that the server gives: 1 Work, 2 Public, 3 Meeting, a audio-video, as in the
    /// samples of Tencent's documents.
    pub fn id_mark(self) -> char {
        match self {
            Self::Work => '1',
            Self::Public => '2',
            Self::Meeting => '3',
            Self::AvChatRoom => 'a',
        }
    }
}

/// One row of the group list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRow {
    pub group_id: String,
    pub name: String,
    /// `None`: the group has no owner.
    pub owner: Option<Person>,
    #[serde(rename = "type")]
    pub group_type: GroupType,
    pub created_at: i64,
    /// `None`: groups of this type keep no member list.
    pub member_count: Option<u32>,
}

/// A group with all that its page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub group_id: String,
    pub name: String,
    pub owner: Option<Person>,
    #[serde(rename = "type")]
    pub group_type: GroupType,
    pub introduction: String,
    pub created_at: i64,
    pub member_count: Option<u32>,
    /// The most members it may have; `None` where no list is kept.
    pub max_member_count: Option<u32>,
    pub message_count: u64,
    pub access: Access,
    /// Free text that belongs to the app's back end.
    pub custom: String,
    /// The address of a picture, which belongs to the app's back end too; empty for none.
    pub avatar: String,
    /// Empty for none.
    pub announcement: String,
    /// When the announcement was last changed; `None`: never.
    pub announced_at: Option<i64>,
    /// Nobody may speak but owner, admins and who stands on the allow list.
    pub mute_all: bool,
    /// How many stand on each of its lists.
    pub listed: Listed,
    pub file_count: u64,
    /// Rises with every edit; an edit of an older version is refused.
    pub version: i64,
}

/// How many accounts stand on each list of a group; see [`crate::member::MemberList`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Members whose mute has not ended.
    pub muted: u64,
    pub blocked: u64,
    pub allowed: u64,
}

/// The add dialog's fields as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewGroupInput {
    pub name: String,
    /// Username of the owner; empty for none.
    pub owner: String,
    #[serde(rename = "type")]
    pub group_type: String,
    /// Custom id; empty for one that the server gives.
    pub group_id: String,
}

/// The edit dialog's fields as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EditGroupInput {
    pub name: String,
    pub introduction: String,
    /// The version that the form was filled from.
    pub version: String,
}

/// The settings dialog's fields as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GroupSettingsInput {
    /// Most members; empty for what the type allows.
    pub max_member_count: String,
    /// `yes` or `no`, like the two that follow.
    pub members_only: String,
    pub allow_invites: String,
    pub invite_need_confirm: String,
    pub custom: String,
    /// The version that the form was filled from.
    pub version: String,
}

/// What a batch on groups would touch, for its dialog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupSummary {
    /// How many of the ids exist.
    pub groups: u64,
    pub members: u64,
    pub messages: u64,
    /// The first few: id and name.
    pub first: Vec<(String, String)>,
}
