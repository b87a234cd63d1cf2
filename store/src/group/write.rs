//! Creates, edits and deletes groups.

use std::collections::HashMap;

use domain::{
    Code, Error, FieldError, Permission, Result,
    application::AppId,
    error::{Conflict, Entity},
    event::Action,
    group::{
        EditGroupInput, GroupSettingsInput, GroupType, NewGroupInput,
        access::{Access, OwnAccess},
        checked::{GroupPatch, NewGroup, NewId},
        rules::MemberLimit,
    },
    limits,
    member::{MemberRole, UsernameMatch, rules::max_members},
    page::{BatchReport, batch_ids, confirm_number},
};
use rand::Rng;
use serde_json::json;

use super::{
    initial_members::InitialMembers,
    own_access::OwnAccessRow,
    table::{self, Deleted, OneRow, deleted_columns},
};
use crate::{
    Scope,
    change::{Change, ChangeSpec, NewEvent, diff},
    db::{self, Conn, OrFault, decode_enum, query_as, query_scalar, sql},
    in_change,
    member::table::insert as insert_members,
};

/// Creates a group from a form; its id. The owner becomes a member with the role Owner, where the type keeps a list.
/// [`Code::Taken`] at `group_id`, [`Code::NotRegistered`] at `owner`.
pub async fn create(scope: Scope<'_>, input: &NewGroupInput) -> Result<String> {
    let target = input.group_id.trim();
    in_change!(ChangeSpec::in_app(scope, Permission::Write, Action::GroupCreate, target), |change| {
        let new = NewGroup::parse(input)?;
        insert(change, scope.app, &new, UsernameMatch::Exact).await
    })
}

/// Creates a group whose parts are checked, as the REST API does, with its first members; its id. The errors of [`create`], also
/// [`Code::NotRegistered`] at `members`; a refusal of [`domain::member::rules::admission`] for one of them refuses the whole
/// group.
pub async fn create_new(scope: Scope<'_>, new: NewGroup) -> Result<String> {
    let target = if let NewId::Custom(id) = &new.id { id.as_str().to_owned() } else { String::new() };
    in_change!(ChangeSpec::in_app(scope, Permission::Write, Action::GroupCreate, &target), |change| {
        insert(change, scope.app, &new, UsernameMatch::ExactOrLowercase).await
    })
}

async fn insert(change: &mut Change<'_>, app: AppId, new: &NewGroup, username_match: UsernameMatch) -> Result<String> {
    let mut people = InitialMembers::find(change.db(), app, new.owner.as_deref(), &new.members, username_match).await?;
    let mut broken = std::mem::take(&mut people.unknown);
    let group_id = match &new.id {
        NewId::Marked => free_id(change.db(), app, new.group_type).await?,
        NewId::Digits => free_number(change.db(), app).await?,
        NewId::Custom(id) => {
            if taken(change.db(), app, id.as_str()).await? {
                broken.push(FieldError { field: "group_id".to_owned(), code: Code::Taken });
            }
            id.as_str().to_owned()
        }
    };
    if !broken.is_empty() {
        return Err(Error::Invalid(broken));
    }
    let max_member_count = new.max_member_count.map(MemberLimit::get);
    let max = max_members(new.group_type, max_member_count);
    if let Some(refused) = people.refusal(max) {
        return Err(refused);
    }
    let at = change.at();
    let row = OneRow {
        group_id: &group_id,
        group_type: new.group_type,
        name: new.name.as_str(),
        owner: people.owner.as_ref().map(|owner| owner.key),
        introduction: new.introduction.as_ref().map_or("", |text| text.as_str()),
        max_member_count,
        access: new.access,
        custom: new.custom.as_ref().map_or("", |text| text.as_str()),
        avatar: new.avatar.as_ref().map_or("", |text| text.as_str()),
    };
    let key = table::insert(change.transaction(), app, at, row).await?;
    if new.group_type.keeps_members() {
        if let Some(owner) = &people.owner {
            insert_members(change.transaction(), app, key, &[owner.key], MemberRole::Owner, at).await?;
        }
        if !people.members.is_empty() {
            let keys: Vec<i64> = people.members.iter().map(|member| member.key).collect();
            insert_members(change.transaction(), app, key, &keys, MemberRole::Member, at).await?;
        }
    }
    let owner = people.owner.map(|owner| owner.username);
    let mut after = json!({ "group_id": group_id, "name": new.name.as_str(), "type": new.group_type, "owner": owner });
    if !people.members.is_empty() {
        after["members"] = people.members.iter().map(|member| member.username.as_str()).collect();
    }
    change.event(&group_id, None, Some(after)).await?;
    Ok(group_id)
}

/// `@TGS#`, the mark of the type and nine random letters and digits; tries again when a group has that id already.
async fn free_id(db: &mut Conn, app: AppId, group_type: GroupType) -> Result<String> {
    loop {
        let id = random_id(group_type, &mut rand::rng());
        if !taken(db, app, &id).await? {
            return Ok(id);
        }
    }
}

/// Fifteen random digits, the first not zero, like the ids in the samples of the REST API.
async fn free_number(db: &mut Conn, app: AppId) -> Result<String> {
    loop {
        let id = rand::rng().random_range(100_000_000_000_000_u64..1_000_000_000_000_000).to_string();
        if !taken(db, app, &id).await? {
            return Ok(id);
        }
    }
}

/// A random id as the server gives it: `@TGS#`, the mark of the type and nine letters and digits. It may be taken.
pub fn random_id(group_type: GroupType, random: &mut impl Rng) -> String {
    const CHARS: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let mut id = format!("{}{}", limits::GROUP_ID_PREFIX, group_type.id_mark());
    id.extend((0..9).map(|_| char::from(CHARS[random.random_range(0..CHARS.len())])));
    id
}

async fn taken(db: &mut Conn, app: AppId, group_id: &str) -> Result<bool> {
    query_scalar("SELECT EXISTS (SELECT 1 FROM \"group\" WHERE app_id = $1 AND group_id = $2)")
        .bind(app.key())
        .bind(group_id)
        .fetch_one(db)
        .await
        .or_fault()
}

/// Changes name and introduction. [`Entity::Group`] not found; [`Conflict::ChangedMeanwhile`] when the form shows an older
/// version.
pub async fn edit(scope: Scope<'_>, group_id: &str, input: &EditGroupInput) -> Result<()> {
    patch_with(scope, group_id, |now| GroupPatch::edit(input, (&now.name, &now.introduction))).await
}

/// Changes the other settings. The errors of [`edit`]; [`Code::NotNumber`] at `max_member_count` for fewer than the group has
/// members.
pub async fn configure(scope: Scope<'_>, group_id: &str, input: &GroupSettingsInput) -> Result<()> {
    patch_with(scope, group_id, |_| GroupPatch::settings(input)).await
}

/// The same with parts that are checked, as the REST API sends them. [`Conflict::NoMemberList`] when a group that keeps no list
/// would become public or private.
pub async fn modify(scope: Scope<'_>, group_id: &str, patch: GroupPatch) -> Result<()> {
    patch_with(scope, group_id, |_| Ok(patch.clone())).await
}

/// What can be changed of a group, as it is now.
#[derive(sqlx::FromRow)]
struct Present {
    id: i64,
    #[sqlx(rename = "type")]
    group_type: String,
    name: String,
    introduction: String,
    member_count: i64,
    max_member_count: Option<i64>,
    #[sqlx(flatten)]
    own_access: OwnAccessRow,
    custom: String,
    avatar: String,
    version: i64,
}

async fn patch_with(scope: Scope<'_>, group_id: &str, patch: impl Fn(&Present) -> Result<GroupPatch>) -> Result<()> {
    in_change!(ChangeSpec::in_app(scope, Permission::Write, Action::GroupEdit, group_id), |change| {
        let present: Option<Present> = query_as(
            "SELECT id, type, name, introduction, member_count, max_member_count, members_only, allow_invites,
                    invite_need_confirm, custom, avatar, version
             FROM \"group\" WHERE app_id = $1 AND group_id = $2",
        )
        .bind(scope.app.key())
        .bind(group_id)
        .fetch_optional(change.db())
        .await
        .or_fault()?;
        let present = present.ok_or(Error::NotFound(Entity::Group))?;
        let patch = patch(&present)?;
        update(change, group_id, present, patch).await
    })
}

async fn update(change: &mut Change<'_>, group_id: &str, present: Present, patch: GroupPatch) -> Result<()> {
    if patch.version.is_some_and(|version| version != present.version) {
        return Err(Error::Conflict(Conflict::ChangedMeanwhile));
    }
    let group_type = decode_enum(&present.group_type, GroupType::parse)?;
    let own: OwnAccess = present.own_access.into();
    let max: Option<u32> = present.max_member_count.map(db::decode_int).transpose()?;
    let new_max = patch.max_member_count.map_or(max, |max| max.map(MemberLimit::get));
    // At least as many as there are members; a group that has more members than its limit may keep the limit.
    if new_max != max && new_max.is_some_and(|max| i64::from(max) < present.member_count) {
        let code = Code::NotNumber { min: present.member_count, max: limits::GROUP_MEMBERS.into() };
        return Err(Error::field("max_member_count", code));
    }
    // Only what differs from the present value becomes the group's own; the rest follows the type.
    let is = Access::of(group_type, own);
    let flag = |wanted: Option<bool>, is: bool, own: Option<bool>| wanted.filter(|wanted| *wanted != is).or(own);
    let (new_type, new_own) = match patch.public.filter(|public| *public != is.public) {
        Some(_) if !group_type.in_group_api() => return Err(Error::Conflict(Conflict::NoMemberList)),
        Some(public) => is.turned(public, patch.access),
        None => {
            let own = OwnAccess {
                members_only: flag(patch.access.members_only, is.members_only, own.members_only),
                allow_invites: flag(patch.access.allow_invites, is.allow_invites, own.allow_invites),
                invite_need_confirm: flag(patch.access.invite_need_confirm, is.invite_need_confirm, own.invite_need_confirm),
            };
            (group_type, own)
        }
    };
    let name = patch.name.as_ref().map_or(present.name.as_str(), |text| text.as_str());
    let introduction = patch.introduction.as_ref().map_or(present.introduction.as_str(), |text| text.as_str());
    let custom = patch.custom.as_ref().map_or(present.custom.as_str(), |text| text.as_str());
    let avatar = patch.avatar.as_ref().map_or(present.avatar.as_str(), |text| text.as_str());
    let state = |texts: [&str; 4], group_type: GroupType, max: Option<u32>, access: Access| {
        let [name, introduction, custom, avatar] = texts;
        json!({
            "name": name, "type": group_type, "introduction": introduction, "max_member_count": max,
            "members_only": access.members_only, "allow_invites": access.allow_invites,
            "invite_need_confirm": access.invite_need_confirm, "custom": custom, "avatar": avatar,
        })
    };
    let texts = [&present.name, &present.introduction, &present.custom, &present.avatar].map(String::as_str);
    let before = state(texts, group_type, max, is);
    let after = state([name, introduction, custom, avatar], new_type, new_max, Access::of(new_type, new_own));
    let Some((before, after)) = diff(before, after) else { return Ok(()) };
    let at = change.at();
    let row = OneRow {
        group_id,
        group_type: new_type,
        name,
        owner: None,
        introduction,
        max_member_count: new_max,
        access: new_own,
        custom,
        avatar,
    };
    table::update(change.db(), present.id, at, row).await?;
    change.event(group_id, Some(before), Some(after)).await
}

/// Deletes groups with everything that belongs to them; the accounts stay. `confirm` is the number of groups as typed, needed
/// above [`limits::BATCH_TYPED_ABOVE`]. Ids without a group are reported as missing.
pub async fn delete(scope: Scope<'_>, ids: Vec<String>, confirm: &str) -> Result<BatchReport> {
    let target = if let [one] = &ids[..] { one.as_str() } else { "" };
    in_change!(ChangeSpec::in_app(scope, Permission::Write, Action::GroupDelete, target), |change| {
        delete_in(change, scope.app, &ids, confirm).await
    })
}

async fn delete_in(change: &mut Change<'_>, app: AppId, ids: &[String], confirm: &str) -> Result<BatchReport> {
    let ids = batch_ids("ids", ids.to_vec())?;
    confirm_number(ids.len() as u64, confirm)?;
    delete_named(change, app, ids).await
}

/// The same inside a change that is in progress, for ids that are checked.
pub async fn delete_named(change: &mut Change<'_>, app: AppId, ids: Vec<String>) -> Result<BatchReport> {
    let deleted: Vec<Deleted> =
        query_as(sql!(concat!("SELECT ", deleted_columns!(), " FROM \"group\" WHERE app_id = $1 AND group_id IN @texts($2)")))
            .bind(app.key())
            .bind(db::json(&ids)?)
            .fetch_all(change.db())
            .await
            .or_fault()?;
    table::delete(change.transaction(), app, &deleted).await?;
    let mut deleted: HashMap<String, Deleted> = deleted.into_iter().map(|group| (group.group_id.clone(), group)).collect();
    let (mut done, mut gone) = (Vec::new(), Vec::new());
    for id in ids {
        match deleted.remove(&id) {
            Some(group) => done.push(group.event()),
            None => gone.push(id),
        }
    }
    let report = BatchReport { done: done.len() as u64, refused: Vec::new(), gone };
    change.events(done).await?;
    change.refused(report.gone.iter().map(|id| NewEvent::missing(id)).collect()).await?;
    Ok(report)
}
