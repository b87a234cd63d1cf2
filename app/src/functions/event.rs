//! The audit log: list, open one. Without an app: the events of the whole server.

use domain::event::{Event, EventPage, EventParams};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::functions::{caller, scope, server};
use crate::{error::AppError, wire::Answer};
#[cfg(feature = "ssr")]
use domain::event::store;

#[server(prefix = "/_fn", endpoint = "event/list", output = Answer)]
pub async fn list_events(org: String, app: String, #[server(default)] params: EventParams) -> Result<EventPage, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::list(&server.store, &caller, Some(app), &params).await?)
}

#[server(prefix = "/_fn", endpoint = "event/get", output = Answer)]
pub async fn get_event(org: String, app: String, id: i64) -> Result<Event, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::get(&server.store, &caller, Some(app), id).await?)
}

#[server(prefix = "/_fn", endpoint = "event/list-server", output = Answer)]
pub async fn list_server_events(#[server(default)] params: EventParams) -> Result<EventPage, AppError> {
    Ok(store::list(&server()?.store, &caller()?, None, &params).await?)
}

#[server(prefix = "/_fn", endpoint = "event/get-server", output = Answer)]
pub async fn get_server_event(id: i64) -> Result<Event, AppError> {
    Ok(store::get(&server()?.store, &caller()?, None, id).await?)
}

/// What was done to one group.
#[server(prefix = "/_fn", endpoint = "event/list-group", output = Answer)]
pub async fn list_group_events(
    org: String,
    app: String,
    group_id: String,
    #[server(default)] params: EventParams,
) -> Result<EventPage, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::list_of_group(&server.store, &caller, app, &group_id, &params).await?)
}
