//! The search over everything in an app.

use domain::search::SearchResults;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::functions::in_app;
use crate::{error::AppError, wire::Answer};

#[server(prefix = "/_fn", endpoint = "search/find", output = Answer)]
pub async fn find(org: String, app: String, #[server(default)] term: String) -> Result<SearchResults, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::search::find(call.scope(), &term).await?)
}
