//! API credentials: the keys with which a back end gets tokens for one app, and those tokens. Secrets are shown once and kept as
//! hashes.

pub mod rules;
#[cfg(feature = "store")]
pub mod store;
#[cfg(feature = "store")]
pub mod tokens;

use std::fmt;

use serde::{Deserialize, Serialize};

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
