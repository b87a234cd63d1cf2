//! What happens before a page is drawn: visitors are sent to the sign-in page, and the answer to a form is taken out of the session.

use app::{
    context::{IncomingFlash, PublicOrigin, SignedIn},
    url::AppPath,
};
use axum::{
    extract::{Path, Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderName, HeaderValue, Method};
use tower_sessions::Session;

use super::{
    forms,
    redirect::{see_other, sign_in_path},
};
use crate::{http::origin::own_origin, state::ServerState};

/// Pages for people who have not signed in.
const OPEN_PAGES: [&str; 2] = ["/sign-in", "/setup"];

pub async fn layer(State(state): State<ServerState>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with(forms::PREFIX) || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let origin = PublicOrigin(own_origin(&request, &state));
    request.extensions_mut().insert(origin);
    let path = request.uri().path();
    let signed_in = request.extensions().get::<SignedIn>().is_some_and(|signed_in| signed_in.0.is_some());
    let open = OPEN_PAGES.contains(&path.trim_end_matches('/'));
    if !signed_in && !open {
        return see_other(&sign_in_path(request.uri().path_and_query().map_or("/", |path| path.as_str())));
    }
    if signed_in && path.trim_end_matches('/') == "/sign-in" {
        return see_other("/");
    }
    let session = request.extensions().get::<Session>().cloned();
    if let Some(session) = session.filter(|_| is_document(&request)) {
        match state.flashes.take(&session, request.uri().path(), signed_in).await {
            Ok(flash) => {
                request.extensions_mut().insert(IncomingFlash(flash));
            }
            // Then the page says nothing about the form; it is still the right page.
            Err(error) => tracing::warn!(%error, "the answer to a form was lost"),
        }
    }
    next.run(request).await
}

/// Whether the browser is about to show the answer, as opposed to a script or a prefetch that only looks at it.
fn is_document(request: &Request) -> bool {
    let header = |name: &'static str| request.headers().get(HeaderName::from_static(name)).map(HeaderValue::as_bytes);
    request.method() == Method::GET
        && header("sec-purpose").is_none()
        && header("sec-fetch-dest").is_none_or(|dest| dest == b"document")
}

/// `/apps/{org}/{app}` leads to where an app begins.
pub async fn app_start(Path((org, app)): Path<(String, String)>) -> Response {
    see_other(&AppPath { org, app }.overview())
}
