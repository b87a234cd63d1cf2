//! SQL of groups: the list and one group here, changes in the other files of this folder.

mod announce;
mod initial_members;
pub mod member;
mod of_account;
mod own_access;
mod rest;
pub mod rows;
pub(crate) mod table;
mod write;

pub use self::write::{delete_named, random_id};
pub use self::{
    announce::{announce, announce_over, mute_all},
    of_account::{Joined, JoinedGroup, is_member, joined, joined_groups},
    rest::{
        Affiliation, ApiGroup, ApiGroupRow, Details, MemberOrder, announcement, api_details, api_list, api_member_names,
        api_members, in_group_api,
    },
    write::{configure, create, create_new, delete, edit, modify},
};

use self::own_access::OwnAccessRow;

use domain::{
    Caller, Error, Permission, Result,
    account::Person,
    application::AppId,
    error::Entity,
    group::{Group, GroupRow, GroupSummary, GroupType, MemberListCounts, access::Access},
    member::{MemberRole, rules::max_members},
    page::{CursorKey, ListParams, ListQuery, Page, SortKey},
    selection::{Matching, Selection},
};

use crate::{
    Scope,
    db::{
        self, AppRows, Builder, Conn, KeysetRow, ListRequest, ListSource, OrFault, decode_enum, decode_int, now, query_as,
        query_scalar,
    },
};

/// The most groups that a summary names.
const FIRST: i64 = 5;

/// The list of groups: columns, joins, indexes and searched texts; the group is `t`, the owner's account `o`.
pub const GROUPS: ListSource = ListSource {
    columns: "t.id, t.group_id, t.name, t.type, t.created_at, t.member_count, o.username, o.nickname, o.image",
    from: "\"group\" t",
    joins: " LEFT JOIN account o ON o.id = t.owner_id",
    index: "group_created",
    trigrams: "group_fts",
    grams: "group_grams",
    name: "t.name",
    texts: ["t.group_id", "t.name"],
    app_rows: Some(AppRows { counter: "group_count", zones: "group_zone" }),
};

/// One row of the list as read, in the columns of [`GROUPS`].
#[derive(sqlx::FromRow)]
pub struct GroupsRow {
    id: i64,
    group_id: String,
    name: String,
    #[sqlx(rename = "type")]
    group_type: String,
    created_at: i64,
    member_count: i64,
    username: Option<String>,
    nickname: Option<String>,
    image: Option<String>,
}

impl KeysetRow for GroupsRow {
    fn id(&self) -> i64 {
        self.id
    }

    fn key(&self, sort: SortKey) -> CursorKey {
        match sort {
            SortKey::Created => CursorKey::Number(self.created_at),
            SortKey::Name => CursorKey::Text(self.name.clone()),
        }
    }
}

fn owner(username: Option<String>, nickname: Option<String>, image: Option<String>) -> Option<Person> {
    username.map(|username| Person { username, nickname: nickname.unwrap_or_default(), image: image.unwrap_or_default() })
}

/// The number of members; `None` for a type that keeps no member list.
fn members(group_type: GroupType, count: i64) -> Result<Option<u32>> {
    group_type.keeps_members().then(|| decode_int(count)).transpose()
}

/// One page of the app's groups. Sorting by name ignores ASCII case.
pub async fn list(scope: Scope<'_>, params: &ListParams) -> Result<Page<GroupRow>> {
    scope.require_operator(Permission::Read)?;
    let query = ListQuery::parse(params, GroupType::parse)?;
    let wanted = ListRequest::new(scope.app, &query, &GROUPS, GroupType::as_str);
    let mut db = scope.store.read().await?;
    db::page(&mut db, scope.store.hit_cache(), &GROUPS, &wanted, |row: GroupsRow| {
        let group_type = decode_enum(&row.group_type, GroupType::parse)?;
        Ok(GroupRow {
            group_id: row.group_id,
            name: row.name,
            owner: owner(row.username, row.nickname, row.image),
            group_type,
            created_at: row.created_at,
            member_count: members(group_type, row.member_count)?,
        })
    })
    .await
}

#[derive(sqlx::FromRow)]
struct Row {
    group_id: String,
    name: String,
    #[sqlx(rename = "type")]
    group_type: String,
    introduction: String,
    created_at: i64,
    member_count: i64,
    max_member_count: Option<i64>,
    message_count: i64,
    #[sqlx(flatten)]
    own_access: OwnAccessRow,
    custom: String,
    avatar: String,
    announcement: String,
    announced_at: Option<i64>,
    mute_all: bool,
    muted: i64,
    blocked: i64,
    allowed: i64,
    files: i64,
    version: i64,
    username: Option<String>,
    nickname: Option<String>,
    image: Option<String>,
}

/// One group with everything that its page shows; [`Entity::Group`] not found.
pub async fn get(scope: Scope<'_>, group_id: &str) -> Result<Group> {
    scope.require_operator(Permission::Read)?;
    let row: Option<Row> = query_as(
        "SELECT g.group_id, g.name, g.type, g.introduction, g.created_at, g.member_count, g.max_member_count, g.message_count,
         g.members_only, g.allow_invites, g.invite_need_confirm, g.custom, g.avatar, g.announcement, g.announced_at, g.mute_all,
         (SELECT count(*) FROM group_listed l WHERE l.group_key = g.id AND l.list = 'mute' AND l.expires_at > $3
          AND EXISTS (SELECT 1 FROM member m WHERE m.group_key = l.group_key AND m.account_key = l.account_key)) AS muted,
         (SELECT count(*) FROM group_listed l WHERE l.group_key = g.id AND l.list = 'block') AS blocked,
         (SELECT count(*) FROM group_listed l WHERE l.group_key = g.id AND l.list = 'allow') AS allowed,
         (SELECT count(*) FROM group_file f WHERE f.group_key = g.id) AS files,
         g.version, o.username, o.nickname, o.image
         FROM \"group\" g LEFT JOIN account o ON o.id = g.owner_id WHERE g.app_id = $1 AND g.group_id = $2",
    )
    .bind(scope.app.key())
    .bind(group_id)
    .bind(now())
    .fetch_optional(scope.store.reader())
    .await
    .or_fault()?;
    let row = row.ok_or(Error::NotFound(Entity::Group))?;
    let group_type = decode_enum(&row.group_type, GroupType::parse)?;
    Ok(Group {
        group_id: row.group_id,
        name: row.name,
        owner: owner(row.username, row.nickname, row.image),
        group_type,
        introduction: row.introduction,
        created_at: row.created_at,
        member_count: members(group_type, row.member_count)?,
        max_member_count: max_members(group_type, row.max_member_count.map(decode_int).transpose()?),
        message_count: decode_int(row.message_count)?,
        access: Access::of(group_type, row.own_access.into()),
        custom: row.custom,
        avatar: row.avatar,
        announcement: row.announcement,
        announced_at: row.announced_at,
        mute_all: row.mute_all,
        listed: MemberListCounts {
            muted: decode_int(row.muted)?,
            blocked: decode_int(row.blocked)?,
            allowed: decode_int(row.allowed)?,
        },
        file_count: decode_int(row.files)?,
        version: row.version,
    })
}

/// What other entities need to know of the group that they belong to.
pub struct GroupRef {
    /// The group's key.
    pub key: i64,
    /// The group's type.
    pub group_type: GroupType,
    /// Members, the owner included.
    pub member_count: u32,
    /// The most members that the group may have; `None`: no member list is kept.
    pub max_members: Option<u32>,
    /// Messages that are kept.
    pub message_count: u64,
}

/// The group of that id in that app; [`Entity::Group`] not found.
pub async fn group_ref(db: &mut Conn, app: AppId, group_id: &str) -> Result<GroupRef> {
    let row: Option<(i64, String, i64, Option<i64>, i64)> = query_as(
        "SELECT id, type, member_count, max_member_count, message_count FROM \"group\" WHERE app_id = $1 AND group_id = $2",
    )
    .bind(app.key())
    .bind(group_id)
    .fetch_optional(db)
    .await
    .or_fault()?;
    let (key, group_type, member_count, own_max, message_count) = row.ok_or(Error::NotFound(Entity::Group))?;
    let group_type = decode_enum(&group_type, GroupType::parse)?;
    Ok(GroupRef {
        key,
        group_type,
        member_count: decode_int(member_count)?,
        max_members: max_members(group_type, own_max.map(decode_int).transpose()?),
        message_count: decode_int(message_count)?,
    })
}

/// The same for what the members of a group may read with tokens of their own, besides callers who may read all of the app's
/// data. [`Error::Forbidden`] for accounts that are not members.
pub async fn authorize_read(db: &mut Conn, caller: &Caller, app: AppId, group_id: &str) -> Result<GroupRef> {
    let own = caller.account_or(app, Permission::Read)?;
    let group = group_ref(&mut *db, app, group_id).await?;
    if let Some(account) = own {
        role_in(db, group.key, account).await?.ok_or(Error::Forbidden)?;
    }
    Ok(group)
}

/// The role of an account in a group, both by key; `None`: not a member.
pub async fn role_in(db: &mut Conn, group: i64, account: i64) -> Result<Option<MemberRole>> {
    let role: Option<String> = query_scalar("SELECT role FROM member WHERE group_key = $1 AND account_key = $2")
        .bind(group)
        .bind(account)
        .fetch_optional(db)
        .await
        .or_fault()?;
    role.map(|role| decode_enum(&role, MemberRole::parse)).transpose()
}

/// What a batch on these groups, or on all that match, would affect; for its dialog.
pub async fn summary(scope: Scope<'_>, ids: Vec<String>, matching: Matching) -> Result<GroupSummary> {
    scope.require_operator(Permission::Read)?;
    let selection = Selection::parse(ids, matching, GroupType::parse)?.map(GroupType::as_str);
    let mut db = scope.store.read().await?;
    let mut sums = Builder::new(
        "SELECT count(*), CAST(coalesce(sum(t.member_count), 0) AS BIGINT), CAST(coalesce(sum(t.message_count), 0) AS BIGINT)",
    );
    db::push_selected(&mut sums, &GROUPS, scope.app, &selection)?;
    let (groups, members, messages): (i64, i64, i64) = sums.build_query_as().fetch_one(&mut db).await.or_fault()?;
    let mut first = Builder::new("SELECT t.group_id, t.name");
    db::push_selected(&mut first, &GROUPS, scope.app, &selection)?;
    first.push(" ORDER BY t.created_at DESC, t.id DESC LIMIT ").push_bind(FIRST);
    let first: Vec<(String, String)> = first.build_query_as().fetch_all(&mut db).await.or_fault()?;
    Ok(GroupSummary { groups: decode_int(groups)?, members: decode_int(members)?, messages: decode_int(messages)?, first })
}

#[cfg(test)]
mod tests {
    #[tokio::test]
    async fn every_order_walks_an_index() {
        let indexes = ["group_created", "group_name", "group_type_created", "group_type_name"];
        crate::db::assert_list_walks(&super::GROUPS, "Work", indexes).await;
    }
}
