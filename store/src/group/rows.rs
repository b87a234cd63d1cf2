//! Writes many groups in one statement: rows of imports, of the sample and of generated data.

use domain::{
    Result,
    application::AppId,
    group::{
        GroupType,
        rules::{Announcement, GroupId, KeptIntroduction, KeptName, MemberLimit},
    },
};
use serde::Serialize;
use serde_json::{Value, json};
use sqlx::SqliteConnection;

use crate::{
    Store,
    db::{self, OrFault},
};

/// The position of the key in a row.
const KEY: usize = 7;

/// A group that is written together with many others.
#[derive(Debug, Clone)]
pub struct NewRow<'a> {
    /// The group's id.
    pub group_id: &'a GroupId,
    /// The group's type.
    pub group_type: GroupType,
    /// The group's name.
    pub name: &'a KeptName,
    /// The introduction; `None`: empty.
    pub introduction: Option<&'a KeptIntroduction>,
    /// The owner's key. The owner does not become a member by it, see [`super::member::rows::insert_owners`].
    pub owner: Option<i64>,
    /// The most members; `None`: what the type allows.
    pub max_member_count: Option<MemberLimit>,
    /// When the group was created, milliseconds since 1970; `None`: the time of [`insert_rows`].
    pub created_at: Option<i64>,
    /// The group's key; `None`: the next one.
    pub key: Option<i64>,
    /// The number of the next message, from 1.
    pub next_message: u64,
}

impl NewRow<'_> {
    /// The values for [`insert_rows`].
    pub fn row(&self) -> Row {
        Row(json!([
            self.group_id.as_str(),
            self.group_type.as_str(),
            self.name.as_str(),
            self.introduction.map_or("", |introduction| introduction.as_str()),
            self.owner,
            self.max_member_count.map(MemberLimit::get),
            self.created_at,
            self.key,
            self.next_message
        ]))
    }
}

/// The values of a new group, which only [`NewRow`] makes.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Row(Value);

impl Row {
    /// Sets the key, where it is known only when the row is written.
    pub fn set_key(&mut self, key: i64) {
        self.0[KEY] = key.into();
    }

    /// The group's id.
    pub(crate) fn id(&self) -> &Value {
        &self.0[0]
    }
}

/// New values of an existing group that is written together with many others.
#[derive(Debug, Clone)]
pub struct ChangedRow<'a> {
    /// The group's key.
    pub key: i64,
    /// The name; `None`: it does not change.
    pub name: Option<&'a KeptName>,
    /// The introduction; `None`: it does not change.
    pub introduction: Option<&'a KeptIntroduction>,
    /// The most members; `None`: what the type allows.
    pub max_member_count: Option<i64>,
    /// When the group was created, milliseconds since 1970.
    pub created_at: i64,
}

impl ChangedRow<'_> {
    /// The values for [`update_rows`].
    pub fn row(&self) -> Changed {
        let name = self.name.map(KeptName::as_str);
        let introduction = self.introduction.map(KeptIntroduction::as_str);
        Changed(json!([self.key, name, introduction, self.max_member_count, self.created_at]))
    }
}

/// The values of an existing group, which only [`ChangedRow`] makes.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Changed(Value);

/// Inserts groups that do not exist yet; those without a time get `at`, milliseconds since 1970.
pub async fn insert_rows(db: &mut SqliteConnection, app: AppId, at: i64, rows: &[Row]) -> Result<()> {
    sqlx::query(
        "INSERT INTO \"group\" (app_id, group_id, type, name, introduction, owner_id, max_member_count, created_at, id, next_msg_seq)
         SELECT $1, v.value ->> 0, v.value ->> 1, v.value ->> 2, v.value ->> 3, v.value ->> 4, v.value ->> 5,
                coalesce(v.value ->> 6, $2), v.value ->> 7, v.value ->> 8
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

/// Gives existing groups new values.
pub async fn update_rows(db: &mut SqliteConnection, app: AppId, rows: &[Changed]) -> Result<()> {
    sqlx::query(
        "UPDATE \"group\" SET name = coalesce(v.value ->> 1, name), introduction = coalesce(v.value ->> 2, introduction),
                max_member_count = v.value ->> 3, created_at = v.value ->> 4, version = version + 1
         FROM json_each($2) AS v WHERE \"group\".app_id = $1 AND \"group\".id = v.value ->> 0",
    )
    .bind(app.key())
    .bind(db::json(rows)?)
    .execute(db)
    .await
    .or_fault()?;
    Ok(())
}

/// Deletes some groups of an app with everything that belongs to them, at most `at_most`; how many, and the bytes of their files.
/// For generated data: the log has no event of it.
pub async fn delete_some(db: &mut SqliteConnection, app: AppId, at_most: i64) -> Result<(u64, i64)> {
    let sql = "DELETE FROM \"group\" WHERE id IN (SELECT id FROM \"group\" WHERE app_id = $1 LIMIT $2) RETURNING file_bytes";
    let files: Vec<i64> = sqlx::query_scalar(sql).bind(app.key()).bind(at_most).fetch_all(db).await.or_fault()?;
    Ok((files.len() as u64, files.iter().sum()))
}

/// The id of the first group that an app has; `None` when there is none.
pub async fn first_id(store: &Store, app: AppId) -> Result<Option<String>> {
    let sql = "SELECT group_id FROM \"group\" WHERE app_id = $1 ORDER BY id LIMIT 1";
    sqlx::query_scalar(sql).bind(app.key()).fetch_optional(store.reader()).await.or_fault()
}

/// Sets the announcement of the group of that key; `at` is the time of the change, milliseconds since 1970.
pub async fn set_announcement(db: &mut SqliteConnection, key: i64, text: &Announcement, at: i64) -> Result<()> {
    let sql = "UPDATE \"group\" SET announcement = $1, announced_at = $2 WHERE id = $3";
    sqlx::query(sql).bind(text.as_str()).bind(at).bind(key).execute(db).await.or_fault()?;
    Ok(())
}
