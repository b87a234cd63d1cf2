//! What owners do on the Operators page.

use domain::{
    Caller, Permission, Result,
    error::Checks,
    event::Action,
    operator::{OperatorRow, Role, SetupLink, rules::OperatorName},
};
use serde_json::json;

use super::{all, end_sessions, insert, may_lose_power, new_link, wanted, write_password};
use crate::{
    Store,
    change::{Change, ChangeSpec},
    db::OrFault,
    db::query,
    in_change,
};

/// All operators by name; owners only.
pub async fn list(store: &Store, caller: &Caller) -> Result<Vec<OperatorRow>> {
    caller.require(Permission::Operators)?;
    all(store.reader()).await
}

/// Adds an operator, who chooses a password through the set-up link. [`domain::Code::Taken`] at `name`; the errors of
/// [`OperatorName`] at `name` and of [`Role`] at `role`. Owners only.
pub async fn add(store: &Store, caller: &Caller, name: &str, role: &str) -> Result<SetupLink> {
    in_change!(ChangeSpec::of_server(store, caller, Permission::Operators, Action::OperatorAdd, name.trim()), |change| {
        add_in(change, name, role).await
    })
}

async fn add_in(change: &mut Change<'_>, name: &str, role: &str) -> Result<SetupLink> {
    let mut checks = Checks::new();
    let name = checks.take("name", OperatorName::parse(name));
    let role = checks.take("role", Role::parse(role));
    let (name, role) = checks.finish(|| name.zip(role))?;
    let id = insert(change.db(), &name, role, None).await?;
    let link = new_link(change.db(), Some((id, name.as_str()))).await?;
    change.event(name.as_str(), None, Some(json!({ "name": name.as_str(), "role": role }))).await?;
    Ok(link)
}

/// Gives an operator another role; owners only. [`domain::error::Conflict::LastOwner`] for the last owner,
/// [`domain::error::Conflict::Oneself`] for the caller; [`domain::error::Entity::Operator`] not found.
pub async fn change_role(store: &Store, caller: &Caller, id: i64, role: &str) -> Result<()> {
    in_change!(spec_of(store, caller, Action::OperatorRole, id).await?, |change| change_role_in(change, caller, id, role).await)
}

async fn change_role_in(change: &mut Change<'_>, caller: &Caller, id: i64, role: &str) -> Result<()> {
    let mut checks = Checks::new();
    let role = checks.take("role", Role::parse(role));
    let role = checks.finish(|| role)?;
    let row = wanted(change.db(), id).await?;
    let before = row.role()?;
    if before == role {
        return Ok(());
    }
    may_lose_power(change.db(), caller, &row).await?;
    query("UPDATE operator SET role = $1 WHERE id = $2").bind(role.as_str()).bind(id).execute(change.db()).await.or_fault()?;
    change.event(&row.name, Some(json!({ "role": before })), Some(json!({ "role": role }))).await
}

/// Disables an operator and ends their sessions and jobs, or enables one, whose jobs stay ended. Owners only. The errors of
/// [`change_role`].
pub async fn set_disabled(store: &Store, caller: &Caller, id: i64, disabled: bool) -> Result<()> {
    let action = if disabled { Action::OperatorDisable } else { Action::OperatorEnable };
    in_change!(spec_of(store, caller, action, id).await?, |change| set_disabled_in(change, caller, id, disabled).await)
}

pub(super) async fn set_disabled_in(change: &mut Change<'_>, caller: &Caller, id: i64, disabled: bool) -> Result<()> {
    let row = wanted(change.db(), id).await?;
    if (row.disabled != 0) == disabled {
        return Ok(());
    }
    if disabled {
        may_lose_power(change.db(), caller, &row).await?;
        end_sessions(change.db(), id, None).await?;
        crate::job::cancel_all_of(change, id).await?;
    }
    let flag = i64::from(disabled);
    query("UPDATE operator SET disabled = $1 WHERE id = $2").bind(flag).bind(id).execute(change.db()).await.or_fault()?;
    change.event(&row.name, Some(json!({ "disabled": !disabled })), Some(json!({ "disabled": disabled }))).await
}

/// Removes an operator's password, ends their sessions and jobs, and makes a set-up link for a new password. Owners only. The
/// errors of [`change_role`]: for the caller's own password there is the change of password.
pub async fn reset_password(store: &Store, caller: &Caller, id: i64) -> Result<SetupLink> {
    in_change!(spec_of(store, caller, Action::OperatorReset, id).await?, |change| reset_in(change, caller, id).await)
}

async fn reset_in(change: &mut Change<'_>, caller: &Caller, id: i64) -> Result<SetupLink> {
    let row = wanted(change.db(), id).await?;
    may_lose_power(change.db(), caller, &row).await?;
    write_password(change.db(), id, None).await?;
    end_sessions(change.db(), id, None).await?;
    crate::job::cancel_all_of(change, id).await?;
    let link = new_link(change.db(), Some((id, &row.name))).await?;
    change.event(&row.name, None, None).await?;
    Ok(link)
}

/// A change of the operator with that id; a refusal is recorded under the operator's name.
pub(super) async fn spec_of<'a>(store: &'a Store, caller: &'a Caller, action: Action, id: i64) -> Result<ChangeSpec<'a>> {
    let target = super::by_id(store.reader(), id).await?.map_or_else(|| id.to_string(), |row| row.name);
    Ok(ChangeSpec::of_server(store, caller, Permission::Operators, action, target))
}
