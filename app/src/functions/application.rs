//! Apps: list, get, create, edit.

#[cfg(feature = "ssr")]
use domain::application::TokenRulesInput;
use domain::application::{Application, ApplicationName, NewApplicationInput};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::functions::{caller, in_app, server};
use crate::{error::AppError, wire::Answer};
#[cfg(feature = "ssr")]
use domain::application::FileQuotasInput;

/// All apps of this server.
#[server(prefix = "/_fn", endpoint = "application/list", output = Answer)]
pub async fn list_applications() -> Result<Vec<Application>, AppError> {
    Ok(store::application::list(&server()?.store, &caller()?).await?)
}

/// The names of all apps of this server.
#[server(prefix = "/_fn", endpoint = "application/names", output = Answer)]
pub async fn list_application_names() -> Result<Vec<ApplicationName>, AppError> {
    Ok(store::application::names(&server()?.store, &caller()?).await?)
}

#[server(prefix = "/_fn", endpoint = "application/get", output = Answer)]
pub async fn get_application(org: String, app: String) -> Result<Application, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::application::get(call.scope()).await?)
}

#[server(prefix = "/_fn", endpoint = "application/create", output = Answer)]
pub async fn create_application(input: NewApplicationInput) -> Result<Application, AppError> {
    Ok(store::application::create(&server()?.store, &caller()?, &input).await?)
}

#[server(prefix = "/_fn", endpoint = "application/edit", output = Answer)]
pub async fn edit_application(org: String, app: String, #[server(default)] display_name: String) -> Result<(), AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::application::edit(call.scope(), &display_name).await?)
}

/// The fewest characters that passwords of accounts may have from now on.
#[server(prefix = "/_fn", endpoint = "application/set-passwords", output = Answer)]
pub async fn set_account_passwords(
    org: String,
    app: String,
    #[server(default)] password_min_chars: String,
) -> Result<(), AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::application::set_password_min_chars(call.scope(), &password_min_chars).await?)
}

/// What the app gives tokens for. Empty leaves as it is.
#[server(prefix = "/_fn", endpoint = "application/token-rules", output = Answer)]
pub async fn edit_token_rules(
    org: String,
    app: String,
    #[server(default)] password_grant: String,
    #[server(default)] inherit_grant: String,
    #[server(default)] ttl_max: String,
) -> Result<(), AppError> {
    let call = in_app(&org, &app).await?;
    let input = TokenRulesInput { password_grant, inherit_grant, ttl_max };
    Ok(store::application::edit_token_rules(call.scope(), &input).await?)
}

/// What the shared files of the app and of each of its groups may have together.
#[server(prefix = "/_fn", endpoint = "application/set-file-quotas", output = Answer)]
pub async fn set_file_quotas(
    org: String,
    app: String,
    #[server(default)] file_quota: String,
    #[server(default)] group_file_quota: String,
) -> Result<(), AppError> {
    let call = in_app(&org, &app).await?;
    let input = FileQuotasInput { file_quota, group_file_quota };
    Ok(store::application::set_file_quotas(call.scope(), &input).await?)
}
