//! Signing in and out, the first operator, one's own password, sessions and preferences.

use domain::operator::{SessionRow, SetupKind};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{
    context::{Server, device_cookie_name},
    functions::{caller, extension, server},
};
use crate::{error::AppError, wire::Answer};
#[cfg(feature = "ssr")]
use store::{operator::DeviceId, throttle::KnownClient};

/// A new session id for the one who just proved who they are: an id from before must not become theirs.
#[cfg(feature = "ssr")]
async fn begin_session(operator: i64) -> Result<(), AppError> {
    let internal = |what: &str| AppError::Domain(domain::Error::Internal(what.to_owned()));
    let session = extension::<tower_sessions::Session>().ok_or_else(|| internal("no session layer"))?;
    session.cycle_id().await.map_err(|error| internal(&error.to_string()))?;
    session.insert(crate::context::OPERATOR_KEY, operator).await.map_err(|error| internal(&error.to_string()))
}

/// The browser of the request, if its cookie says that the operator of that name has used it.
#[cfg(feature = "ssr")]
async fn known_device(server: &Server, name: &str) -> Result<Option<DeviceId>, AppError> {
    let Some(parts) = use_context::<http::request::Parts>() else { return Ok(None) };
    let wanted = device_cookie_name(server.secure);
    let values = parts.headers.get_all(http::header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = values.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let Some(cookie) = pairs.find(|(key, _)| *key == wanted).map(|(_, cookie)| cookie.to_owned()) else { return Ok(None) };
    Ok(store::operator::known_device(&server.store, name, &cookie).await?)
}

/// So that this browser is known from now on.
#[cfg(feature = "ssr")]
async fn remember_device(server: &Server, operator: i64, known: Option<DeviceId>) -> Result<(), AppError> {
    let value = store::operator::device_cookie(&server.store, operator, known).await?;
    let (name, seconds) = (device_cookie_name(server.secure), domain::limits::DEVICE_KNOWN_MS / 1000);
    let secure = if server.secure { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; Max-Age={seconds}; SameSite=Strict; HttpOnly{secure}");
    if let (Some(response), Ok(cookie)) = (use_context::<leptos_axum::ResponseOptions>(), http::HeaderValue::from_str(&cookie)) {
        response.append_header(http::header::SET_COOKIE, cookie);
    }
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "session/sign-in", output = Answer)]
pub async fn sign_in(
    #[server(default)] name: String,
    #[server(default)] password: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    let (server, caller) = (server()?, caller()?);
    let device = known_device(&server, &name).await?;
    // Where the operator has signed in before, strangers who try the name do not count.
    let own = device.map(KnownClient::Device).filter(|own| server.throttle.attempt_known(*own));
    if own.is_none()
        && let Err(retry_after_s) = server.throttle.attempt(&name, caller.address.as_deref())
    {
        store::operator::sign_in_throttled(&server.store, &caller, &name).await?;
        return Err(domain::Error::Throttled { retry_after_s }.into());
    }
    let result = store::operator::sign_in(&server.store, &caller, &name, &password, device.filter(|_| own.is_some())).await;
    // Only a wrong password counts as an attempt, not a right one or one that was never checked.
    if !matches!(result, Err(domain::Error::SignInRefused)) {
        match own {
            Some(own) => server.throttle.known_succeeded(own),
            None => server.throttle.succeeded(&name, caller.address.as_deref()),
        }
    }
    let me = result?;
    begin_session(me.id).await?;
    remember_device(&server, me.id, device).await?;
    leptos_axum::redirect(crate::url::local_path(&next).unwrap_or("/"));
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "session/sign-out", output = Answer)]
pub async fn sign_out() -> Result<(), AppError> {
    match store::operator::sign_out(&server()?.store, &caller()?).await {
        // Signing out must always be possible, also while nothing can be stored.
        Err(fault @ (domain::Error::Storage(_) | domain::Error::Busy)) => {
            leptos::logging::warn!("that an operator signed out could not be recorded: {fault}");
        }
        result => result?,
    }
    if let Some(session) = extension::<tower_sessions::Session>() {
        session.flush().await.map_err(|error| AppError::Domain(domain::Error::Internal(error.to_string())))?;
    }
    // The next user of this browser finds nothing of it.
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
    Ok(store::operator::setup_kind(&server()?.store, &token).await?)
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
    let me = store::operator::set_up(&server.store, &caller, &token, &name, &password, &repeat).await?;
    begin_session(me.id).await?;
    remember_device(&server, me.id, None).await?;
    leptos_axum::redirect("/");
    Ok(())
}

/// Whether the server has an operator who can sign in.
#[server(prefix = "/_fn", endpoint = "session/is-set-up", output = Answer)]
pub async fn is_set_up() -> Result<bool, AppError> {
    Ok(store::operator::is_set_up(&server()?.store).await?)
}

/// `stop_jobs`: `1` ends the operator's jobs as well.
#[server(prefix = "/_fn", endpoint = "session/change-password", output = Answer)]
pub async fn change_password(
    #[server(default)] current: String,
    #[server(default)] password: String,
    #[server(default)] repeat: String,
    #[server(default)] stop_jobs: String,
) -> Result<(), AppError> {
    let (server, caller) = (server()?, caller()?);
    let id = caller.operator_id()?;
    // A stolen session must not be a way to guess the password; strangers' attempts with the same name must not make its operator
    // wait.
    let own = KnownClient::Session(current_session().ok_or(domain::Error::Unauthenticated)?);
    if !server.throttle.attempt_known(own) {
        store::operator::change_password_throttled(&server.store, &caller).await?;
        let retry_after_s = server.throttle.known_retry_after_s();
        return Err(domain::Error::Throttled { retry_after_s }.into());
    }
    let input = store::operator::NewPasswordInput {
        current: &current,
        password: &password,
        repeat: &repeat,
        stop_jobs: stop_jobs == "1",
    };
    let result = store::operator::change_password(&server.store, &caller, input, current_session()).await;
    // A correct old password is no guess, whatever is wrong with the new one.
    let knew = |error: &domain::Error| match error {
        domain::Error::Invalid(fields) => fields.iter().all(|broken| broken.field != "current"),
        error => *error == domain::Error::Busy,
    };
    if result.as_ref().err().is_none_or(knew) {
        server.throttle.known_succeeded(own);
    }
    result?;
    // What was known of this session before is void, and this browser is remembered with the new password.
    begin_session(id).await?;
    remember_device(&server, id, None).await
}

#[cfg(feature = "ssr")]
pub(crate) fn current_session() -> Option<[u8; 32]> {
    extension::<crate::context::SessionHash>().and_then(|hash| hash.0)
}

#[server(prefix = "/_fn", endpoint = "session/list", output = Answer)]
pub async fn list_sessions() -> Result<Vec<SessionRow>, AppError> {
    Ok(store::operator::sessions(&server()?.store, &caller()?, current_session()).await?)
}

#[server(prefix = "/_fn", endpoint = "session/end", output = Answer)]
pub async fn end_session(id: i64) -> Result<(), AppError> {
    Ok(store::operator::end_session(&server()?.store, &caller()?, id).await?)
}

#[server(prefix = "/_fn", endpoint = "session/end-others", output = Answer)]
pub async fn end_other_sessions() -> Result<u64, AppError> {
    Ok(store::operator::end_other_sessions(&server()?.store, &caller()?, current_session()).await?)
}

/// Language and theme: stored with the operator, and in a cookie for the pages before sign-in. Empty leaves them unchanged.
#[server(prefix = "/_fn", endpoint = "session/preferences", output = Answer)]
pub async fn set_preferences(#[server(default)] language: String, #[server(default)] theme: String) -> Result<(), AppError> {
    use domain::operator::{Language, Theme};
    let (server, caller) = (server()?, caller()?);
    let language = Some(language).filter(|word| !word.is_empty()).map(|word| Language::parse(&word)).transpose();
    let language = language.map_err(|code| domain::Error::field("language", code))?;
    let theme = Some(theme).filter(|word| !word.is_empty()).map(|word| Theme::parse(&word)).transpose();
    let theme = theme.map_err(|code| domain::Error::field("theme", code))?;
    if caller.operator_id().is_ok() {
        store::operator::set_preferences(&server.store, &caller, language, theme).await?;
    }
    let response = expect_context::<leptos_axum::ResponseOptions>();
    let words = [("language", language.map(Language::as_str)), ("theme", theme.map(Theme::as_str))];
    for (name, word) in words.into_iter().filter_map(|(name, word)| Some((name, word?))) {
        response.append_header(http::header::SET_COOKIE, preference(&server, name, word, "; Max-Age=31536000"));
    }
    Ok(())
}

/// A cookie that keeps a preference.
#[cfg(feature = "ssr")]
fn preference(server: &crate::context::Server, name: &str, word: &str, lasts: &str) -> http::HeaderValue {
    let name = crate::language::preference_cookie(name, server.secure);
    let secure = if server.secure { "; Secure" } else { "" };
    let cookie = format!("{name}={word}; Path=/{lasts}; SameSite=Lax; HttpOnly{secure}");
    // Made of our own texts: this cannot fail.
    http::HeaderValue::from_str(&cookie).unwrap_or(http::HeaderValue::from_static(""))
}

/// Takes a notice away that owners see, until the browser is closed.
#[server(prefix = "/_fn", endpoint = "session/hide-notice", output = Answer)]
pub async fn hide_notice() -> Result<(), AppError> {
    caller()?.operator_id()?;
    let hidden = preference(&server()?, crate::context::PLAIN_HTTP_NOTICE, "hidden", "");
    expect_context::<leptos_axum::ResponseOptions>().append_header(http::header::SET_COOKIE, hidden);
    Ok(())
}
