//! API credentials: the keys with which a back end gets tokens for one app, and those tokens. Secrets are shown once and kept as
//! hashes.

pub mod rules;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{limits, wire_enum};

wire_enum! {
    /// How long an old secret goes on beside the new one.
    Overlap {
        /// It is void at once, and so are the tokens that were got with it.
        None = "now",
        Hour = "1h",
        Day = "24h",
        Week = "7d",
    }
}

impl Overlap {
    /// Milliseconds.
    pub fn ms(self) -> i64 {
        match self {
            Self::None => 0,
            Self::Hour => limits::HOUR_MS,
            Self::Day => limits::DAY_MS,
            Self::Week => 7 * limits::DAY_MS,
        }
    }
}

wire_enum! {
    /// What a credential is good for.
    Access { Write = "write", Read = "read" }
}

/// Who made a credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Maker {
    /// From before that was kept.
    Unknown,
    CommandLine,
    /// An operator, by the name of then.
    Operator(String),
}

/// A credential's fields as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CredentialInput {
    pub name: String,
    /// The last day on which it is good, YYYY-MM-DD in UTC; empty: it never expires.
    pub expires: String,
    /// [`Access`] word; empty: [`Access::Write`].
    pub access: String,
    /// Addresses and networks from which it is good, with blanks, commas or line breaks between them; empty: from anywhere.
    pub addresses: String,
}

impl<T: AsRef<str> + ?Sized> From<&T> for CredentialInput {
    /// One of that name, without limits.
    fn from(name: &T) -> Self {
        Self { name: name.as_ref().to_owned(), ..Self::default() }
    }
}

/// A credential that an operator has made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeCredential {
    pub org_name: String,
    pub app_name: String,
    pub name: String,
}

/// One row of the settings' list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialRow {
    pub id: i64,
    pub name: String,
    pub client_id: String,
    /// Milliseconds since 1970, UTC.
    pub created_at: i64,
    /// When its secret was replaced last; `None`: it is still the first.
    pub rotated_at: Option<i64>,
    /// To the minute; `None`: never.
    pub last_used_at: Option<i64>,
    /// Tokens that were got with it and are still good.
    pub tokens: u64,
    pub made_by: Maker,
    /// From when on it is not good any more, milliseconds; `None`: never.
    pub expires_at: Option<i64>,
    /// The last day on which it is good, as [`CredentialInput::expires`] has it.
    pub expires: String,
    pub expired: bool,
    pub access: Access,
    /// From where it is good; empty: from anywhere.
    pub addresses: Vec<String>,
    /// Until when the secret before the latest rotation goes on; `None`: it has ended.
    pub old_secret_until: Option<i64>,
}

/// A credential with its secret, which nobody can be shown again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreshCredential {
    pub id: i64,
    pub name: String,
    pub client_id: String,
    pub client_secret: String,
}

impl fmt::Debug for FreshCredential {
    /// Without the secret: what is printed ends up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FreshCredential").field("id", &self.id).field("client_id", &self.client_id).finish_non_exhaustive()
    }
}
