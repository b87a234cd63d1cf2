//! `POST /{org}/{app}/token`: from a secret or a password to a bearer token. Its answer has no envelope.

use axum::{Extension, extract::State};
use domain::{
    Code, Error,
    account::User,
    application::AppRef,
    credential::tokens::{self, Issued},
    error::Entity,
};
use serde::{Deserialize, Serialize};

use super::{
    Answer, Failure, Frame, Raw,
    auth::{self, Maybe},
    body::lenient,
    envelope,
    users::UserEntity,
};
use crate::http::Site;

#[derive(Deserialize, Default)]
#[serde(default)]
struct Input {
    #[serde(deserialize_with = "lenient::text")]
    grant_type: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    client_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    client_secret: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    username: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    password: Option<String>,
    #[serde(rename = "autoCreateUser", deserialize_with = "lenient::boolean")]
    auto_create_user: Option<bool>,
    #[serde(deserialize_with = "lenient::integer")]
    ttl: Option<i64>,
}

/// What the call answers.
#[derive(Serialize)]
struct Output {
    access_token: String,
    expires_in: i64,
    /// Of tokens for an app: its UUID.
    #[serde(skip_serializing_if = "Option::is_none")]
    application: Option<String>,
    /// Of tokens for a user: who that is.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<UserEntity>,
}

impl Output {
    fn new(issued: Issued, app: &AppRef) -> Self {
        let application = issued.user.is_none().then(|| app.uuid.clone());
        let user = issued.user.map(|user: User| UserEntity::from(user).without_nickname());
        Self { access_token: issued.token, expires_in: issued.expires_in, application, user }
    }
}

pub async fn issue(State(site): State<Site>, Extension(frame): Extension<Frame>, asking: Maybe, raw: Raw) -> Answer {
    let store = &site.server.store;
    let app = auth::named(store, &frame).await?;
    let input: Input = raw.json()?;
    let issued = match input.grant_type.as_deref() {
        Some("client_credentials") => {
            let (id, secret) = (input.client_id.unwrap_or_default(), input.client_secret.unwrap_or_default());
            tokens::for_client(store, app.id, id.trim(), secret.trim(), input.ttl).await
        }
        Some("password") => {
            let name = input.username.unwrap_or_default();
            // The names of one app say nothing about those of another.
            let key = format!("{}/{}", app.uuid.get(..8).unwrap_or_default(), name.to_lowercase());
            let attempt = site.api.passwords.attempt(&key, frame.address());
            attempt.map_err(|retry_after_s| Failure::RateLimited { retry_after_s })?;
            tokens::for_password(store, &app, name.trim(), &input.password.unwrap_or_default(), input.ttl).await
        }
        Some("inherit") => {
            let call = asking.0?;
            let name = input.username.unwrap_or_default();
            let register = input.auto_create_user.unwrap_or_default();
            tokens::for_account(store, &call.caller, &app, name.trim(), register, input.ttl).await
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
