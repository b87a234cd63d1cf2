//! Who asks, and what the caller may do.

use serde::{Deserialize, Serialize};

use crate::{Error, Result, application::AppId, operator::Role, permission::Permission};

/// The limits of the token that a back end or an account came with. By default there are none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rights {
    /// The token only reads; every change is [`Error::Forbidden`].
    pub read_only: bool,
    /// The token depends on a secret that was replaced and is valid until this time, milliseconds since 1970. What is obtained
    /// with the token ends by then too.
    pub until: Option<i64>,
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Actor {
    /// A person who is signed in to the console.
    Operator {
        /// The key of the operator's row.
        id: i64,
        /// The operator's name when the request came.
        name: String,
        /// The role when the request came; a change checks the role again.
        role: Role,
    },
    /// A back end with a token of one of an app's API credentials. The back end may read and change the data of that app, and of
    /// no other.
    Credential {
        /// The key of the credential's row.
        id: i64,
        /// The name of the credential in the app's settings.
        name: String,
        /// The key of the credential's app.
        app: i64,
        /// The limits of the token.
        rights: Rights,
    },
    /// An account of an app with a token of its own. Each operation that admits accounts says what they may do.
    Account {
        /// The key of the account's row.
        id: i64,
        /// The username of the account.
        username: String,
        /// The key of the account's app.
        app: i64,
        /// The limits of the token.
        rights: Rights,
        /// The name of the credential through which the token was obtained; `None`: the account signed in with its password.
        through: Option<String>,
    },
    /// Roster itself: the command line, the sample data, clean-ups.
    System,
    /// A caller who is not signed in.
    Anonymous,
}

/// The actor of one request and the address that the request came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// Who acts.
    pub actor: Actor,
    /// The client's network address, as the event log keeps it; `None` for the command line and for work of the server itself.
    pub address: Option<String>,
    /// A hash of what the caller came with: of an operator's session as `store::session::hash_id` makes it, of a token as
    /// `store::identity::tokens::proof` makes it. Each change checks that session or token still hold, and what they allow by
    /// then: the body of a request may take long to arrive.
    pub proof: Option<[u8; 32]>,
}

impl Actor {
    /// The name of the actor; empty for Roster itself and for a caller who is not signed in.
    pub fn name(&self) -> &str {
        match self {
            Self::Operator { name, .. } | Self::Credential { name, .. } | Self::Account { username: name, .. } => name,
            Self::System | Self::Anonymous => "",
        }
    }

    /// Id and name, when it is an operator.
    pub fn operator(&self) -> Option<(i64, &str)> {
        match self {
            Self::Operator { id, name, .. } => Some((*id, name)),
            Self::Credential { .. } | Self::Account { .. } | Self::System | Self::Anonymous => None,
        }
    }
}

impl Rights {
    /// Whether a token with these rights has the permission. [`Permission::Operators`] is for operators alone, so that no token
    /// has it.
    pub fn allow(self, permission: Permission) -> bool {
        match permission {
            Permission::Read => true,
            Permission::Write => !self.read_only,
            Permission::Operators => false,
        }
    }
}

impl Caller {
    /// Roster itself, which has every permission.
    pub fn system() -> Self {
        Self { actor: Actor::System, address: None, proof: None }
    }

    /// A caller who is not signed in, from that address.
    pub fn anonymous(address: Option<String>) -> Self {
        Self { actor: Actor::Anonymous, address, proof: None }
    }

    /// [`Error::Unauthenticated`] for a caller who is not signed in, [`Error::Forbidden`] when the role does not have the
    /// permission. For operations of operators alone; operations that the REST APIs offer too call [`Self::require_in`].
    pub fn require(&self, permission: Permission) -> Result<()> {
        match &self.actor {
            Actor::System => Ok(()),
            Actor::Anonymous => Err(Error::Unauthenticated),
            Actor::Operator { role, .. } if role.allows(permission) => Ok(()),
            Actor::Operator { .. } | Actor::Credential { .. } | Actor::Account { .. } => Err(Error::Forbidden),
        }
    }

    /// The same for the data of one app, which credentials of that app may read and change as well.
    pub fn require_in(&self, app: AppId, permission: Permission) -> Result<()> {
        match &self.actor {
            Actor::Credential { app: own, rights, .. } if *own == app.key() && rights.allow(permission) => Ok(()),
            Actor::Operator { .. } | Actor::Credential { .. } | Actor::Account { .. } | Actor::System | Actor::Anonymous => {
                self.require(permission)
            }
        }
    }

    /// The key of the account, when the caller is an account of that app with a token of its own whose rights have the
    /// permission: the operation itself limits what the account may do. `None` for any other caller who has the permission by
    /// [`Self::require_in`].
    pub fn account_or(&self, app: AppId, permission: Permission) -> Result<Option<i64>> {
        match self.actor {
            Actor::Account { id, app: own, rights, .. } if own == app.key() && rights.allow(permission) => Ok(Some(id)),
            Actor::Operator { .. } | Actor::Credential { .. } | Actor::Account { .. } | Actor::System | Actor::Anonymous => {
                self.require_in(app, permission).map(|()| None)
            }
        }
    }

    /// The operator's key; [`Error::Unauthenticated`] for any other actor.
    pub fn operator_id(&self) -> Result<i64> {
        self.actor.operator().map(|(id, _)| id).ok_or(Error::Unauthenticated)
    }
}
