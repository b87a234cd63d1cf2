//! SQL of operators: rows and one-time secrets here, what can be done with them in the other files of this folder.

mod command_line;
mod device;
mod manage;
mod own_account;
mod sessions;
mod sign_in;

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

use crate::db::{self, Conn, Executor, OrFault, ServerTable, decode_enum, now, query, query_as, query_scalar, server_key};

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

/// The columns of [`MeRow`]; the operator is `o`.
macro_rules! me_columns {
    () => {
        "o.id AS me_id, o.name AS me_name, o.role AS me_role, o.language AS me_language, o.theme AS me_theme, o.layout AS me_layout"
    };
}

/// Which operators may use Roster: those who are not disabled and have a password (it may have been reset). The operator is `o`.
macro_rules! may_use {
    () => {
        "NOT o.disabled AND o.password_hash IS NOT NULL"
    };
}
pub(crate) use {may_use, me_columns};

/// What the console knows of the signed-in operator, in a row that may have none.
#[derive(sqlx::FromRow)]
pub(crate) struct MeRow {
    me_id: Option<i64>,
    me_name: Option<String>,
    me_role: Option<String>,
    me_language: Option<String>,
    me_theme: Option<String>,
    me_layout: Option<String>,
}

impl MeRow {
    pub(crate) fn me(self) -> Result<Option<Me>> {
        let (Some(id), Some(name), Some(role), Some(theme)) = (self.me_id, self.me_name, self.me_role, self.me_theme) else {
            return Ok(None);
        };
        me_of(id, name, &role, self.me_language, &theme, &self.me_layout.unwrap_or_default()).map(Some)
    }
}

fn me_of(id: i64, name: String, role: &str, language: Option<String>, theme: &str, layout: &str) -> Result<Me> {
    Ok(Me {
        role: decode_enum(role, Role::parse)?,
        id,
        name,
        language: language.map(|language| decode_enum(&language, Language::parse)).transpose()?,
        theme: decode_enum(theme, Theme::parse)?,
        layout: crate::layout::read(layout),
    })
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
        me_of(self.id, self.name, &self.role, self.language, &self.theme, &self.layout)
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

async fn by_id(db: impl Executor<'_>, id: i64) -> Result<Option<Row>> {
    query_as(select!("WHERE id = $1")).bind(id).fetch_optional(db).await.or_fault()
}

async fn by_name(db: impl Executor<'_>, name: &str) -> Result<Option<Row>> {
    query_as(select!("WHERE name_key = $1")).bind(name_key(name)).fetch_optional(db).await.or_fault()
}

async fn all(db: impl Executor<'_>) -> Result<Vec<OperatorRow>> {
    let rows: Vec<Row> = query_as(select!("ORDER BY name_key")).fetch_all(db).await.or_fault()?;
    rows.into_iter().map(Row::listed).collect()
}

/// The operator; [`Entity::Operator`] not found.
async fn wanted(db: &mut Conn, id: i64) -> Result<Row> {
    by_id(db, id).await?.ok_or(Error::NotFound(Entity::Operator))
}

/// Inserts an operator; [`Code::Taken`] at `name`.
async fn insert(db: &mut Conn, name: &OperatorName, role: Role, password_hash: Option<&str>) -> Result<i64> {
    let key = server_key(&mut *db, ServerTable::Operator).await?;
    let id: Option<i64> = query_scalar(
        "INSERT INTO operator (id, name, name_key, password_hash, role, created_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (name_key) DO NOTHING RETURNING id",
    )
    .bind(key)
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
async fn another_owner(db: &mut Conn, except: i64) -> Result<bool> {
    query_scalar(
        "SELECT EXISTS (SELECT 1 FROM operator WHERE role = 'owner' AND disabled = FALSE AND password_hash IS NOT NULL AND id <> $1)",
    )
    .bind(except)
    .fetch_one(db)
    .await
    .or_fault()
}

/// Refuses what would leave the server without an owner, and what operators may not do to themselves.
async fn may_lose_power(db: &mut Conn, caller: &domain::Caller, row: &Row) -> Result<()> {
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
async fn write_password(db: &mut Conn, id: i64, hash: Option<&str>) -> Result<()> {
    query("UPDATE operator SET password_hash = $1, password_version = password_version + 1 WHERE id = $2")
        .bind(hash)
        .bind(id)
        .execute(db)
        .await
        .or_fault()?;
    Ok(())
}

/// Names that somebody who knows this server tries as passwords: those of its apps and, if given, of the operator.
async fn known_names(db: impl Executor<'_>, operator: Option<&str>) -> Result<Vec<String>> {
    let mut names: Vec<String> = query_scalar(
        "SELECT name FROM (SELECT org_name || '/' || app_name AS name, id FROM application
                           UNION SELECT display_name, id FROM application) AS known ORDER BY id LIMIT $1",
    )
    .bind(KNOWN_NAMES)
    .fetch_all(db)
    .await
    .or_fault()?;
    names.extend(operator.map(str::to_owned));
    Ok(names)
}

/// Ends every session of an operator except `keep`; how many.
async fn end_sessions(db: &mut Conn, operator: i64, keep: Option<[u8; 32]>) -> Result<u64> {
    let keep = keep.map(|hash| hash.to_vec()).unwrap_or_default();
    let ended = query("DELETE FROM session WHERE operator_id = $1 AND id_hash <> $2").bind(operator).bind(keep);
    Ok(ended.execute(db).await.or_fault()?.rows_affected())
}

/// A new set-up link; the previous one, for the same operator or for the first, becomes void.
async fn new_link(db: &mut Conn, operator: Option<(i64, &str)>) -> Result<SetupLink> {
    let (id, name) = operator.unzip();
    let (token, hash) = db::new_token();
    let expires_at = now() + limits::SETUP_LINK_MS;
    void_link(db, id).await?;
    query("INSERT INTO setup_link (token_hash, operator_id, created_at, expires_at) VALUES ($1, $2, $3, $4)")
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
async fn void_link(db: &mut Conn, operator: Option<i64>) -> Result<()> {
    query("DELETE FROM setup_link WHERE operator_id IS NOT DISTINCT FROM $1").bind(operator).execute(db).await.or_fault()?;
    Ok(())
}
