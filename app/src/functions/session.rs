//! Signing in and out, the first operator, one's own password, sessions and preferences.

use domain::operator::{SessionRow, SetupKind};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::functions::{caller, extension, server};
use crate::{error::AppError, wire::Answer};
#[cfg(feature = "ssr")]
use domain::operator::store;

/// A new session id for the one who just proved who they are: an id from before must not become theirs.
#[cfg(feature = "ssr")]
async fn begin_session(operator: i64) -> Result<(), AppError> {
    let internal = |what: &str| AppError::Domain(domain::Error::Internal(what.to_owned()));
    let session = extension::<tower_sessions::Session>().ok_or_else(|| internal("no session layer"))?;
    session.cycle_id().await.map_err(|error| internal(&error.to_string()))?;
    session.insert(crate::context::OPERATOR_KEY, operator).await.map_err(|error| internal(&error.to_string()))
}

#[server(prefix = "/_fn", endpoint = "session/sign-in", output = Answer)]
pub async fn sign_in(
    #[server(default)] name: String,
    #[server(default)] password: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    let (server, caller) = (server()?, caller()?);
    if let Err(retry_after_s) = server.throttle.attempt(&name, caller.address.as_deref()) {
        if server.throttle.worth_an_event(caller.address.as_deref()) {
            store::sign_in_throttled(&server.store, &caller, &name).await?;
        } else {
            server.store.strangers().leave_out();
        }
        return Err(domain::Error::Throttled { retry_after_s }.into());
    }
    let me = store::sign_in(&server.store, &caller, &name, &password).await?;
    begin_session(me.id).await?;
    leptos_axum::redirect(crate::url::local_path(&next).unwrap_or("/"));
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "session/sign-out", output = Answer)]
pub async fn sign_out() -> Result<(), AppError> {
    store::sign_out(&server()?.store, &caller()?).await?;
    if let Some(session) = extension::<tower_sessions::Session>() {
        session.flush().await.map_err(|error| AppError::Domain(domain::Error::Internal(error.to_string())))?;
    }
    // Whoever uses this browser next finds nothing of it.
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.insert_header(
            http::header::HeaderName::from_static("clear-site-data"),
            http::HeaderValue::from_static("\"cache\", \"storage\""),
        );
    }
    leptos_axum::redirect("/sign-in");
    Ok(())
}

/// What a set-up link is for; not found when it is used, expired or made up.
#[server(prefix = "/_fn", endpoint = "session/setup-kind", output = Answer)]
pub async fn look_up_setup_link(#[server(default)] token: String) -> Result<SetupKind, AppError> {
    Ok(store::setup_kind(&server()?.store, &token).await?)
}

/// Redeems a set-up link and signs in.
#[server(prefix = "/_fn", endpoint = "session/set-up", output = Answer)]
pub async fn set_up(
    #[server(default)] token: String,
    #[server(default)] name: String,
    #[server(default)] password: String,
    #[server(default)] repeat: String,
) -> Result<(), AppError> {
    let (server, caller) = (server()?, caller()?);
    let me = store::set_up(&server.store, &caller, &token, &name, &password, &repeat).await?;
    begin_session(me.id).await?;
    leptos_axum::redirect("/");
    Ok(())
}

/// Whether the server has an operator who can sign in.
#[server(prefix = "/_fn", endpoint = "session/is-set-up", output = Answer)]
pub async fn is_set_up() -> Result<bool, AppError> {
    Ok(store::is_set_up(&server()?.store).await?)
}

#[server(prefix = "/_fn", endpoint = "session/change-password", output = Answer)]
pub async fn change_password(
    #[server(default)] current: String,
    #[server(default)] password: String,
    #[server(default)] repeat: String,
) -> Result<(), AppError> {
    let (server, caller) = (server()?, caller()?);
    let name = match &caller.actor {
        domain::Actor::Operator { name, .. } => name.clone(),
        _ => return Err(domain::Error::Unauthenticated.into()),
    };
    // A stolen session must not be a way to guess the password behind it.
    if let Err(retry_after_s) = server.throttle.attempt(&name, caller.address.as_deref()) {
        if server.throttle.worth_an_event(caller.address.as_deref()) {
            store::change_password_throttled(&server.store, &caller).await?;
        }
        return Err(domain::Error::Throttled { retry_after_s }.into());
    }
    Ok(store::change_password(&server.store, &caller, &current, &password, &repeat, current_session()).await?)
}

#[cfg(feature = "ssr")]
fn current_session() -> Option<[u8; 32]> {
    extension::<crate::context::SessionHash>().and_then(|hash| hash.0)
}

#[server(prefix = "/_fn", endpoint = "session/list", output = Answer)]
pub async fn list_sessions() -> Result<Vec<SessionRow>, AppError> {
    Ok(store::sessions(&server()?.store, &caller()?, current_session()).await?)
}

#[server(prefix = "/_fn", endpoint = "session/end", output = Answer)]
pub async fn end_session(id: i64) -> Result<(), AppError> {
    Ok(store::end_session(&server()?.store, &caller()?, id).await?)
}

#[server(prefix = "/_fn", endpoint = "session/end-others", output = Answer)]
pub async fn end_other_sessions() -> Result<u64, AppError> {
    Ok(store::end_other_sessions(&server()?.store, &caller()?, current_session()).await?)
}

/// Language and theme: kept with the operator, and in a cookie for the pages before sign-in. Empty leaves as it is.
#[server(prefix = "/_fn", endpoint = "session/preferences", output = Answer)]
pub async fn set_preferences(#[server(default)] language: String, #[server(default)] theme: String) -> Result<(), AppError> {
    use domain::operator::{Language, Theme};
    let (server, caller) = (server()?, caller()?);
    let language = Some(language).filter(|word| !word.is_empty()).map(|word| Language::parse(&word)).transpose();
    let language = language.map_err(|code| domain::Error::field("language", code))?;
    let theme = Some(theme).filter(|word| !word.is_empty()).map(|word| Theme::parse(&word)).transpose();
    let theme = theme.map_err(|code| domain::Error::field("theme", code))?;
    if caller.operator_id().is_ok() {
        store::set_preferences(&server.store, &caller, language, theme).await?;
    }
    let response = expect_context::<leptos_axum::ResponseOptions>();
    let secure = if server.secure { "; Secure" } else { "" };
    let words = [("roster-language", language.map(Language::as_str)), ("roster-theme", theme.map(Theme::as_str))];
    for (name, word) in words.into_iter().filter_map(|(name, word)| Some((name, word?))) {
        let cookie = format!("{name}={word}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly{secure}");
        if let Ok(value) = http::HeaderValue::from_str(&cookie) {
            response.append_header(http::header::SET_COOKIE, value);
        }
    }
    Ok(())
}
