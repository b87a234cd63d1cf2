//! Easemob's REST API (Agora Chat), as its clients know it: `/{org}/{app}/…`. This file lists the addresses; what all calls share is in the
//! files `path` (the request), `auth` (the caller), `body`, `envelope` and `error`; each resource has a file of its own.

pub mod auth;
pub mod body;
pub mod envelope;
pub mod error;
pub mod failure;
pub mod groups;
pub mod messages;
pub mod path;
pub mod presence;
pub mod schema;
pub mod token;
mod user_bodies;
pub mod users;
mod words;

use std::time::Duration;

use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::{delete, get, post, put},
};
use store::refusals;
use tower_http::catch_panic::CatchPanicLayer;
use tower_service::Service;

pub use self::{
    auth::ApiCall,
    body::RawBody,
    failure::Failure,
    path::{Path, RequestInfo},
};
use crate::{
    connections::body::{RequestProgress, answer_within},
    state::ServerState,
};

/// What a handler answers.
pub type Answer = Result<Response, Failure>;

/// Longer than any answer should take once the call has arrived. Bodies and files take as long as they keep coming.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// All calls.
fn router(state: ServerState) -> Router {
    Router::new()
        .route("/{org}/{app}/token", post(token::issue))
        .merge(group_calls())
        .route("/{org}/{app}/users", get(users::list).post(users::register).delete(users::delete_many))
        .route("/{org}/{app}/users/batch/status", get(presence::status_of_batch).post(presence::statuses))
        .route("/{org}/{app}/users/{username}", get(users::get).put(users::modify).delete(users::delete))
        .route("/{org}/{app}/users/{username}/password", put(users::set_password))
        .route("/{org}/{app}/users/{username}/activate", post(users::activate))
        .route("/{org}/{app}/users/{username}/deactivate", post(users::deactivate))
        .route("/{org}/{app}/users/{username}/status", get(presence::status))
        .route("/{org}/{app}/users/{username}/disconnect", get(presence::disconnect))
        .route("/{org}/{app}/messages", post(messages::older))
        .route("/{org}/{app}/messages/chatgroups", post(messages::to_groups))
        .layer(from_fn(in_time))
        .merge(file_calls())
        .fallback(async || Failure::NoSuchAddress)
        .method_not_allowed_fallback(async || Failure::MethodNotSupported)
        .layer(CatchPanicLayer::custom(panicked))
        .with_state(state)
}

/// Calls on groups.
fn group_calls() -> Router<ServerState> {
    use groups::{admins, allowed, announcement, blocks, change, files, members, mutes, of_user, read};
    let group = Router::new()
        .route("/", get(read::details).put(change::modify).delete(change::delete))
        .route("/announcement", get(announcement::get).post(announcement::set))
        .route("/share_files", get(files::list))
        .route("/share_files/{file_id}", delete(files::delete))
        .route("/users", get(members::list).post(members::add_many))
        .route("/users/{username}", post(members::add).delete(members::remove))
        .route("/user/{username}/is_joined", get(of_user::is_joined))
        .route("/roles", get(members::roles))
        .route("/admin", get(admins::list).post(admins::add))
        .route("/admin/{username}", delete(admins::remove))
        .route("/blocks/users", get(blocks::list).post(blocks::add_many))
        .route("/blocks/users/{username}", post(blocks::add).delete(blocks::remove))
        .route("/white/users", get(allowed::list).post(allowed::add_many))
        .route("/white/users/{username}", post(allowed::add).delete(allowed::remove))
        .route("/mute", get(mutes::list).post(mutes::add))
        .route("/mute/{username}", delete(mutes::remove))
        .route("/ban", post(change::mute_all).delete(change::unmute_all));
    Router::new()
        .route("/{org}/{app}/chatgroups", get(read::list).post(change::create))
        .route("/{org}/{app}/chatgroups/user/{username}", get(of_user::with_details))
        .route("/{org}/{app}/users/{username}/joined_chatgroups", get(of_user::joined))
        .nest("/{org}/{app}/chatgroups/{group_id}", group)
}

/// Calls that carry a file, which may take as long as it keeps coming.
fn file_calls() -> Router<ServerState> {
    use groups::files;
    Router::new()
        .route("/{org}/{app}/chatgroups/{group_id}/share_files", post(files::upload))
        .route("/{org}/{app}/chatgroups/{group_id}/share_files/{file_id}", get(files::download))
}

async fn in_time(request: Request, next: Next) -> Response {
    let arrival = request.extensions().get::<RequestProgress>().cloned();
    match answer_within(ANSWER_WITHIN, arrival, next.run(request)).await {
        Some(response) => response,
        None => Failure::Domain(domain::Error::Busy).into_response(),
    }
}

/// An internal error; the panic itself is in the log.
fn panicked(fault: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text = fault.downcast_ref::<String>().map(String::as_str).or_else(|| fault.downcast_ref::<&str>().copied());
    tracing::error!(panic = text.unwrap_or("without a text"), "a call failed");
    Failure::Domain(domain::Error::Internal(String::new())).into_response()
}

/// What the layer needs that takes REST calls before the console's router.
#[derive(Clone)]
pub struct Rest {
    state: ServerState,
    router: Router,
}

impl Rest {
    pub fn new(state: ServerState) -> Self {
        Self { router: router(state.clone()), state }
    }
}

/// Layer: a request whose address is a call of this API goes there, any other one continues. Failures become their JSON here, where
/// the request is known.
pub async fn rest_layer(State(rest): State<Rest>, mut request: Request, next: Next) -> Response {
    let Some(info) = RequestInfo::of(&request, &rest.state) else { return next.run(request).await };
    if let Some(uri) = path::tidied(request.uri()) {
        *request.uri_mut() = uri;
    }
    request.extensions_mut().insert(info.clone());
    let (response, recorded) = refusals::watch_for_refusals(rest.router.clone().call(request)).await;
    let response = match response {
        Ok(response) => response,
        Err(never) => match never {},
    };
    if let Some(failure) = response.extensions().get::<Failure>() {
        auth::tell(&rest.state.server.store, &info, failure, recorded);
    }
    error::rendered(response, &info)
}
