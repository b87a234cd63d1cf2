//! Writing accounts. Every statement that inserts, renames or deletes accounts is here, with the search rows beside it and what it
//! changes in the counters.

use domain::{
    Result,
    account::{AccountType, checked::CheckedProfile, rules::LongUsername},
    application::AppId,
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::db::{self, AppTable, Conn, OrFault, WriteTransaction, indexed, query, query_scalar, sql, unindexed};

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
/// `at` of [`insert_rows`]. A new account needs its `key` before it is written, see [`Row::set_key`].
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
        // Without a key the row is refused, never given one by the database.
        key.unwrap_or_default()
    ]))
}

/// An account that is registered by itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewRow<'a> {
    pub username: &'a str,
    /// Another spelling under which the account counts as registered already; the same where there is none.
    pub other: &'a str,
    pub account_type: AccountType,
    pub nickname: &'a str,
    pub image: &'a str,
    pub password_hash: Option<&'a str>,
}

/// Inserts one account as of `at`, milliseconds since 1970; its key. `None`: there is one of that name already.
pub(crate) async fn insert(tx: &mut WriteTransaction, app: AppId, at: i64, new: NewRow<'_>) -> Result<Option<i64>> {
    let key = tx.app_key(app, AppTable::Account).await?;
    let made: Vec<i64> = query_scalar(concat!(
        "INSERT INTO account (app_id, username, type, nickname, image, password_hash, created_at, id)
         SELECT $1, $2, $3, $4, $5, $6, $7, $9
         WHERE NOT EXISTS (SELECT 1 FROM account WHERE app_id = $1 AND username IN ($2, $8)) RETURNING id; ",
        // Of a key that no row has there is nothing to enter.
        indexed!(account, "id = $9")
    ))
    .bind(app.key())
    .bind(new.username)
    .bind(new.account_type.as_str())
    .bind(new.nickname)
    .bind(new.image)
    .bind(new.password_hash)
    .bind(at)
    .bind(new.other)
    .bind(key)
    .fetch_all(&mut **tx)
    .await
    .or_fault()?;
    if made.is_empty() {
        // Whoever registers the same names again and again uses up no keys.
        tx.return_app_key(app, AppTable::Account, key);
        return Ok(None);
    }
    tx.counts().accounts(app, 1);
    Ok(Some(key))
}

/// A batch of [`Row`]s as a table `v`.
macro_rules! values {
    ($n:literal) => {
        concat!(
            "@rows(",
            $n,
            ": username text, type text, nickname text, gender text, birthday int, location text, self_signature text,
             allow_type text, language int, image text, msg_settings int, admin_forbid_type text, level int, role int,
             created_at int, id int) AS v"
        )
    };
}

/// Inserts new accounts, whose keys are set; those without a creation time get `at`, milliseconds since 1970.
pub async fn insert_rows(tx: &mut WriteTransaction, app: AppId, at: i64, rows: &[Row]) -> Result<()> {
    query(sql!(concat!(
        "INSERT INTO account (app_id, username, type, nickname, gender, birthday, location, self_signature, allow_type,
                              language, image, msg_settings, admin_forbid_type, level, role, created_at, id)
         SELECT $1, v.username, v.type, v.nickname, v.gender, v.birthday, v.location, v.self_signature, v.allow_type, v.language,
                v.image, v.msg_settings, v.admin_forbid_type, v.level, v.role, coalesce(v.created_at, $2), v.id
         FROM ",
        values!("$3"),
        "; ",
        indexed!(account, "id IN (SELECT v.id FROM "),
        values!("$3"),
        ")"
    )))
    .bind(app.key())
    .bind(at)
    .bind(db::json(rows)?)
    .execute(&mut **tx)
    .await
    .or_fault()?;
    tx.counts().accounts(app, rows.len() as i64);
    Ok(())
}

/// Overwrites these values of accounts that exist, as of `at`, milliseconds since 1970. Their types and surrogate keys stay as
/// they are.
pub async fn update_rows(tx: &mut WriteTransaction, app: AppId, at: i64, rows: &[Row]) -> Result<()> {
    macro_rules! these {
        () => {
            concat!(
                "id IN (SELECT a.id FROM ",
                values!("$2"),
                " @join account AS a ON a.app_id = $1 AND a.username = v.username)"
            )
        };
    }
    query(sql!(concat!(
        unindexed!(account, ""),
        these!(),
        "; UPDATE account SET nickname = v.nickname, gender = v.gender, birthday = v.birthday, location = v.location,
                self_signature = v.self_signature, allow_type = v.allow_type, language = v.language, image = v.image,
                msg_settings = v.msg_settings, admin_forbid_type = v.admin_forbid_type, level = v.level, role = v.role,
                created_at = v.created_at, version = version + 1, modified_at = $3
         FROM ",
        values!("$2"),
        " WHERE account.app_id = $1 AND account.username = v.username; ",
        indexed!(account, ""),
        these!()
    )))
    .bind(app.key())
    .bind(db::json(rows)?)
    .bind(at)
    .execute(&mut **tx)
    .await
    .or_fault()?;
    Ok(())
}

/// Overwrites the profile of one account as of `at`, milliseconds since 1970.
pub(crate) async fn update_profile(db: &mut Conn, key: i64, at: i64, new: &CheckedProfile) -> Result<()> {
    query(concat!(
        unindexed!(account, "id = $13"),
        "; UPDATE account SET nickname = $1, gender = $2, birthday = $3, location = $4, self_signature = $5, allow_type = $6,
         language = $7, image = $8, msg_settings = $9, admin_forbid_type = $10, level = $11, role = $12, version = version + 1,
         modified_at = $14 WHERE id = $13; ",
        indexed!(account, "id = $13")
    ))
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
    .bind(key)
    .bind(at)
    .execute(db)
    .await
    .or_fault()?;
    Ok(())
}

/// Overwrites the nickname of one account as of `at`, milliseconds since 1970.
pub(crate) async fn update_nickname(db: &mut Conn, key: i64, at: i64, nickname: &str) -> Result<()> {
    query(concat!(
        unindexed!(account, "id = $3"),
        "; UPDATE account SET nickname = $1, modified_at = $2, version = version + 1 WHERE id = $3; ",
        indexed!(account, "id = $3")
    ))
    .bind(nickname)
    .bind(at)
    .bind(key)
    .execute(db)
    .await
    .or_fault()?;
    Ok(())
}

/// Deletes accounts of an app by key, all of which exist, with their memberships and places on lists of groups. Groups that they own
/// stay without an owner.
pub(crate) async fn delete(tx: &mut WriteTransaction, app: AppId, keys: &[i64]) -> Result<()> {
    if keys.is_empty() {
        return Ok(());
    }
    let json = db::json(keys)?;
    let memberships: i64 = query_scalar(sql!("SELECT count(*) FROM member WHERE account_key IN @keys($1)"))
        .bind(&json)
        .fetch_one(&mut **tx)
        .await
        .or_fault()?;
    query(sql!(concat!(
        "UPDATE \"group\" SET member_count = member_count - gone.members FROM (
             SELECT group_key, count(*) AS members FROM member WHERE account_key IN @keys($1)
             GROUP BY group_key) AS gone
         WHERE \"group\".id = gone.group_key;
         DELETE FROM member WHERE account_key IN @keys($1);
         DELETE FROM group_listed WHERE account_key IN @keys($1); ",
        unindexed!(account, "id IN @keys($1)"),
        "; DELETE FROM account WHERE id IN @keys($1)"
    )))
    .bind(json)
    .execute(&mut **tx)
    .await
    .or_fault()?;
    tx.counts().members(app, -memberships);
    tx.counts().accounts(app, -(keys.len() as i64));
    Ok(())
}
