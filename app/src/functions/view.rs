//! Saved views of the calling operator: list, save, delete.

use domain::view::View;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::functions::in_app;
use crate::{error::AppError, wire::Answer};

/// `list` is the list's key: `groups`, `accounts` or `audit`.
#[server(prefix = "/_fn", endpoint = "view/list", output = Answer)]
pub async fn list_views(org: String, app: String, #[server(default)] list: String) -> Result<Vec<View>, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::view::list(call.scope(), &list).await?)
}

/// A view of that name is replaced.
#[server(prefix = "/_fn", endpoint = "view/save", output = Answer)]
pub async fn save_view(
    org: String,
    app: String,
    #[server(default)] list: String,
    #[server(default)] view_name: String,
    #[server(default)] query: String,
) -> Result<(), AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::view::save(call.scope(), &list, &view_name, &query).await?)
}

#[server(prefix = "/_fn", endpoint = "view/delete", output = Answer)]
pub async fn delete_view(org: String, app: String, id: i64) -> Result<(), AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::view::delete(call.scope(), id).await?)
}
