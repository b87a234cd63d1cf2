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

/// The index of the surrogate key in a row.
const KEY: usize = 15;

/// The values of an account in the order of the columns. Only [`row`] makes one.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Row(Value);

impl Row {
    /// Sets the surrogate key, where it is known only when the row is written.
    pub fn set_key(&mut self, key: i64) {
        self.0[KEY] = key.into();
    }
}

/// The values of an account for [`insert_rows`] and [`update_rows`]. `created_at` is in milliseconds since 1970; `None` means the
/// `at` of [`insert_rows`]. Without a `key` the database assigns the next one.
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

/// Inserts new accounts; those without a creation time get `at`, milliseconds since 1970.
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

/// Overwrites these values of accounts that exist, as of `at`, milliseconds since 1970. Their types and surrogate keys stay as
/// they are.
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

/// Deletes at most `at_most` accounts of an app and answers how many it deleted. For generated data only: it writes no events.
pub async fn delete_some(db: &mut SqliteConnection, app: AppId, at_most: i64) -> Result<u64> {
    let sql = "DELETE FROM account WHERE id IN (SELECT id FROM account WHERE app_id = $1 LIMIT $2)";
    let deleted = sqlx::query(sql).bind(app.key()).bind(at_most).execute(db).await.or_fault()?;
    Ok(deleted.rows_affected())
}
