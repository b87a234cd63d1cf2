//! Making, editing and deleting groups.

use std::collections::HashSet;

use rand::Rng;
use serde_json::json;
use sqlx::SqliteConnection;

use crate::{
    Caller, Code, Error, FieldError, Permission, Result, Store,
    application::AppId,
    db::{self, Change, Recorded, difference},
    error::{Conflict, Entity},
    event::Action,
    group::{
        EditGroupInput, GroupType, NewGroupInput,
        rules::{EditGroup, NewGroup},
    },
    limits,
    page::{BatchReport, batch_ids, confirm_number},
};

/// Makes a group and gives its id. [`Code::Taken`] at `group_id`, [`Code::NotRegistered`] at `owner`. The owner becomes a member
/// with the role Owner, where the type keeps a list.
pub async fn create(store: &Store, caller: &Caller, app: AppId, input: &NewGroupInput) -> Result<String> {
    let target = input.group_id.trim();
    let mut change = Change::begin(store, caller, Permission::Write, Action::GroupCreate, Some(app), target).await?;
    let result = insert(&mut change, app, input).await;
    change.finish(result).await
}

async fn insert(change: &mut Change<'_>, app: AppId, input: &NewGroupInput) -> Result<String> {
    let new = NewGroup::parse(input)?;
    let mut broken = Vec::new();
    let owner: Option<i64> = match &new.owner {
        None => None,
        Some(name) => {
            let id = sqlx::query_scalar("SELECT id FROM account WHERE app_id = $1 AND username = $2")
                .bind(app.0)
                .bind(name.as_str())
                .fetch_optional(change.db())
                .await?;
            if id.is_none() {
                let code = Code::NotRegistered(vec![name.as_str().to_owned()]);
                broken.push(FieldError { field: "owner".to_owned(), code });
            }
            id
        }
    };
    let group_id = match &new.group_id {
        None => free_id(change.db(), app, new.group_type).await?,
        Some(id) => {
            if taken(change.db(), app, id.as_str()).await? {
                broken.push(FieldError { field: "group_id".to_owned(), code: Code::Taken });
            }
            id.as_str().to_owned()
        }
    };
    if !broken.is_empty() {
        return Err(Error::Invalid(broken));
    }
    let at = change.at();
    let key: i64 = sqlx::query_scalar(
        "INSERT INTO \"group\" (app_id, group_id, type, name, owner_id, created_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
    )
    .bind(app.0)
    .bind(&group_id)
    .bind(new.group_type.as_str())
    .bind(new.name.as_str())
    .bind(owner)
    .bind(at)
    .fetch_one(change.db())
    .await?;
    if let Some(owner) = owner.filter(|_| new.group_type.keeps_members()) {
        sqlx::query("INSERT INTO member (group_key, account_key, role, joined_at) VALUES ($1, $2, 'Owner', $3)")
            .bind(key)
            .bind(owner)
            .bind(at)
            .execute(change.db())
            .await?;
    }
    let owner = new.owner.as_ref().map(crate::account::rules::Username::as_str);
    let after = json!({ "group_id": group_id, "name": new.name.as_str(), "type": new.group_type, "owner": owner });
    change.event(&group_id, None, Some(after)).await?;
    Ok(group_id)
}

/// `@TGS#`, the type's mark and nine random letters and digits; again when somebody has it already.
async fn free_id(db: &mut SqliteConnection, app: AppId, group_type: GroupType) -> Result<String> {
    loop {
        let id = random_id(group_type, &mut rand::rng());
        if !taken(db, app, &id).await? {
            return Ok(id);
        }
    }
}

/// One id as the server gives them.
pub(crate) fn random_id(group_type: GroupType, random: &mut impl Rng) -> String {
    const CHARS: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let mut id = format!("{}{}", limits::GROUP_ID_PREFIX, group_type.id_mark());
    id.extend((0..9).map(|_| char::from(CHARS[random.random_range(0..CHARS.len())])));
    id
}

async fn taken(db: &mut SqliteConnection, app: AppId, group_id: &str) -> Result<bool> {
    let found: i64 = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM \"group\" WHERE app_id = $1 AND group_id = $2)")
        .bind(app.0)
        .bind(group_id)
        .fetch_one(db)
        .await?;
    Ok(found != 0)
}

/// Changes name and introduction. [`Conflict::ChangedMeanwhile`] when the form was filled from an older version.
pub async fn edit(store: &Store, caller: &Caller, app: AppId, group_id: &str, input: &EditGroupInput) -> Result<()> {
    let mut change = Change::begin(store, caller, Permission::Write, Action::GroupEdit, Some(app), group_id).await?;
    let result = update(&mut change, app, group_id, input).await;
    change.finish(result).await
}

async fn update(change: &mut Change<'_>, app: AppId, group_id: &str, input: &EditGroupInput) -> Result<()> {
    let row: Option<(i64, String, String, i64)> =
        sqlx::query_as("SELECT id, name, introduction, version FROM \"group\" WHERE app_id = $1 AND group_id = $2")
            .bind(app.0)
            .bind(group_id)
            .fetch_optional(change.db())
            .await?;
    let (key, name, introduction, version) = row.ok_or(Error::NotFound(Entity::Group))?;
    let new = EditGroup::parse(input)?;
    if new.version != version {
        return Err(Error::Conflict(Conflict::ChangedMeanwhile));
    }
    let before = json!({ "name": name, "introduction": introduction });
    let after = json!({ "name": new.name.as_str(), "introduction": new.introduction.as_str() });
    let Some((before, after)) = difference(before, after) else { return Ok(()) };
    sqlx::query("UPDATE \"group\" SET name = $1, introduction = $2, version = version + 1 WHERE id = $3")
        .bind(new.name.as_str())
        .bind(new.introduction.as_str())
        .bind(key)
        .execute(change.db())
        .await?;
    change.event(group_id, Some(before), Some(after)).await
}

/// Deletes groups with all that hangs on them; the accounts stay. More than [`limits::BATCH_TYPED_ABOVE`] need their number in
/// `confirm`.
pub async fn delete(store: &Store, caller: &Caller, app: AppId, ids: Vec<String>, confirm: &str) -> Result<BatchReport> {
    let target = if let [one] = &ids[..] { one.as_str() } else { "" };
    let mut change = Change::begin(store, caller, Permission::Write, Action::GroupDelete, Some(app), target).await?;
    let result = delete_in(&mut change, app, &ids, confirm).await;
    change.finish(result).await
}

async fn delete_in(change: &mut Change<'_>, app: AppId, ids: &[String], confirm: &str) -> Result<BatchReport> {
    let ids = batch_ids("ids", ids.to_vec())?;
    confirm_number(ids.len() as u64, confirm)?;
    delete_named(change, app, ids).await
}

/// The same inside a change that is under way, for ids that are checked.
pub(crate) async fn delete_named(change: &mut Change<'_>, app: AppId, ids: Vec<String>) -> Result<BatchReport> {
    let deleted: HashSet<String> = sqlx::query_scalar(
        "DELETE FROM \"group\" WHERE app_id = $1 AND group_id IN (SELECT value FROM json_each($2)) RETURNING group_id",
    )
    .bind(app.0)
    .bind(db::json(&ids)?)
    .fetch_all(change.db())
    .await?
    .into_iter()
    .collect();
    let (done, gone): (Vec<String>, Vec<String>) = ids.into_iter().partition(|id| deleted.contains(id));
    let report = BatchReport { done: done.len() as u64, refused: Vec::new(), gone };
    let event = |id: String| Recorded { before: Some(json!({ "group_id": id })), target: id, ..Recorded::default() };
    change.events(done.into_iter().map(event).collect()).await?;
    change.refused(report.gone.iter().map(|id| Recorded::gone(id)).collect()).await?;
    Ok(report)
}
