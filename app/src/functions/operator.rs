//! Operators, for owners: list, add, change role, disable, enable, reset the password, see and end sessions.

use domain::operator::{OperatorRow, SessionRow, SetupLink};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::functions::{caller, server, session::current_session};
use crate::{error::AppError, wire::Answer};

#[server(prefix = "/_fn", endpoint = "operator/list", output = Answer)]
pub async fn list_operators() -> Result<Vec<OperatorRow>, AppError> {
    Ok(store::operator::list(&server()?.store, &caller()?).await?)
}

/// Returns the link with which the new operator chooses a password.
#[server(prefix = "/_fn", endpoint = "operator/add", output = Answer)]
pub async fn add_operator(#[server(default)] name: String, #[server(default)] role: String) -> Result<SetupLink, AppError> {
    Ok(store::operator::add(&server()?.store, &caller()?, &name, &role).await?)
}

#[server(prefix = "/_fn", endpoint = "operator/change-role", output = Answer)]
pub async fn change_operator_role(id: i64, #[server(default)] role: String) -> Result<(), AppError> {
    Ok(store::operator::change_role(&server()?.store, &caller()?, id, &role).await?)
}

#[server(prefix = "/_fn", endpoint = "operator/disable", output = Answer)]
pub async fn disable_operator(id: i64) -> Result<(), AppError> {
    Ok(store::operator::set_disabled(&server()?.store, &caller()?, id, true).await?)
}

#[server(prefix = "/_fn", endpoint = "operator/enable", output = Answer)]
pub async fn enable_operator(id: i64) -> Result<(), AppError> {
    Ok(store::operator::set_disabled(&server()?.store, &caller()?, id, false).await?)
}

/// The old password is void at once; returns the link with which a new one is chosen.
#[server(prefix = "/_fn", endpoint = "operator/reset-password", output = Answer)]
pub async fn reset_operator_password(id: i64) -> Result<SetupLink, AppError> {
    Ok(store::operator::reset_password(&server()?.store, &caller()?, id).await?)
}

#[server(prefix = "/_fn", endpoint = "operator/sessions", output = Answer)]
pub async fn list_operator_sessions(id: i64) -> Result<Vec<SessionRow>, AppError> {
    Ok(store::operator::sessions_of(&server()?.store, &caller()?, id, current_session()).await?)
}

#[server(prefix = "/_fn", endpoint = "operator/end-session", output = Answer)]
pub async fn end_operator_session(id: i64, session: i64) -> Result<(), AppError> {
    Ok(store::operator::end_session_of(&server()?.store, &caller()?, id, session).await?)
}

/// All but the session of the request.
#[server(prefix = "/_fn", endpoint = "operator/end-sessions", output = Answer)]
pub async fn end_operator_sessions(id: i64) -> Result<u64, AppError> {
    Ok(store::operator::end_sessions_of(&server()?.store, &caller()?, id, current_session()).await?)
}
