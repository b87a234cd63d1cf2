//! Messages of groups: list, send.

use domain::{
    job::Started,
    message::MessageRow,
    page::{ListParams, Page},
    selection::Matching,
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::functions::{job::to_job, scope};
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
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::message::list(&server.store, &caller, app, &group_id, &params).await?)
}

/// To one group or many: few at once, many as a job whose page is next.
#[server(prefix = "/_fn", endpoint = "message/send", output = Answer)]
pub async fn send_messages(
    org: String,
    app: String,
    #[server(default)] ids: Vec<String>,
    #[server(default)] matching: Matching,
    #[server(default)] text: String,
) -> Result<Started, AppError> {
    let (server, caller, id) = scope(&org, &app).await?;
    let started = batch::send_messages(&server.store, &caller, id, ids, matching, &text).await?;
    Ok(to_job(org, app, started))
}
