//! The groups of a user, in the two forms that there are, and whether a user is in a group.

use domain::limits;
use serde::Serialize;
use serde_json::Value;
use store::group::{self as groups, Joined};
use utoipa::ToSchema;

use super::{
    super::{
        Answer, ApiCall, Failure, Path,
        schema::{Answered, Failures, InApp, NumberedPage, OneGroup, OneUser, PageFrom0},
    },
    InGroup, InGroupOne,
};

/// Groups on a page of those with roles, unless the call says otherwise, and at most.
const PAGE: u32 = 5;
const PAGE_MAX: u32 = 20;

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
pub async fn joined(call: ApiCall, Path((_, _, username)): Path<InGroup>) -> Answer {
    let paged = call.info.param("pagenum").is_some() || call.info.param("pagesize").is_some();
    let (size, max) = if paged { (10, 100) } else { (limits::GROUPS_PER_ACCOUNT, limits::GROUPS_PER_ACCOUNT) };
    let size = call.info.number("pagesize", size, max)?;
    let skip = call.info.skipped(size)?;
    let found = groups::joined(call.scope(), &username, (skip, size)).await;
    let found = found.map_err(Failure::about_user(&username))?;
    let data: Vec<JoinedGroup> = found.into_iter().map(JoinedGroup::from).collect();
    let count = data.len();
    call.reply(data).count(count).send()
}

/// One group of a user with what it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupOfUser {
    id: String,
    /// The same.
    #[serde(rename = "groupId")]
    group_id: String,
    name: String,
    description: String,
    /// The address of a picture; empty for none.
    avatar: String,
    /// Empty when nobody owns it.
    owner: String,
    public: bool,
    membersonly: bool,
    allowinvites: bool,
    /// Room for members, the owner among them.
    maxusers: u32,
    /// Always `false`: groups are not disabled here.
    disabled: bool,
    /// Milliseconds since 1970, UTC.
    created: i64,
}

impl From<groups::JoinedGroup> for GroupOfUser {
    fn from(group: groups::JoinedGroup) -> Self {
        Self {
            id: group.group_id.clone(),
            group_id: group.group_id,
            name: group.name,
            description: group.description,
            avatar: group.avatar,
            owner: group.owner.unwrap_or_default(),
            public: group.access.public,
            membersonly: group.access.members_only,
            allowinvites: group.access.allow_invites,
            maxusers: group.max_members,
            disabled: false,
            created: group.created_at,
        }
    }
}

/// A page of a user's groups.
#[derive(ToSchema)]
pub struct GroupsOfUser {
    /// `get`
    pub action: String,
    /// The app's UUID
    pub application: String,
    /// The query, every value as a list of text; only there when there was one
    #[schema(nullable = false)]
    pub params: Option<Value>,
    /// The address that was asked for, without the query
    pub uri: String,
    pub entities: Vec<GroupOfUser>,
    /// How many groups the user is in
    pub total: u64,
    /// Milliseconds since 1970, UTC
    pub timestamp: i64,
    /// How long the call took, milliseconds
    pub duration: u64,
    pub organization: String,
    #[schema(rename = "applicationName")]
    pub application_name: String,
}

/// `GET /chatgroups/user/{username}`: the latest joined first, with what each group is.
#[utoipa::path(
    get, path = "/{org}/{app}/chatgroups/user/{username}", tag = "Groups",
    params(InApp, OneUser, PageFrom0),
    responses((status = 200, description = "A page of the groups of the user", body = GroupsOfUser), Failures),
)]
pub async fn with_details(call: ApiCall, Path((_, _, username)): Path<InGroup>) -> Answer {
    let size = call.info.number("pagesize", PAGE, PAGE_MAX)?;
    let skip = call.info.skipped_from_0(size)?;
    let found = groups::joined_groups(call.scope(), &username, (skip, size)).await;
    let (found, total) = found.map_err(Failure::about_user(&username))?;
    let entities: Vec<GroupOfUser> = found.into_iter().map(GroupOfUser::from).collect();
    call.entities("", &entities).without_path().total(total).send()
}

/// `GET /chatgroups/{group_id}/user/{username}/is_joined`: of somebody who does not exist, `false`.
#[utoipa::path(
    get, path = "/{org}/{app}/chatgroups/{group_id}/user/{username}/is_joined", tag = "Members",
    params(InApp, OneGroup, OneUser),
    responses((status = 200, description = "Whether the user is a member", body = Answered<bool>), Failures),
)]
pub async fn is_joined(call: ApiCall, Path((_, _, group, username)): Path<InGroupOne>) -> Answer {
    let joined = groups::is_member(call.scope(), &group, &username).await;
    call.reply(joined.map_err(Failure::in_group(&group))?).send()
}
