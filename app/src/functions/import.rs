//! Imports: the preview of an upload, starting and discarding it. Files are uploaded elsewhere, because no server function takes
//! one.

use domain::import::Import;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use store::import::{discard, get, start};

use crate::{error::AppError, wire::Answer};
#[cfg(feature = "ssr")]
use crate::{functions::in_app, url::AppPath};

#[server(prefix = "/_fn", endpoint = "import/get", output = Answer)]
pub async fn get_import(org: String, app: String, id: i64) -> Result<Import, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(get(call.scope(), id).await?)
}

/// Starts the job; its page is next.
#[server(prefix = "/_fn", endpoint = "import/start", output = Answer)]
pub async fn start_import(org: String, app: String, id: i64, #[server(default)] mode: String) -> Result<i64, AppError> {
    let call = in_app(&org, &app).await?;
    let job = start(call.scope(), id, &mode).await?;
    leptos_axum::redirect(&AppPath { org, app }.job(job));
    Ok(job)
}

#[server(prefix = "/_fn", endpoint = "import/discard", output = Answer)]
pub async fn discard_import(org: String, app: String, id: i64) -> Result<(), AppError> {
    let call = in_app(&org, &app).await?;
    Ok(discard(call.scope(), id).await?)
}
