//! Groups of one app: the group console document, with the types of Tencent's group system.

pub mod access;
pub mod checked;
pub mod rules;

use serde::{Deserialize, Serialize};

use self::access::Access;
use crate::{account::Person, wire_enum};

wire_enum! {
    /// Group type. The words are those of the current documents; REST samples also use `Private`, `ChatRoom` and `AVChatRoom` for
    /// the same. How a type is joined is in [`access`].
    pub enum GroupType {
        /// For colleagues and friends: nobody finds the group, members bring others in. `Private` in older documents.
        Work = "Work",
        /// For strangers with a common interest: can be found; owner or admins approve who joins.
        Public = "Public",
        /// For meetings and classes: can be found and joined at once. `ChatRoom` in older documents.
        Meeting = "Meeting",
        /// For live streams: any number of viewers, no member list. `AVChatRoom` in all documents.
        AvChatRoom = "AVChatRoom",
    }
}

impl GroupType {
    /// Whether groups of this type keep a member list; audio-video groups do not (Tencent group types).
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
    /// The group's id within the app: custom, or given by the server.
    pub group_id: String,
    /// The group's name; names need not be unique.
    pub name: String,
    /// The owner; `None`: the group has no owner.
    pub owner: Option<Person>,
    /// The group's type.
    #[serde(rename = "type")]
    pub group_type: GroupType,
    /// When the group was created, milliseconds since 1970.
    pub created_at: i64,
    /// Members, the owner included; `None`: groups of this type keep no member list.
    pub member_count: Option<u32>,
}

/// A group with everything that its page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The group's id within the app; never changes.
    pub group_id: String,
    /// 1 to 30 bytes in the console, 1 to 128 characters through the REST API.
    pub name: String,
    /// The owner; `None`: the group has no owner.
    pub owner: Option<Person>,
    /// The group's type; the console never changes it, the REST API may (see [`access`]).
    #[serde(rename = "type")]
    pub group_type: GroupType,
    /// Introduction, or description in the REST API; empty for none.
    pub introduction: String,
    /// When the group was created, milliseconds since 1970.
    pub created_at: i64,
    /// Members, the owner included; `None`: groups of this type keep no member list.
    pub member_count: Option<u32>,
    /// The most members that the group may have; `None`: groups of this type keep no member list.
    pub max_member_count: Option<u32>,
    /// Messages that are kept.
    pub message_count: u64,
    /// How the group is found and joined.
    pub access: Access,
    /// Free text of the app's back end, which Roster does not interpret.
    pub custom: String,
    /// The address of a picture, set by the app's back end; empty for none.
    pub avatar: String,
    /// Announcement to the members; empty for none.
    pub announcement: String,
    /// When the announcement was last changed, milliseconds since 1970; `None`: never.
    pub announced_at: Option<i64>,
    /// Only owner, admins and members on the allow list may speak.
    pub mute_all: bool,
    /// How many accounts are on each of the group's lists.
    pub listed: MemberListCounts,
    /// Files that members share.
    pub file_count: u64,
    /// Rises by one with every edit; an edit of an older version is refused ([`crate::error::Conflict::ChangedMeanwhile`]).
    pub version: i64,
}

/// How many accounts are on each list of a group; see [`crate::member::MemberList`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberListCounts {
    /// Members whose mute has not ended.
    pub muted: u64,
    /// Accounts on the block list.
    pub blocked: u64,
    /// Members on the allow list.
    pub allowed: u64,
}

/// The add dialog's fields as typed; [`checked::NewGroup::parse`] checks them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewGroupInput {
    /// Name; see [`rules::GroupName`].
    pub name: String,
    /// Username of the owner; empty for a group without an owner.
    pub owner: String,
    /// [`GroupType`] word.
    #[serde(rename = "type")]
    pub group_type: String,
    /// Custom id, see [`rules::CustomGroupId`]; empty for an id that the server gives.
    pub group_id: String,
}

/// The edit dialog's fields as typed; [`checked::GroupPatch::edit`] checks them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EditGroupInput {
    /// Name; see [`rules::GroupName`].
    pub name: String,
    /// Introduction; see [`rules::Introduction`].
    pub introduction: String,
    /// [`Group::version`] of the group that the form shows.
    pub version: String,
}

/// The settings dialog's fields as typed; [`checked::GroupPatch::settings`] checks them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GroupSettingsInput {
    /// The most members, 1 to [`crate::limits::GROUP_MEMBERS`]; empty for what the type allows.
    pub max_member_count: String,
    /// `yes` or `no`, see [`Access::members_only`].
    pub members_only: String,
    /// `yes` or `no`, see [`Access::allow_invites`].
    pub allow_invites: String,
    /// `yes` or `no`, see [`Access::invite_need_confirm`].
    pub invite_need_confirm: String,
    /// Custom text; see [`rules::CustomText`].
    pub custom: String,
    /// [`Group::version`] of the group that the form shows.
    pub version: String,
}

/// What a batch on groups would change, for the dialog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupSummary {
    /// How many of the ids exist.
    pub groups: u64,
    /// Memberships of these groups.
    pub members: u64,
    /// Messages of these groups.
    pub messages: u64,
    /// Id and name of the first five groups.
    pub first: Vec<(String, String)>,
}
