//! The audit log: list, open one. Without an app: the events of the whole server.

use domain::event::{Event, EventPage, EventParams};
use leptos::prelude::*;

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::functions::{caller, scope, server};
#[cfg(feature = "ssr")]
use domain::event::store;

#[server(prefix = "/_fn", endpoint = "event/list")]
pub async fn list_events(org: String, app: String, #[server(default)] params: EventParams) -> Result<EventPage, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::list(&server.store, &caller, Some(app), &params).await?)
}

#[server(prefix = "/_fn", endpoint = "event/get")]
pub async fn get_event(org: String, app: String, id: i64) -> Result<Event, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::get(&server.store, &caller, Some(app), id).await?)
}

#[server(prefix = "/_fn", endpoint = "event/list-server")]
pub async fn list_server_events(#[server(default)] params: EventParams) -> Result<EventPage, AppError> {
    Ok(store::list(&server()?.store, &caller()?, None, &params).await?)
}

#[server(prefix = "/_fn", endpoint = "event/get-server")]
pub async fn get_server_event(id: i64) -> Result<Event, AppError> {
    Ok(store::get(&server()?.store, &caller()?, None, id).await?)
}
