//! The members of a group.

use domain::member::MemberRole;
use serde::Serialize;
use store::{
    group::{self as groups, Affiliation, MemberOrder},
    member as members,
};
use utoipa::ToSchema;

use super::{
    super::{
        Answer, ApiCall, Failure, Path, RawBody,
        failure::BatchLimit,
        schema::{Answered, BodyFailures, Failures, InApp, MembersOrder, NumberedPage, OneGroup, OneUser},
    },
    InGroup, InGroupOne, RefusalContext, UserResult, UserResults, Usernames, named,
    read::Affiliated,
    refused,
};

/// Members on a page, unless the call says otherwise, and at most.
const PAGE: u32 = 1000;

/// A member with the moment it joined.
#[derive(Debug, Serialize, ToSchema)]
pub struct JoinedMember {
    #[serde(flatten)]
    who: Named,
    /// Milliseconds since 1970, UTC.
    joined_time: i64,
}

/// A member by its role.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Named {
    Owner(String),
    Admin(String),
    Member(String),
}

impl From<Affiliation> for JoinedMember {
    fn from(affiliation: Affiliation) -> Self {
        let who = match affiliation.role {
            MemberRole::Owner => Named::Owner(affiliation.username),
            MemberRole::Admin => Named::Admin(affiliation.username),
            MemberRole::Member => Named::Member(affiliation.username),
        };
        Self { who, joined_time: affiliation.joined_at }
    }
}

/// `GET /chatgroups/{group_id}/users`: the latest who joined first, the owner last, unless `sort` says otherwise. With `joined_time=true` each with that moment and
/// admins as such; with `version=v3` only the names, without the owner, by cursor.
#[utoipa::path(
    get, path = "/{org}/{app}/chatgroups/{group_id}/users", tag = "Members",
    params(InApp, OneGroup, NumberedPage, MembersOrder),
    responses((status = 200, description = "A page of members", body = Answered<Vec<Affiliated>>), Failures),
)]
pub async fn list(call: ApiCall, Path((_, _, group)): Path<InGroup>) -> Answer {
    let missing = |error| match refused(&group, RefusalContext::Members)(error) {
        Failure::NoSuchGroup(group) => Failure::GroupNotFound(group),
        failure => failure,
    };
    if call.info.param("version").as_deref() == Some("v3") {
        let limit = call.info.number("limit", 10, PAGE)?;
        let cursor = call.info.param("cursor");
        let found = groups::api_member_names(call.scope(), &group, limit, cursor.as_deref()).await;
        let (names, next) = found.map_err(missing)?;
        let count = names.len();
        return call.reply(names).cursor(next).count(count).send();
    }
    let size = call.info.number("pagesize", PAGE, PAGE)?;
    let skip = call.info.skipped(size)?;
    let order = match call.info.param("sort").as_deref() {
        None => MemberOrder::OwnerLast,
        Some("asc") => MemberOrder::Earliest,
        Some("desc") => MemberOrder::Latest,
        Some(_) => return Err(Failure::Invalid("sort must be asc or desc".to_owned())),
    };
    let place = (skip, size);
    let found = groups::api_members(call.scope(), &group, place, order).await.map_err(missing)?;
    let count = found.len();
    if call.info.flag("joined_time") {
        let data: Vec<JoinedMember> = found.into_iter().map(JoinedMember::from).collect();
        return call.reply(data).count(count).send();
    }
    let data: Vec<Affiliated> = found.into_iter().map(Affiliated::from).collect();
    call.reply(data).count(count).send()
}

/// A member with its role.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleItem {
    username: String,
    role: RoleWord,
    /// Always `false`: clients are not connected to this server.
    online: bool,
}

/// The roles as the wire names them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RoleWord {
    Owner,
    Admin,
    Member,
}

impl From<Affiliation> for RoleItem {
    fn from(affiliation: Affiliation) -> Self {
        let role = match affiliation.role {
            MemberRole::Owner => RoleWord::Owner,
            MemberRole::Admin => RoleWord::Admin,
            MemberRole::Member => RoleWord::Member,
        };
        Self { username: affiliation.username, role, online: false }
    }
}

/// `GET /chatgroups/{group_id}/roles`: everybody with the role, the latest who joined first, the owner last.
#[utoipa::path(
    get, path = "/{org}/{app}/chatgroups/{group_id}/roles", tag = "Members",
    params(InApp, OneGroup),
    responses((status = 200, description = "All members", body = Answered<Vec<RoleItem>>), Failures),
)]
pub async fn roles(call: ApiCall, Path((_, _, group)): Path<InGroup>) -> Answer {
    let all = (0, u32::MAX);
    let found = groups::api_members(call.scope(), &group, all, MemberOrder::OwnerLast).await;
    let data: Vec<RoleItem> = found.map_err(Failure::in_group(&group))?.into_iter().map(RoleItem::from).collect();
    let count = data.len();
    call.reply(data).count(count).send()
}

/// `POST /chatgroups/{group_id}/users/{username}`.
#[utoipa::path(
    post, path = "/{org}/{app}/chatgroups/{group_id}/users/{username}", tag = "Members",
    params(InApp, OneGroup, OneUser),
    responses((status = 200, description = "Who was added", body = Answered<UserResult>), Failures),
)]
pub async fn add(call: ApiCall, Path((_, _, group, user)): Path<InGroupOne>) -> Answer {
    let added = members::add_named(call.scope(), &group, vec![user]).await;
    let added = added.map_err(refused(&group, RefusalContext::Joining))?;
    let user = added.first().map(String::as_str).unwrap_or_default();
    call.reply(UserResult::done("add_member", user, &group)).send()
}

/// Who has been added.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewMembers {
    newmembers: Vec<String>,
    groupid: String,
    action: &'static str,
}

/// `POST /chatgroups/{group_id}/users`: all or nobody, but who is a member already does no harm as long as somebody is not.
#[utoipa::path(
    post, path = "/{org}/{app}/chatgroups/{group_id}/users", tag = "Members",
    params(InApp, OneGroup),
    request_body = Usernames,
    responses((status = 200, description = "Who was added", body = Answered<NewMembers>), Failures, BodyFailures),
)]
pub async fn add_many(call: ApiCall, Path((_, _, group)): Path<InGroup>, raw: RawBody) -> Answer {
    let names = Usernames::read(&call, &group, &raw, Failure::GroupFull).await?;
    let added = members::add_named(call.scope(), &group, names).await;
    let newmembers = added.map_err(refused(&group, RefusalContext::Joining))?;
    call.reply(NewMembers { newmembers, groupid: group, action: "add_member" }).send()
}

/// `DELETE /chatgroups/{group_id}/users/{usernames}`: one or, with commas between, several.
#[utoipa::path(
    delete, path = "/{org}/{app}/chatgroups/{group_id}/users/{username}", tag = "Members",
    params(InApp, OneGroup, OneUser),
    responses((status = 200, description = "What became of each; `username` may be up to 60 with commas between", body = Answered<UserResults>), Failures),
)]
pub async fn remove(call: ApiCall, Path((_, _, group, users)): Path<InGroupOne>) -> Answer {
    let names = named(&call, &group, &users, BatchLimit::RemoveMembers).await?;
    let single = names.len() == 1;
    let removed = members::remove_named(call.scope(), &group, names).await;
    let removed = removed.map_err(refused(&group, RefusalContext::Members))?;
    let results = removed.iter().map(|outcome| UserResult::of("remove_member", outcome, &group)).collect();
    call.reply(UserResults::of(single, results)).send()
}
