//! Around the server functions: errors get their HTTP status (the framework always says 500), and a form that was posted without
//! JavaScript is answered by a redirect, with the result kept in the session for the next page.

use app::{
    context::{RequestCaller, SignedIn},
    error::AppError,
    flash::{self, Flash},
    url::local_path,
};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{Caller, event::Action};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts};
use http_body_util::BodyExt;
use leptos::server_fn::{error::SERVER_FN_ERROR_HEADER, redirect::REDIRECT_HEADER};
use store::refusals::{self, RefusalEvent, RefusalScope};
use tower_sessions::Session;

use super::{redirect::see_other, session};
use crate::{
    connections::body::{Stalled, cause, says_more_than},
    http::origin::referring_path,
    state::{ServerState, flashes::Flashes},
};

/// Where the server functions are.
pub const PREFIX: &str = "/_fn/";
/// Largest form, bytes.
pub const BODY_BYTES: usize = 2 * 1024 * 1024;
/// The limit without a sign-in, where there are only a few small forms. Strangers must not fill the memory.
pub const VISITOR_BODY_BYTES: usize = 64 * 1024;
/// Fields of one form that are kept for the next page, bytes. A selection of thousands is not worth a row of that size.
const KEPT_BYTES: usize = 256 * 1024;
/// The same without a sign-in: a stranger, or somebody whose session ended while a form was open.
const VISITOR_KEPT_BYTES: usize = 8 * 1024;
/// Of a form that is too large, short fields are kept all the same, up to that many bytes: they say which form it was.
const SHORT_BYTES: usize = 256;
const SHORT_KEPT_BYTES: usize = 4 * 1024;

/// Layer: a form is read whole before its session is looked up. A session that ends while the body is still coming, as when its password
/// is reset, must not authorise the change that the body asks for.
pub async fn read_whole(State(state): State<ServerState>, request: Request, next: Next) -> Response {
    if !is_form(&request) {
        return next.run(request).await;
    }
    match whole(&state, request).await {
        Ok(request) => next.run(request).await,
        Err(unfinished) => unfinished.into_response(),
    }
}

/// Why a form is not there.
enum FormReadError {
    TooLarge,
    Stalled,
    Cut,
}

impl IntoResponse for FormReadError {
    fn into_response(self) -> Response {
        let told = match self {
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "A form may hold at most 2 MB, and 64 kB before signing in.\n"),
            Self::Stalled => (StatusCode::REQUEST_TIMEOUT, "The request took too long to come.\n"),
            Self::Cut => (StatusCode::BAD_REQUEST, "The request did not come whole.\n"),
        };
        told.into_response()
    }
}

/// The form with its body in memory.
async fn whole(state: &ServerState, request: Request) -> Result<Request, FormReadError> {
    if says_more_than(&request, BODY_BYTES as u64) {
        return Err(FormReadError::TooLarge);
    }
    // Only checked for large forms. The permission is checked once the form has arrived.
    let much = says_more_than(&request, VISITOR_BODY_BYTES as u64);
    let (parts, mut body) = request.into_parts();
    let mut known = much && session::is_operators(state, &parts.headers).await;
    if much && !known {
        return Err(FormReadError::TooLarge);
    }
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| match cause::<Stalled>(&error) {
            Some(_) => FormReadError::Stalled,
            None => FormReadError::Cut,
        })?;
        let Ok(piece) = frame.into_data() else { continue };
        let length = bytes.len() + piece.len();
        // Its length was not declared.
        known = known || (length > VISITOR_BODY_BYTES && session::is_operators(state, &parts.headers).await);
        if length > if known { BODY_BYTES } else { VISITOR_BODY_BYTES } {
            return Err(FormReadError::TooLarge);
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

fn is_form(request: &Request) -> bool {
    request.method() == Method::POST && request.uri().path().starts_with(PREFIX)
}

pub async fn layer(State(state): State<ServerState>, request: Request, next: Next) -> Response {
    let caller = request.extensions().get::<RequestCaller>().map(|caller| caller.0.clone());
    let path = request.uri().path().to_owned();
    if !is_form(&request) {
        let (response, recorded) = refusals::watch_for_refusals(next.run(request)).await;
        if response.status() == StatusCode::FORBIDDEN && !recorded {
            tell_of_refusal(&state, caller, path);
        }
        return response;
    }
    let (mut parts, body) = request.into_parts();
    // It is here already, so that this cannot fail.
    let body = to_bytes(body, BODY_BYTES).await.unwrap_or_default();
    let form = wants_html(&parts.headers).then(|| Form::read(&parts, &body, &state));
    if form.is_some() {
        // So that the framework does not redirect itself, with the error in the address.
        parts.headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    }
    let session = parts.extensions.get::<Session>().cloned();

    let (response, recorded) = refusals::watch_for_refusals(next.run(Request::from_parts(parts, Body::from(body)))).await;
    let (response, error) = with_status(response).await;
    if error == Some(AppError::Domain(domain::Error::Forbidden)) && !recorded {
        tell_of_refusal(&state, caller, path);
    }
    match (form, session) {
        (Some(form), Some(session)) => form.answer(response, error, &session, &state.flashes).await,
        _ => response,
    }
}

/// An operator asked for what only others may see. Refused changes have recorded themselves.
fn tell_of_refusal(state: &ServerState, caller: Option<Caller>, path: String) {
    let Some(caller) = caller.filter(|caller| caller.operator_id().is_ok()) else { return };
    let refused =
        RefusalEvent { action: Action::AccessRefuse, scope: RefusalScope::Server, caller, target: path, reason: "forbidden" };
    state.server.store.refusals().report(refused);
}

fn wants_html(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
}

/// The answer of a server function with the status of its error, and that error.
async fn with_status(response: Response) -> (Response, Option<AppError>) {
    if !response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        return (response, None);
    }
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, BODY_BYTES).await.unwrap_or_default();
    let error: AppError = serde_json::from_slice(&body).unwrap_or(AppError::Transport);
    if parts.status == StatusCode::INTERNAL_SERVER_ERROR {
        parts.status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    }
    if let AppError::Domain(domain::Error::Throttled { retry_after_s }) = &error {
        parts.headers.insert(header::RETRY_AFTER, HeaderValue::from(*retry_after_s));
    }
    // The body is complete now, so its length is set again.
    parts.headers.remove(header::CONTENT_LENGTH);
    (Response::from_parts(parts, Body::from(body)), Some(error))
}

/// A form as the browser sent it.
struct Form {
    action: String,
    /// Without secrets.
    fields: Vec<(String, String)>,
    /// Whether these are all of them.
    complete: bool,
    /// Where to go after success, when the form says it.
    next: Option<String>,
    /// The page that holds the form.
    from: String,
}

impl Form {
    fn read(parts: &Parts, body: &Bytes, state: &ServerState) -> Self {
        let signed_in = parts.extensions.get::<SignedIn>().is_some_and(|signed_in| signed_in.0.is_some());
        let kept = if signed_in { KEPT_BYTES } else { VISITOR_KEPT_BYTES };
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(body).into_owned().collect();
        let path_in = |field: &str| {
            let value = pairs.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str());
            value.and_then(local_path).map(str::to_owned)
        };
        let next = path_in(flash::NEXT_FIELD);
        let from = path_in(flash::FROM_FIELD).unwrap_or_else(|| referring_path(&parts.headers, state));
        let is_typed = |name: &str| ![flash::NEXT_FIELD, flash::FROM_FIELD].contains(&name) && !is_secret(name);
        let (fields, complete) = keep(pairs.into_iter().filter(|(name, _)| is_typed(name)).collect(), kept);
        Self { action: parts.uri.path().to_owned(), fields, complete, next, from }
    }

    async fn answer(self, response: Response, error: Option<AppError>, session: &Session, flashes: &Flashes) -> Response {
        let location = location(response.headers());
        // The choice of a language or theme is a cookie; signing out empties the browser's cache.
        let for_browser = [header::SET_COOKIE, HeaderName::from_static("clear-site-data")].into_iter().flat_map(|name| {
            let values = response.headers().get_all(&name).iter().cloned();
            values.map(|value| (name.clone(), value)).collect::<Vec<_>>()
        });
        let for_browser: Vec<(HeaderName, HeaderValue)> = for_browser.collect();
        // A function that asks for another page overrides the form: a batch that became a job, for example.
        let to = |from: String| location.or(self.next).unwrap_or(from);
        let (path, result, fields, complete) = match error {
            Some(error) => (self.from, Err(error), self.fields, self.complete),
            None if response.status().is_success() || response.status().is_redirection() => {
                let body = to_bytes(response.into_body(), BODY_BYTES).await.unwrap_or_default();
                (to(self.from), Ok(String::from_utf8_lossy(&body).into_owned()), Vec::new(), true)
            }
            // Not an answer of the function: it panicked, or there is none of that name.
            None => (self.from, Err(AppError::Transport), self.fields, self.complete),
        };
        if let Err(error) = flashes.keep(session, Flash { action: self.action, result, fields, complete }).await {
            tracing::error!(%error, "the answer to a form could not be kept");
        }
        let mut answer = see_other(&path);
        answer.headers_mut().extend(for_browser);
        answer
    }
}

/// The fields when they are at most `limit` bytes, else only short ones; and whether these are all.
fn keep(fields: Vec<(String, String)>, limit: usize) -> (Vec<(String, String)>, bool) {
    let size = |(name, value): &(String, String)| name.len() + value.len();
    if fields.iter().map(size).sum::<usize>() <= limit {
        return (fields, true);
    }
    let mut left = SHORT_KEPT_BYTES.min(limit);
    let fits = |field: &(String, String)| {
        let size = size(field);
        let fits = size <= SHORT_BYTES && size <= left;
        if fits {
            left -= size;
        }
        fits
    };
    (fields.into_iter().filter(fits).collect(), false)
}

/// Also inside of other names, as in `input[password]`.
fn is_secret(name: &str) -> bool {
    name.split(['[', ']']).any(flash::is_secret)
}

/// Where the function itself asked to go.
fn location(headers: &HeaderMap) -> Option<String> {
    [header::LOCATION, HeaderName::from_static(REDIRECT_HEADER)]
        .iter()
        .filter_map(|name| headers.get(name)?.to_str().ok())
        .find_map(local_path)
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_large_a_form_keeps_what_it_is_about() {
        let field = |name: &str, length: usize| (name.to_owned(), "x".repeat(length));
        let small = vec![field("a", 99), field("b", 99)];
        assert_eq!(keep(small.clone(), 200), (small, true));
        assert_eq!(keep(vec![field("text", 9999), field("id", 9)], 1000), (vec![field("id", 9)], false));
        let many = vec![field("ids[]", 95); 9000];
        assert_eq!(keep(many, KEPT_BYTES).0.len(), 40);
    }

    #[test]
    fn secrets_are_known_in_any_nesting() {
        for name in ["password", "input[password]", "token", "repeat", "input[current]"] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["name", "input[name]", "password_hint"] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
