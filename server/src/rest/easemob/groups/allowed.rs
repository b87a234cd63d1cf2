//! The allow list of a group: who may speak while everybody is muted.

use domain::member::{BatchPolicy, MemberChange, MemberList, MemberOutcome, UsernameMatch};
use store::member as members;

use super::{
    super::{
        Answer, ApiCall, Failure, Path, RawBody,
        failure::BatchLimit,
        schema::{Answered, BodyFailures, Failures, InApp, OneGroup, OneUser},
    },
    InGroup, InGroupOne, RefusalContext, UserResult, Usernames, named, refused,
};

/// `GET /chatgroups/{group_id}/white/users`: the latest first. Owner and admins may speak without standing on it.
#[utoipa::path(
    get, path = "/{org}/{app}/chatgroups/{group_id}/white/users", tag = "Allow list",
    params(InApp, OneGroup),
    responses((status = 200, description = "Who stands on it", body = Answered<Vec<String>>), Failures),
)]
pub async fn list(call: ApiCall, Path((_, _, group)): Path<InGroup>) -> Answer {
    let listed = members::list_of(call.scope(), &group, MemberList::Allow).await;
    let listed = listed.map_err(refused(&group, RefusalContext::Members))?;
    let names: Vec<&str> = listed.iter().map(|(name, _)| name.as_str()).collect();
    call.reply(&names).count(names.len()).send()
}

async fn change(call: &ApiCall, group: &str, names: Vec<String>, what: MemberChange) -> Result<Vec<MemberOutcome>, Failure> {
    let how = (UsernameMatch::ExactOrLowercase, BatchPolicy::AllOrNothing);
    let outcomes = members::change_in_group(call.scope(), group, names, what, how).await;
    outcomes.map_err(refused(group, RefusalContext::Members))
}

/// `POST /chatgroups/{group_id}/white/users/{username}`.
#[utoipa::path(
    post, path = "/{org}/{app}/chatgroups/{group_id}/white/users/{username}", tag = "Allow list",
    params(InApp, OneGroup, OneUser),
    responses((status = 200, description = "That it was done", body = Answered<UserResult>), Failures),
)]
pub async fn add(call: ApiCall, Path((_, _, group, user)): Path<InGroupOne>) -> Answer {
    let outcomes = change(&call, &group, vec![user], MemberChange::Allow).await?;
    let user = outcomes.first().map(|outcome| outcome.username.as_str()).unwrap_or_default();
    call.reply(UserResult::done("add_user_whitelist", user, &group)).send()
}

/// `POST /chatgroups/{group_id}/white/users`.
#[utoipa::path(
    post, path = "/{org}/{app}/chatgroups/{group_id}/white/users", tag = "Allow list",
    params(InApp, OneGroup),
    request_body = Usernames,
    responses((status = 200, description = "What became of each", body = Answered<Vec<UserResult>>), Failures, BodyFailures),
)]
pub async fn add_many(call: ApiCall, Path((_, _, group)): Path<InGroup>, raw: RawBody) -> Answer {
    let names = Usernames::read(&call, &group, &raw, Failure::TooMany(BatchLimit::Allow)).await?;
    let outcomes = change(&call, &group, names, MemberChange::Allow).await?;
    let data: Vec<UserResult> = outcomes.iter().map(|outcome| UserResult::of("add_user_whitelist", outcome, &group)).collect();
    call.reply(data).send()
}

/// `DELETE /chatgroups/{group_id}/white/users/{usernames}`: one or several.
#[utoipa::path(
    delete, path = "/{org}/{app}/chatgroups/{group_id}/white/users/{username}", tag = "Allow list",
    params(InApp, OneGroup, OneUser),
    responses((status = 200, description = "What became of each; `username` may be up to 60 with commas between", body = Answered<Vec<UserResult>>), Failures),
)]
pub async fn remove(call: ApiCall, Path((_, _, group, users)): Path<InGroupOne>) -> Answer {
    let names = named(&call, &group, &users, BatchLimit::Disallow).await?;
    let outcomes = change(&call, &group, names, MemberChange::Disallow).await?;
    let data: Vec<UserResult> = outcomes.iter().map(|outcome| UserResult::of("remove_user_whitelist", outcome, &group)).collect();
    call.reply(data).send()
}
