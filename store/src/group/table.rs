//! Writing groups. Every statement that inserts, renames or deletes groups is here, with the search rows beside it and what it changes
//! in the counters.

use domain::{
    Result,
    application::AppId,
    group::{
        GroupType,
        access::OwnAccess,
        rules::{GroupId, KeptIntroduction, KeptName, MemberLimit},
    },
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    application,
    change::NewEvent,
    db::{self, AppTable, Conn, OrFault, WriteTransaction, indexed, query, sql, unindexed},
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
    /// The group's key; `None`: it is set before the row is written.
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
            // Without a key the row is refused, never given one by the database.
            self.key.unwrap_or_default(),
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

/// The values of a group that is made by itself, in the order of the columns.
pub(crate) struct OneRow<'a> {
    pub group_id: &'a str,
    pub group_type: GroupType,
    pub name: &'a str,
    pub owner: Option<i64>,
    pub introduction: &'a str,
    pub max_member_count: Option<u32>,
    pub access: OwnAccess,
    pub custom: &'a str,
    pub avatar: &'a str,
}

/// Inserts one group as of `at`, milliseconds since 1970; its key. The id must be free.
pub(crate) async fn insert(tx: &mut WriteTransaction, app: AppId, at: i64, new: OneRow<'_>) -> Result<i64> {
    let key = tx.app_key(app, AppTable::Group).await?;
    query(concat!(
        "INSERT INTO \"group\" (app_id, group_id, type, name, owner_id, created_at, introduction, max_member_count, members_only,
                              allow_invites, invite_need_confirm, custom, avatar, id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14); ",
        indexed!(group, "id = $14")
    ))
    .bind(app.key())
    .bind(new.group_id)
    .bind(new.group_type.as_str())
    .bind(new.name)
    .bind(new.owner)
    .bind(at)
    .bind(new.introduction)
    .bind(new.max_member_count)
    .bind(new.access.members_only)
    .bind(new.access.allow_invites)
    .bind(new.access.invite_need_confirm)
    .bind(new.custom)
    .bind(new.avatar)
    .bind(key)
    .execute(&mut **tx)
    .await
    .or_fault()?;
    tx.counts().groups(app, 1);
    Ok(key)
}

/// A batch of [`Row`]s as a table `v`.
macro_rules! new_values {
    ($n:literal) => {
        concat!(
            "@rows(",
            $n,
            ": group_id text, type text, name text, introduction text, owner_id int, max_member_count int, created_at int, id int,
             next_msg_seq int) AS v"
        )
    };
}

/// Inserts groups that do not exist yet, whose keys are set; those without a time get `at`, milliseconds since 1970.
pub async fn insert_rows(tx: &mut WriteTransaction, app: AppId, at: i64, rows: &[Row]) -> Result<()> {
    query(sql!(concat!(
        "INSERT INTO \"group\" (app_id, group_id, type, name, introduction, owner_id, max_member_count, created_at, id, next_msg_seq)
         SELECT $1, v.group_id, v.type, v.name, v.introduction, v.owner_id, v.max_member_count, coalesce(v.created_at, $2), v.id,
                v.next_msg_seq
         FROM ",
        new_values!("$3"),
        "; ",
        indexed!(group, "id IN (SELECT v.id FROM "),
        new_values!("$3"),
        ")"
    )))
    .bind(app.key())
    .bind(at)
    .bind(db::json(rows)?)
    .execute(&mut **tx)
    .await
    .or_fault()?;
    tx.counts().groups(app, rows.len() as i64);
    Ok(())
}

/// Gives existing groups new values.
pub async fn update_rows(db: &mut Conn, app: AppId, rows: &[Changed]) -> Result<()> {
    query(sql!(concat!(
        unindexed!(group, "id IN (SELECT g.id FROM @rows($2: id int) AS v @join \"group\" AS g ON g.id = v.id AND g.app_id = $1)"),
        "; UPDATE \"group\" SET name = coalesce(v.name, \"group\".name), introduction = coalesce(v.introduction, \"group\".introduction),
                max_member_count = v.max_member_count, created_at = v.created_at, version = version + 1
         FROM @rows($2: id int, name text, introduction text, max_member_count int, created_at int) AS v
         WHERE \"group\".app_id = $1 AND \"group\".id = v.id; ",
        indexed!(group, "id IN (SELECT g.id FROM @rows($2: id int) AS v @join \"group\" AS g ON g.id = v.id AND g.app_id = $1)")
    )))
    .bind(app.key())
    .bind(db::json(rows)?)
    .execute(db)
    .await
    .or_fault()?;
    Ok(())
}

/// Overwrites what one group is called and how it is set, as of `at`, milliseconds since 1970. Its id and owner stay.
pub(crate) async fn update(db: &mut Conn, key: i64, at: i64, new: OneRow<'_>) -> Result<()> {
    query(concat!(
        unindexed!(group, "id = $11"),
        "; UPDATE \"group\" SET name = $1, introduction = $2, max_member_count = $3, members_only = $4, allow_invites = $5,
                invite_need_confirm = $6, custom = $7, avatar = $8, type = $9, modified_at = $10, version = version + 1 WHERE id = $11; ",
        indexed!(group, "id = $11")
    ))
    .bind(new.name)
    .bind(new.introduction)
    .bind(new.max_member_count)
    .bind(new.access.members_only)
    .bind(new.access.allow_invites)
    .bind(new.access.invite_need_confirm)
    .bind(new.custom)
    .bind(new.avatar)
    .bind(new.group_type.as_str())
    .bind(at)
    .bind(key)
    .execute(db)
    .await
    .or_fault()?;
    Ok(())
}

/// Deletes groups of an app, as they were just read, with everything that belongs to them.
pub(crate) async fn delete(tx: &mut WriteTransaction, app: AppId, groups: &[Deleted]) -> Result<()> {
    if groups.is_empty() {
        return Ok(());
    }
    let mut keys: Vec<i64> = groups.iter().map(|group| group.id).collect();
    keys.sort_unstable();
    // What the foreign keys would delete too, row by row, is deleted in the order of the tables.
    query(sql!(concat!(
        "DELETE FROM member WHERE group_key IN @keys($1);
         DELETE FROM group_listed WHERE group_key IN @keys($1);
         DELETE FROM message WHERE group_key IN @keys($1);
         INSERT INTO file_garbage (sha256)
         SELECT DISTINCT sha256 FROM group_file WHERE group_key IN @keys($1) ON CONFLICT DO NOTHING;
         DELETE FROM group_file WHERE group_key IN @keys($1); ",
        unindexed!(group, "id IN @keys($1)"),
        "; DELETE FROM \"group\" WHERE id IN @keys($1)"
    )))
    .bind(db::json(&keys)?)
    .execute(&mut **tx)
    .await
    .or_fault()?;
    let sum = |of: fn(&Deleted) -> i64| groups.iter().map(of).sum::<i64>();
    let counts = tx.counts();
    counts.groups(app, -(groups.len() as i64));
    counts.members(app, -sum(|group| group.member_count));
    counts.messages_gone(app, sum(|group| group.message_count));
    application::count_files(tx, app, -sum(|group| group.file_bytes)).await
}

/// The columns of [`Deleted`].
macro_rules! deleted_columns {
    () => {
        "id, group_id, name, (SELECT username FROM account WHERE account.id = owner_id) AS owner, member_count, message_count,
         file_bytes"
    };
}
pub(crate) use deleted_columns;

/// A group that is deleted: what the log records of it, enough to say which one it was, and what it had.
#[derive(sqlx::FromRow)]
pub struct Deleted {
    /// The group's key.
    pub id: i64,
    /// The group's id.
    pub group_id: String,
    name: String,
    owner: Option<String>,
    /// Members, the owner included.
    pub member_count: i64,
    /// Messages that were kept.
    pub message_count: i64,
    /// Bytes of its shared files, which are deleted with it.
    pub file_bytes: i64,
}

impl Deleted {
    /// The event of the deletion.
    pub fn event(self) -> NewEvent {
        let before = json!({
            "group_id": self.group_id, "name": self.name, "owner": self.owner, "member_count": self.member_count,
        });
        NewEvent { target: self.group_id, name: Some(self.name), before: Some(before), ..NewEvent::default() }
    }
}
