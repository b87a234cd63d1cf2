//! The block list of a group.

use domain::member::{BatchPolicy, MemberChange, MemberList, UsernameMatch};
use store::member as members;

use super::{
    super::{
        Answer, ApiCall, Failure, Path, RawBody,
        failure::BatchLimit,
        schema::{Answered, BodyFailures, Failures, InApp, OneGroup, OneUser},
    },
    InGroup, InGroupOne, RefusalContext, UserResult, UserResults, Usernames, named, refused,
};

/// `GET /chatgroups/{group_id}/blocks/users`: the latest first.
#[utoipa::path(
    get, path = "/{org}/{app}/chatgroups/{group_id}/blocks/users", tag = "Block list",
    params(InApp, OneGroup),
    responses((status = 200, description = "Who stands on it", body = Answered<Vec<String>>), Failures),
)]
pub async fn list(call: ApiCall, Path((_, _, group)): Path<InGroup>) -> Answer {
    let listed = members::list_of(call.scope(), &group, MemberList::Block).await;
    let listed = listed.map_err(refused(&group, RefusalContext::Members))?;
    let names: Vec<&str> = listed.iter().map(|(name, _)| name.as_str()).collect();
    call.reply(&names).count(names.len()).send()
}

/// `POST /chatgroups/{group_id}/blocks/users/{username}`: the user leaves the group and may not come back.
#[utoipa::path(
    post, path = "/{org}/{app}/chatgroups/{group_id}/blocks/users/{username}", tag = "Block list",
    params(InApp, OneGroup, OneUser),
    responses((status = 200, description = "That it was done", body = Answered<UserResult>), Failures),
)]
pub async fn add(call: ApiCall, Path((_, _, group, user)): Path<InGroupOne>) -> Answer {
    let how = (UsernameMatch::ExactOrLowercase, BatchPolicy::AllOrNothing);
    let outcomes = members::change_in_group(call.scope(), &group, vec![user], MemberChange::Block, how).await;
    let outcomes = outcomes.map_err(refused(&group, RefusalContext::Members))?;
    let user = outcomes.first().map(|outcome| outcome.username.as_str()).unwrap_or_default();
    call.reply(UserResult::done("add_blocks", user, &group)).send()
}

/// `POST /chatgroups/{group_id}/blocks/users`: those of the users who are members.
#[utoipa::path(
    post, path = "/{org}/{app}/chatgroups/{group_id}/blocks/users", tag = "Block list",
    params(InApp, OneGroup),
    request_body = Usernames,
    responses((status = 200, description = "What became of each", body = Answered<Vec<UserResult>>), Failures, BodyFailures),
)]
pub async fn add_many(call: ApiCall, Path((_, _, group)): Path<InGroup>, raw: RawBody) -> Answer {
    let names = Usernames::read(&call, &group, &raw, Failure::TooMany(BatchLimit::Block)).await?;
    let how = (UsernameMatch::ExactOrLowercase, BatchPolicy::AtLeastOne);
    let outcomes = members::change_in_group(call.scope(), &group, names, MemberChange::Block, how).await;
    let outcomes = outcomes.map_err(refused(&group, RefusalContext::Members))?;
    let data: Vec<UserResult> = outcomes.iter().map(|outcome| UserResult::of("add_blocks", outcome, &group)).collect();
    call.reply(data).send()
}

/// `DELETE /chatgroups/{group_id}/blocks/users/{usernames}`: one or several; they do not become members again.
#[utoipa::path(
    delete, path = "/{org}/{app}/chatgroups/{group_id}/blocks/users/{username}", tag = "Block list",
    params(InApp, OneGroup, OneUser),
    responses((status = 200, description = "What became of each; `username` may be up to 60 with commas between", body = Answered<UserResults>), Failures),
)]
pub async fn remove(call: ApiCall, Path((_, _, group, users)): Path<InGroupOne>) -> Answer {
    let names = named(&call, &group, &users, BatchLimit::Unblock).await?;
    let single = names.len() == 1;
    let how = (UsernameMatch::ExactOrLowercase, BatchPolicy::AtLeastOneKnown);
    let outcomes = members::change_in_group(call.scope(), &group, names, MemberChange::Unblock, how).await;
    let outcomes = outcomes.map_err(refused(&group, RefusalContext::Listed))?;
    let results = outcomes.iter().map(|outcome| UserResult::of("remove_blocks", outcome, &group)).collect();
    call.reply(UserResults::of(single, results)).send()
}
