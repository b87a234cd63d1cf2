//! The groups of one account, and whether it is a member of a group, as the group REST API answers.

use domain::{
    Caller, Error, Permission, Result,
    application::AppId,
    error::Entity,
    group::{GroupType, access::Access},
    limits,
    member::{UsernameMatch, rules::max_members},
};

use super::{authorize_read, own_access::OwnAccessRow};
use crate::{
    Scope,
    db::{Conn, OrFault, decode_enum, decode_int, query_as, query_scalar, sql},
    member::{NO_GROUP, find_named},
};

/// One group of an account with its name.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Joined {
    /// The group's id.
    pub group_id: String,
    /// The group's name.
    pub name: String,
}

/// One group of an account with its properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinedGroup {
    /// The group's id.
    pub group_id: String,
    /// The group's name.
    pub name: String,
    /// The introduction; empty for none.
    pub description: String,
    /// Username; `None`: the group has no owner.
    pub owner: Option<String>,
    /// How the group is found and joined.
    pub access: Access,
    /// The most members that the group may have; [`limits::GROUP_MEMBERS`] for a group that keeps no member list.
    pub max_members: u32,
    /// The address of a picture; empty for none.
    pub avatar: String,
    /// When the group was created, milliseconds since 1970.
    pub created_at: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    group_id: String,
    #[sqlx(rename = "type")]
    group_type: String,
    name: String,
    introduction: String,
    owner: Option<String>,
    #[sqlx(flatten)]
    own_access: OwnAccessRow,
    max_member_count: Option<i64>,
    avatar: String,
    created_at: i64,
}

impl Row {
    fn group(self) -> Result<JoinedGroup> {
        let group_type = decode_enum(&self.group_type, GroupType::parse)?;
        let max = max_members(group_type, self.max_member_count.map(decode_int).transpose()?);
        Ok(JoinedGroup {
            group_id: self.group_id,
            name: self.name,
            description: self.introduction,
            owner: self.owner,
            access: Access::of(group_type, self.own_access.into()),
            max_members: max.unwrap_or(limits::GROUP_MEMBERS),
            avatar: self.avatar,
            created_at: self.created_at,
        })
    }
}

/// The key of the account; [`Entity::Account`] not found. The name is compared exactly, or else in lower case. With a token of
/// its own an account can only ask about itself.
async fn account(db: &mut Conn, caller: &Caller, app: AppId, username: &str) -> Result<i64> {
    let own = caller.account_or(app, Permission::Read)?;
    let asked = [username.to_owned()];
    let known = find_named(db, app, NO_GROUP, &asked, UsernameMatch::ExactOrLowercase).await?;
    match (known.get(username), own) {
        (Some(account), None) => Ok(account.key),
        (Some(account), Some(own)) if account.key == own => Ok(own),
        (_, Some(_)) => Err(Error::Forbidden),
        (None, None) => Err(Error::NotFound(Entity::Account)),
    }
}

/// The groups of an account, at most `limit` after the first `skip`, the latest joined first; [`Entity::Account`] not found. The
/// name is compared exactly, or else in lower case. With a token of its own an account sees its own groups alone,
/// [`Error::Forbidden`] for any other.
pub async fn joined(scope: Scope<'_>, username: &str, (skip, limit): (u32, u32)) -> Result<Vec<Joined>> {
    let mut db = scope.store.read().await?;
    let account = account(&mut db, scope.caller, scope.app, username).await?;
    let rows = query_as(sql!(
        "SELECT g.group_id, g.name FROM member m @join \"group\" g ON g.id = m.group_key
         WHERE m.account_key = $1 ORDER BY m.joined_at DESC, m.group_key DESC LIMIT $2 OFFSET $3"
    ));
    rows.bind(account).bind(limit).bind(skip).fetch_all(&mut db).await.or_fault()
}

/// The same with the properties of each group, and the number of all groups of the account.
pub async fn joined_groups(scope: Scope<'_>, username: &str, (skip, limit): (u32, u32)) -> Result<(Vec<JoinedGroup>, u64)> {
    let mut db = scope.store.read().await?;
    let account = account(&mut db, scope.caller, scope.app, username).await?;
    let total: i64 =
        query_scalar("SELECT count(*) FROM member WHERE account_key = $1").bind(account).fetch_one(&mut db).await.or_fault()?;
    let rows: Vec<Row> = query_as(sql!(
        "SELECT g.group_id, g.type, g.name, g.introduction, o.username AS owner, g.members_only, g.allow_invites,
                g.invite_need_confirm, g.max_member_count, g.avatar, g.created_at
         FROM member m @join \"group\" g ON g.id = m.group_key LEFT JOIN account o ON o.id = g.owner_id
         WHERE m.account_key = $1 ORDER BY m.joined_at DESC, m.group_key DESC LIMIT $2 OFFSET $3"
    ))
    .bind(account)
    .bind(limit)
    .bind(skip)
    .fetch_all(&mut db)
    .await
    .or_fault()?;
    Ok((rows.into_iter().map(Row::group).collect::<Result<_>>()?, decode_int(total)?))
}

/// Whether the account of that name, compared as in [`joined`], is a member of a group; `false` also for a name without an
/// account. [`Entity::Group`] not found, also for audio-video groups.
pub async fn is_member(scope: Scope<'_>, group_id: &str, username: &str) -> Result<bool> {
    let mut db = scope.store.read().await?;
    let group = authorize_read(&mut db, scope.caller, scope.app, group_id).await?;
    if !group.group_type.in_group_api() {
        return Err(Error::NotFound(Entity::Group));
    }
    let asked = [username.to_owned()];
    let known = find_named(&mut db, scope.app, group.key, &asked, UsernameMatch::ExactOrLowercase).await?;
    Ok(known.get(username).is_some_and(|account| account.standing.role.is_some()))
}
