//! Exports: how many rows one would have, and making it.

#![expect(clippy::too_many_arguments, reason = "the arguments of a server function are the fields of its form")]

#[cfg(feature = "ssr")]
use domain::export::ExportInput;
use domain::{event::EventParams, export::ExportOutcome, selection::Matching};
use leptos::prelude::*;

use crate::{error::AppError, wire::Answer};
#[cfg(feature = "ssr")]
use crate::{functions::in_app, language::request_language, url::AppPath};

/// How many rows the dialog covers. Format and columns do not matter yet.
#[server(prefix = "/_fn", endpoint = "export/count", output = Answer)]
pub async fn count_export(
    org: String,
    app: String,
    list: String,
    #[server(default)] ids: Vec<String>,
    #[server(default)] matching: Matching,
    #[server(default)] group_id: String,
    #[server(default)] log: EventParams,
) -> Result<u64, AppError> {
    let call = in_app(&org, &app).await?;
    let input = ExportInput { list, ids, matching, group_id, log, ..ExportInput::default() };
    Ok(jobs::export::count(call.scope(), input).await?)
}

/// Writes the file, its header in the reader's language: a small one at once, a large one as a job, whose page is next.
#[server(prefix = "/_fn", endpoint = "export/start", output = Answer)]
pub async fn start_export(
    org: String,
    app: String,
    list: String,
    #[server(default)] format: String,
    #[server(default)] columns: Vec<String>,
    #[server(default)] ids: Vec<String>,
    #[server(default)] matching: Matching,
    #[server(default)] sort: String,
    #[server(default)] group_id: String,
    #[server(default)] log: EventParams,
) -> Result<ExportOutcome, AppError> {
    let call = in_app(&org, &app).await?;
    let input = ExportInput { list, format, columns, ids, matching, sort, group_id, log };
    let started = jobs::export::start(call.scope(), &input, request_language()).await?;
    if let ExportOutcome::Job(job) = started {
        leptos_axum::redirect(&AppPath { org, app }.job(job));
    }
    Ok(started)
}
