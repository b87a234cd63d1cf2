//! Transfers a group to another owner.

use domain::{
    Error, Permission, Result,
    application::AppId,
    event::Action,
    member::{MemberRole, UsernameMatch, rules::require_member_list},
    page::Reason,
};
use serde_json::json;

use super::find_named;
use crate::{
    Scope,
    change::{Change, ChangeSpec},
    db::{OrFault, query, query_scalar},
    group::group_ref,
    in_change,
};

/// Makes a member the owner; the previous owner stays as an ordinary member. [`Reason::NotRegistered`], [`Reason::NotMember`],
/// and [`Reason::Owner`] for an account that owns the group already, in [`Error::Refused`].
pub async fn transfer(scope: Scope<'_>, group_id: &str, new_owner: &str, username_match: UsernameMatch) -> Result<()> {
    in_change!(ChangeSpec::in_app(scope, Permission::Write, Action::GroupTransfer, group_id), |change| {
        transfer_in(change, scope.app, group_id, new_owner.trim(), username_match).await
    })
}

async fn transfer_in(
    change: &mut Change<'_>,
    app: AppId,
    group_id: &str,
    new_owner: &str,
    username_match: UsernameMatch,
) -> Result<()> {
    let group = group_ref(change.db(), app, group_id).await?;
    require_member_list(group.group_type)?;
    let asked = [new_owner.to_owned()];
    let known = find_named(change.db(), app, group.key, &asked, username_match).await?;
    let found = known.get(new_owner).ok_or_else(|| Error::refused(new_owner, Reason::NotRegistered))?;
    let (username, account) = (found.username.as_str(), found.key);
    match found.standing.role {
        None => return Err(Error::refused(username, Reason::NotMember)),
        Some(MemberRole::Owner) => return Err(Error::refused(username, Reason::Owner)),
        Some(MemberRole::Admin | MemberRole::Member) => {}
    }
    let before: Option<String> =
        query_scalar("SELECT a.username FROM \"group\" g JOIN account a ON a.id = g.owner_id WHERE g.id = $1")
            .bind(group.key)
            .fetch_optional(change.db())
            .await
            .or_fault()?;
    // First the previous owner: a group has one owner at any time.
    query(
        "UPDATE member SET role = 'Member' WHERE group_key = $1 AND role = 'Owner' AND account_key <> $2;
         UPDATE member SET role = 'Owner' WHERE group_key = $1 AND account_key = $2;
         UPDATE \"group\" SET owner_id = $2 WHERE id = $1",
    )
    .bind(group.key)
    .bind(account)
    .execute(change.db())
    .await
    .or_fault()?;
    change.event(group_id, Some(json!({ "owner": before })), Some(json!({ "owner": username }))).await
}
