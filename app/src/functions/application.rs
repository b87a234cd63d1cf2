//! Apps: list, look, create, edit.

use domain::application::{Application, NewApplicationInput};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::functions::{caller, scope, server};
use crate::{error::AppError, wire::Answer};
#[cfg(feature = "ssr")]
use domain::application::{FileQuotasInput, store};

/// All apps of this server.
#[server(prefix = "/_fn", endpoint = "application/list", output = Answer)]
pub async fn list_applications() -> Result<Vec<Application>, AppError> {
    Ok(store::list(&server()?.store, &caller()?).await?)
}

#[server(prefix = "/_fn", endpoint = "application/get", output = Answer)]
pub async fn get_application(org: String, app: String) -> Result<Application, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::get(&server.store, &caller, app).await?)
}

#[server(prefix = "/_fn", endpoint = "application/create", output = Answer)]
pub async fn create_application(input: NewApplicationInput) -> Result<Application, AppError> {
    Ok(store::create(&server()?.store, &caller()?, &input).await?)
}

#[server(prefix = "/_fn", endpoint = "application/edit", output = Answer)]
pub async fn edit_application(org: String, app: String, #[server(default)] display_name: String) -> Result<(), AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::edit(&server.store, &caller, app, &display_name).await?)
}

/// What the shared files of the app and of each of its groups may have together.
#[server(prefix = "/_fn", endpoint = "application/set-file-quotas", output = Answer)]
pub async fn set_file_quotas(
    org: String,
    app: String,
    #[server(default)] file_quota: String,
    #[server(default)] group_file_quota: String,
) -> Result<(), AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    let input = FileQuotasInput { file_quota, group_file_quota };
    Ok(store::set_file_quotas(&server.store, &caller, app, &input).await?)
}
