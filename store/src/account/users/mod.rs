//! Accounts as the REST APIs see them: users that sign in themselves.

/// All columns of [`Row`], and the rest of the statement after them.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, username, nickname, activated, password_hash, created_at, coalesce(modified_at, created_at) AS modified_at ",
            $rest
        )
    };
}

mod delete;
mod edit;
mod register;

use uuid::Uuid;

pub use self::{
    delete::{delete, delete_oldest},
    edit::{set_activated, set_nickname, set_password},
    register::{register, register_without_password},
};

use domain::{
    Actor, Error, Permission, Result,
    account::{User, rules},
    application::AppRef,
    error::Entity,
};

use crate::{
    AppScope, Scope, db,
    db::{Conn, Executor, OrFault, query_as},
};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    username: String,
    nickname: String,
    activated: i64,
    password_hash: Option<String>,
    created_at: i64,
    modified_at: i64,
}

impl Row {
    /// A user who has just registered.
    fn registered(id: i64, username: &str, nickname: &str, at: i64) -> Self {
        let (username, nickname) = (username.to_owned(), nickname.to_owned());
        Self { id, username, nickname, activated: 1, password_hash: None, created_at: at, modified_at: at }
    }

    fn user(self, app: &AppRef) -> User {
        User {
            uuid: uuid_of(app, self.id, self.created_at),
            username: self.username,
            nickname: self.nickname,
            activated: self.activated != 0,
            created_at: self.created_at,
            modified_at: self.modified_at,
        }
    }
}

/// A UUID that needs no column: the same as long as the account exists, another one when the name is registered again.
fn uuid_of(app: &AppRef, id: i64, created_at: i64) -> String {
    let space = Uuid::parse_str(&app.uuid).unwrap_or_default();
    Uuid::new_v5(&space, format!("{id}/{created_at}").as_bytes()).to_string()
}

/// The account that a client names. Clients write ids in any case. The name is looked up first as given, for accounts made in the
/// console, then in lower case, as the API registers them.
async fn by_name(db: impl Executor<'_>, app: &AppRef, username: &str) -> Result<Option<Row>> {
    let row = query_as(select!("FROM account WHERE app_id = $1 AND username IN ($2, $3) ORDER BY username = $2 DESC LIMIT 1"));
    row.bind(app.id.key()).bind(username).bind(rules::folded(username)).fetch_optional(db).await.or_fault()
}

/// An account and what decides whether it may sign in.
pub struct SignInRow {
    /// The surrogate key.
    pub id: i64,
    /// The hash in PHC format; `None` for an account that has no password.
    pub password_hash: Option<String>,
    /// The user as the API shows it, with whether it is activated.
    pub user: User,
}

/// The account of that name, as given or in lower case; `None` when there is none. Checks no permission.
pub async fn sign_in_row(db: &mut Conn, app: &AppRef, username: &str) -> Result<Option<SignInRow>> {
    let row = by_name(db, app, username).await?;
    Ok(row.map(|mut row| SignInRow { id: row.id, password_hash: row.password_hash.take(), user: row.user(app) }))
}

/// One user. Users may read themselves without a permission.
pub async fn user(scope: AppScope<'_>, username: &str) -> Result<User> {
    let Scope { store, caller, app } = scope;
    let own = match &caller.actor {
        Actor::Account { id, app: of, .. } if *of == app.id.key() => Some(*id),
        Actor::Operator { .. } | Actor::Credential { .. } | Actor::Account { .. } | Actor::System | Actor::Anonymous => {
            caller.require_in(app.id, Permission::Read)?;
            None
        }
    };
    match by_name(store.reader(), app, username).await? {
        Some(row) if own.is_none_or(|id| id == row.id) => Ok(row.user(app)),
        _ if own.is_some() => Err(Error::Forbidden),
        _ => Err(Error::NotFound(Entity::Account)),
    }
}

/// The name of the list that the cursors of the app's users, oldest first, are valid for.
fn list_name(app: &AppRef) -> String {
    format!("users {}", app.uuid)
}

/// One page of the app's users, oldest first, and the cursor of the next page if there is one. `cursor`: as the page before gave
/// it.
pub async fn list(scope: AppScope<'_>, limit: u32, cursor: Option<&str>) -> Result<(Vec<User>, Option<String>)> {
    let Scope { store, caller, app } = scope;
    caller.require_in(app.id, Permission::Read)?;
    let name = list_name(app);
    let (at, id) = db::opened_cursor(store, &name, cursor)?.unwrap_or((i64::MIN, i64::MIN));
    let mut rows: Vec<Row> =
        query_as(select!("FROM account WHERE app_id = $1 AND (created_at, id) > ($2, $3) ORDER BY created_at, id LIMIT $4"))
            .bind(app.id.key())
            .bind(at)
            .bind(id)
            .bind(i64::from(limit) + 1)
            .fetch_all(store.reader())
            .await
            .or_fault()?;
    let next = db::next_cursor(store, &name, &mut rows, limit, |row| (row.created_at, row.id))?;
    Ok((rows.into_iter().map(|row| row.user(app)).collect(), next))
}
