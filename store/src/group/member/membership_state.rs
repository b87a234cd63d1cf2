//! The state of one account in a group, which decides what can be done to it.

use domain::{
    Permission, Result,
    member::{MemberRole, MembershipState, rules::require_member_list},
};

use crate::{
    Scope,
    db::{OrFault, decode_enum, now, query_as, sql},
    group::group_ref,
};

/// The state of an account in a group; `None`: it is not a member, or does not exist. [`domain::error::Entity::Group`] not found;
/// [`domain::error::Conflict::NoMemberList`] where no list is kept.
pub async fn membership_state(scope: Scope<'_>, group_id: &str, username: &str) -> Result<Option<MembershipState>> {
    scope.require(Permission::Read)?;
    let mut db = scope.store.read().await?;
    let group = group_ref(&mut db, scope.app, group_id).await?;
    require_member_list(group.group_type)?;
    let row: Option<(String, bool, bool)> = query_as(sql!(
        "SELECT m.role,
                EXISTS (SELECT 1 FROM group_listed l WHERE l.group_key = m.group_key AND l.list = 'mute'
                        AND l.account_key = m.account_key AND l.expires_at > $4),
                EXISTS (SELECT 1 FROM group_listed l WHERE l.group_key = m.group_key AND l.list = 'allow'
                        AND l.account_key = m.account_key)
         FROM account a @join member m ON m.group_key = $1 AND m.account_key = a.id
         WHERE a.app_id = $2 AND a.username = $3"
    ))
    .bind(group.key)
    .bind(scope.app.key())
    .bind(username)
    .bind(now())
    .fetch_optional(&mut db)
    .await
    .or_fault()?;
    row.map(|(role, muted, allowed)| Ok(MembershipState { role: decode_enum(&role, MemberRole::parse)?, muted, allowed }))
        .transpose()
}
