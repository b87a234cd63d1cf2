//! The outermost router and the layers around it: it merges the console's (`console`, whose pages are in `app`), the OpenAPI document's
//! (`rest::openapi`) and the files'; calls of the REST API (`rest::easemob`) are diverted before any of these.

use std::time::Duration;

use axum::{
    Router,
    extract::State,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use http::{StatusCode, Uri};
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    assets, console,
    http::{
        faults::{in_time, panicked},
        headers, origin, trace,
    },
    rest::{self, easemob::Rest},
    state::ServerState,
};

/// Everything that the server answers.
pub fn router(state: ServerState) -> Router {
    let mut files = Router::new().route("/pkg/{name}", get(assets::answer));
    for path in state.files.outside_pkg() {
        files = files.route(path, get(assets::answer));
    }
    Router::new()
        .route("/healthz", get(healthz))
        .with_state(state.clone())
        .merge(files.with_state(state.files.clone()))
        .merge(rest::openapi::router(&state))
        .layer(in_time())
        .merge(console::router(&state))
        .layer(from_fn_with_state(state.clone(), origin::guard))
        .layer(CatchPanicLayer::custom(panicked))
        // Before anything that is about browsers: calls of the REST API have a token and come from anywhere.
        .layer(from_fn_with_state(Rest::new(state.clone()), rest::easemob::rest_layer))
        .layer(from_fn(headers::one_host))
        .layer(from_fn_with_state(state, headers::layer))
        .layer(from_fn(trace::layer))
}

/// `GET /healthz`: whether the database answers, and whether it can be written. Reading still works when it cannot, so that is no
/// failure, unless `?write=1` asks for it.
async fn healthz(State(state): State<ServerState>, uri: Uri) -> Response {
    let store = &state.server.store;
    if let Err(error) = store.ping().await {
        tracing::error!(%error, "the database does not answer");
        return (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response();
    }
    let must_write = uri.query().is_some_and(|query| query.split('&').any(|part| part == "write=1"));
    let unavailable = |word: &'static str| match must_write {
        true => (StatusCode::SERVICE_UNAVAILABLE, word).into_response(),
        false => word.into_response(),
    };
    match store.writable(TRIED_EVERY).await {
        Ok(()) => "ok\n".into_response(),
        // It accepts changes, only not at once.
        Err(domain::Error::Busy) if !must_write => "ok\n".into_response(),
        Err(domain::Error::Busy) => unavailable("busy\n"),
        Err(_) => unavailable("read-only\n"),
    }
}

/// How often a write is tried, however many requests ask: anyone may ask.
const TRIED_EVERY: Duration = Duration::from_secs(5);
