//! Messages of groups. Each group numbers its messages from 1 up.

pub mod rules;

use serde::{Deserialize, Serialize};

use crate::wire_enum;

wire_enum! {
    /// The kind of a message's sender.
    pub enum SenderType {
        /// An operator of the console; `sender` is the operator's name.
        Operator = "operator",
        /// An account of the app; `sender` is the username.
        Account = "account",
        /// A back end with an API credential; `sender` is the name that the back end gives itself, see [`rules::Sender`].
        Credential = "credential",
    }
}

/// One message as the details page lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRow {
    /// Number within the group, from 1, rising by one with each message.
    pub seq: i64,
    /// The kind of the sender.
    pub sender_type: SenderType,
    /// The sender's name, see [`SenderType`].
    pub sender: String,
    /// The text, with `\n` as line break.
    pub text: String,
    /// When the message was sent, milliseconds since 1970.
    pub sent_at: i64,
}
