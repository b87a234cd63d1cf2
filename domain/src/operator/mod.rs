//! Operators: the people who sign in to the console. They are not accounts of an app.

pub mod rules;

use serde::{Deserialize, Serialize};

use crate::{Permission, layout::Layout, wire_enum};

wire_enum! {
    /// What an operator may do on this server, in all apps.
    pub enum Role {
        /// Everything, operators and the keeping of the audit log included.
        Owner = "owner",
        /// Reads and changes all app data.
        Admin = "admin",
        /// Only reads, and sees neither network addresses in the log nor events of the server as a whole.
        Viewer = "viewer",
    }
}

impl Role {
    /// Whether an operator with this role has the permission.
    pub fn allows(self, permission: Permission) -> bool {
        match permission {
            Permission::Read => true,
            Permission::Write => matches!(self, Self::Owner | Self::Admin),
            Permission::Operators => self == Self::Owner,
        }
    }
}

wire_enum! {
    /// Languages of the console, chosen by the operator or taken from the browser.
    pub enum Language {
        /// English; the language of a browser that asks for none of the three.
        En = "en",
        /// Chinese, in simplified characters.
        Zh = "zh",
        /// Korean.
        Ko = "ko",
    }
}

wire_enum! {
    /// Colours of the console.
    pub enum Theme {
        /// Light or dark as the operating system is set.
        Auto = "auto",
        /// Dark text on light ground.
        Light = "light",
        /// Light text on dark ground.
        Dark = "dark",
    }
}

/// The operator who is signed in, as every page needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The key of the operator's row.
    pub id: i64,
    /// The operator's name; see [`rules::OperatorName`].
    pub name: String,
    /// What the operator may do: pages hide what the role does not allow.
    pub role: Role,
    /// The chosen language; `None`: the browser's.
    pub language: Option<Language>,
    /// The chosen colours.
    pub theme: Theme,
    /// How the operator has set the lists.
    pub layout: Layout,
}

/// One row of the Operators page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorRow {
    /// The key of the operator's row.
    pub id: i64,
    /// The name with which the operator signs in.
    pub name: String,
    /// What the operator may do.
    pub role: Role,
    /// The operator may not sign in; sessions have ended.
    pub disabled: bool,
    /// The operator has not chosen a password yet: a set-up link was given out.
    pub pending: bool,
    /// When the operator was added, milliseconds since 1970.
    pub created_at: i64,
    /// When the operator last signed in, milliseconds since 1970; `None`: never.
    pub last_sign_in_at: Option<i64>,
}

/// A session of an operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRow {
    /// Handle for ending the session; nothing about the secret that the browser has follows from it.
    pub id: i64,
    /// When the session began, milliseconds since 1970.
    pub created_at: i64,
    /// When the session was last used, milliseconds since 1970; the session ends [`crate::limits::SESSION_IDLE_MS`] later.
    pub seen_at: i64,
    /// The network address of the last request; `None` where it is unknown.
    pub address: Option<String>,
    /// What the browser calls itself, at most 300 bytes; empty where the request had no such header.
    pub user_agent: String,
    /// The session of this very request.
    pub current: bool,
}

/// What a set-up link is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SetupKind {
    /// The server's first operator, who chooses a name and a password.
    First,
    /// An operator whom an owner added or whose password was reset, who chooses a password.
    Operator {
        /// The operator's name, which stays.
        name: String,
    },
}

/// A one-time secret, shown once as `/setup?token=…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupLink {
    /// The name of the operator whom the link is for.
    pub operator: String,
    /// The secret; the server keeps only its hash.
    pub token: String,
    /// When the link stops working, milliseconds since 1970: [`crate::limits::SETUP_LINK_MS`] after it was made.
    pub expires_at: i64,
}
