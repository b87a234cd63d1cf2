//! The router: which addresses there are and which layers lie around them.

pub mod download;
pub mod file_answer;
pub mod file_form;
pub mod flashes;
pub mod forms;
pub mod group_file;
pub mod headers;
pub mod live;
pub mod origin;
pub mod pages;
pub mod part_name;
pub mod redirect;
pub mod session;
pub mod trace;
pub mod upload;
pub mod visitors;

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use app::{App, context::Server, shell};
use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, Request, State},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::{StatusCode, Uri, header};
use ipnet::IpNet;
use leptos::{config::LeptosOptions, prelude::provide_context};
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list_with_exclusions_and_ssg_and_context};
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, Predicate, predicate::SizeAbove},
    timeout::TimeoutLayer,
};

use crate::{
    assets::{self, Files},
    config::PublicUrl,
    rest::{self, easemob::Rest},
};

/// Longer than any answer should take; a page that hangs must not keep its connection for ever.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// How often is tried whether anything can be written, however often somebody asks: anybody may.
const TRIED_EVERY: Duration = Duration::from_secs(5);

/// What the layers and handlers need.
#[derive(Clone, Debug)]
pub struct Site {
    pub server: Server,
    pub files: Files,
    pub public: Option<PublicUrl>,
    pub proxies: Vec<IpNet>,
    /// HSTS holds for the hosts below the public URL's too.
    pub hsts_subdomains: bool,
    pub visitors: Arc<visitors::Visitors>,
    pub flashes: Arc<flashes::Flashes>,
    pub live: Arc<live::Live>,
    pub api: Arc<rest::Api>,
}

/// Everything that the server answers.
pub fn router(site: Site) -> Router {
    let mut files = Router::new().route("/pkg/{name}", get(assets::answer));
    for path in site.files.outside_pkg() {
        files = files.route(path, get(assets::answer));
    }
    Router::new()
        .route("/healthz", get(healthz))
        .with_state(site.clone())
        .merge(files.with_state(site.files.clone()))
        .merge(rest::openapi::router(&site))
        .layer(in_time())
        .merge(console(&site))
        .layer(from_fn_with_state(site.clone(), origin::guard))
        .layer(CatchPanicLayer::custom(panicked))
        // Before anything that is about browsers: calls of the REST API come with a token and from anywhere.
        .layer(from_fn_with_state(Rest::new(site.clone()), rest::easemob::divert))
        .layer(from_fn(headers::one_host))
        .layer(from_fn_with_state(site, headers::layer))
        .layer(from_fn(trace::layer))
}

fn in_time() -> TimeoutLayer {
    TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, ANSWER_WITHIN)
}

/// Pages, server functions, downloads and uploads: everything that has a session.
fn console(site: &Site) -> Router {
    let options = LeptosOptions::builder().output_name("roster").build();
    let server = site.server.clone();
    let context = move || provide_context(server.clone());
    let not_found = NotFound { server: site.server.clone() };

    Router::new()
        .leptos_routes_with_context(&options, routes(&site.server), context, shell)
        .with_state(options)
        .merge(downloads().with_state(site.clone()))
        .route("/apps/{org}/{app}", get(pages::app_start))
        .fallback(fallback)
        .layer(in_time())
        // A file may take as long as it keeps coming.
        .merge(uploads().with_state(site.clone()))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(site.clone(), pages::layer))
        .layer(from_fn_with_state(site.clone(), forms::layer))
        .layer(from_fn(live::layer))
        .merge(live::router(site))
        .layer(from_fn_with_state(site.clone(), session::layer))
        .layer(from_fn_with_state(site.clone(), forms::read_whole))
        .layer(Extension(not_found))
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(4)).compress_when(SizeAbove::new(1024).and(IsText)))
}

fn downloads() -> Router<Site> {
    Router::new()
        .route("/apps/{org}/{app}/exports/{token}", get(download::export))
        .route("/apps/{org}/{app}/jobs/{job}/file", get(download::export_of_job))
        .route("/apps/{org}/{app}/jobs/{job}/refused.csv", get(download::refusals))
        .route("/apps/{org}/{app}/jobs/{job}/refused-rows", get(download::refused_rows))
        .route("/apps/{org}/{app}/import/{list}/{template}", get(download::template))
        .route("/apps/{org}/{app}/groups/{group_id}/files/{file}", get(group_file::download))
        .route("/audit/archives/{file}", get(download::archive))
}

fn uploads() -> Router<Site> {
    Router::new()
        .route("/apps/{org}/{app}/imports", post(upload::upload))
        .route("/apps/{org}/{app}/groups/{group_id}/files/upload", post(group_file::share))
        .layer(DefaultBodyLimit::disable())
}

/// The pages. Found once a process: the framework keeps a global mark while it looks, so looking must not meet a request.
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

/// `GET /healthz`: whether the database answers, and whether it can be written. Who only reads goes on working when it cannot, so that
/// is no failure, unless `?write=1` asks for it.
async fn healthz(State(site): State<Site>, uri: Uri) -> Response {
    let store = &site.server.store;
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
        // It takes changes, only not at once.
        Err(domain::Error::Busy) if !must_write => "ok\n".into_response(),
        Err(domain::Error::Busy) => unavailable("busy\n"),
        Err(_) => unavailable("read-only\n"),
    }
}

/// What a caller sees of a fault of ours; the panic itself is in the log.
fn panicked(fault: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text = fault.downcast_ref::<String>().map(String::as_str).or_else(|| fault.downcast_ref::<&str>().copied());
    tracing::error!(panic = text.unwrap_or("without a text"), "a request failed");
    (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on the server. The log says what.\n").into_response()
}

/// Pages, JSON and its lines, and CSV. What is under `/pkg` is compressed already.
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
