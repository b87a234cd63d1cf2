//! Changes of users: passwords, nicknames, and whether they may sign in.

use domain::{
    Actor, Error, Permission, Result,
    account::{User, rules},
    application::AppRef,
    error::Entity,
    event::Action,
};
use serde_json::json;

use super::{super::table, by_name};
use crate::{
    AppScope, Scope,
    change::{Change, ChangeSpec, diff, refuse},
    db::{OrFault, query, query_scalar},
    identity::tokens,
    in_change,
    password::{self, HashingQueue},
};

/// Gives an account another password and ends its tokens. [`domain::Code::TooFewChars`] when it is shorter than the app demands.
pub async fn set_password(scope: AppScope<'_>, username: &str, password: &str) -> Result<()> {
    let Scope { store, caller, app } = scope;
    let prepared = async {
        caller.require_in(app.id, Permission::Write)?;
        let found = by_name(store.reader(), app, username).await?.ok_or(Error::NotFound(Entity::Account))?;
        let min = crate::application::password_min_chars(store.reader(), app.id).await?;
        rules::new_user_password(password, min).map_err(|code| Error::field("newpassword", code))?;
        Ok((found.id, password::hash(store.passwords(), HashingQueue::of(caller), password).await?))
    };
    let action = Action::AccountPassword;
    let (id, hash) = match prepared.await {
        Ok(prepared) => prepared,
        Err(error) => return Err(refuse(store, caller, action, Some(app.id), username, error).await),
    };
    in_change!(ChangeSpec::in_app(scope.by_id(), Permission::Write, action, username), |change| {
        set_password_in(change, id, &hash).await
    })
}

async fn set_password_in(change: &mut Change<'_>, id: i64, hash: &str) -> Result<()> {
    let at = change.at();
    let name: Option<String> =
        query_scalar("UPDATE account SET password_hash = $1, modified_at = $2 WHERE id = $3 RETURNING username")
            .bind(hash)
            .bind(at)
            .bind(id)
            .fetch_optional(change.db())
            .await
            .or_fault()?;
    let name = name.ok_or(Error::NotFound(Entity::Account))?;
    tokens::end_of_account(change.db(), id).await?;
    change.event(&name, None, None).await
}

/// Gives an account another nickname and answers the user. Users may change their own.
pub async fn set_nickname(scope: AppScope<'_>, username: &str, nickname: &str) -> Result<User> {
    let Scope { store, caller, app } = scope;
    let action = Action::AccountEdit;
    let own = matches!(&caller.actor, Actor::Account { username: own, app: of, rights, .. }
        if *of == app.id.key() && rights.allow(Permission::Write) && own.eq_ignore_ascii_case(username));
    let spec = match own {
        true => ChangeSpec::without_permission(store, caller, action, Some(app.id), username),
        false => ChangeSpec::in_app(scope.by_id(), Permission::Write, action, username),
    };
    in_change!(spec, |change| set_nickname_in(change, app, username, nickname).await)
}

async fn set_nickname_in(change: &mut Change<'_>, app: &AppRef, username: &str, nickname: &str) -> Result<User> {
    let row = by_name(&mut *change.db(), app, username).await?.ok_or(Error::NotFound(Entity::Account))?;
    if matches!(&change.caller().actor, Actor::Account { id, .. } if *id != row.id) {
        return Err(Error::Forbidden);
    }
    let nickname = rules::user_nickname(nickname).map_err(|code| Error::field("nickname", code))?;
    let (id, mut user) = (row.id, row.user(app));
    let Some((before, after)) = diff(json!({ "nickname": user.nickname }), json!({ "nickname": nickname })) else {
        return Ok(user);
    };
    let at = change.at();
    table::update_nickname(change.db(), id, at, &nickname).await?;
    change.own_event(&user.username, before, after).await?;
    (user.nickname, user.modified_at) = (nickname, at);
    Ok(user)
}

/// Activates or deactivates an account and answers the user. Deactivating also ends its tokens.
pub async fn set_activated(scope: AppScope<'_>, username: &str, activated: bool) -> Result<User> {
    let action = if activated { Action::AccountActivate } else { Action::AccountDeactivate };
    in_change!(ChangeSpec::in_app(scope.by_id(), Permission::Write, action, username), |change| {
        set_activated_in(change, scope.app, username, activated).await
    })
}

async fn set_activated_in(change: &mut Change<'_>, app: &AppRef, username: &str, activated: bool) -> Result<User> {
    let row = by_name(&mut *change.db(), app, username).await?.ok_or(Error::NotFound(Entity::Account))?;
    let (id, mut user) = (row.id, row.user(app));
    if user.activated == activated {
        return Ok(user);
    }
    let at = change.at();
    query("UPDATE account SET activated = $1, modified_at = $2 WHERE id = $3")
        .bind(i64::from(activated))
        .bind(at)
        .bind(id)
        .execute(change.db())
        .await
        .or_fault()?;
    if !activated {
        tokens::end_of_account(change.db(), id).await?;
    }
    change.event(&user.username, Some(json!({ "activated": !activated })), Some(json!({ "activated": activated }))).await?;
    (user.activated, user.modified_at) = (activated, at);
    Ok(user)
}
