//! `POST /{org}/{app}/token`: from a secret or a password to a bearer token. Its answer has no envelope.

use axum::{Extension, extract::State};
use domain::{Caller, Code, Error, account::User, application::AppRef, error::Entity};
use serde::{Deserialize, Serialize};
use store::{
    Scope,
    credential::{
        known_networks,
        tokens::{self, IssuedToken},
    },
};
use utoipa::ToSchema;

use super::{
    Answer, Failure, RawBody, RequestInfo,
    auth::{self, OptionalCall},
    body::lenient,
    envelope,
    schema::{BodyFailures, Failures, InApp},
    user_bodies::UserEntity,
};
use crate::state::{ServerState, api::Counted};

/// What a token is asked for with.
#[derive(Deserialize, Default, ToSchema)]
#[schema(as = TokenRequest)]
pub struct Input {
    /// `client_credentials` for a token of the app; `password` for one of a user; `inherit` for one of a user through a token of the app
    #[serde(default, deserialize_with = "lenient::text")]
    #[schema(required = true, nullable = false)]
    grant_type: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    client_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    client_secret: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    username: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    password: Option<String>,
    /// With `inherit`: whether a user who does not exist is registered
    #[serde(rename = "autoCreateUser", default, deserialize_with = "lenient::boolean")]
    auto_create_user: Option<bool>,
    /// Seconds; 0: for ever; 60 days unless given. An app may allow less: `expires_in` says how long it is
    #[serde(default, deserialize_with = "lenient::integer")]
    #[schema(minimum = 0, maximum = 2147483647)]
    ttl: Option<i64>,
}

/// A token.
#[derive(Serialize, ToSchema)]
#[schema(as = Token)]
pub struct Output {
    access_token: String,
    /// Seconds; 0: for ever
    expires_in: i64,
    /// Of tokens for an app: its UUID.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    application: Option<String>,
    /// Of tokens for a user: who that is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    user: Option<UserEntity>,
}

impl Output {
    fn new(issued: IssuedToken, app: &AppRef) -> Self {
        let application = issued.user.is_none().then(|| app.uuid.clone());
        let user = issued.user.map(|user: User| UserEntity::from(user).without_nickname());
        Self { access_token: issued.token, expires_in: issued.expires_in, application, user }
    }
}

/// A token for a credential's secret, for a user's password, or for a user of one's own app. The body may come as a form, too.
///
/// An app can switch `password` and `inherit` off (401) and limit `ttl`. A credential can be limited to reading: then users who get
/// their tokens through it only read, too, and nobody is registered on the way.
#[utoipa::path(
    post, path = "/{org}/{app}/token", tag = "Tokens",
    params(InApp),
    request_body(content((Input = "application/json"), (Input = "application/x-www-form-urlencoded"))),
    responses((status = 200, description = "The token", body = Output), Failures, BodyFailures),
    security((), ("token" = [])),
)]
pub async fn issue(
    State(state): State<ServerState>,
    Extension(info): Extension<RequestInfo>,
    asking: OptionalCall,
    raw: RawBody,
) -> Answer {
    let store = &state.server.store;
    let app = auth::named(store, &info).await?;
    let input: Input = raw.json_or_form()?;
    let issued = match input.grant_type.as_deref() {
        Some("client_credentials") => {
            let (id, secret) = (input.client_id.unwrap_or_default(), input.client_secret.unwrap_or_default());
            let client = tokens::client(store, app.id, id.trim(), secret.trim(), info.address()).await.map_err(refused)?;
            // Only callers with a valid secret are counted: strangers must not use up the app's limit.
            state.api.count(Counted::Tokens(app.id)).map_err(|retry_after_s| Failure::RateLimited { retry_after_s })?;
            tokens::for_client(store, client, input.ttl).await
        }
        Some("password") => {
            let name = input.username.unwrap_or_default().trim().to_owned();
            // The names of one app say nothing about those of another.
            let key = format!("{}/{}", app.uuid.get(..8).unwrap_or_default(), name.to_lowercase());
            let caller = Caller::anonymous(info.address().map(str::to_owned));
            // From where the user has signed in before, strangers who try the name do not count.
            let place = known_networks::known(store, &app, &name, info.address()).await?;
            if let Err(retry_after_s) = state.api.passwords.attempt_from(&key, info.address(), place) {
                tokens::throttled(Scope::new(store, &caller, &app));
                return Err(Failure::RateLimited { retry_after_s });
            }
            let password = input.password.unwrap_or_default();
            let issued = tokens::for_password(Scope::new(store, &caller, &app), &name, &password, input.ttl).await;
            // Only a wrong password counts as an attempt, not a right one or one that was never checked.
            if !matches!(issued, Err(Error::SignInRefused)) {
                state.api.passwords.succeeded_from(&key, info.address(), place);
            }
            issued
        }
        Some("inherit") => {
            let call = asking.0?;
            let name = input.username.unwrap_or_default();
            let register = input.auto_create_user.unwrap_or_default();
            tokens::for_account(Scope::new(store, &call.caller, &app), name.trim(), register, input.ttl).await
        }
        _ => return Err(Failure::UnknownGrant),
    };
    envelope::json(&Output::new(issued.map_err(refused)?, &app))
}

fn refused(error: Error) -> Failure {
    match &error {
        Error::Invalid(fields) => match fields.first().map(|broken| (broken.field.as_str(), &broken.code)) {
            Some(("client_id", Code::Mismatch)) => Failure::InvalidGrant("client_id does not match"),
            Some(("client_secret", Code::Mismatch)) => Failure::InvalidGrant("client_secret does not match"),
            _ => error.into(),
        },
        Error::SignInRefused => Failure::InvalidGrant("invalid username or password"),
        Error::NotFound(Entity::Account) => Failure::NoSuchUser(String::new()),
        _ => error.into(),
    }
}
