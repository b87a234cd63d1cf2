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

use super::read;
use crate::{
    Scope,
    change::{Change, ChangeSpec, diff},
    db::OrFault,
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
        let admins: i64 = sqlx::query_scalar("SELECT count(*) FROM account WHERE app_id = $1 AND type = 'Admin'")
            .bind(app.key())
            .fetch_one(change.db())
            .await
            .or_fault()?;
        if admins >= i64::from(limits::APP_ADMINS) {
            broken.push(FieldError { field: "type".to_owned(), code: Code::TooManyAdmins { max: limits::APP_ADMINS } });
        }
    }
    let at = change.at();
    let made = sqlx::query(
        "INSERT INTO account (app_id, username, type, nickname, image, created_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (app_id, username) DO NOTHING",
    )
    .bind(app.key())
    .bind(new.username().as_str())
    .bind(new.account_type().as_str())
    .bind(new.nickname())
    .bind(new.image())
    .bind(at)
    .execute(change.db())
    .await
    .or_fault()?;
    if made.rows_affected() == 0 {
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
    sqlx::query(
        "UPDATE account SET nickname = $1, gender = $2, birthday = $3, location = $4, self_signature = $5, allow_type = $6,
         language = $7, image = $8, msg_settings = $9, admin_forbid_type = $10, level = $11, role = $12, version = version + 1,
         modified_at = $14 WHERE id = $13",
    )
    .bind(&new.nickname)
    .bind(new.gender.as_str())
    .bind(new.birthday)
    .bind(&new.location)
    .bind(&new.self_signature)
    .bind(new.allow_type.as_str())
    .bind(new.language)
    .bind(&new.image)
    .bind(new.msg_settings)
    .bind(new.admin_forbid_type.as_str())
    .bind(new.level)
    .bind(new.role)
    .bind(id)
    .bind(at)
    .execute(change.db())
    .await
    .or_fault()?;
    change.event(&current.username, Some(before), Some(after)).await
}

fn state(profile: &Profile) -> Result<Value> {
    serde_json::to_value(profile).map_err(|error| Error::Internal(error.to_string()))
}
