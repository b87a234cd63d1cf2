//! Jobs: list, get, cancel.

use domain::{
    job::{Job, JobRow},
    page::{ListParams, Page},
};
use leptos::prelude::*;

use crate::{error::AppError, wire::Answer};
#[cfg(feature = "ssr")]
use crate::{functions::in_app, url::AppPath};
#[cfg(feature = "ssr")]
use domain::job::BatchOutcome;

#[server(prefix = "/_fn", endpoint = "job/list", output = Answer)]
pub async fn list_jobs(org: String, app: String, #[server(default)] params: ListParams) -> Result<Page<JobRow>, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::job::list(call.scope(), &params).await?)
}

#[server(prefix = "/_fn", endpoint = "job/get", output = Answer)]
pub async fn get_job(org: String, app: String, id: i64) -> Result<Job, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(jobs::job::get(call.scope(), id).await?)
}

/// Stops it after the chunk that it is at.
#[server(prefix = "/_fn", endpoint = "job/cancel", output = Answer)]
pub async fn cancel_job(org: String, app: String, id: i64) -> Result<(), AppError> {
    let call = in_app(&org, &app).await?;
    Ok(jobs::job::cancel(call.scope(), id).await?)
}

/// What became of a batch; when it became a job, its page is next.
#[cfg(feature = "ssr")]
pub(crate) fn to_job(org: String, app: String, started: BatchOutcome) -> BatchOutcome {
    if let BatchOutcome::Queued(id) = started {
        leptos_axum::redirect(&AppPath { org, app }.job(id));
    }
    started
}
