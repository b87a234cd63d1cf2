//! The audit log: list, open one. Without an app: the events of the whole server.

use domain::event::{Event, EventPage, EventParams, Retention};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::functions::{caller, in_app, server};
use crate::{error::AppError, wire::Answer};

#[server(prefix = "/_fn", endpoint = "event/list", output = Answer)]
pub async fn list_events(org: String, app: String, #[server(default)] params: EventParams) -> Result<EventPage, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::event::list(&call.server.store, &call.caller, Some(call.app), &params).await?)
}

#[server(prefix = "/_fn", endpoint = "event/get", output = Answer)]
pub async fn get_event(org: String, app: String, id: i64) -> Result<Event, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::event::get(&call.server.store, &call.caller, Some(call.app), id).await?)
}

#[server(prefix = "/_fn", endpoint = "event/list-server", output = Answer)]
pub async fn list_server_events(#[server(default)] params: EventParams) -> Result<EventPage, AppError> {
    Ok(store::event::list(&server()?.store, &caller()?, None, &params).await?)
}

#[server(prefix = "/_fn", endpoint = "event/get-server", output = Answer)]
pub async fn get_server_event(id: i64) -> Result<Event, AppError> {
    Ok(store::event::get(&server()?.store, &caller()?, None, id).await?)
}

/// How long the log is kept, and its archives.
#[server(prefix = "/_fn", endpoint = "event/retention", output = Answer)]
pub async fn get_retention() -> Result<Retention, AppError> {
    Ok(store::event::archive::retention(&server()?.store, &caller()?).await?)
}

#[server(prefix = "/_fn", endpoint = "event/set-retention", output = Answer)]
pub async fn set_retention(#[server(default)] kept_days: String) -> Result<(), AppError> {
    Ok(store::event::archive::set_retention(&server()?.store, &caller()?, &kept_days).await?)
}

/// Deletes a file of events that left the log.
#[server(prefix = "/_fn", endpoint = "event/delete-archive", output = Answer)]
pub async fn delete_archive(file_name: String, #[server(default)] confirm: String) -> Result<(), AppError> {
    Ok(store::event::archive::delete(&server()?.store, &caller()?, &file_name, &confirm).await?)
}

/// What was done to one group.
#[server(prefix = "/_fn", endpoint = "event/list-group", output = Answer)]
pub async fn list_group_events(
    org: String,
    app: String,
    group_id: String,
    #[server(default)] params: EventParams,
) -> Result<EventPage, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::event::list_of_group(call.scope(), &group_id, &params).await?)
}
