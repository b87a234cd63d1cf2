//! The OpenAPI document of the REST APIs, made from the handlers themselves: as JSON under `/api/openapi.json` and as a page to read
//! under `/api/docs`. A copy is in `docs/openapi.json`; a test fails when it is out of date.

use std::sync::{LazyLock, OnceLock};

use axum::{Router, extract::State, response::IntoResponse, routing::get};
use http::{HeaderValue, header};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use super::{
    JSON, docs,
    easemob::{groups, messages, presence, schema, token, users},
};
use crate::state::ServerState;

/// Where the page for people is.
pub const DOCS: &str = "/api/docs";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Roster REST API",
        description = "Accounts, groups and messages of the apps on this server, in the words of Easemob's server API. Every call but the one \
                       for tokens carries a token in the header `Authorization: Bearer …`. A token of the app may do everything here; with \
                       one of their own, users see and rename themselves, read the groups that they belong to, and share files there. \
                       Bodies are JSON whatever the header says. A failure is told in `error` and `error_description`."
    ),
    paths(
        token::issue,
        users::register,
        users::list,
        users::get,
        users::modify,
        users::delete,
        users::delete_many,
        users::set_password,
        users::activate,
        users::deactivate,
        presence::status,
        presence::statuses,
        presence::disconnect,
        groups::admins::add,
        groups::admins::list,
        groups::admins::remove,
        groups::allowed::add,
        groups::allowed::add_many,
        groups::allowed::list,
        groups::allowed::remove,
        groups::announcement::get,
        groups::announcement::set,
        groups::blocks::add,
        groups::blocks::add_many,
        groups::blocks::list,
        groups::blocks::remove,
        groups::change::create,
        groups::change::delete,
        groups::change::modify,
        groups::change::mute_all,
        groups::change::unmute_all,
        groups::files::delete,
        groups::files::download,
        groups::files::list,
        groups::files::upload,
        groups::members::add,
        groups::members::add_many,
        groups::members::list,
        groups::members::remove,
        groups::members::roles,
        groups::mutes::add,
        groups::mutes::list,
        groups::mutes::remove,
        groups::of_user::is_joined,
        groups::of_user::joined,
        groups::of_user::with_details,
        groups::read::details,
        groups::read::list,
        messages::to_groups,
        messages::older,
    ),
    // Only responses that all calls share refer to it, and those are not searched.
    components(schemas(schema::Failed)),
    tags(
        (name = "Tokens", description = "The way in: from a credential or a password to a token."),
        (name = "Users", description = "Registering and looking after the accounts of an app."),
        (name = "Groups", description = "Making, modifying, handing over, listing and deleting groups."),
        (name = "Members", description = "Who belongs to a group."),
        (name = "Admins", description = "Who may manage a group beside its owner."),
        (name = "Announcements", description = "What a group tells everybody."),
        (name = "Shared files", description = "Files of a group, up to 10 MB each."),
        (name = "Mutes", description = "Who may not speak, for a while or for ever; everybody at once."),
        (name = "Block list", description = "Who may not come back."),
        (name = "Allow list", description = "Who may speak while everybody is muted."),
        (name = "Messages", description = "Text messages to groups."),
    ),
    security(("token" = [])),
    modifiers(&Token, &Names),
)]
struct Document;

/// How calls say who they are.
struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("A token from POST /{org}/{app}/token"));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(scheme.build()));
    }
}

/// Each call's own name, made of its method and path: the handlers have the same names in every file.
struct Names;

impl Modify for Names {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        for (path, item) in &mut document.paths.paths {
            let words: Vec<&str> = path.split('/').skip(3).map(|word| word.trim_matches(['{', '}'])).collect();
            let name = |method: &str| Some(format!("{method}_{}", words.join("_")));
            for (method, operation) in
                [("get", &mut item.get), ("post", &mut item.post), ("put", &mut item.put), ("delete", &mut item.delete)]
            {
                if let Some(operation) = operation {
                    operation.operation_id = name(method);
                }
            }
        }
    }
}

/// The document as JSON, one key a line.
pub fn json() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        // Of texts and numbers only: this cannot fail.
        let mut text = Document::openapi().to_pretty_json().unwrap_or_default();
        text.push('\n');
        text
    });
    &TEXT
}

/// The two addresses. They need no token: their content is public.
pub fn router(state: &ServerState) -> Router {
    Router::new().route(JSON, get(answer_json)).route(DOCS, get(answer_page)).with_state(state.clone())
}

async fn answer_json() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], json())
}

/// The page needs our own style sheet and nothing else.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Made at the first request; the style sheet's address stays the same while the server runs.
static PAGE: OnceLock<String> = OnceLock::new();

async fn answer_page(State(state): State<ServerState>) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    ];
    let page = PAGE.get_or_init(|| docs::page(json(), &state.server.assets.css));
    (headers, page.as_str())
}
