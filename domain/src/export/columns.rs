//! The columns of every list that can be exported: the key on the wire, and the kind of its values. Their titles are in the crate
//! `words`.

use serde::{Deserialize, Serialize};

use crate::{event::Action, wire_enum};

wire_enum! {
    /// A list that can be exported.
    pub enum ExportList {
        /// The accounts of an app.
        Accounts = "accounts",
        /// The groups of an app.
        Groups = "groups",
        /// The members of one group.
        Members = "members",
        /// The messages of one group.
        Messages = "messages",
        /// The audit log of one app, with the server's events as on screen.
        Events = "events",
    }
}

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// A text; empty where none was set.
    Text,
    /// A whole number; empty where none was set.
    Number,
    /// Milliseconds since 1970 in UTC; written as ISO 8601.
    Time,
    /// A JSON value; CSV and XLSX hold its text.
    Json,
}

/// One column of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The name on the wire; the key in JSON Lines.
    pub key: &'static str,
    /// What the values are.
    pub kind: Kind,
}

impl ExportList {
    /// The action that the log records for an export of this list.
    pub const fn action(self) -> Action {
        match self {
            Self::Accounts => Action::AccountExport,
            Self::Groups => Action::GroupExport,
            Self::Members => Action::MemberExport,
            Self::Messages => Action::MessageExport,
            Self::Events => Action::EventExport,
        }
    }

    /// All its columns, in order.
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Self::Accounts => ACCOUNTS,
            Self::Groups => GROUPS,
            Self::Members => MEMBERS,
            Self::Messages => MESSAGES,
            Self::Events => EVENTS,
        }
    }

    /// The column of that key.
    pub fn column(self, key: &str) -> Option<&'static Column> {
        self.columns().iter().find(|column| column.key == key)
    }

    /// Whether a table that begins with keys has a row for each of its columns, in their order. For constants: a column that a table
    /// elsewhere lacks does not compile.
    pub const fn is_whole(self, table: &[(&str, &str)]) -> bool {
        let columns = self.columns();
        let mut place = 0;
        while place < columns.len() {
            if place >= table.len() || !same(columns[place].key, table[place].0) {
                return false;
            }
            place += 1;
        }
        columns.len() == table.len()
    }

    /// Whether it belongs to one group.
    pub const fn is_of_group(self) -> bool {
        matches!(self, Self::Members | Self::Messages)
    }
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut place = 0;
    while place < a.len() && place < b.len() && a[place] == b[place] {
        place += 1;
    }
    place == a.len() && place == b.len()
}

/// `key: Kind;` for each column.
macro_rules! columns {
    ($($key:literal : $kind:ident;)+) => {
        &[$(Column { key: $key, kind: Kind::$kind }),+]
    };
}

/// All profile fields.
const ACCOUNTS: &[Column] = columns! {
    "username": Text;
    "type": Text;
    "nickname": Text;
    "gender": Text;
    "birthday": Number;
    "location": Text;
    "self_signature": Text;
    "allow_type": Text;
    "language": Number;
    "image": Text;
    "msg_settings": Number;
    "admin_forbid_type": Text;
    "level": Number;
    "role": Number;
    "created_at": Time;
};

/// `max_member_count` is the number that the group itself sets: empty where the type decides.
const GROUPS: &[Column] = columns! {
    "group_id": Text;
    "name": Text;
    "type": Text;
    "owner": Text;
    "introduction": Text;
    "member_count": Number;
    "max_member_count": Number;
    "message_count": Number;
    "created_at": Time;
};

const MEMBERS: &[Column] = columns! {
    "group_id": Text;
    "username": Text;
    "nickname": Text;
    "role": Text;
    "joined_at": Time;
    "last_spoke_at": Time;
};

const MESSAGES: &[Column] = columns! {
    "group_id": Text;
    "seq": Number;
    "sender_type": Text;
    "sender": Text;
    "text": Text;
    "sent_at": Time;
};

const EVENTS: &[Column] = columns! {
    "id": Number;
    "at": Time;
    "scope": Text;
    "actor": Text;
    "operator": Text;
    "through": Text;
    "action": Text;
    "target": Text;
    "target_name": Text;
    "outcome": Text;
    "before": Json;
    "after": Json;
    "address": Text;
};
