//! What has just changed, as pages hear of it.

use serde::{Deserialize, Serialize};

use crate::wire_enum;

wire_enum! {
    /// What has changed, as far as a list needs to know.
    Kind {
        Group = "group",
        Account = "account",
        Member = "member",
        Message = "message",
        /// Anything else that the audit log tells of: sign-ins, refusals, operators, apps, exports.
        Other = "other",
        /// Nobody knows: too much happened at once, or the server was started anew.
        Unknown = "unknown",
    }
}

/// Changes of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    pub kind: Kind,
    /// The group, for groups, members and messages; `None` when there are many.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub group: Option<String>,
    pub count: u64,
}
