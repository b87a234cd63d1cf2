//! Notices of changes, which pages receive while they are open.

use serde::{Deserialize, Serialize};

use crate::wire_enum;

wire_enum! {
    /// What has changed, as far as a list needs to know. `store::feed` derives the kind from the [`crate::event::Action`] in the
    /// log.
    pub enum Kind {
        /// Groups were added, edited or deleted, got another owner or announcement, or were muted as a whole.
        Group = "group",
        /// Accounts were created, edited, activated, deactivated or deleted, or got another password.
        Account = "account",
        /// Members were added, changed or removed, or files were shared or deleted: what a group's page shows.
        Member = "member",
        /// Messages were sent.
        Message = "message",
        /// Any other entry of the audit log: sign-ins, refusals, operators, apps, credentials, exports, starts of jobs. No
        /// list of an app's data changes with it.
        Other = "other",
        /// The server cannot say: too much happened at once, or the server was started again.
        Unknown = "unknown",
    }
}

/// Changes of one kind that happened together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeCount {
    /// What has changed.
    pub kind: Kind,
    /// The group id, for groups, members and messages; `None` when there are many.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub group: Option<String>,
    /// How many things changed.
    pub count: u64,
}
