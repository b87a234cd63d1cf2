//! `/{org}/{app}/users`: registering and looking after the accounts of an app.

use domain::account::{self, User};
use serde::Serialize;

use super::{Answer, Call, Failure, Path};

/// A user as answers show it.
#[derive(Debug, Serialize)]
pub struct UserEntity {
    uuid: String,
    #[serde(rename = "type")]
    kind: &'static str,
    /// Milliseconds since 1970, UTC.
    created: i64,
    modified: i64,
    username: String,
    /// Whether the user may sign in.
    activated: bool,
    /// Left out when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    nickname: Option<String>,
}

impl From<User> for UserEntity {
    fn from(user: User) -> Self {
        Self {
            uuid: user.uuid,
            kind: "user",
            created: user.created_at,
            modified: user.modified_at,
            username: user.username,
            activated: user.activated,
            nickname: Some(user.nickname).filter(|name| !name.is_empty()),
        }
    }
}

impl UserEntity {
    /// As answers to a sign-in have it.
    pub fn without_nickname(self) -> Self {
        Self { nickname: None, ..self }
    }
}

pub async fn get(call: Call, Path((_, _, username)): Path<(String, String, String)>) -> Answer {
    let user = account::store::users::user(&call.store, &call.caller, &call.app, &username).await;
    let user = user.map_err(Failure::about_user(&username))?;
    call.entities("/users", &[UserEntity::from(user)]).count(1).send()
}
