//! API credentials of an app: list, create, edit, rotate, revoke; and which ones an operator has made.

#[cfg(feature = "ssr")]
use domain::credential::CredentialInput;
use domain::credential::{CreatedCredential, CredentialRow, CredentialWithSecret};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::functions::{caller, in_app, server};
use crate::{error::AppError, wire::Answer};

#[server(prefix = "/_fn", endpoint = "credential/list", output = Answer)]
pub async fn list_credentials(org: String, app: String) -> Result<Vec<CredentialRow>, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::credential::list(call.scope()).await?)
}

/// Returns the secret, only this once.
#[server(prefix = "/_fn", endpoint = "credential/create", output = Answer)]
pub async fn create_credential(
    org: String,
    app: String,
    #[server(default)] name: String,
    #[server(default)] expires: String,
    #[server(default)] access: String,
    #[server(default)] addresses: String,
) -> Result<CredentialWithSecret, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::credential::create(call.scope(), CredentialInput { name, expires, access, addresses }).await?)
}

/// All fields: one that is missing, as from a page of an older version, must not lift a limit.
#[server(prefix = "/_fn", endpoint = "credential/edit", output = Answer)]
pub async fn edit_credential(
    org: String,
    app: String,
    id: i64,
    name: String,
    expires: String,
    access: String,
    addresses: String,
) -> Result<(), AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::credential::edit(call.scope(), id, CredentialInput { name, expires, access, addresses }).await?)
}

/// The credentials that an operator has made, for who is about to disable the operator.
#[server(prefix = "/_fn", endpoint = "credential/made-by", output = Answer)]
pub async fn made_credentials(id: i64) -> Result<Vec<CreatedCredential>, AppError> {
    Ok(store::credential::made_by(&server()?.store, &caller()?, id).await?)
}

/// Returns the new secret, only this once.
#[server(prefix = "/_fn", endpoint = "credential/rotate", output = Answer)]
pub async fn rotate_credential(
    org: String,
    app: String,
    id: i64,
    #[server(default)] overlap: String,
) -> Result<CredentialWithSecret, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::credential::rotate(call.scope(), id, &overlap).await?)
}

#[server(prefix = "/_fn", endpoint = "credential/revoke", output = Answer)]
pub async fn revoke_credential(org: String, app: String, id: i64) -> Result<(), AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::credential::revoke(call.scope(), id).await?)
}
