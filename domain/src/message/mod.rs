//! Messages of groups. Each group numbers its own from 1 up.

pub mod rules;

use serde::{Deserialize, Serialize};

use crate::wire_enum;

wire_enum! {
    /// Who a message is from.
    SenderType {
        /// An operator of the console; `sender` is the operator's name.
        Operator = "operator",
        /// An account of the app; `sender` is the username.
        Account = "account",
        /// A back end, through an API credential; `sender` is what it calls itself.
        Credential = "credential",
    }
}

/// One message as the details page lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRow {
    /// Number within the group, from 1, one more for each message.
    pub seq: i64,
    pub sender_type: SenderType,
    pub sender: String,
    pub text: String,
    pub sent_at: i64,
}
