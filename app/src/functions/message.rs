//! Messages of groups: list, send.

use domain::{
    message::MessageRow,
    page::{BatchReport, ListParams, Page},
};
use leptos::prelude::*;

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::functions::scope;
#[cfg(feature = "ssr")]
use domain::message::store;

#[server(prefix = "/_fn", endpoint = "message/list")]
pub async fn list_messages(
    org: String,
    app: String,
    group_id: String,
    #[server(default)] params: ListParams,
) -> Result<Page<MessageRow>, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::list(&server.store, &caller, app, &group_id, &params).await?)
}

/// To one group or many.
#[server(prefix = "/_fn", endpoint = "message/send")]
pub async fn send_messages(
    org: String,
    app: String,
    #[server(default)] ids: Vec<String>,
    #[server(default)] text: String,
) -> Result<BatchReport, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::send(&server.store, &caller, app, ids, &text).await?)
}
