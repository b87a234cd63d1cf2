//! A user as answers show it, and as a client registers one.

use domain::{
    Code, Error,
    account::{NewUserInput, User, checked::NewUser},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Failure, body::lenient};

/// A user as answers show it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub struct UserEntity {
    uuid: String,
    /// `user`
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
    #[schema(nullable = false)]
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

/// One who was not registered.
#[derive(Serialize, ToSchema)]
pub struct Refused {
    pub username: String,
    #[serde(rename = "registerUserFailReason")]
    pub reason: String,
}

/// A user to register.
#[derive(Deserialize, Default, ToSchema)]
#[schema(as = NewUser)]
pub struct NewUserBody {
    /// 1 to 64 of `a-z 0-9 _ . -`; capitals become small
    #[serde(default, deserialize_with = "lenient::text")]
    #[schema(required = true, nullable = false, min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9_.-]+$")]
    username: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    #[schema(required = true, nullable = false, min_length = 1, max_length = 64)]
    password: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    #[schema(max_length = 100)]
    nickname: Option<String>,
}

impl NewUserBody {
    /// Checked as the domain will check it, because the wording for each user is known here.
    pub(super) fn checked(self) -> Result<NewUserInput, Failure> {
        let input = NewUserInput {
            username: self.username.unwrap_or_default(),
            password: self.password.unwrap_or_default(),
            nickname: self.nickname.unwrap_or_default(),
        };
        match NewUser::parse(&input) {
            Ok(_) => Ok(input),
            Err(Error::Invalid(fields)) => {
                let first = fields.first().map(|broken| (broken.field.as_str(), &broken.code));
                Err(Failure::IllegalArgument(match first {
                    Some(("username", Code::Required)) => "Entity user requires a property named username".to_owned(),
                    Some(("username", Code::TooManyBytes { .. })) => "USERNAME_TOO_LONG".to_owned(),
                    Some(("username", _)) => format!("username [{}] is not legal", input.username),
                    Some(("password", code)) => password_problem(code, "password or pin must provided"),
                    Some((_, code)) => nickname_problem(code),
                    None => "the user is not legal".to_owned(),
                }))
            }
            Err(error) => Err(error.into()),
        }
    }
}

pub(super) fn password_problem(code: &Code, missing: &str) -> String {
    match code {
        Code::Required => missing.to_owned(),
        // Ours: the app's settings ask for more than Easemob does.
        Code::TooFewChars { min, .. } => format!("PASSWORD_TOO_SHORT: at least {min} characters"),
        _ => "PASSWORD_TOO_LONG".to_owned(),
    }
}

pub(super) fn nickname_problem(code: &Code) -> String {
    match code {
        Code::TooManyChars { .. } | Code::TooManyBytes { .. } => "NICKNAME_TOO_LONG".to_owned(),
        _ => "nickname is not legal".to_owned(),
    }
}
