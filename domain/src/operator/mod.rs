//! Operators: the people who sign in to the console. Not accounts of an app.

pub mod rules;

use serde::{Deserialize, Serialize};

use crate::{Permission, layout::Layout, wire_enum};

wire_enum! {
    /// What an operator may do on this server.
    Role {
        /// Everything, operators included.
        Owner = "owner",
        /// All app data.
        Admin = "admin",
        /// Reads only.
        Viewer = "viewer",
    }
}

impl Role {
    pub fn allows(self, permission: Permission) -> bool {
        match permission {
            Permission::Read => true,
            Permission::Write => matches!(self, Self::Owner | Self::Admin),
            Permission::Operators => self == Self::Owner,
        }
    }
}

wire_enum! {
    /// Languages of the console.
    Language { En = "en", Zh = "zh", Ko = "ko" }
}

wire_enum! {
    /// Light, dark, or what the system says.
    Theme { Auto = "auto", Light = "light", Dark = "dark" }
}

/// Who is signed in, as every page needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    pub id: i64,
    pub name: String,
    pub role: Role,
    pub language: Option<Language>,
    pub theme: Theme,
    pub layout: Layout,
}

/// One row of the Operators page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorRow {
    pub id: i64,
    pub name: String,
    pub role: Role,
    pub disabled: bool,
    /// Has not chosen a password yet (a set-up link is out).
    pub pending: bool,
    pub created_at: i64,
    pub last_sign_in_at: Option<i64>,
}

/// A session of an operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRow {
    /// Handle for ending it; says nothing about the cookie.
    pub id: i64,
    pub created_at: i64,
    pub seen_at: i64,
    pub address: Option<String>,
    pub user_agent: String,
    /// The one that asks.
    pub current: bool,
}

/// What a set-up link is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SetupKind {
    /// The server's first operator: chooses name and password.
    First,
    /// An operator whom an owner added or whose password was reset: chooses a password.
    Operator { name: String },
}

/// A one-time secret, shown once: `/setup?token=…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupLink {
    pub operator: String,
    pub token: String,
    pub expires_at: i64,
}
