//! Members of a group: list, add, delete.

// A function has an argument for each field of its form.
#![allow(clippy::too_many_arguments)]

use domain::{
    job::BatchOutcome,
    member::{MemberAction, MemberList, MemberListRow, MemberRow, MembershipState, RemovalSummary},
    page::{BatchReport, ListParams, Page},
    selection::Matching,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::functions::{in_app, job::to_job};
use crate::{error::AppError, wire::Answer};
#[cfg(feature = "ssr")]
use domain::member::{MemberActionInput, rules};
#[cfg(feature = "ssr")]
use jobs::batch;

/// What was done, and to how many.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MemberActionResult {
    pub work: MemberAction,
    pub report: BatchReport,
}

/// The usernames of both fields; a half-typed one is refused like any other, never dropped.
#[cfg(feature = "ssr")]
fn both(usernames: String, find: &str) -> String {
    if find.trim().is_empty() { usernames } else { format!("{usernames}\n{find}") }
}

#[server(prefix = "/_fn", endpoint = "member/list", output = Answer)]
pub async fn list_members(
    org: String,
    app: String,
    group_id: String,
    #[server(default)] params: ListParams,
) -> Result<Page<MemberRow>, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::member::list(call.scope(), &group_id, &params).await?)
}

/// `usernames` as typed or pasted: one or many. `find` is what was left in the search field: it counts too.
#[server(prefix = "/_fn", endpoint = "member/add", output = Answer)]
pub async fn add_members(
    org: String,
    app: String,
    group_id: String,
    #[server(default)] usernames: String,
    #[server(default)] find: String,
) -> Result<BatchReport, AppError> {
    let call = in_app(&org, &app).await?;
    let report = store::member::add(call.scope(), &group_id, &both(usernames, &find)).await?;
    Ok(rules::require_some_done(report)?)
}

/// What the delete dialog has to say.
#[server(prefix = "/_fn", endpoint = "member/summary", output = Answer)]
pub async fn summarize_members(
    org: String,
    app: String,
    group_id: String,
    #[server(default)] ids: Vec<String>,
    #[server(default)] matching: Matching,
) -> Result<RemovalSummary, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::member::summary(call.scope(), &group_id, ids, matching).await?)
}

/// What can be done to one member depends on it; `None`: no member any more.
#[server(prefix = "/_fn", endpoint = "member/standing", output = Answer)]
pub async fn look_at_member(
    org: String,
    app: String,
    group_id: String,
    username: String,
) -> Result<Option<MembershipState>, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::member::membership_state(call.scope(), &group_id, &username).await?)
}

/// Few at once, many as a job, whose page is next.
#[server(prefix = "/_fn", endpoint = "member/delete", output = Answer)]
pub async fn delete_members(
    org: String,
    app: String,
    group_id: String,
    #[server(default)] ids: Vec<String>,
    #[server(default)] matching: Matching,
    #[server(default)] confirm: String,
) -> Result<BatchOutcome, AppError> {
    let call = in_app(&org, &app).await?;
    let started = batch::delete_members(call.scope(), &group_id, ids, matching, &confirm).await?;
    Ok(to_job(org, app, started))
}

/// Those on one of the group's lists.
#[server(prefix = "/_fn", endpoint = "member/listed", output = Answer)]
pub async fn list_listed(
    org: String,
    app: String,
    group_id: String,
    list: MemberList,
    #[server(default)] params: ListParams,
) -> Result<Page<MemberListRow>, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::member::listed(call.scope(), &group_id, list, &params).await?)
}

/// Does one work to many; see [`domain::member::MemberActionInput`].
#[server(prefix = "/_fn", endpoint = "member/change", output = Answer)]
pub async fn change_members(
    org: String,
    app: String,
    group_id: String,
    work: MemberAction,
    #[server(default)] ids: Vec<String>,
    #[server(default)] usernames: String,
    #[server(default)] find: String,
    #[server(default)] matching: Matching,
    #[server(default)] duration: String,
    #[server(default)] until: String,
    #[server(default)] offset: String,
    #[server(default)] confirm: String,
) -> Result<MemberActionResult, AppError> {
    let call = in_app(&org, &app).await?;
    let input = MemberActionInput { work, ids, usernames: both(usernames, &find), matching, duration, until, offset, confirm };
    let report = store::member::change_as_typed(call.scope(), &group_id, input).await?;
    Ok(MemberActionResult { work, report })
}
