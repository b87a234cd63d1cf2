//! API credentials of an app: list, create, rename, rotate, revoke.

use domain::credential::{CredentialRow, FreshCredential};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::functions::scope;
use crate::{error::AppError, wire::Answer};
#[cfg(feature = "ssr")]
use domain::credential::store;

#[server(prefix = "/_fn", endpoint = "credential/list", output = Answer)]
pub async fn list_credentials(org: String, app: String) -> Result<Vec<CredentialRow>, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::list(&server.store, &caller, app).await?)
}

/// Answers the secret, this once.
#[server(prefix = "/_fn", endpoint = "credential/create", output = Answer)]
pub async fn create_credential(org: String, app: String, #[server(default)] name: String) -> Result<FreshCredential, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::create(&server.store, &caller, app, &name).await?)
}

#[server(prefix = "/_fn", endpoint = "credential/rename", output = Answer)]
pub async fn rename_credential(org: String, app: String, id: i64, #[server(default)] name: String) -> Result<(), AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::rename(&server.store, &caller, app, id, &name).await?)
}

/// Answers the new secret, this once.
#[server(prefix = "/_fn", endpoint = "credential/rotate", output = Answer)]
pub async fn rotate_credential(org: String, app: String, id: i64) -> Result<FreshCredential, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::rotate(&server.store, &caller, app, id).await?)
}

#[server(prefix = "/_fn", endpoint = "credential/revoke", output = Answer)]
pub async fn revoke_credential(org: String, app: String, id: i64) -> Result<(), AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::revoke(&server.store, &caller, app, id).await?)
}
