//! The block list of a group.

use domain::member::{MemberChange, MemberList, Policy, Spelling};
use store::member as members;

use super::{
    super::{
        Answer, Call, Failure, Path, Raw,
        error::Batch,
        schema::{Answered, BodyFailures, Failures, InApp, OneGroup, OneUser},
    },
    About, InGroup, InGroupOne, UserResult, UserResults, Usernames, named, refused,
};

/// `GET /chatgroups/{group_id}/blocks/users`: the latest first.
#[utoipa::path(
    get, path = "/{org}/{app}/chatgroups/{group_id}/blocks/users", tag = "Block list",
    params(InApp, OneGroup),
    responses((status = 200, description = "Who stands on it", body = Answered<Vec<String>>), Failures),
)]
pub async fn list(call: Call, Path((_, _, group)): Path<InGroup>) -> Answer {
    let listed = members::list_of(call.scope(), &group, MemberList::Block).await;
    let listed = listed.map_err(refused(&group, About::Members))?;
    let names: Vec<&str> = listed.iter().map(|(name, _)| name.as_str()).collect();
    call.reply(&names).count(names.len()).send()
}

/// `POST /chatgroups/{group_id}/blocks/users/{username}`: the user leaves the group and may not come back.
#[utoipa::path(
    post, path = "/{org}/{app}/chatgroups/{group_id}/blocks/users/{username}", tag = "Block list",
    params(InApp, OneGroup, OneUser),
    responses((status = 200, description = "That it was done", body = Answered<UserResult>), Failures),
)]
pub async fn add(call: Call, Path((_, _, group, user)): Path<InGroupOne>) -> Answer {
    let how = (Spelling::Folded, Policy::All);
    let treated = members::change_in_group(call.scope(), &group, vec![user], MemberChange::Block, how).await;
    let treated = treated.map_err(refused(&group, About::Members))?;
    let user = treated.first().map(|treated| treated.username.as_str()).unwrap_or_default();
    call.reply(UserResult::done("add_blocks", user, &group)).send()
}

/// `POST /chatgroups/{group_id}/blocks/users`: those of the users who are members.
#[utoipa::path(
    post, path = "/{org}/{app}/chatgroups/{group_id}/blocks/users", tag = "Block list",
    params(InApp, OneGroup),
    request_body = Usernames,
    responses((status = 200, description = "What became of each", body = Answered<Vec<UserResult>>), Failures, BodyFailures),
)]
pub async fn add_many(call: Call, Path((_, _, group)): Path<InGroup>, raw: Raw) -> Answer {
    let names = Usernames::read(&call, &group, &raw, Failure::TooMany(Batch::Block)).await?;
    let how = (Spelling::Folded, Policy::Any);
    let treated = members::change_in_group(call.scope(), &group, names, MemberChange::Block, how).await;
    let treated = treated.map_err(refused(&group, About::Members))?;
    let data: Vec<UserResult> = treated.iter().map(|treated| UserResult::of("add_blocks", treated, &group)).collect();
    call.reply(data).send()
}

/// `DELETE /chatgroups/{group_id}/blocks/users/{usernames}`: one or several; they do not become members again.
#[utoipa::path(
    delete, path = "/{org}/{app}/chatgroups/{group_id}/blocks/users/{username}", tag = "Block list",
    params(InApp, OneGroup, OneUser),
    responses((status = 200, description = "What became of each; `username` may be up to 60 with commas between", body = Answered<UserResults>), Failures),
)]
pub async fn remove(call: Call, Path((_, _, group, users)): Path<InGroupOne>) -> Answer {
    let names = named(&call, &group, &users, Batch::Unblock).await?;
    let single = names.len() == 1;
    let how = (Spelling::Folded, Policy::AnyKnown);
    let treated = members::change_in_group(call.scope(), &group, names, MemberChange::Unblock, how).await;
    let treated = treated.map_err(refused(&group, About::Listed))?;
    let results = treated.iter().map(|treated| UserResult::of("remove_blocks", treated, &group)).collect();
    call.reply(UserResults::of(single, results)).send()
}
