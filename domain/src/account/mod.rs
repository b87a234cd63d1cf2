//! Accounts: the users of one app. Field names and wire values follow the profile tags of Tencent's REST API
//! (`Tag_Profile_IM_*`), the screen follows the account console document.

pub mod rules;

use serde::{Deserialize, Serialize};

use crate::wire_enum;

wire_enum! {
    /// Account type. Admins may call the REST APIs; an app has at most [`crate::limits::APP_ADMINS`].
    AccountType { General = "General", Admin = "Admin" }
}

wire_enum! {
    /// `Tag_Profile_IM_Gender`.
    Gender { Unknown = "Gender_Type_Unknown", Female = "Gender_Type_Female", Male = "Gender_Type_Male" }
}

wire_enum! {
    /// Friend request verification, `Tag_Profile_IM_AllowType`.
    AllowType {
        NeedConfirm = "AllowType_Type_NeedConfirm",
        AllowAny = "AllowType_Type_AllowAny",
        DenyAny = "AllowType_Type_DenyAny",
    }
}

wire_enum! {
    /// Friending, `Tag_Profile_IM_AdminForbidType`: whether the admin forbids the user to send friend requests.
    AdminForbidType { None = "AdminForbid_Type_None", SendOut = "AdminForbid_Type_SendOut" }
}

/// Bit 0 of `Tag_Profile_IM_MsgSettings`: set means that the user does not receive messages.
pub const MSG_SETTINGS_DO_NOT_RECEIVE: u32 = 1;

/// Everything that the edit dialog changes. `None` means never set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub nickname: String,
    pub gender: Gender,
    /// `Tag_Profile_IM_BirthDay`: YYYYMMDD as a number.
    pub birthday: Option<u32>,
    pub location: String,
    pub self_signature: String,
    pub allow_type: AllowType,
    /// `Tag_Profile_IM_Language`: a number that the app defines.
    pub language: Option<u32>,
    /// Profile photo URL; empty for none.
    pub image: String,
    /// `Tag_Profile_IM_MsgSettings`, see [`MSG_SETTINGS_DO_NOT_RECEIVE`].
    pub msg_settings: u32,
    pub admin_forbid_type: AdminForbidType,
    pub level: Option<u32>,
    pub role: Option<u32>,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            nickname: String::new(),
            gender: Gender::Unknown,
            birthday: None,
            location: String::new(),
            self_signature: String::new(),
            allow_type: AllowType::NeedConfirm,
            language: None,
            image: String::new(),
            msg_settings: 0,
            admin_forbid_type: AdminForbidType::None,
            level: None,
            role: None,
        }
    }
}

/// An account with its whole profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub username: String,
    #[serde(rename = "type")]
    pub account_type: AccountType,
    pub profile: Profile,
    /// Milliseconds since 1970, UTC.
    pub created_at: i64,
    /// Rises with every change; an edit of an older version is refused.
    pub version: i64,
}

/// An account as the REST APIs show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub uuid: String,
    pub username: String,
    pub nickname: String,
    /// Whether it may sign in.
    pub activated: bool,
    /// Milliseconds since 1970, UTC.
    pub created_at: i64,
    pub modified_at: i64,
}

/// A user to register, as a client wrote it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct NewUserInput {
    pub username: String,
    pub password: String,
    /// Empty for none.
    pub nickname: String,
}

impl std::fmt::Debug for NewUserInput {
    /// Without the password: what is printed ends up in logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { username, nickname, .. } = self;
        f.debug_struct("NewUserInput").field("username", username).field("nickname", nickname).finish_non_exhaustive()
    }
}

/// What became of users to register.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registered {
    pub made: Vec<User>,
    /// Names that are taken.
    pub existing: Vec<String>,
}

/// One row of the account list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRow {
    pub username: String,
    pub nickname: String,
    #[serde(rename = "type")]
    pub account_type: AccountType,
    pub image: String,
    pub created_at: i64,
}

/// An account as other lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub username: String,
    pub nickname: String,
    pub image: String,
}

/// The create dialog's fields as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewAccountInput {
    #[serde(rename = "type")]
    pub account_type: String,
    pub username: String,
    pub nickname: String,
    pub image: String,
}

/// The edit dialog's fields as typed; `birthday` as YYYY-MM-DD.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProfileInput {
    pub nickname: String,
    pub gender: String,
    pub birthday: String,
    pub location: String,
    pub self_signature: String,
    pub allow_type: String,
    pub language: String,
    pub image: String,
    /// `receive` or `do_not_receive`: bit 0 of the wire number; the other bits stay as they are.
    pub msg_settings: String,
    pub admin_forbid_type: String,
    pub level: String,
    pub role: String,
    /// The version that the form was filled from.
    pub version: String,
}

/// What deleting a selection of accounts would take along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionSummary {
    /// How many of the ids exist.
    pub accounts: u64,
    /// Groups that would become ownerless.
    pub owned_groups: u64,
    /// Memberships that would end.
    pub memberships: u64,
    /// The first few.
    pub first: Vec<Person>,
}
