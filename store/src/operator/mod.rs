//! SQL of operators: rows and one-time secrets here, what can be done with them in the other files of this folder.

mod command_line;
mod device;
mod manage;
mod own_account;
mod sessions;
mod sign_in;

use sqlx::{SqliteConnection, SqliteExecutor};

pub use self::own_account::me_on;
pub use self::{
    command_line::{add_with_password, list_all, set_disabled_by_name, set_password},
    device::{DeviceId, device_cookie, known_device},
    manage::{add, change_role, list, reset_password, set_disabled},
    own_account::{NewPasswordInput, change_password, change_password_throttled, me, set_preferences},
    sessions::{end_other_sessions, end_session, end_session_of, end_sessions_of, sessions, sessions_of},
    sign_in::{first_setup_link, is_set_up, set_up, setup_kind, sign_in, sign_in_throttled, sign_out},
};

use domain::{
    Actor, Code, Error, Result,
    error::{Conflict, Entity},
    limits,
    operator::{
        Language, Me, OperatorRow, Role, SetupLink, Theme,
        rules::{OperatorName, name_key},
    },
};

use crate::db::{self, OrFault, decode_enum, now};

/// The most names of apps that a new password is compared with.
const KNOWN_NAMES: i64 = 200;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, password_hash, password_version, role, disabled, language, theme, layout, created_at, last_sign_in_at FROM operator ",
            $rest
        )
    };
}

/// An operator as stored.
#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    name: String,
    password_hash: Option<String>,
    password_version: i64,
    role: String,
    disabled: i64,
    language: Option<String>,
    theme: String,
    layout: String,
    created_at: i64,
    last_sign_in_at: Option<i64>,
}

impl Row {
    fn role(&self) -> Result<Role> {
        decode_enum(&self.role, Role::parse)
    }

    fn actor(&self) -> Result<Actor> {
        Ok(Actor::Operator { id: self.id, name: self.name.clone(), role: self.role()? })
    }

    fn me(self) -> Result<Me> {
        Ok(Me {
            role: self.role()?,
            id: self.id,
            name: self.name,
            language: self.language.map(|language| decode_enum(&language, Language::parse)).transpose()?,
            theme: decode_enum(&self.theme, Theme::parse)?,
            layout: crate::layout::read(&self.layout),
        })
    }

    fn listed(self) -> Result<OperatorRow> {
        Ok(OperatorRow {
            role: self.role()?,
            id: self.id,
            name: self.name,
            disabled: self.disabled != 0,
            pending: self.password_hash.is_none(),
            created_at: self.created_at,
            last_sign_in_at: self.last_sign_in_at,
        })
    }
}

async fn by_id(db: impl SqliteExecutor<'_>, id: i64) -> Result<Option<Row>> {
    sqlx::query_as(select!("WHERE id = $1")).bind(id).fetch_optional(db).await.or_fault()
}

async fn by_name(db: impl SqliteExecutor<'_>, name: &str) -> Result<Option<Row>> {
    sqlx::query_as(select!("WHERE name_key = $1")).bind(name_key(name)).fetch_optional(db).await.or_fault()
}

async fn all(db: impl SqliteExecutor<'_>) -> Result<Vec<OperatorRow>> {
    let rows: Vec<Row> = sqlx::query_as(select!("ORDER BY name_key")).fetch_all(db).await.or_fault()?;
    rows.into_iter().map(Row::listed).collect()
}

/// The operator; [`Entity::Operator`] not found.
async fn wanted(db: &mut SqliteConnection, id: i64) -> Result<Row> {
    by_id(db, id).await?.ok_or(Error::NotFound(Entity::Operator))
}

/// Inserts an operator; [`Code::Taken`] at `name`.
async fn insert(db: &mut SqliteConnection, name: &OperatorName, role: Role, password_hash: Option<&str>) -> Result<i64> {
    let id: Option<i64> = sqlx::query_scalar(
        "INSERT INTO operator (name, name_key, password_hash, role, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (name_key) DO NOTHING RETURNING id",
    )
    .bind(name.as_str())
    .bind(name_key(name.as_str()))
    .bind(password_hash)
    .bind(role.as_str())
    .bind(now())
    .fetch_optional(db)
    .await
    .or_fault()?;
    id.ok_or_else(|| Error::field("name", Code::Taken))
}

/// Whether anybody but `except` can manage operators: an enabled owner who has a password.
async fn another_owner(db: &mut SqliteConnection, except: i64) -> Result<bool> {
    let found: i64 = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM operator WHERE role = 'owner' AND disabled = 0 AND password_hash IS NOT NULL AND id <> $1)",
    )
    .bind(except)
    .fetch_one(db)
    .await
    .or_fault()?;
    Ok(found != 0)
}

/// Refuses what would leave the server without an owner, and what operators may not do to themselves.
async fn may_lose_power(db: &mut SqliteConnection, caller: &domain::Caller, row: &Row) -> Result<()> {
    let counts = row.role()? == Role::Owner && row.disabled == 0 && row.password_hash.is_some();
    if counts && !another_owner(db, row.id).await? {
        return Err(Error::Conflict(Conflict::LastOwner));
    }
    if matches!(caller.actor, Actor::Operator { id, .. } if id == row.id) {
        return Err(Error::Conflict(Conflict::Oneself));
    }
    Ok(())
}

/// Gives an operator another password, or none; everything that was signed for the previous one becomes void.
async fn write_password(db: &mut SqliteConnection, id: i64, hash: Option<&str>) -> Result<()> {
    sqlx::query("UPDATE operator SET password_hash = $1, password_version = password_version + 1 WHERE id = $2")
        .bind(hash)
        .bind(id)
        .execute(db)
        .await
        .or_fault()?;
    Ok(())
}

/// Names that somebody who knows this server tries as passwords: those of its apps and, if given, of the operator.
async fn known_names(db: impl SqliteExecutor<'_>, operator: Option<&str>) -> Result<Vec<String>> {
    let mut names: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM (SELECT org_name || '/' || app_name AS name, id FROM application
                           UNION SELECT display_name, id FROM application) ORDER BY id LIMIT $1",
    )
    .bind(KNOWN_NAMES)
    .fetch_all(db)
    .await
    .or_fault()?;
    names.extend(operator.map(str::to_owned));
    Ok(names)
}

/// Ends every session of an operator except `keep`; how many.
async fn end_sessions(db: &mut SqliteConnection, operator: i64, keep: Option<[u8; 32]>) -> Result<u64> {
    let keep = keep.map(|hash| hash.to_vec()).unwrap_or_default();
    let ended = sqlx::query("DELETE FROM session WHERE operator_id = $1 AND id_hash <> $2").bind(operator).bind(keep);
    Ok(ended.execute(db).await.or_fault()?.rows_affected())
}

/// A new set-up link; the previous one, for the same operator or for the first, becomes void.
async fn new_link(db: &mut SqliteConnection, operator: Option<(i64, &str)>) -> Result<SetupLink> {
    let (id, name) = operator.unzip();
    let (token, hash) = db::new_token();
    let expires_at = now() + limits::SETUP_LINK_MS;
    void_link(db, id).await?;
    sqlx::query("INSERT INTO setup_link (token_hash, operator_id, created_at, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(hash.to_vec())
        .bind(id)
        .bind(now())
        .bind(expires_at)
        .execute(db)
        .await
        .or_fault()?;
    Ok(SetupLink { operator: name.unwrap_or_default().to_owned(), token, expires_at })
}

/// Deletes the set-up link of an operator; `None`: that of the server's first.
async fn void_link(db: &mut SqliteConnection, operator: Option<i64>) -> Result<()> {
    sqlx::query("DELETE FROM setup_link WHERE operator_id IS $1").bind(operator).execute(db).await.or_fault()?;
    Ok(())
}
