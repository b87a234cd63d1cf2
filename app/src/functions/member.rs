//! Members of a group: list, add, delete.

use domain::{
    job::Started,
    member::{MemberRow, RemovalSummary},
    page::{BatchReport, ListParams, Page},
    selection::Matching,
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::functions::{job::to_job, scope};
use crate::{error::AppError, wire::Answer};
#[cfg(feature = "ssr")]
use domain::{job::batch, member::store};

#[server(prefix = "/_fn", endpoint = "member/list", output = Answer)]
pub async fn list_members(
    org: String,
    app: String,
    group_id: String,
    #[server(default)] params: ListParams,
) -> Result<Page<MemberRow>, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::list(&server.store, &caller, app, &group_id, &params).await?)
}

/// `usernames` as typed or pasted: one or many.
#[server(prefix = "/_fn", endpoint = "member/add", output = Answer)]
pub async fn add_members(
    org: String,
    app: String,
    group_id: String,
    #[server(default)] usernames: String,
) -> Result<BatchReport, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::add(&server.store, &caller, app, &group_id, &usernames).await?)
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
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::summary(&server.store, &caller, app, &group_id, ids, matching).await?)
}

/// Few at once, many as a job whose page is next.
#[server(prefix = "/_fn", endpoint = "member/delete", output = Answer)]
pub async fn delete_members(
    org: String,
    app: String,
    group_id: String,
    #[server(default)] ids: Vec<String>,
    #[server(default)] matching: Matching,
    #[server(default)] confirm: String,
) -> Result<Started, AppError> {
    let (server, caller, id) = scope(&org, &app).await?;
    let started = batch::delete_members(&server.store, &caller, id, &group_id, ids, matching, &confirm).await?;
    Ok(to_job(org, app, started))
}
