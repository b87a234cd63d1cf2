//! The access flags that a group sets itself, as stored.

use domain::group::access::OwnAccess;

/// The columns of [`OwnAccess`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct OwnAccessRow {
    members_only: Option<bool>,
    allow_invites: Option<bool>,
    invite_need_confirm: Option<bool>,
}

impl From<OwnAccessRow> for OwnAccess {
    fn from(row: OwnAccessRow) -> Self {
        Self { members_only: row.members_only, allow_invites: row.allow_invites, invite_need_confirm: row.invite_need_confirm }
    }
}
