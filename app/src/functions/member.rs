//! Members of a group: list, add, delete.

use domain::{
    member::MemberRow,
    page::{BatchReport, ListParams, Page},
};
use leptos::prelude::*;

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::functions::scope;
#[cfg(feature = "ssr")]
use domain::member::store;

#[server(prefix = "/_fn", endpoint = "member/list")]
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
#[server(prefix = "/_fn", endpoint = "member/add")]
pub async fn add_members(
    org: String,
    app: String,
    group_id: String,
    #[server(default)] usernames: String,
) -> Result<BatchReport, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::add(&server.store, &caller, app, &group_id, &usernames).await?)
}

#[server(prefix = "/_fn", endpoint = "member/delete")]
pub async fn delete_members(
    org: String,
    app: String,
    group_id: String,
    #[server(default)] ids: Vec<String>,
    #[server(default)] confirm: String,
) -> Result<BatchReport, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::delete(&server.store, &caller, app, &group_id, ids, &confirm).await?)
}
