//! Reading groups: all of them, and some with their details.

use domain::{limits, member::MemberRole};
use serde::Serialize;
use store::group::{self as groups, Affiliation, ApiGroup, ApiGroupRow};
use utoipa::ToSchema;

use super::super::{
    Answer, ApiCall, Failure, Path,
    path::ids,
    schema::{Answered, Failures, GroupsPage, InApp, OneGroup},
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
    fn new(call: &ApiCall, row: ApiGroupRow) -> Self {
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
pub async fn list(call: ApiCall) -> Answer {
    let limit = call.info.number("limit", PAGE, PAGE_MAX)?;
    let cursor = call.info.param("cursor");
    let (rows, next) = groups::api_list(call.scope(), limit, cursor.as_deref()).await?;
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
    /// The address of a picture; empty for none.
    avatar: String,
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
            avatar: group.avatar,
            mute: group.mute_all,
            affiliations_count: group.member_count,
            affiliations: group.affiliations.into_iter().map(Affiliated::from).collect(),
            public: group.access.public,
        }
    }
}

/// A group that was asked for with others and is not there.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoSuchGroup {
    id: String,
    /// `group id doesn't exist`
    error: &'static str,
}

/// What is told of each id that was asked for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum DetailsItem {
    Group(GroupDetails),
    Missing(NoSuchGroup),
}

impl DetailsItem {
    fn id(&self) -> &str {
        match self {
            Self::Group(group) => &group.id,
            Self::Missing(missing) => &missing.id,
        }
    }
}

/// `GET /chatgroups/{group_ids}`: in the order of the ids. Of several, those that are not there are told as such; the failure comes when
/// none is there.
#[utoipa::path(
    get, path = "/{org}/{app}/chatgroups/{group_id}", tag = "Groups",
    params(InApp, OneGroup),
    responses((status = 200, description = "Each of the groups; `group_id` may be up to 100 ids with commas between", body = Answered<Vec<DetailsItem>>), Failures),
)]
pub async fn details(call: ApiCall, Path((_, _, segment)): Path<super::InGroup>) -> Answer {
    // An id of Roster's own may contain a comma, so the whole is looked up too, and counts alone when it exists.
    let mut asked = ids(&segment);
    if asked.len() > limits::API_DETAILS {
        return Err(Failure::Invalid(format!("group ids are more than max limit : {}", limits::API_DETAILS)));
    }
    if asked.len() != 1 {
        asked.insert(0, segment.clone());
    }
    let groups::Details { groups: mut found, mut missing } = groups::api_details(call.scope(), &asked).await?;
    if found.first().is_some_and(|group| group.group_id == segment) {
        found.truncate(1);
        missing.clear();
    }
    if found.is_empty() {
        return Err(Failure::GroupNotFound(segment));
    }
    missing.retain(|id| *id != segment);
    let missing = missing.into_iter().map(|id| DetailsItem::Missing(NoSuchGroup { id, error: "group id doesn't exist" }));
    let found = found.into_iter().map(|group| DetailsItem::Group(group.into()));
    let mut data: Vec<DetailsItem> = found.chain(missing).collect();
    data.sort_by_key(|item| asked.iter().position(|id| id == item.id()));
    let count = data.len();
    call.reply(data).count(count).send()
}
