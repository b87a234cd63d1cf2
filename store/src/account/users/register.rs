//! Registering users.

use domain::{
    Code, Error, Permission, Result,
    account::{AccountType, NewUserInput, Registered, User, checked::NewUser, rules},
    application::AppRef,
    event::Action,
    limits,
};
use serde_json::json;

use super::{
    super::table::{self, NewRow},
    Row,
};
use crate::{
    AppScope, Scope,
    change::{Change, ChangeSpec, NewEvent, refuse},
    in_change,
    password::{self, HashingQueue},
};

/// Registers users: all of them or, when one breaks a rule, none. Those that exist already, under the name as given or in lower
/// case, are listed apart and stay unchanged. [`Code::TooFewChars`] at `password` when one is shorter than the app demands.
pub async fn register(scope: AppScope<'_>, users: &[NewUserInput]) -> Result<Registered> {
    let Scope { store, caller, app } = scope;
    let target = if let [one] = users { one.username.trim() } else { "" };
    let prepared = async {
        caller.require_in(app.id, Permission::Write)?;
        let (max, actual) = (limits::USERS_AT_ONCE, users.len());
        if actual > max {
            return Err(Error::field("users", Code::TooManyItems { max, actual }));
        }
        let new = users.iter().map(NewUser::parse).collect::<Result<Vec<_>>>()?;
        let min = crate::application::password_min_chars(store.reader(), app.id).await?;
        for user in &new {
            rules::new_user_password(user.password(), min).map_err(|code| Error::field("password", code))?;
        }
        let mut hashes = Vec::with_capacity(new.len());
        for user in &new {
            hashes.push(password::hash(store.passwords(), HashingQueue::of(caller), user.password()).await?);
        }
        Ok(new.into_iter().zip(hashes).map(|(user, hash)| NewUserRow { user, hash: Some(hash) }).collect::<Vec<_>>())
    };
    match prepared.await {
        Ok(wanted) => insert_all(scope, target, &wanted).await,
        Err(error) => Err(refuse(store, caller, Action::AccountCreate, Some(app.id), target, error).await),
    }
}

/// Registers a user without a password, for a back end that signs its users in itself. A user who exists stays unchanged.
pub async fn register_without_password(scope: AppScope<'_>, username: &str) -> Result<()> {
    let Scope { store, caller, app } = scope;
    let user = match NewUser::named(username) {
        Ok(user) => user,
        Err(error) => return Err(refuse(store, caller, Action::AccountCreate, Some(app.id), username, error).await),
    };
    insert_all(scope, username, &[NewUserRow { user, hash: None }]).await.map(drop)
}

/// A user to be registered, and the hash of the password.
struct NewUserRow {
    user: NewUser,
    hash: Option<String>,
}

async fn insert_all(scope: AppScope<'_>, target: &str, users: &[NewUserRow]) -> Result<Registered> {
    in_change!(ChangeSpec::in_app(scope.by_id(), Permission::Write, Action::AccountCreate, target), |change| {
        insert_in(change, scope.app, users).await
    })
}

async fn insert_in(change: &mut Change<'_>, app: &AppRef, users: &[NewUserRow]) -> Result<Registered> {
    let at = change.at();
    let mut registered = Registered::default();
    for NewUserRow { user, hash } in users {
        let username = user.username().as_str();
        // Also when the console made one with capitals: for this API the two names are the same.
        let row = NewRow {
            username,
            other: user.given(),
            account_type: AccountType::General,
            nickname: user.nickname(),
            image: "",
            password_hash: hash.as_deref(),
        };
        let made = table::insert(change.transaction(), app.id, at, row).await?;
        match made {
            Some(id) => registered.made.push(Row::registered(id, username, user.nickname(), at).user(app)),
            None => registered.existing.push(username.to_owned()),
        }
    }
    let made = |user: &User| NewEvent {
        target: user.username.clone(),
        after: Some(json!({ "username": user.username, "type": "General", "nickname": user.nickname })),
        ..NewEvent::default()
    };
    let existing = |name: &String| NewEvent {
        target: name.clone(),
        after: Some(json!({ "error": "invalid", "error.username": Code::Taken.name() })),
        ..NewEvent::default()
    };
    change.events(registered.made.iter().map(made).collect()).await?;
    change.refused(registered.existing.iter().map(existing).collect()).await?;
    Ok(registered)
}
