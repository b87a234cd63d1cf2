//! The admins of a group.

use domain::member::{BatchPolicy, MemberChange, UsernameMatch};
use serde::{Deserialize, Serialize};
use store::member as members;
use utoipa::ToSchema;

use super::{
    super::{
        Answer, ApiCall, Failure, Path, RawBody,
        body::lenient,
        schema::{Answered, BodyFailures, Failures, InApp, OneGroup, OneUser},
    },
    InGroup, InGroupOne, RefusalContext, read_body, refused, unless_gone,
};

/// `GET /chatgroups/{group_id}/admin`.
#[utoipa::path(
    get, path = "/{org}/{app}/chatgroups/{group_id}/admin", tag = "Admins",
    params(InApp, OneGroup),
    responses((status = 200, description = "The admins, without the owner", body = Answered<Vec<String>>), Failures),
)]
pub async fn list(call: ApiCall, Path((_, _, group)): Path<InGroup>) -> Answer {
    let names = members::admins(call.scope(), &group).await;
    let names = names.map_err(refused(&group, RefusalContext::Members))?;
    let count = names.len();
    call.reply(names).count(count).send()
}

/// Who is to become an admin.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct NewAdminBody {
    /// Required: a member.
    #[serde(deserialize_with = "lenient::text")]
    #[schema(required = true, nullable = false)]
    newadmin: Option<String>,
}

/// Who has become one.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewAdmin {
    result: &'static str,
    newadmin: String,
}

/// `POST /chatgroups/{group_id}/admin`.
#[utoipa::path(
    post, path = "/{org}/{app}/chatgroups/{group_id}/admin", tag = "Admins",
    params(InApp, OneGroup),
    request_body = NewAdminBody,
    responses((status = 200, description = "Who has become one", body = Answered<NewAdmin>), Failures, BodyFailures),
)]
pub async fn add(call: ApiCall, Path((_, _, group)): Path<InGroup>, raw: RawBody) -> Answer {
    let body: NewAdminBody = read_body(&call, &group, &raw).await?;
    let Some(name) = body.newadmin.filter(|name| !name.trim().is_empty()) else {
        return Err(unless_gone(&call, &group, Failure::MustBeProvided("newadmin")).await);
    };
    let newadmin = change(&call, &group, name.trim(), MemberChange::SetAdmin, RefusalContext::Promoting).await?;
    call.reply(NewAdmin { result: "success", newadmin }).send()
}

/// Who is no admin any more.
#[derive(Debug, Serialize, ToSchema)]
pub struct OldAdmin {
    result: &'static str,
    oldadmin: String,
}

/// `DELETE /chatgroups/{group_id}/admin/{username}`: stays as an ordinary member.
#[utoipa::path(
    delete, path = "/{org}/{app}/chatgroups/{group_id}/admin/{username}", tag = "Admins",
    params(InApp, OneGroup, OneUser),
    responses((status = 200, description = "Who is none any more", body = Answered<OldAdmin>), Failures),
)]
pub async fn remove(call: ApiCall, Path((_, _, group, user)): Path<InGroupOne>) -> Answer {
    let oldadmin = change(&call, &group, &user, MemberChange::UnsetAdmin, RefusalContext::Demoting).await?;
    call.reply(OldAdmin { result: "success", oldadmin }).send()
}

async fn change(call: &ApiCall, group: &str, user: &str, what: MemberChange, about: RefusalContext) -> Result<String, Failure> {
    let how = (UsernameMatch::ExactOrLowercase, BatchPolicy::AllOrNothing);
    let outcomes = members::change_in_group(call.scope(), group, vec![user.to_owned()], what, how).await;
    let outcomes = outcomes.map_err(refused(group, about))?;
    Ok(outcomes.into_iter().next().map_or_else(String::new, |outcome| outcome.username))
}
