//! What the command line does with operators, by name; for whoever may read the data folder anyway.

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
    change::{Change, refuse},
    password::{self, Line, weak::NewPassword},
};

/// Adds an operator who can sign in at once.
pub async fn add_with_password(store: &Store, caller: &Caller, name: &str, role: Role, password: &str) -> Result<()> {
    caller.require(Permission::Operators)?;
    let names = known_names(store.reader(), Some(name)).await?;
    let mut checks = Checks::new();
    let parsed = (checks.take("name", OperatorName::parse(name)), checks.take("password", NewPassword::parse(password, &names)));
    let (parsed, new) = match checks.finish(|| parsed.0.zip(parsed.1)) {
        Ok(parsed) => parsed,
        Err(error) => return Err(refuse(store, caller, Action::OperatorAdd, None, name, error).await),
    };
    let hash = password::hash(store.passwords(), Line::of(caller), new.as_str()).await?;
    let mut change = Change::begin(store, caller, Permission::Operators, Action::OperatorAdd, None, parsed.as_str()).await?;
    let result = add_in(&mut change, parsed.as_str(), role, &hash).await;
    change.finish(result).await
}

async fn add_in(change: &mut Change<'_>, name: &str, role: Role, hash: &str) -> Result<()> {
    insert(change.db(), name, role, Some(hash)).await?;
    if role == Role::Owner {
        // The server has an owner now; a link for the first one would make a second.
        void_link(change.db(), None).await?;
    }
    change.event(name, None, Some(json!({ "name": name, "role": role }))).await
}

/// Gives an operator a new password and ends their sessions and jobs.
pub async fn set_password(store: &Store, caller: &Caller, name: &str, password: &str) -> Result<()> {
    caller.require(Permission::Operators)?;
    let names = known_names(store.reader(), Some(name)).await?;
    let new = match NewPassword::parse(password, &names).map_err(|code| Error::field("password", code)) {
        Ok(new) => new,
        Err(error) => return Err(refuse(store, caller, Action::OperatorPassword, None, name, error).await),
    };
    let hash = password::hash(store.passwords(), Line::of(caller), new.as_str()).await?;
    let mut change = Change::begin(store, caller, Permission::Operators, Action::OperatorPassword, None, name).await?;
    let result = set_password_in(&mut change, name, &hash).await;
    change.finish(result).await
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

/// Disables or enables an operator; the last owner stays.
pub async fn set_disabled_by_name(store: &Store, caller: &Caller, name: &str, disabled: bool) -> Result<()> {
    let action = if disabled { Action::OperatorDisable } else { Action::OperatorEnable };
    let mut change = Change::begin(store, caller, Permission::Operators, action, None, name).await?;
    let result = match by_name(change.db(), name).await {
        Ok(Some(row)) => set_disabled_in(&mut change, caller, row.id, disabled).await,
        Ok(None) => Err(Error::NotFound(Entity::Operator)),
        Err(error) => Err(error),
    };
    change.finish(result).await
}

/// All operators by name.
pub async fn list_all(store: &Store) -> Result<Vec<OperatorRow>> {
    all(store.reader()).await
}
