//! Messages of groups: list, send.

use domain::{
    job::BatchOutcome,
    message::MessageRow,
    page::{ListParams, Page},
    selection::Matching,
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::functions::{in_app, job::to_job};
use crate::{error::AppError, wire::Answer};
#[cfg(feature = "ssr")]
use jobs::batch;

#[server(prefix = "/_fn", endpoint = "message/list", output = Answer)]
pub async fn list_messages(
    org: String,
    app: String,
    group_id: String,
    #[server(default)] params: ListParams,
) -> Result<Page<MessageRow>, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::message::list(call.scope(), &group_id, &params).await?)
}

/// To one group or many: few at once, many as a job, whose page is next.
#[server(prefix = "/_fn", endpoint = "message/send", output = Answer)]
pub async fn send_messages(
    org: String,
    app: String,
    #[server(default)] ids: Vec<String>,
    #[server(default)] matching: Matching,
    #[server(default)] text: String,
) -> Result<BatchOutcome, AppError> {
    let call = in_app(&org, &app).await?;
    let started = batch::send_messages(call.scope(), ids, matching, &text).await?;
    Ok(to_job(org, app, started))
}
