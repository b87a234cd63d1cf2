//! Groups: list, get, add, edit, delete.

use domain::{
    group::{EditGroupInput, Group, GroupRow, GroupSettingsInput, GroupSummary, NewGroupInput},
    job::BatchOutcome,
    page::{ListParams, Page},
    selection::Matching,
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::functions::{in_app, job::to_job};
use crate::{error::AppError, wire::Answer};
#[cfg(feature = "ssr")]
use domain::member;
#[cfg(feature = "ssr")]
use jobs::batch;

#[server(prefix = "/_fn", endpoint = "group/list", output = Answer)]
pub async fn list_groups(org: String, app: String, #[server(default)] params: ListParams) -> Result<Page<GroupRow>, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::group::list(call.scope(), &params).await?)
}

#[server(prefix = "/_fn", endpoint = "group/get", output = Answer)]
pub async fn get_group(org: String, app: String, group_id: String) -> Result<Group, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::group::get(call.scope(), &group_id).await?)
}

/// What a dialog about these groups has to say.
#[server(prefix = "/_fn", endpoint = "group/summary", output = Answer)]
pub async fn summarize_groups(
    org: String,
    app: String,
    #[server(default)] ids: Vec<String>,
    #[server(default)] matching: Matching,
) -> Result<GroupSummary, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::group::summary(call.scope(), ids, matching).await?)
}

/// Returns the new group's id.
#[server(prefix = "/_fn", endpoint = "group/create", output = Answer)]
pub async fn create_group(org: String, app: String, input: NewGroupInput) -> Result<String, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::group::create(call.scope(), &input).await?)
}

#[server(prefix = "/_fn", endpoint = "group/edit", output = Answer)]
pub async fn edit_group(org: String, app: String, group_id: String, input: EditGroupInput) -> Result<(), AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::group::edit(call.scope(), &group_id, &input).await?)
}

#[server(prefix = "/_fn", endpoint = "group/configure", output = Answer)]
pub async fn configure_group(org: String, app: String, group_id: String, input: GroupSettingsInput) -> Result<(), AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::group::configure(call.scope(), &group_id, &input).await?)
}

/// An empty text takes the announcement away. `version`: when the one that the form was filled from was announced; empty for none.
#[server(prefix = "/_fn", endpoint = "group/announce", output = Answer)]
pub async fn announce(
    org: String,
    app: String,
    group_id: String,
    #[server(default)] announcement: String,
    #[server(default)] version: String,
) -> Result<(), AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::group::announce_over(call.scope(), &group_id, &announcement, &version).await?)
}

/// Returns the present settings.
#[server(prefix = "/_fn", endpoint = "group/mute-all", output = Answer)]
pub async fn mute_all(org: String, app: String, group_id: String, mute: bool) -> Result<bool, AppError> {
    let call = in_app(&org, &app).await?;
    store::group::mute_all(call.scope(), &group_id, mute).await?;
    Ok(mute)
}

/// Returns the new owner.
#[server(prefix = "/_fn", endpoint = "group/transfer", output = Answer)]
pub async fn transfer_group(
    org: String,
    app: String,
    group_id: String,
    #[server(default)] username: String,
) -> Result<String, AppError> {
    let call = in_app(&org, &app).await?;
    store::member::transfer(call.scope(), &group_id, &username, member::UsernameMatch::Exact).await?;
    Ok(username)
}

/// Few at once, many as a job, whose page is next.
#[server(prefix = "/_fn", endpoint = "group/delete", output = Answer)]
pub async fn delete_groups(
    org: String,
    app: String,
    #[server(default)] ids: Vec<String>,
    #[server(default)] matching: Matching,
    #[server(default)] confirm: String,
) -> Result<BatchOutcome, AppError> {
    let call = in_app(&org, &app).await?;
    let started = batch::delete_groups(call.scope(), ids, matching, &confirm).await?;
    Ok(to_job(org, app, started))
}
