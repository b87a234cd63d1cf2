//! What the command line does with operators, by name; for callers who can read the data folder anyway.

use domain::{
    Caller, Error, Permission, Result,
    error::{Checks, Entity},
    event::Action,
    operator::{OperatorRow, Role, rules::OperatorName},
};
use serde_json::json;

use super::{all, by_name, end_sessions, insert, known_names, manage::set_disabled_in, void_link, write_password};
use crate::{
    Store,
    change::{Change, ChangeSpec, refuse},
    in_change,
    password::{self, HashingQueue, weak::NewPassword},
};

/// Adds an operator who can sign in at once. [`domain::Code::Taken`] at `name`; the errors of [`OperatorName`] and
/// [`NewPassword`] at `name` and `password`.
pub async fn add_with_password(store: &Store, caller: &Caller, name: &str, role: Role, password: &str) -> Result<()> {
    caller.require(Permission::Operators)?;
    let names = known_names(store.reader(), Some(name)).await?;
    let mut checks = Checks::new();
    let parsed = (checks.take("name", OperatorName::parse(name)), checks.take("password", NewPassword::parse(password, &names)));
    let (parsed, new) = match checks.finish(|| parsed.0.zip(parsed.1)) {
        Ok(parsed) => parsed,
        Err(error) => return Err(refuse(store, caller, Action::OperatorAdd, None, name, error).await),
    };
    let hash = password::hash(store.passwords(), HashingQueue::of(caller), new.as_str()).await?;
    in_change!(ChangeSpec::of_server(store, caller, Permission::Operators, Action::OperatorAdd, parsed.as_str()), |change| {
        add_in(change, &parsed, role, &hash).await
    })
}

async fn add_in(change: &mut Change<'_>, name: &OperatorName, role: Role, hash: &str) -> Result<()> {
    insert(change.db(), name, role, Some(hash)).await?;
    if role == Role::Owner {
        // The server has an owner now; a set-up link for the first one would make a second.
        void_link(change.db(), None).await?;
    }
    change.event(name.as_str(), None, Some(json!({ "name": name.as_str(), "role": role }))).await
}

/// Gives an operator a new password and ends their sessions and jobs. [`Entity::Operator`] not found; the errors of
/// [`NewPassword`] at `password`.
pub async fn set_password(store: &Store, caller: &Caller, name: &str, password: &str) -> Result<()> {
    caller.require(Permission::Operators)?;
    let names = known_names(store.reader(), Some(name)).await?;
    let new = match NewPassword::parse(password, &names).map_err(|code| Error::field("password", code)) {
        Ok(new) => new,
        Err(error) => return Err(refuse(store, caller, Action::OperatorPassword, None, name, error).await),
    };
    let hash = password::hash(store.passwords(), HashingQueue::of(caller), new.as_str()).await?;
    in_change!(ChangeSpec::of_server(store, caller, Permission::Operators, Action::OperatorPassword, name), |change| {
        set_password_in(change, name, &hash).await
    })
}

async fn set_password_in(change: &mut Change<'_>, name: &str, hash: &str) -> Result<()> {
    let row = by_name(change.db(), name).await?.ok_or(Error::NotFound(Entity::Operator))?;
    write_password(change.db(), row.id, Some(hash)).await?;
    void_link(change.db(), Some(row.id)).await?;
    if row.role()? == Role::Owner && row.disabled == 0 {
        void_link(change.db(), None).await?;
    }
    end_sessions(change.db(), row.id, None).await?;
    crate::job::cancel_all_of(change, row.id).await?;
    change.event(&row.name, None, None).await
}

/// Disables or enables an operator. [`Entity::Operator`] not found; [`domain::error::Conflict::LastOwner`] for the last owner.
pub async fn set_disabled_by_name(store: &Store, caller: &Caller, name: &str, disabled: bool) -> Result<()> {
    let action = if disabled { Action::OperatorDisable } else { Action::OperatorEnable };
    in_change!(ChangeSpec::of_server(store, caller, Permission::Operators, action, name), |change| {
        let row = by_name(change.db(), name).await?.ok_or(Error::NotFound(Entity::Operator))?;
        set_disabled_in(change, caller, row.id, disabled).await
    })
}

/// All operators by name. Checks no permission.
pub async fn list_all(store: &Store) -> Result<Vec<OperatorRow>> {
    all(store.reader()).await
}
