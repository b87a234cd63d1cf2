//! The search over everything in an app.

use domain::search::Found;
use leptos::prelude::*;

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::functions::scope;
#[cfg(feature = "ssr")]
use domain::search::store;

#[server(prefix = "/_fn", endpoint = "search/find")]
pub async fn find(org: String, app: String, #[server(default)] term: String) -> Result<Found, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::find(&server.store, &caller, app, &term).await?)
}
