//! Groups: list, look, add, edit, delete.

use domain::{
    group::{EditGroupInput, Group, GroupRow, GroupSummary, NewGroupInput},
    job::Started,
    page::{ListParams, Page},
    selection::Matching,
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::functions::{job::to_job, scope};
use crate::{error::AppError, wire::Answer};
#[cfg(feature = "ssr")]
use domain::{group::store, job::batch};

#[server(prefix = "/_fn", endpoint = "group/list", output = Answer)]
pub async fn list_groups(org: String, app: String, #[server(default)] params: ListParams) -> Result<Page<GroupRow>, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::list(&server.store, &caller, app, &params).await?)
}

#[server(prefix = "/_fn", endpoint = "group/get", output = Answer)]
pub async fn get_group(org: String, app: String, group_id: String) -> Result<Group, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::get(&server.store, &caller, app, &group_id).await?)
}

/// What a dialog about these groups has to say.
#[server(prefix = "/_fn", endpoint = "group/summary", output = Answer)]
pub async fn summarize_groups(
    org: String,
    app: String,
    #[server(default)] ids: Vec<String>,
    #[server(default)] matching: Matching,
) -> Result<GroupSummary, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::summary(&server.store, &caller, app, ids, matching).await?)
}

/// Answers the new group's id.
#[server(prefix = "/_fn", endpoint = "group/create", output = Answer)]
pub async fn create_group(org: String, app: String, input: NewGroupInput) -> Result<String, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::create(&server.store, &caller, app, &input).await?)
}

#[server(prefix = "/_fn", endpoint = "group/edit", output = Answer)]
pub async fn edit_group(org: String, app: String, group_id: String, input: EditGroupInput) -> Result<(), AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::edit(&server.store, &caller, app, &group_id, &input).await?)
}

/// Few at once, many as a job whose page is next.
#[server(prefix = "/_fn", endpoint = "group/delete", output = Answer)]
pub async fn delete_groups(
    org: String,
    app: String,
    #[server(default)] ids: Vec<String>,
    #[server(default)] matching: Matching,
    #[server(default)] confirm: String,
) -> Result<Started, AppError> {
    let (server, caller, id) = scope(&org, &app).await?;
    let started = batch::delete_groups(&server.store, &caller, id, ids, matching, &confirm).await?;
    Ok(to_job(org, app, started))
}
