//! Online status. Roster administers accounts and groups; clients are never connected to it, so everybody is always offline. The calls
//! exist because back ends make them.

use std::collections::HashMap;

use domain::{Permission, limits};
use serde::{Deserialize, Serialize};
use store::account::users;
use utoipa::ToSchema;

use super::{
    Answer, ApiCall, Failure, Path, RawBody,
    body::lenient,
    schema::{Answered, BodyFailures, Failures, InApp, OneUser},
};

const OFFLINE: &str = "offline";

/// [`Failure::NoSuchUser`] unless there is such a user; the name as it is registered.
async fn registered(call: &ApiCall, username: &str) -> Result<String, Failure> {
    call.caller.require_in(call.app.id, Permission::Read)?;
    let user = users::user(call.app_scope(), username).await;
    Ok(user.map_err(Failure::about_user(username))?.username)
}

/// Whether a user is online. Clients are not connected to this server: `offline` for everybody.
#[utoipa::path(
    get, path = "/{org}/{app}/users/{username}/status", tag = "Users",
    params(InApp, OneUser),
    responses((status = 200, description = "`offline` under the user's name", body = Answered<HashMap<String, String>>), Failures),
)]
pub async fn status(call: ApiCall, Path((_, _, username)): Path<(String, String, String)>) -> Answer {
    status_of(&call, &username).await
}

/// The same for a user whose name is the path part that the batch has there.
pub async fn status_of_batch(call: ApiCall) -> Answer {
    status_of(&call, "batch").await
}

async fn status_of(call: &ApiCall, username: &str) -> Answer {
    let username = registered(call, username).await?;
    let path = format!("/users/{username}/status");
    call.reply(HashMap::from([(username, OFFLINE)])).path(&path).send()
}

/// Whose status is asked for.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct StatusBody {
    /// 1 to 100 user ids
    #[serde(deserialize_with = "lenient::texts")]
    #[schema(required = true, nullable = false, min_items = 1, max_items = 100)]
    usernames: Option<Vec<String>>,
}

/// Whether users are online. Whether they exist is not looked at; `offline` for everybody.
#[utoipa::path(
    post, path = "/{org}/{app}/users/batch/status", tag = "Users",
    params(InApp),
    request_body = StatusBody,
    responses((status = 200, description = "`offline` under each name", body = Answered<Vec<HashMap<String, String>>>), Failures, BodyFailures),
)]
pub async fn statuses(call: ApiCall, raw: RawBody) -> Answer {
    call.caller.require_in(call.app.id, Permission::Read)?;
    let missing = || Failure::IllegalArgument("usernames must be provided".to_owned());
    let names = raw.json::<StatusBody>()?.usernames.ok_or_else(missing)?;
    if names.len() > limits::USERS_STATUS {
        return Err(Failure::IllegalArgument(format!("usernames size is more than max limit : {}", limits::USERS_STATUS)));
    }
    let data: Vec<HashMap<String, &str>> = names.into_iter().map(|name| HashMap::from([(name, OFFLINE)])).collect();
    call.reply(data).path("/users/batch/status").action("get batch user status").send()
}

/// Whether the user is not connected any more.
#[derive(Debug, Serialize, ToSchema)]
pub struct Disconnected {
    /// Always `true`
    result: bool,
}

/// Ends a user's connections. There are none to this server, so that nothing changes: the user's tokens stay good, as they do where there
/// are connections. A new password or `deactivate` ends those.
#[utoipa::path(
    get, path = "/{org}/{app}/users/{username}/disconnect", tag = "Users",
    params(InApp, OneUser),
    responses((status = 200, description = "That the user is not connected", body = Answered<Disconnected>), Failures),
)]
pub async fn disconnect(call: ApiCall, Path((_, _, username)): Path<(String, String, String)>) -> Answer {
    registered(&call, &username).await?;
    call.reply(Disconnected { result: true }).send()
}
