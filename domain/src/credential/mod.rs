//! API credentials: the keys with which a back end obtains tokens for one app, and those tokens. Secrets are shown once and kept
//! as hashes.

pub mod rules;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{limits, wire_enum};

wire_enum! {
    /// How long an old secret stays valid beside the new one.
    pub enum Overlap {
        /// The old secret is void at once, and so are the tokens that were obtained with it.
        None = "now",
        /// One hour.
        Hour = "1h",
        /// 24 hours.
        Day = "24h",
        /// 7 days.
        Week = "7d",
    }
}

impl Overlap {
    /// The same in milliseconds.
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
    /// What a credential allows.
    pub enum Access {
        /// Reading and changing the app's data; the value of a new credential.
        Write = "write",
        /// Only reading the app's data.
        Read = "read",
    }
}

/// Who made a credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CredentialCreator {
    /// The credential is older than the record of makers.
    Unknown,
    /// The server's command line.
    CommandLine,
    /// An operator, by the name at that time.
    Operator(String),
}

/// A credential's fields as typed; [`rules::CredentialFields::parse`] checks them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CredentialInput {
    /// Name; see [`rules::CredentialName`].
    pub name: String,
    /// The last day on which the credential is valid, YYYY-MM-DD in UTC; empty: it never expires.
    pub expires: String,
    /// [`Access`] word; empty: [`Access::Write`].
    pub access: String,
    /// Addresses and networks from which the credential is valid, with blanks, commas or line breaks between them; empty: from
    /// anywhere. See [`rules::Addresses`].
    pub addresses: String,
}

impl<T: AsRef<str> + ?Sized> From<&T> for CredentialInput {
    /// A credential of that name, without limits.
    fn from(name: &T) -> Self {
        Self { name: name.as_ref().to_owned(), ..Self::default() }
    }
}

/// A credential that an operator has made, with the app that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedCredential {
    /// The organisation's name of the credential's app.
    pub org_name: String,
    /// The app's name within the organisation.
    pub app_name: String,
    /// The name of the credential.
    pub name: String,
}

/// One row of the list of credentials in the app's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialRow {
    /// The key of the credential's row.
    pub id: i64,
    /// The name in the settings, unique in the app.
    pub name: String,
    /// The public half, which the back end sends with the secret.
    pub client_id: String,
    /// When the credential was made, milliseconds since 1970, UTC.
    pub created_at: i64,
    /// When the secret was last replaced, milliseconds since 1970; `None`: it is still the first.
    pub rotated_at: Option<i64>,
    /// When the credential or one of its tokens was last used, milliseconds since 1970, to the minute; `None`: never.
    pub last_used_at: Option<i64>,
    /// Tokens that were obtained with the credential and are still valid.
    pub tokens: u64,
    /// Who made the credential.
    pub made_by: CredentialCreator,
    /// When the credential stops being valid, milliseconds since 1970; `None`: never.
    pub expires_at: Option<i64>,
    /// The last day on which the credential is valid, as [`CredentialInput::expires`] has it.
    pub expires: String,
    /// The credential is not valid any more.
    pub expired: bool,
    /// What the credential allows.
    pub access: Access,
    /// Addresses and networks from which the credential is valid; empty: from anywhere.
    pub addresses: Vec<String>,
    /// Until when the secret before the latest rotation stays valid, milliseconds since 1970; `None`: it is void.
    pub old_secret_until: Option<i64>,
}

/// A credential with its secret, which cannot be shown again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialWithSecret {
    /// The key of the credential's row.
    pub id: i64,
    /// The name in the settings.
    pub name: String,
    /// The public half.
    pub client_id: String,
    /// The secret half in clear; the server keeps only its hash.
    pub client_secret: String,
}

impl fmt::Debug for CredentialWithSecret {
    /// Without the secret: what is printed ends up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FreshCredential").field("id", &self.id).field("client_id", &self.client_id).finish_non_exhaustive()
    }
}
