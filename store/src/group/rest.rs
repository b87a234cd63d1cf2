//! Groups as the group REST API reads them: without the nicknames of owners, with their members. Audio-video groups are not among
//! them, see [`domain::group::access`].

use domain::{
    Actor, Error, Permission, Result,
    error::Entity,
    group::{GroupType, access::Access},
    limits,
    member::{MemberRole, rules::max_members},
};

use super::{authorize_read, own_access::OwnAccessRow};
use crate::{
    Scope,
    db::{self, Builder, OrFault, Sql, decode_enum, decode_int, next_cursor, opened_cursor, query_scalar, sql},
};

/// One row of the app's groups.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ApiGroupRow {
    /// The group's key; with `created_at` the position in the list.
    pub id: i64,
    /// The group's id.
    pub group_id: String,
    /// The group's name.
    pub name: String,
    /// Username; `None`: the group has no owner.
    pub owner: Option<String>,
    /// Members, the owner included.
    pub member_count: i64,
    /// When the group was created, milliseconds since 1970.
    pub created_at: i64,
    /// When the group's settings were last changed, milliseconds since 1970; `created_at` for a group that never was.
    pub modified_at: i64,
}

/// A group with all its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiGroup {
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
    /// The most members that the group may have.
    pub max_members: u32,
    /// Members, the owner included.
    pub member_count: u32,
    /// Free text of the app's back end; empty for none.
    pub custom: String,
    /// The address of a picture; empty for none.
    pub avatar: String,
    /// Only owner, admins and members on the allow list may speak.
    pub mute_all: bool,
    /// When the group was created, milliseconds since 1970.
    pub created_at: i64,
    /// The members, the latest who joined first, the owner last.
    pub affiliations: Vec<Affiliation>,
}

/// The groups that were asked for, as far as they exist.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// In the order of the ids.
    pub groups: Vec<ApiGroup>,
    /// The ids without a group, in their order.
    pub missing: Vec<String>,
}

/// One member of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affiliation {
    /// The account's username.
    pub username: String,
    /// The member's role.
    pub role: MemberRole,
    /// When the account joined, milliseconds since 1970.
    pub joined_at: i64,
}

/// At most `limit` of the app's groups, newest first, from the cursor of an earlier answer on; and the cursor of the next answer,
/// if there are more.
pub async fn api_list(scope: Scope<'_>, limit: u32, cursor: Option<&str>) -> Result<(Vec<ApiGroupRow>, Option<String>)> {
    scope.require(Permission::Read)?;
    let list = format!("groups {}", scope.app.key());
    let after: Option<(i64, i64)> = opened_cursor(scope.store, &list, cursor)?;
    let mut sql = Builder::new(
        "SELECT g.id, g.group_id, g.name, o.username AS owner, g.member_count, g.created_at,
                coalesce(g.modified_at, g.created_at) AS modified_at
         FROM \"group\" g LEFT JOIN account o ON o.id = g.owner_id WHERE g.type <> 'AVChatRoom' AND g.app_id = ",
    );
    sql.push_bind(scope.app.key());
    if let Some((created_at, id)) = after {
        sql.push(" AND (g.created_at, g.id) < (").push_bind(created_at).push(", ").push_bind(id).push(")");
    }
    sql.push(" ORDER BY g.created_at DESC, g.id DESC LIMIT ").push_bind(i64::from(limit) + 1);
    let mut rows: Vec<ApiGroupRow> = sql.build_query_as().fetch_all(scope.store.reader()).await.or_fault()?;
    let next = next_cursor(scope.store, &list, &mut rows, limit, |row| (row.created_at, row.id))?;
    Ok((rows, next))
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
    member_count: i64,
    custom: String,
    avatar: String,
    mute_all: bool,
    created_at: i64,
    affiliations: String,
}

/// The order in which members are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MemberOrder {
    /// The latest who joined first, the owner last regardless of the time of joining.
    #[default]
    OwnerLast,
    /// By the time of joining; among those of the same time the owner first.
    Earliest,
    /// The opposite order.
    Latest,
}

impl MemberOrder {
    const fn sql(self) -> &'static str {
        match self {
            Self::OwnerLast => " ORDER BY m.role = 'Owner', m.joined_at DESC, m.account_key DESC",
            Self::Earliest => " ORDER BY m.joined_at, m.role <> 'Owner', m.account_key",
            Self::Latest => " ORDER BY m.joined_at DESC, m.role = 'Owner', m.account_key DESC",
        }
    }
}

/// A member in the answer of a group: of the tables `account a` and `member m`.
const AFFILIATION: Sql = sql!("@tuple(a.username, m.role, m.joined_at)");

/// The groups of these ids. An account with a token of its own sees those that it is a member of; [`Error::Forbidden`] when there
/// are only others.
pub async fn api_details(scope: Scope<'_>, ids: &[String]) -> Result<Details> {
    let Scope { store, caller, app } = scope;
    caller.account_or(app, Permission::Read)?;
    let mut sql = Builder::new(
        "SELECT g.group_id, g.type, g.name, g.introduction, o.username AS owner, g.members_only, g.allow_invites,
                g.invite_need_confirm, g.max_member_count, g.member_count, g.custom, g.avatar, g.mute_all, g.created_at,
                (SELECT ",
    );
    sql.push_list(|sql| {
        sql.push(AFFILIATION).push(MemberOrder::OwnerLast.sql());
    });
    sql.push(sql!(" FROM member m @join account a ON a.id = m.account_key WHERE m.group_key = g.id) AS affiliations FROM "));
    sql.push_items(db::json(ids)?).push(sql!(" @join \"group\" g ON g.app_id = ")).push_bind(app.key()).push(
        " AND g.group_id = item.value
         LEFT JOIN account o ON o.id = g.owner_id WHERE g.type <> 'AVChatRoom' ORDER BY item.key",
    );
    let rows: Vec<Row> = sql.build_query_as().fetch_all(store.reader()).await.or_fault()?;
    let group = |row: Row| {
        let group_type = decode_enum(&row.group_type, GroupType::parse)?;
        let max = max_members(group_type, row.max_member_count.map(decode_int).transpose()?);
        Ok(ApiGroup {
            group_id: row.group_id,
            name: row.name,
            description: row.introduction,
            owner: row.owner,
            access: Access::of(group_type, row.own_access.into()),
            max_members: max.unwrap_or(limits::GROUP_MEMBERS),
            member_count: decode_int(row.member_count)?,
            custom: row.custom,
            avatar: row.avatar,
            mute_all: row.mute_all,
            created_at: row.created_at,
            affiliations: affiliations(&row.affiliations)?,
        })
    };
    let mut groups: Vec<ApiGroup> = rows.into_iter().map(group).collect::<Result<_>>()?;
    let missing = ids.iter().filter(|id| !groups.iter().any(|group| group.group_id == **id)).cloned().collect();
    if let Actor::Account { username, .. } = &caller.actor {
        let found = groups.len();
        groups.retain(|group| group.affiliations.iter().any(|member| member.username == *username));
        if found > 0 && groups.is_empty() {
            return Err(Error::Forbidden);
        }
    }
    Ok(Details { groups, missing })
}

/// Parses the members, which are one text of JSON: passing a thousand rows from SQLite's thread costs more than parsing that.
fn affiliations(rows: &str) -> Result<Vec<Affiliation>> {
    let rows: Vec<(String, String, i64)> = serde_json::from_str(rows).map_err(|error| Error::Internal(error.to_string()))?;
    let affiliation = |(username, role, joined_at): (String, String, i64)| {
        Ok(Affiliation { username, role: decode_enum(&role, MemberRole::parse)?, joined_at })
    };
    rows.into_iter().map(affiliation).collect()
}

/// Members of a group, at most `limit` after the first `skip`. [`Entity::Group`] not found; [`Error::Forbidden`] for an account
/// that is not a member.
pub async fn api_members(
    scope: Scope<'_>,
    group_id: &str,
    (skip, limit): (u32, u32),
    order: MemberOrder,
) -> Result<Vec<Affiliation>> {
    if scope.caller.account_or(scope.app, Permission::Read)?.is_some() {
        authorize_read(&mut scope.store.read().await?, scope.caller, scope.app, group_id).await?;
    }
    let order = order.sql();
    // A group has at most a few thousand members, so that skipping some costs less than paging by a cursor would. First the
    // positions, then the names: only those of the page are looked up.
    let mut sql = Builder::new("SELECT g.type, (SELECT ");
    sql.push_list(|sql| {
        sql.push(AFFILIATION).push(order);
    });
    sql.push(" FROM (SELECT m.account_key, m.role, m.joined_at FROM member m WHERE m.group_key = g.id")
        .push(order)
        .push(" LIMIT ")
        .push_bind(limit)
        .push(" OFFSET ")
        .push_bind(skip)
        .push(sql!(") m @join account a ON a.id = m.account_key) FROM \"group\" g WHERE g.app_id = "))
        .push_bind(scope.app.key())
        .push(" AND g.group_id = ")
        .push_bind(group_id);
    let row: Option<(String, String)> = sql.build_query_as().fetch_optional(scope.store.reader()).await.or_fault()?;
    let (group_type, members) = row.ok_or(Error::NotFound(Entity::Group))?;
    if !decode_enum(&group_type, GroupType::parse)?.in_group_api() {
        return Err(Error::NotFound(Entity::Group));
    }
    affiliations(&members)
}

/// Whether the app has a group of that id that the REST API shows. [`Error::Forbidden`] for callers who may not read it.
pub async fn in_group_api(scope: Scope<'_>, group_id: &str) -> Result<bool> {
    match authorize_read(&mut scope.store.read().await?, scope.caller, scope.app, group_id).await {
        Ok(group) => Ok(group.group_type.in_group_api()),
        Err(Error::NotFound(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The announcement of a group, empty for none; [`Entity::Group`] not found.
pub async fn announcement(scope: Scope<'_>, group_id: &str) -> Result<String> {
    let mut db = scope.store.read().await?;
    let group = authorize_read(&mut db, scope.caller, scope.app, group_id).await?;
    let text = query_scalar("SELECT announcement FROM \"group\" WHERE id = $1 AND type <> 'AVChatRoom'");
    let text: Option<String> = text.bind(group.key).fetch_optional(&mut db).await.or_fault()?;
    text.ok_or(Error::NotFound(Entity::Group))
}

/// Usernames of a group's members without the owner, the latest who joined first, at most `limit` from the cursor of an earlier
/// answer on; and the cursor of the next answer, if there are more. [`Entity::Group`] not found.
pub async fn api_member_names(
    scope: Scope<'_>,
    group_id: &str,
    limit: u32,
    cursor: Option<&str>,
) -> Result<(Vec<String>, Option<String>)> {
    let mut db = scope.store.read().await?;
    let group = authorize_read(&mut db, scope.caller, scope.app, group_id).await?;
    if !group.group_type.in_group_api() {
        return Err(Error::NotFound(Entity::Group));
    }
    let list = format!("members {}", group.key);
    let after = opened_cursor(scope.store, &list, cursor)?;
    let mut sql = Builder::new(sql!(
        "SELECT a.username, m.joined_at, m.account_key FROM member m @join account a ON a.id = m.account_key
         WHERE m.role <> 'Owner' AND m.group_key = "
    ));
    sql.push_bind(group.key);
    if let Some((joined_at, key)) = after {
        sql.push(" AND (m.joined_at, m.account_key) < (").push_bind(joined_at).push(", ").push_bind(key).push(")");
    }
    sql.push(" ORDER BY m.joined_at DESC, m.account_key DESC LIMIT ").push_bind(i64::from(limit) + 1);
    let mut rows: Vec<(String, i64, i64)> = sql.build_query_as().fetch_all(&mut db).await.or_fault()?;
    let next = next_cursor(scope.store, &list, &mut rows, limit, |(_, joined_at, key)| (*joined_at, *key))?;
    Ok((rows.into_iter().map(|(name, ..)| name).collect(), next))
}
