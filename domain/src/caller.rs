//! Who asks, and what that one may do.

use serde::{Deserialize, Serialize};

use crate::{Error, Result, operator::Role};

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

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Actor {
    Operator {
        id: i64,
        name: String,
        role: Role,
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
}

impl Caller {
    pub fn system() -> Self {
        Self { actor: Actor::System, address: None }
    }

    pub fn anonymous(address: Option<String>) -> Self {
        Self { actor: Actor::Anonymous, address }
    }

    /// [`Error::Unauthenticated`] without a session, [`Error::Forbidden`] when the role does not reach.
    pub fn require(&self, permission: Permission) -> Result<()> {
        match &self.actor {
            Actor::System => Ok(()),
            Actor::Anonymous => Err(Error::Unauthenticated),
            Actor::Operator { role, .. } if role.allows(permission) => Ok(()),
            Actor::Operator { .. } => Err(Error::Forbidden),
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
