//! Making and editing accounts.

use domain::{
    Code, Error, FieldError, Permission, Result,
    account::{
        AccountType, NewAccountInput, Profile, ProfileInput,
        checked::{CheckedProfile, NewAccount},
    },
    application::AppId,
    error::Conflict,
    event::Action,
    limits,
};
use serde_json::{Value, json};

use super::{
    read,
    table::{self, NewRow},
};
use crate::{
    Scope,
    change::{Change, ChangeSpec, diff},
    db::{OrFault, query_scalar},
    in_change,
};

/// Makes an account. [`Code::Taken`] at `username`, [`Code::TooManyAdmins`] at `type`; both when both apply.
pub async fn create(scope: Scope<'_>, input: &NewAccountInput) -> Result<()> {
    in_change!(ChangeSpec::in_app(scope, Permission::Write, Action::AccountCreate, input.username.trim()), |change| {
        insert(change, scope.app, input).await
    })
}

async fn insert(change: &mut Change<'_>, app: AppId, input: &NewAccountInput) -> Result<()> {
    let new = NewAccount::parse(input)?;
    let mut broken = Vec::new();
    if new.account_type() == AccountType::Admin {
        let admins: i64 = query_scalar("SELECT count(*) FROM account WHERE app_id = $1 AND type = 'Admin'")
            .bind(app.key())
            .fetch_one(change.db())
            .await
            .or_fault()?;
        if admins >= i64::from(limits::APP_ADMINS) {
            broken.push(FieldError { field: "type".to_owned(), code: Code::TooManyAdmins { max: limits::APP_ADMINS } });
        }
    }
    let at = change.at();
    let row = NewRow {
        username: new.username().as_str(),
        other: new.username().as_str(),
        account_type: new.account_type(),
        nickname: new.nickname(),
        image: new.image(),
        password_hash: None,
    };
    if table::insert(change.transaction(), app, at, row).await?.is_none() {
        broken.push(FieldError { field: "username".to_owned(), code: Code::Taken });
    }
    if !broken.is_empty() {
        return Err(Error::Invalid(broken));
    }
    let after = json!({
        "username": new.username().as_str(), "type": new.account_type(), "nickname": new.nickname(), "image": new.image(),
    });
    change.event(new.username().as_str(), None, Some(after)).await
}

/// Changes a profile. [`Conflict::ChangedMeanwhile`] when the form was filled from an older version of it.
pub async fn edit(scope: Scope<'_>, username: &str, input: &ProfileInput) -> Result<()> {
    in_change!(ChangeSpec::in_app(scope, Permission::Write, Action::AccountEdit, username), |change| {
        update(change, scope.app, username, input).await
    })
}

async fn update(change: &mut Change<'_>, app: AppId, username: &str, input: &ProfileInput) -> Result<()> {
    let row = read(change.db(), app, username).await?;
    let id = row.id;
    let current = row.account()?;
    let new = CheckedProfile::parse(input, &current.profile)?;
    let version: i64 = input.version.trim().parse().map_err(|_| Error::field("version", Code::Malformed))?;
    if version != current.version {
        return Err(Error::Conflict(Conflict::ChangedMeanwhile));
    }
    let Some((before, after)) = diff(state(&current.profile)?, state(&new)?) else { return Ok(()) };
    let at = change.at();
    table::update_profile(change.db(), id, at, &new).await?;
    change.event(&current.username, Some(before), Some(after)).await
}

fn state(profile: &Profile) -> Result<Value> {
    serde_json::to_value(profile).map_err(|error| Error::Internal(error.to_string()))
}
