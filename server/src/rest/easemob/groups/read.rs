//! Reading groups: all of them, some with their details, those of a user.

use domain::group::store::{self as groups, Affiliation, ApiGroup, ApiGroupRow, Joined};
use domain::{limits, member::MemberRole};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::{
    Answer, Call, Failure, Path,
    path::ids,
    schema::{Answered, Failures, GroupsPage, InApp, NumberedPage, OneGroup, OneUser},
};

/// Groups on a page of the list, unless the call says otherwise, and at most.
const PAGE: u32 = 10;
const PAGE_MAX: u32 = 1000;

/// One group of the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupItem {
    /// `{org}#{app}_{username}`; empty when nobody owns it.
    owner: String,
    groupid: String,
    groupname: String,
    /// Members, the owner among them.
    affiliations: i64,
    #[serde(rename = "type")]
    kind: &'static str,
    /// Milliseconds since 1970, UTC.
    created: i64,
    #[serde(rename = "lastModified")]
    last_modified: i64,
    /// The same as text, as older servers name it.
    #[serde(rename = "last_modified")]
    last_modified_text: String,
}

impl GroupItem {
    fn new(call: &Call, row: ApiGroupRow) -> Self {
        let key = |owner| format!("{}#{}_{owner}", call.app.org_name, call.app.app_name);
        Self {
            owner: row.owner.map(key).unwrap_or_default(),
            groupid: row.group_id,
            groupname: row.name,
            affiliations: row.member_count,
            kind: "group",
            created: row.created_at,
            last_modified: row.modified_at,
            last_modified_text: row.modified_at.to_string(),
        }
    }
}

/// `GET /chatgroups`: newest first, page by page.
#[utoipa::path(
    get, path = "/{org}/{app}/chatgroups", tag = "Groups",
    params(InApp, GroupsPage),
    responses((status = 200, description = "A page of groups", body = Answered<Vec<GroupItem>>), Failures),
)]
pub async fn list(call: Call) -> Answer {
    let limit = call.frame.number("limit", PAGE, PAGE_MAX)?;
    let cursor = call.frame.param("cursor");
    let (rows, next) = groups::api_list(&call.store, &call.caller, call.app.id, limit, cursor.as_deref()).await?;
    let data: Vec<GroupItem> = rows.into_iter().map(|row| GroupItem::new(&call, row)).collect();
    let count = data.len();
    call.reply(data).cursor(next).count(count).send()
}

/// A member as the details of a group name it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Affiliated {
    Owner(String),
    /// Admins too.
    Member(String),
}

impl From<Affiliation> for Affiliated {
    fn from(affiliation: Affiliation) -> Self {
        match affiliation.role {
            MemberRole::Owner => Self::Owner(affiliation.username),
            MemberRole::Admin | MemberRole::Member => Self::Member(affiliation.username),
        }
    }
}

/// A group with its members.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupDetails {
    id: String,
    name: String,
    description: String,
    membersonly: bool,
    allowinvites: bool,
    invite_need_confirm: bool,
    /// Room for members, the owner among them.
    maxusers: u32,
    owner: String,
    /// Milliseconds since 1970, UTC.
    created: i64,
    custom: String,
    /// Everybody is muted.
    mute: bool,
    affiliations_count: u32,
    /// The latest who joined first, the owner last.
    affiliations: Vec<Affiliated>,
    public: bool,
}

impl From<ApiGroup> for GroupDetails {
    fn from(group: ApiGroup) -> Self {
        Self {
            id: group.group_id,
            name: group.name,
            description: group.description,
            membersonly: group.access.members_only,
            allowinvites: group.access.allow_invites,
            invite_need_confirm: group.access.invite_need_confirm,
            maxusers: group.max_members,
            owner: group.owner.unwrap_or_default(),
            created: group.created_at,
            custom: group.custom,
            mute: group.mute_all,
            affiliations_count: group.member_count,
            affiliations: group.affiliations.into_iter().map(Affiliated::from).collect(),
            public: group.access.public,
        }
    }
}

/// `GET /chatgroups/{group_ids}`: those of the groups that there are.
#[utoipa::path(
    get, path = "/{org}/{app}/chatgroups/{group_id}", tag = "Groups",
    params(InApp, OneGroup),
    responses((status = 200, description = "Those of the groups that there are; `group_id` may be up to 100 ids with commas between", body = Answered<Vec<GroupDetails>>), Failures),
)]
pub async fn details(call: Call, Path((_, _, segment)): Path<super::InGroup>) -> Answer {
    // An id of Roster's own may hold a comma, so the whole is looked for too, and counts alone when it is there.
    let mut asked = ids(&segment);
    if asked.len() > limits::API_DETAILS {
        return Err(Failure::Invalid(format!("group ids are more than max limit : {}", limits::API_DETAILS)));
    }
    if asked.len() != 1 {
        asked.insert(0, segment.clone());
    }
    let mut found = groups::api_details(&call.store, &call.caller, call.app.id, &asked).await?;
    if found.first().is_some_and(|group| group.group_id == segment) {
        found.truncate(1);
    }
    if found.is_empty() {
        return Err(Failure::GroupNotFound(segment));
    }
    let data: Vec<GroupDetails> = found.into_iter().map(GroupDetails::from).collect();
    let count = data.len();
    call.reply(data).count(count).send()
}

/// One group of a user.
#[derive(Debug, Serialize, ToSchema)]
pub struct JoinedGroup {
    groupid: String,
    groupname: String,
}

impl From<Joined> for JoinedGroup {
    fn from(joined: Joined) -> Self {
        Self { groupid: joined.group_id, groupname: joined.name }
    }
}

/// `GET /users/{username}/joined_chatgroups`: the latest joined first; without numbers of pages as many as a user may be in.
#[utoipa::path(
    get, path = "/{org}/{app}/users/{username}/joined_chatgroups", tag = "Groups",
    params(InApp, OneUser, NumberedPage),
    responses((status = 200, description = "The groups of the user", body = Answered<Vec<JoinedGroup>>), Failures),
)]
pub async fn joined(call: Call, Path((_, _, username)): Path<super::InGroup>) -> Answer {
    let paged = call.frame.param("pagenum").is_some() || call.frame.param("pagesize").is_some();
    let (size, max) = if paged { (10, 100) } else { (limits::GROUPS_PER_ACCOUNT, limits::GROUPS_PER_ACCOUNT) };
    let size = call.frame.number("pagesize", size, max)?;
    let page = call.frame.number("pagenum", 1, u32::MAX)?;
    let found = groups::joined(&call.store, &call.caller, call.app.id, &username, ((page - 1).saturating_mul(size), size)).await;
    let found = found.map_err(Failure::about_user(&username))?;
    let data: Vec<JoinedGroup> = found.into_iter().map(JoinedGroup::from).collect();
    let count = data.len();
    call.reply(data).count(count).send()
}
