//! `/{org}/{app}/users`: registering and looking after the accounts of an app.

use domain::{
    Code, Error,
    account::{
        NewUserInput, User,
        rules::{user_nickname, user_password},
    },
    limits,
};
use serde::Deserialize;
use store::account::users;
use utoipa::ToSchema;

use super::{
    Answer, ApiCall, Failure, Path, RawBody,
    auth::OptionalCall,
    body::{OneOrMany, lenient},
    envelope::short,
    failure::TokenProblem,
    schema::{BodyFailures, CursorPage, Done, Failures, InApp, NewUsers, OneUser, Users},
    user_bodies::{NewUserBody, Refused, UserEntity, nickname_problem, password_problem},
};

const PATH: &str = "/users";
/// Users on a page, unless the client says otherwise, and at most.
const PAGE: u32 = 10;
const PAGE_MAX: u32 = 100;

/// For `map_err`: a password that is too short for the app, with this API's text.
fn too_short(error: Error) -> Failure {
    match &error {
        Error::Invalid(fields) => match fields.first().map(|broken| &broken.code) {
            Some(code @ Code::TooFewChars { .. }) => Failure::IllegalArgument(password_problem(code, "")),
            _ => error.into(),
        },
        _ => error.into(),
    }
}

/// Registers one user, or up to 60.
#[utoipa::path(
    post, path = "/{org}/{app}/users", tag = "Users",
    params(InApp),
    request_body = NewUsers,
    responses((status = 200, description = "Who was registered, and in `data` who was not", body = Users), Failures, BodyFailures),
)]
pub async fn register(asking: OptionalCall, raw: RawBody) -> Answer {
    let call = asking.0.map_err(|failure| match failure {
        Failure::Token(TokenProblem::Missing) => Failure::RegistrationClosed,
        failure => failure,
    })?;
    match raw.one_or_many::<NewUserBody>()? {
        OneOrMany::One(body) => register_one(&call, body.checked()?).await,
        OneOrMany::Many(bodies) => register_many(&call, bodies).await,
    }
}

async fn register_one(call: &ApiCall, input: NewUserInput) -> Answer {
    let registered = users::register(call.app_scope(), &[input]).await.map_err(too_short)?;
    match registered.existing.into_iter().next() {
        Some(user) => Err(Failure::UserExists { app: call.app.uuid.clone(), user }),
        None => call.entities(PATH, &entities(registered.made)).send(),
    }
}

async fn register_many(call: &ApiCall, bodies: Vec<NewUserBody>) -> Answer {
    if bodies.is_empty() {
        return Err(Failure::IllegalArgument("Entity user requires a property named username".to_owned()));
    }
    if bodies.len() > limits::USERS_AT_ONCE {
        let text = format!("the number of users is more than max limit : {}", limits::USERS_AT_ONCE);
        return Err(Failure::IllegalArgument(text));
    }
    let inputs = bodies.into_iter().map(NewUserBody::checked).collect::<Result<Vec<_>, _>>()?;
    let registered = users::register(call.app_scope(), &inputs).await.map_err(too_short)?;
    let refused = |username: String| Refused { reason: format!("the {username} already exists"), username };
    let refused: Vec<Refused> = registered.existing.into_iter().map(refused).collect();
    let made = entities(registered.made);
    let reply = call.entities(PATH, &made);
    if refused.is_empty() { reply.send() } else { reply.data(refused).send() }
}

fn entities(users: Vec<User>) -> Vec<UserEntity> {
    users.into_iter().map(UserEntity::from).collect()
}

/// One user.
#[utoipa::path(
    get, path = "/{org}/{app}/users/{username}", tag = "Users",
    params(InApp, OneUser),
    responses((status = 200, description = "The user", body = Users), Failures),
)]
pub async fn get(call: ApiCall, Path((_, _, username)): Path<(String, String, String)>) -> Answer {
    let user = users::user(call.app_scope(), &username).await;
    let user = user.map_err(Failure::about_user(&username))?;
    call.entities(PATH, &[UserEntity::from(user)]).count(1).send()
}

/// The users of the app, oldest first.
#[utoipa::path(
    get, path = "/{org}/{app}/users", tag = "Users",
    params(InApp, CursorPage),
    responses((status = 200, description = "A page of users", body = Users), Failures),
)]
pub async fn list(call: ApiCall) -> Answer {
    let limit = call.info.number("limit", PAGE, PAGE_MAX)?;
    let cursor = call.info.param("cursor");
    let (found, next) = users::list(call.app_scope(), limit, cursor.as_deref()).await?;
    let found = entities(found);
    call.entities(PATH, &found).cursor(next).count(found.len()).send()
}

/// Deletes a user, with the groups that the user owns.
#[utoipa::path(
    delete, path = "/{org}/{app}/users/{username}", tag = "Users",
    params(InApp, OneUser),
    responses((status = 200, description = "The user that was", body = Users), Failures),
)]
pub async fn delete(call: ApiCall, Path((_, _, username)): Path<(String, String, String)>) -> Answer {
    let user = users::delete(call.app_scope(), &username).await;
    let user = user.map_err(Failure::about_user(&username))?;
    call.entities(PATH, &[UserEntity::from(user)]).send()
}

/// Deletes the oldest users of the app, with the groups that they own. Fewer than `limit` when very much goes along; the `cursor` says
/// whether there are more.
#[utoipa::path(
    delete, path = "/{org}/{app}/users", tag = "Users",
    params(InApp, CursorPage),
    responses((status = 200, description = "The users that were", body = Users), Failures),
)]
pub async fn delete_many(call: ApiCall) -> Answer {
    let limit = call.info.number("limit", PAGE, limits::USERS_DELETED_AT_ONCE)?;
    let most = (limit, limits::DELETED_ROWS_AT_ONCE);
    let cursor = call.info.param("cursor");
    let (gone, next) = users::delete_oldest(call.app_scope(), most, cursor.as_deref()).await?;
    let gone = entities(gone);
    call.entities(PATH, &gone).cursor(next).count(gone.len()).send()
}

/// A new password.
#[derive(Deserialize, Default, ToSchema)]
#[schema(as = NewPassword)]
pub struct PasswordBody {
    #[serde(default, deserialize_with = "lenient::text")]
    #[schema(required = true, nullable = false, min_length = 1, max_length = 64)]
    newpassword: Option<String>,
}

/// Gives a user another password.
#[utoipa::path(
    put, path = "/{org}/{app}/users/{username}/password", tag = "Users",
    params(InApp, OneUser),
    request_body = PasswordBody,
    responses((status = 200, description = "The password is another one, and the user's tokens have ended", body = Done), Failures, BodyFailures),
)]
pub async fn set_password(call: ApiCall, Path((_, _, username)): Path<(String, String, String)>, raw: RawBody) -> Answer {
    let new = raw.json::<PasswordBody>()?.newpassword.unwrap_or_default();
    user_password(&new).map_err(|code| Failure::IllegalArgument(password_problem(&code, "newpassword is required")))?;
    let done = users::set_password(call.app_scope(), &username, &new).await;
    done.map_err(|error| match error {
        Error::Invalid(_) => too_short(error),
        error => Failure::about_user(&username)(error),
    })?;
    short(&call.info, "set user password")
}

/// What can be changed about a user.
#[derive(Deserialize, Default, ToSchema)]
#[schema(as = UserChanges)]
pub struct UserBody {
    #[serde(default, deserialize_with = "lenient::text")]
    #[schema(required = true, nullable = false, max_length = 100)]
    nickname: Option<String>,
}

/// Gives a user another nickname.
#[utoipa::path(
    put, path = "/{org}/{app}/users/{username}", tag = "Users",
    params(InApp, OneUser),
    request_body = UserBody,
    responses((status = 200, description = "The user as it is now", body = Users), Failures, BodyFailures),
)]
pub async fn modify(call: ApiCall, Path((_, _, username)): Path<(String, String, String)>, raw: RawBody) -> Answer {
    let nickname = raw.json::<UserBody>()?.nickname;
    let nickname = nickname.ok_or_else(|| Failure::IllegalArgument("nickname is required".to_owned()))?;
    user_nickname(&nickname).map_err(|code| Failure::IllegalArgument(nickname_problem(&code)))?;
    let user = users::set_nickname(call.app_scope(), &username, &nickname).await;
    let user = user.map_err(Failure::about_user(&username))?;
    call.entities(PATH, &[UserEntity::from(user)]).send()
}

/// Lets a user sign in again.
#[utoipa::path(
    post, path = "/{org}/{app}/users/{username}/activate", tag = "Users",
    params(InApp, OneUser),
    responses((status = 200, description = "The user may sign in", body = Done), Failures),
)]
pub async fn activate(call: ApiCall, Path((_, _, username)): Path<(String, String, String)>) -> Answer {
    let done = users::set_activated(call.app_scope(), &username, true).await;
    done.map_err(Failure::about_user(&username))?;
    short(&call.info, "activate user")
}

/// Ends a user's tokens and lets the user sign in no more.
#[utoipa::path(
    post, path = "/{org}/{app}/users/{username}/deactivate", tag = "Users",
    params(InApp, OneUser),
    responses((status = 200, description = "The user, who may not sign in any more", body = Users), Failures),
)]
pub async fn deactivate(call: ApiCall, Path((_, _, username)): Path<(String, String, String)>) -> Answer {
    let user = users::set_activated(call.app_scope(), &username, false).await;
    let user = user.map_err(Failure::about_user(&username))?;
    call.entities(PATH, &[UserEntity::from(user)]).action("Deactivate user").send()
}
