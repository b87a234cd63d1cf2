//! Apps. Every account, group and message belongs to one app. `org_name` and `app_name` together name an app, as in Easemob's
//! REST paths.

pub mod rules;

use serde::{Deserialize, Serialize};

use crate::file::Usage;

/// An app as cards and settings show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// The organisation's name: first part of the app's addresses; never changes.
    pub org_name: String,
    /// The app's name within the organisation: second part of its addresses; never changes.
    pub app_name: String,
    /// The name on cards and pages; see [`rules::DisplayName`].
    pub display_name: String,
    /// When the app was created, milliseconds since 1970.
    pub created_at: i64,
    /// Accounts of the app, of both types.
    pub account_count: u64,
    /// Groups of the app, of all types.
    pub group_count: u64,
    /// Accounts of type Admin; at most [`crate::limits::APP_ADMINS`].
    pub admin_count: u64,
    /// The fewest characters of a password that the REST API sets, 1 to [`crate::limits::USER_PASSWORD_CHARS`].
    pub password_min_chars: u32,
    /// What the app gives tokens for, and for how long.
    pub token_rules: TokenRules,
    /// Bytes of the shared files of all groups, and their quota.
    pub files: Usage,
    /// Bytes that the shared files of one group may have together; `None`: no limit.
    pub group_file_quota: Option<u64>,
}

/// An app by its names, for menus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationName {
    /// The organisation's name; see [`Application::org_name`].
    pub org_name: String,
    /// The app's name within the organisation; see [`Application::app_name`].
    pub app_name: String,
    /// The name on cards and pages.
    pub display_name: String,
}

/// What an app gives tokens of its REST API for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRules {
    /// Users obtain tokens with their passwords.
    pub password_grant: bool,
    /// Back ends obtain tokens for users.
    pub inherit_grant: bool,
    /// The longest lifetime of a token, seconds, at most [`crate::limits::API_TOKEN_MAX_S`]; 0: no limit.
    pub ttl_max: i64,
}

/// The same as typed: words that are not checked yet. An empty field leaves its rule as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TokenRulesInput {
    /// `on` or `off`, see [`TokenRules::password_grant`].
    pub password_grant: String,
    /// `on` or `off`, see [`TokenRules::inherit_grant`].
    pub inherit_grant: String,
    /// Seconds, see [`TokenRules::ttl_max`].
    pub ttl_max: String,
}

/// The form of the quotas as typed; see [`crate::file::rules::quota`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FileQuotasInput {
    /// The quota of all groups together, such as `50 GB`; empty for no limit.
    pub file_quota: String,
    /// The quota of each group, such as `500 MB`; empty for no limit.
    pub group_file_quota: String,
}

/// The create dialog's fields as typed; [`rules::NewApplication::parse`] checks them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewApplicationInput {
    /// Display name; see [`rules::DisplayName`].
    pub display_name: String,
    /// Organisation; see [`rules::AppKey`] and [`rules::RESERVED_ORGS`].
    pub org_name: String,
    /// Name within the organisation; see [`rules::AppKey`].
    pub app_name: String,
}

/// The key of an app inside the database. The store alone makes one when it has looked the app up, so that the type proves the
/// look-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AppId(i64);

impl AppId {
    /// For the store alone: the key of a row that it has read.
    pub const fn of_row(key: i64) -> Self {
        Self(key)
    }

    /// The key, for SQL.
    pub const fn key(self) -> i64 {
        self.0
    }
}

/// An app as the path of a REST call names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppRef {
    /// The key of the app that was looked up.
    pub id: AppId,
    /// The UUID of the app in answers of the REST API; never changes.
    pub uuid: String,
    /// The organisation's name.
    pub org_name: String,
    /// The app's name within the organisation.
    pub app_name: String,
}
