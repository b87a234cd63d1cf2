//! The console: pages, server functions, downloads and uploads; everything that has a session.

mod download;
mod file_form;
mod forms;
mod group_file;
mod live;
mod pages;
mod redirect;
pub mod session;
mod upload;

use std::sync::OnceLock;

use app::{App, context::Server, shell};
use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, Request},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::{StatusCode, header};
use leptos::{config::LeptosOptions, prelude::provide_context};
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list_with_exclusions_and_ssg_and_context};
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, Predicate, predicate::SizeAbove},
};

use crate::{
    http::faults::{in_time, panicked},
    state::ServerState,
};

/// Everything that the console answers.
pub fn router(state: &ServerState) -> Router {
    let options = LeptosOptions::builder().output_name("roster").build();
    let server = state.server.clone();
    let context = move || provide_context(server.clone());
    let not_found = NotFound { server: state.server.clone() };

    Router::new()
        .leptos_routes_with_context(&options, routes(&state.server), context, shell)
        .with_state(options)
        .merge(downloads().with_state(state.clone()))
        .route("/apps/{org}/{app}", get(pages::app_start))
        .fallback(fallback)
        .layer(in_time())
        // A file may take as long as it keeps coming.
        .merge(uploads().with_state(state.clone()))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(state.clone(), pages::layer))
        .layer(from_fn_with_state(state.clone(), forms::layer))
        .layer(from_fn(live::layer))
        .merge(live::router(state))
        .layer(from_fn_with_state(state.clone(), session::layer))
        .layer(from_fn_with_state(state.clone(), forms::read_whole))
        .layer(Extension(not_found))
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(4)).compress_when(SizeAbove::new(1024).and(IsText)))
}

fn downloads() -> Router<ServerState> {
    Router::new()
        .route("/apps/{org}/{app}/exports/{token}", get(download::export))
        .route("/apps/{org}/{app}/jobs/{job}/file", get(download::export_of_job))
        .route("/apps/{org}/{app}/jobs/{job}/refused.csv", get(download::refusals))
        .route("/apps/{org}/{app}/jobs/{job}/refused-rows", get(download::refused_rows))
        .route("/apps/{org}/{app}/import/{list}/{template}", get(download::template))
        .route("/apps/{org}/{app}/groups/{group_id}/files/{file}", get(group_file::download))
        .route("/audit/archives/{file}", get(download::archive))
}

fn uploads() -> Router<ServerState> {
    Router::new()
        .route("/apps/{org}/{app}/imports", post(upload::upload))
        .route("/apps/{org}/{app}/groups/{group_id}/files/upload", post(group_file::share))
        .layer(DefaultBodyLimit::disable())
}

/// The pages. Found once per process: the framework sets a global flag while it searches, so this must not coincide with a
/// request.
pub fn routes(server: &Server) -> Vec<AxumRouteListing> {
    static ROUTES: OnceLock<Vec<AxumRouteListing>> = OnceLock::new();
    let server = server.clone();
    let list = || generate_route_list_with_exclusions_and_ssg_and_context(App, None, move || provide_context(server.clone())).0;
    ROUTES.get_or_init(list).clone()
}

/// Draws the console's own «not found» page.
#[derive(Clone)]
pub struct NotFound {
    server: Server,
}

impl NotFound {
    pub async fn page(&self, request: Request) -> Response {
        let server = self.server.clone();
        let render = leptos_axum::render_app_async_with_context(move || provide_context(server.clone()), shell);
        let mut response = render(request).await;
        if response.status() == StatusCode::OK {
            *response.status_mut() = StatusCode::NOT_FOUND;
        }
        response
    }
}

async fn fallback(Extension(not_found): Extension<NotFound>, request: Request) -> Response {
    if request.uri().path().starts_with(forms::PREFIX) {
        return (StatusCode::NOT_FOUND, "There is no such function.\n").into_response();
    }
    not_found.page(request).await
}

/// Pages, JSON and JSON Lines, and CSV. What is under `/pkg` is compressed already.
#[derive(Clone, Copy)]
struct IsText;

impl Predicate for IsText {
    fn should_compress<B>(&self, response: &http::Response<B>) -> bool
    where
        B: http_body::Body,
    {
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        ["text/html", "text/csv", "application/json", "application/x-ndjson"].iter().any(|text| kind.starts_with(text))
    }
}
