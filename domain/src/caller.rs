//! Who asks, and what that one may do.

use serde::{Deserialize, Serialize};

use crate::{Error, Result, application::AppId, operator::Role};

/// What an operation needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Seeing an app's data.
    Read,
    /// Changing an app's data.
    Write,
    /// Adding, changing and disabling operators.
    Operators,
}

/// What the token that a back end or an account came with is limited to. The default: to nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rights {
    /// Reading is all that it is good for.
    pub read_only: bool,
    /// The secret behind it is an old one that goes on until then, milliseconds: what is got with the token ends by then too.
    pub until: Option<i64>,
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Actor {
    Operator {
        id: i64,
        name: String,
        role: Role,
    },
    /// A back end that came with a token of one of an app's API credentials. May read and change that app's data, no other's.
    Credential {
        id: i64,
        /// As the settings call it.
        name: String,
        /// The key of its app.
        app: i64,
        rights: Rights,
    },
    /// An account of an app that came with a token of its own. What it may do, each operation says that lets it in.
    Account {
        id: i64,
        username: String,
        /// The key of its app.
        app: i64,
        rights: Rights,
        /// The name of the credential that the token was got through; `None`: it was got for the password.
        through: Option<String>,
    },
    /// Roster itself: the command line, the sample data, clean-ups.
    System,
    /// Nobody signed in.
    Anonymous,
}

/// The actor of one request and where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    pub actor: Actor,
    /// The client's network address, as the event log keeps it.
    pub address: Option<String>,
    /// What the caller came with: of an operator the session, as `store::session::hash_id` names it, of others the token, as
    /// `credential::tokens::proof` does. Each change looks whether it still holds, and what it allows by then: a request can take long
    /// to come.
    pub proof: Option<[u8; 32]>,
}

impl Actor {
    /// The name of whoever acts; empty for Roster itself and for nobody.
    pub fn name(&self) -> &str {
        match self {
            Self::Operator { name, .. } | Self::Credential { name, .. } | Self::Account { username: name, .. } => name,
            Self::System | Self::Anonymous => "",
        }
    }
}

impl Rights {
    /// Operators are looked after by operators alone.
    pub fn allow(self, permission: Permission) -> bool {
        match permission {
            Permission::Read => true,
            Permission::Write => !self.read_only,
            Permission::Operators => false,
        }
    }
}

impl Caller {
    pub fn system() -> Self {
        Self { actor: Actor::System, address: None, proof: None }
    }

    pub fn anonymous(address: Option<String>) -> Self {
        Self { actor: Actor::Anonymous, address, proof: None }
    }

    /// [`Error::Unauthenticated`] without a session, [`Error::Forbidden`] when the role does not reach. What asks this is for
    /// operators alone; what the REST APIs reach too asks [`Self::require_in`].
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
            _ => self.require(permission),
        }
    }

    /// The account of that app that came with a token of its own, for what such an account may do as far as the operation says; or `None`
    /// for who has the permission, as [`Self::require_in`] says.
    pub fn account_or(&self, app: AppId, permission: Permission) -> Result<Option<i64>> {
        match self.actor {
            Actor::Account { id, app: own, rights, .. } if own == app.key() && rights.allow(permission) => Ok(Some(id)),
            _ => self.require_in(app, permission).map(|()| None),
        }
    }

    /// The operator's id; [`Error::Unauthenticated`] for anybody else.
    pub fn operator_id(&self) -> Result<i64> {
        match self.actor {
            Actor::Operator { id, .. } => Ok(id),
            _ => Err(Error::Unauthenticated),
        }
    }
}
