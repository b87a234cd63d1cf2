//! SQL of accounts: the row is here; lists, edits and deletions are in the other files of this folder.

mod account_page;
mod delete;
mod list;
pub mod rows;
mod table;
pub mod users;
mod write;

pub use self::{
    account_page::page,
    delete::{delete, summary, weights},
    list::{list, suggest},
    write::{create, edit},
};
pub use self::{delete::delete_named, list::ACCOUNTS, users::sign_in_row};

use domain::{
    Error, Permission, Result,
    account::{Account, AccountType, AdminForbidType, AllowType, Gender, Profile},
    application::AppId,
    error::Entity,
};

use crate::{
    Scope,
    db::{Conn, Executor, OrFault, decode_enum, decode_int, query_as, sql},
};

/// All columns of [`Row`], and the rest of the statement after them.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.username, a.type, a.nickname, a.gender, a.birthday, a.location, a.self_signature, a.allow_type,
             a.language, a.image, a.msg_settings, a.admin_forbid_type, a.level, a.role, a.created_at, a.version ",
            $rest
        )
    };
}

/// An account as stored.
#[derive(sqlx::FromRow)]
pub struct Row {
    /// The surrogate key.
    pub id: i64,
    username: String,
    #[sqlx(rename = "type")]
    account_type: String,
    nickname: String,
    gender: String,
    birthday: Option<i64>,
    location: String,
    self_signature: String,
    allow_type: String,
    language: Option<i64>,
    image: String,
    msg_settings: i64,
    admin_forbid_type: String,
    level: Option<i64>,
    role: Option<i64>,
    created_at: i64,
    version: i64,
}

impl Row {
    /// The account with its words decoded. [`Error::Internal`] for a word or a number that this version does not know.
    pub fn account(self) -> Result<Account> {
        Ok(Account {
            username: self.username,
            account_type: decode_enum(&self.account_type, AccountType::parse)?,
            profile: Profile {
                nickname: self.nickname,
                gender: decode_enum(&self.gender, Gender::parse)?,
                birthday: self.birthday.map(decode_int).transpose()?,
                location: self.location,
                self_signature: self.self_signature,
                allow_type: decode_enum(&self.allow_type, AllowType::parse)?,
                language: self.language.map(decode_int).transpose()?,
                image: self.image,
                msg_settings: decode_int(self.msg_settings)?,
                admin_forbid_type: decode_enum(&self.admin_forbid_type, AdminForbidType::parse)?,
                level: self.level.map(decode_int).transpose()?,
                role: self.role.map(decode_int).transpose()?,
            },
            created_at: self.created_at,
            version: self.version,
        })
    }
}

/// One account with its whole profile; [`Entity::Account`] not found.
pub async fn get(scope: Scope<'_>, username: &str) -> Result<Account> {
    scope.require_operator(Permission::Read)?;
    read(&mut scope.store.read().await?, scope.app, username).await?.account()
}

async fn read(db: &mut Conn, app: AppId, username: &str) -> Result<Row> {
    let row: Option<Row> = query_as(select!("FROM account a WHERE a.app_id = $1 AND a.username = $2"))
        .bind(app.key())
        .bind(username)
        .fetch_optional(db)
        .await
        .or_fault()?;
    row.ok_or(Error::NotFound(Entity::Account))
}

/// Those of the named accounts that exist, in the order of the names; `names` is a JSON array of usernames.
pub async fn read_many(db: impl Executor<'_>, app: AppId, names: &str) -> Result<Vec<Account>> {
    let rows: Vec<Row> =
        query_as(sql!(select!("FROM @items($1) @join account a ON a.app_id = $2 AND a.username = item.value ORDER BY item.key")))
            .bind(names)
            .bind(app.key())
            .fetch_all(db)
            .await
            .or_fault()?;
    rows.into_iter().map(Row::account).collect()
}
