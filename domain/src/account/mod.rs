//! Accounts: the users of one app. Field names and wire values follow the profile tags of Tencent's REST API
//! (`Tag_Profile_IM_*`), the screen follows the account console document.

pub mod checked;
pub mod rules;

use serde::{Deserialize, Serialize};

use crate::wire_enum;

wire_enum! {
    /// Account type (account console document).
    pub enum AccountType {
        /// An ordinary user of the app.
        General = "General",
        /// An administrator of the app, who may call the REST APIs; an app has at most [`crate::limits::APP_ADMINS`].
        Admin = "Admin",
    }
}

wire_enum! {
    /// Gender, `Tag_Profile_IM_Gender`.
    pub enum Gender {
        /// Not set; the value of a new account.
        Unknown = "Gender_Type_Unknown",
        /// The user says female.
        Female = "Gender_Type_Female",
        /// The user says male.
        Male = "Gender_Type_Male",
    }
}

wire_enum! {
    /// Friend request verification, `Tag_Profile_IM_AllowType`.
    pub enum AllowType {
        /// The user confirms each friend request; the value of a new account.
        NeedConfirm = "AllowType_Type_NeedConfirm",
        /// Everybody may add the user as a friend.
        AllowAny = "AllowType_Type_AllowAny",
        /// Nobody may add the user as a friend.
        DenyAny = "AllowType_Type_DenyAny",
    }
}

wire_enum! {
    /// Friending, `Tag_Profile_IM_AdminForbidType`: whether the administrator forbids the user to send friend requests.
    pub enum AdminForbidType {
        /// The user may send friend requests; the value of a new account.
        None = "AdminForbid_Type_None",
        /// The user may not send friend requests.
        SendOut = "AdminForbid_Type_SendOut",
    }
}

/// Bit 0 of `Tag_Profile_IM_MsgSettings`: set when the user does not receive messages.
pub const MSG_SETTINGS_DO_NOT_RECEIVE: u32 = 1;

/// Everything that the edit dialog changes. `None` means never set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// `Tag_Profile_IM_Nick`: at most [`crate::limits::NICKNAME_BYTES`]; empty for none.
    pub nickname: String,
    /// `Tag_Profile_IM_Gender`.
    pub gender: Gender,
    /// `Tag_Profile_IM_BirthDay`: YYYYMMDD as a number, such as 20010228.
    pub birthday: Option<u32>,
    /// `Tag_Profile_IM_Location`: at most [`crate::limits::LOCATION_BYTES`]; the app decides what the text means.
    pub location: String,
    /// `Tag_Profile_IM_SelfSignature`, «What's Up»: at most [`crate::limits::SIGNATURE_BYTES`], line breaks allowed.
    pub self_signature: String,
    /// `Tag_Profile_IM_AllowType`.
    pub allow_type: AllowType,
    /// `Tag_Profile_IM_Language`: a number that the app defines.
    pub language: Option<u32>,
    /// `Tag_Profile_IM_Image`: URL of the profile photo, at most [`crate::limits::PROFILE_PHOTO_BYTES`]; empty for none.
    pub image: String,
    /// `Tag_Profile_IM_MsgSettings`: bits, see [`MSG_SETTINGS_DO_NOT_RECEIVE`]; the app may use the others.
    pub msg_settings: u32,
    /// `Tag_Profile_IM_AdminForbidType`.
    pub admin_forbid_type: AdminForbidType,
    /// `Tag_Profile_IM_Level`: a number that the app defines.
    pub level: Option<u32>,
    /// `Tag_Profile_IM_Role`: a number that the app defines; not the role in a group.
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
    /// The documents' UserID, unique in the app; never changes.
    pub username: String,
    /// General or Admin; set when the account is created.
    #[serde(rename = "type")]
    pub account_type: AccountType,
    /// The profile that users see and the edit dialog changes.
    pub profile: Profile,
    /// When the account was created, milliseconds since 1970, UTC.
    pub created_at: i64,
    /// Rises by one with every change; an edit of an older version is refused ([`crate::error::Conflict::ChangedMeanwhile`]).
    pub version: i64,
}

/// An account as the REST APIs show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// A UUID that stays the same while the account exists; a name that is registered again has another.
    pub uuid: String,
    /// The username, in lower case where the REST API registered it.
    pub username: String,
    /// The nickname; may be empty.
    pub nickname: String,
    /// Whether the account may sign in and obtain tokens.
    pub activated: bool,
    /// When the account was created, milliseconds since 1970, UTC.
    pub created_at: i64,
    /// When the account was last changed, milliseconds since 1970, UTC; at first the time of creation.
    pub modified_at: i64,
}

/// A user to register, as a client sent it: words that are not checked yet.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct NewUserInput {
    /// Username; see [`rules::ApiUsername`].
    pub username: String,
    /// Password in clear; see [`rules::user_password`].
    pub password: String,
    /// Nickname; empty for none.
    pub nickname: String,
}

impl std::fmt::Debug for NewUserInput {
    /// Without the password: what is printed ends up in logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { username, nickname, .. } = self;
        f.debug_struct("NewUserInput").field("username", username).field("nickname", nickname).finish_non_exhaustive()
    }
}

/// The results of registering users.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registered {
    /// The users that were created.
    pub made: Vec<User>,
    /// Usernames that other accounts have already.
    pub existing: Vec<String>,
}

/// One row of the account list in the console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRow {
    /// The account's username.
    pub username: String,
    /// The account's nickname; may be empty.
    pub nickname: String,
    /// General or Admin.
    #[serde(rename = "type")]
    pub account_type: AccountType,
    /// The account's profile photo, a URL; empty for none.
    pub image: String,
    /// When the account was created, milliseconds since 1970.
    pub created_at: i64,
}

/// An account as other lists show it, such as the owner of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The account's username.
    pub username: String,
    /// The account's nickname; may be empty.
    pub nickname: String,
    /// The account's profile photo, a URL; empty for none.
    pub image: String,
}

/// The create dialog's fields as typed; [`checked::NewAccount::parse`] checks them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewAccountInput {
    /// [`AccountType`] word.
    #[serde(rename = "type")]
    pub account_type: String,
    /// Username; see [`rules::Username`].
    pub username: String,
    /// Nickname; see [`rules::nickname`].
    pub nickname: String,
    /// Profile photo; see [`rules::image`].
    pub image: String,
}

/// The edit dialog's fields as typed; [`checked::CheckedProfile::parse`] checks them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProfileInput {
    /// Nickname; see [`rules::nickname`].
    pub nickname: String,
    /// [`Gender`] word.
    pub gender: String,
    /// YYYY-MM-DD, as a date picker writes it; empty for none. See [`rules::birthday`].
    pub birthday: String,
    /// Location; see [`rules::location`].
    pub location: String,
    /// «What's Up»; see [`rules::self_signature`].
    pub self_signature: String,
    /// [`AllowType`] word.
    pub allow_type: String,
    /// A whole number; empty for none.
    pub language: String,
    /// Profile photo; see [`rules::image`].
    pub image: String,
    /// `receive` or `do_not_receive`: bit 0 of [`Profile::msg_settings`]; the other bits stay as they are.
    pub msg_settings: String,
    /// [`AdminForbidType`] word.
    pub admin_forbid_type: String,
    /// A whole number; empty for none.
    pub level: String,
    /// A whole number; empty for none.
    pub role: String,
    /// [`Account::version`] of the account that the form shows.
    pub version: String,
}

/// What deleting a selection of accounts would remove, for the dialog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionSummary {
    /// How many of the usernames exist.
    pub accounts: u64,
    /// Groups that would have no owner any more.
    pub owned_groups: u64,
    /// Memberships that would end, in groups of other owners too.
    pub memberships: u64,
    /// The first five accounts.
    pub first: Vec<Person>,
}
