//! The search over everything in an app.

use domain::search::Found;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::functions::scope;
use crate::{error::AppError, wire::Answer};

#[server(prefix = "/_fn", endpoint = "search/find", output = Answer)]
pub async fn find(org: String, app: String, #[server(default)] term: String) -> Result<Found, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::search::find(&server.store, &caller, app, &term).await?)
}
