//! Apps: everything else hangs on one. `org_name` and `app_name` together name it, as in Easemob's REST paths.

pub mod rules;

use serde::{Deserialize, Serialize};

use crate::file::Usage;

/// An app as cards and settings show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    pub org_name: String,
    pub app_name: String,
    pub display_name: String,
    pub created_at: i64,
    pub account_count: u64,
    pub group_count: u64,
    pub admin_count: u64,
    /// The fewest characters of an account's password that is set through the REST API.
    pub password_min_chars: u32,
    pub token_rules: TokenRules,
    /// Shared files of all groups.
    pub files: Usage,
    /// Bytes that the shared files of one group may have together; `None`: no limit.
    pub group_file_quota: Option<u64>,
}

/// What an app gives tokens of its REST API for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRules {
    /// Users get tokens for their passwords.
    pub password_grant: bool,
    /// Back ends get tokens for users.
    pub inherit_grant: bool,
    /// The longest that a token is good, seconds; 0: no limit.
    pub ttl_max: i64,
}

/// The same as typed. Empty leaves as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TokenRulesInput {
    /// `on` or `off`; both.
    pub password_grant: String,
    pub inherit_grant: String,
    /// Seconds, see [`TokenRules::ttl_max`].
    pub ttl_max: String,
}

/// The form of the quotas as typed; see [`crate::file::rules::quota`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FileQuotasInput {
    /// Of all groups together.
    pub file_quota: String,
    /// Of each group.
    pub group_file_quota: String,
}

/// The create dialog's fields as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewApplicationInput {
    pub display_name: String,
    pub org_name: String,
    pub app_name: String,
}

/// The key of an app inside the database. The store makes one when it has looked the app up, so whoever holds it has done that.
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
    pub id: AppId,
    /// What API answers call it by; never changes.
    pub uuid: String,
    pub org_name: String,
    pub app_name: String,
}
