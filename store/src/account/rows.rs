//! Many accounts in one statement: rows of imports, of the sample and of generated data.

use domain::{
    Result,
    account::{AccountType, checked::CheckedProfile, rules::LongUsername},
    application::AppId,
};
use serde::Serialize;
use serde_json::{Value, json};
use sqlx::SqliteConnection;

use crate::db::{self, OrFault};

/// Where the surrogate key is in a row.
const KEY: usize = 15;

/// The values of an account, which [`row`] alone makes.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Row(Value);

impl Row {
    /// For a key that is known only when the row is written.
    pub fn set_key(&mut self, key: i64) {
        self.0[KEY] = key.into();
    }
}

/// The values of an account for [`insert_rows`] and [`update_rows`]; `created_at` is `None` for now, and the key for the next one.
pub fn row(
    username: &LongUsername,
    account_type: AccountType,
    p: &CheckedProfile,
    created_at: Option<i64>,
    key: Option<i64>,
) -> Row {
    Row(json!([
        username.as_str(),
        account_type.as_str(),
        p.nickname,
        p.gender.as_str(),
        p.birthday,
        p.location,
        p.self_signature,
        p.allow_type.as_str(),
        p.language,
        p.image,
        p.msg_settings,
        p.admin_forbid_type.as_str(),
        p.level,
        p.role,
        created_at,
        key
    ]))
}

/// Inserts accounts that are new; those that give no time get `at`.
pub async fn insert_rows(db: &mut SqliteConnection, app: AppId, at: i64, rows: &[Row]) -> Result<()> {
    sqlx::query(
        "INSERT INTO account (app_id, username, type, nickname, gender, birthday, location, self_signature, allow_type,
                              language, image, msg_settings, admin_forbid_type, level, role, created_at, id)
         SELECT $1, v.value ->> 0, v.value ->> 1, v.value ->> 2, v.value ->> 3, v.value ->> 4, v.value ->> 5, v.value ->> 6,
                v.value ->> 7, v.value ->> 8, v.value ->> 9, v.value ->> 10, v.value ->> 11, v.value ->> 12, v.value ->> 13,
                coalesce(v.value ->> 14, $2), v.value ->> 15
         FROM json_each($3) AS v",
    )
    .bind(app.key())
    .bind(at)
    .bind(db::json(rows)?)
    .execute(db)
    .await
    .or_fault()?;
    Ok(())
}

/// Gives accounts that exist all these values; the type stays, and so does the key.
pub async fn update_rows(db: &mut SqliteConnection, app: AppId, at: i64, rows: &[Row]) -> Result<()> {
    sqlx::query(
        "UPDATE account SET nickname = v.value ->> 2, gender = v.value ->> 3, birthday = v.value ->> 4,
                location = v.value ->> 5, self_signature = v.value ->> 6, allow_type = v.value ->> 7,
                language = v.value ->> 8, image = v.value ->> 9, msg_settings = v.value ->> 10,
                admin_forbid_type = v.value ->> 11, level = v.value ->> 12, role = v.value ->> 13,
                created_at = v.value ->> 14, version = version + 1, modified_at = $3
         FROM json_each($2) AS v WHERE account.app_id = $1 AND account.username = v.value ->> 0",
    )
    .bind(app.key())
    .bind(db::json(rows)?)
    .bind(at)
    .execute(db)
    .await
    .or_fault()?;
    Ok(())
}

/// The highest key of all accounts; 0 when there are none.
pub async fn last_key(db: &mut SqliteConnection) -> Result<i64> {
    sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM account").fetch_one(db).await.or_fault()
}

/// Whether an account has one of these keys.
pub async fn has_key_within(db: &mut SqliteConnection, low: i64, high: i64) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM account WHERE id BETWEEN $1 AND $2)";
    sqlx::query_scalar(sql).bind(low).bind(high).fetch_one(db).await.or_fault()
}

/// Deletes some accounts of an app, at most so many; how many. For data that was made up: the log says nothing of them.
pub async fn delete_some(db: &mut SqliteConnection, app: AppId, at_most: i64) -> Result<u64> {
    let sql = "DELETE FROM account WHERE id IN (SELECT id FROM account WHERE app_id = $1 LIMIT $2)";
    let deleted = sqlx::query(sql).bind(app.key()).bind(at_most).execute(db).await.or_fault()?;
    Ok(deleted.rows_affected())
}
