//! What can go wrong with a call, by name, and how Easemob's API words it: status, `error`, `exception` and `error_description`, byte
//! for byte, because clients match on them. Handlers only name the case.

use axum::response::Response;
use domain::{
    Code, Error,
    error::{Conflict, Entity, StorageFault},
};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use super::{
    RequestInfo,
    envelope::with_status,
    failure::{BatchLimit, Failure, TokenProblem},
    path::Family,
    words,
};
use crate::storage;

impl Failure {
    /// Whether the caller is known and may not do this.
    pub fn is_forbidden(&self) -> bool {
        matches!(self, Self::NoPermission | Self::Domain(Error::Forbidden))
    }

    /// A parameter that breaks a rule. `field`: as the wire names it.
    pub fn of_code(field: &str, code: &Code) -> Self {
        Self::Invalid(words::rule(field, code))
    }

    /// For `map_err`: an unknown group is this one (N2).
    pub fn in_group(group: &str) -> impl FnOnce(Error) -> Self {
        move |error| match error {
            Error::NotFound(Entity::Group) => Self::NoSuchGroup(group.to_owned()),
            error => error.into(),
        }
    }

    /// For `map_err`: an unknown account is this one (N1).
    pub fn about_user(user: &str) -> impl FnOnce(Error) -> Self {
        move |error| match error {
            Error::NotFound(Entity::Account) => Self::NoSuchUser(user.to_owned()),
            error => error.into(),
        }
    }

    /// What the JSON says.
    fn reply(&self, info: &RequestInfo) -> ErrorReply {
        use StatusCode as S;
        let groups = info.family() == Family::Groups;
        let parameter = |text: String| ErrorReply::new(S::BAD_REQUEST, "invalid_parameter", INVALID_PARAMETER, text);
        let argument = |text: String| ErrorReply::new(S::BAD_REQUEST, "illegal_argument", ILLEGAL_ARGUMENT, text);
        let forbidden = |text: String| ErrorReply::new(S::FORBIDDEN, "forbidden_op", FORBIDDEN_OP, text);
        let limit = |text: String| ErrorReply::new(S::FORBIDDEN, "exceed_limit", EXCEED_LIMIT, text);
        let missing = |text: String| ErrorReply::new(S::NOT_FOUND, "resource_not_found", RESOURCE_NOT_FOUND, text);
        let no_service =
            |text: String| ErrorReply::new(S::NOT_FOUND, "service_resource_not_found", SERVICE_RESOURCE_NOT_FOUND, text);
        let unauthorized = |error, text: &str| ErrorReply::new(S::UNAUTHORIZED, error, SECURITY, text.to_owned());
        match self {
            Self::Token(_) if groups => {
                let text = "this token is bad, or has expired!".to_owned();
                ErrorReply::new(S::UNAUTHORIZED, "group_authorization", GROUP_AUTHORIZATION, text)
            }
            Self::Token(TokenProblem::Missing) => unauthorized("unauthorized", "Unable to authenticate (OAuth)"),
            Self::Token(TokenProblem::Malformed) => {
                unauthorized("auth_bad_access_token", "Unable to authenticate due to corrupt access token")
            }
            Self::Token(TokenProblem::Foreign) => unauthorized("auth_bad_access_token", "Unable to authenticate"),
            Self::Token(TokenProblem::Expired) => {
                unauthorized("unauthorized", "Unable to authenticate due to expired access token")
            }
            Self::NoPermission if groups => {
                let text = "you have no permission to do this".to_owned();
                ErrorReply::new(S::UNAUTHORIZED, "group_authorization", GROUP_AUTHORIZATION, text)
            }
            Self::NoPermission => unauthorized("unauthorized", "you have no permission to do this"),
            Self::RegistrationClosed => unauthorized("unauthorized", "registration is not open, please contact the app admin"),
            Self::NoSuchApp => {
                let (org, app) = info.names();
                let path = info.uri_path();
                let text = format!("Could not find application for {org}/{app} from URI: {path}");
                ErrorReply::new(S::NOT_FOUND, "organization_application_not_found", APPLICATION_NOT_FOUND, text)
            }
            Self::NoSuchUser(user) if groups => missing(format!("username {user} doesn't exist!")),
            Self::NoSuchUser(_) => no_service("Service resource not found".to_owned()),
            Self::NoSuchGroup(group) => missing(format!("grpID {group} does not exist!")),
            Self::GroupNotFound(group) => no_service(format!("do not find this group:{group}")),
            Self::NoSuchAddress => {
                ErrorReply::new(S::NOT_FOUND, "not_found", NOT_FOUND, format!("null for uri: {}", info.whole_uri()))
            }
            Self::NotMembers(users) => forbidden(format!("users [{}] are not members of this group!", users.join(", "))),
            Self::OnOwner => forbidden("forbidden operation on group owner!".to_owned()),
            Self::NotInGroup { user, group } => forbidden(format!("user: {user} doesn't exist in group: {group}")),
            Self::NotInGroupToPromote { user, group } => missing(format!("user: {user} doesn't exist in group: {group}")),
            Self::AlreadyMember { user, group } => {
                forbidden(format!("can not join this group, reason:user: {user} already in group: {group}\n"))
            }
            Self::SameOwner => forbidden("new owner and old owner are the same".to_owned()),
            Self::NotAdmin { user, group } => forbidden(format!("user:{user} is not admin of group:{group}")),
            Self::Blocked { user, group } => {
                forbidden(format!("can not join this group, reason:user: {user} is in the block list of group: {group}"))
            }
            Self::TooManyAdmins { group } => limit(format!("group: {group} has too many admins !")),
            Self::GroupFull => limit("members size is greater than max user size !".to_owned()),
            Self::GroupFilesFull { group, max } => {
                limit(format!("shared files of group: {group} exceed its quota of {max} bytes !"))
            }
            Self::AppFilesFull { max } => limit(format!("shared files of this app exceed its quota of {max} bytes !")),
            Self::TooManyGroups(user) => limit(format!("user {user} has joined too many groups!")),
            Self::Forbidden(text) => forbidden(text.clone()),
            Self::AnnouncementTooLong => {
                ErrorReply::new(S::FORBIDDEN, "FORBIDDEN", FORBIDDEN_OP, "announce info length exceeds limit!".to_owned())
            }
            Self::NoPublicField => parameter("group must contain public field!".to_owned()),
            Self::MustBeProvided(field) => parameter(format!("{field} must be provided")),
            Self::InvalidFields(fields) => parameter(format!("some of [{}] are not valid fields", fields.join(", "))),
            Self::TooMany(batch) => parameter(batch.too_many().to_owned()),
            Self::Invalid(text) => parameter(text.clone()),
            Self::IllegalArgument(text) => argument(text.clone()),
            Self::NoAnnouncement => argument("announcement is null".to_owned()),
            Self::NoFile => {
                ErrorReply::new(S::BAD_REQUEST, "IllegalArgumentException", ILLEGAL_ARGUMENT, "file must be provided.".to_owned())
            }
            Self::GroupIdTaken(group) => argument(format!("group ID {group} already exists!")),
            Self::UserExists { app, user } => {
                let text = format!(
                    "Application {app} Entity user requires that property named username be unique, value of {user} exists"
                );
                ErrorReply::new(S::BAD_REQUEST, "duplicate_unique_property_exists", DUPLICATE, text)
            }
            Self::InvalidGrant(text) => ErrorReply::new(S::BAD_REQUEST, "invalid_grant", INVALID_GRANT, (*text).to_owned()),
            Self::UnknownGrant => {
                let text = "grant_type must be client_credentials, password or inherit".to_owned();
                ErrorReply::new(S::BAD_REQUEST, "unsupported_grant_type", INVALID_GRANT, text)
            }
            Self::GrantOff => unauthorized("unauthorized", "this grant_type is switched off for the application"),
            Self::Json(text) => ErrorReply::new(S::BAD_REQUEST, "json_parse", JSON_PARSE, text.clone()),
            Self::Stalled => {
                let text = "nothing of the body came for too long".to_owned();
                ErrorReply::new(S::REQUEST_TIMEOUT, "request_timeout", WEB_APPLICATION, text)
            }
            Self::TooLarge => {
                let text = "Request Entity Too Large".to_owned();
                ErrorReply::new(S::PAYLOAD_TOO_LARGE, "request_entity_too_large", WEB_APPLICATION, text)
            }
            Self::MethodNotSupported => {
                // Easemob answers 500; a client's mistake is no error of the server.
                let text = "Service operation not supported".to_owned();
                ErrorReply::new(S::METHOD_NOT_ALLOWED, "unsupported_service_operation", UNSUPPORTED_OPERATION, text)
            }
            Self::RateLimited { .. } => {
                ErrorReply::new(S::TOO_MANY_REQUESTS, "reach_limit", REACH_LIMIT, "This request has reached api limit".to_owned())
            }
            Self::Domain(error) => match error {
                Error::Invalid(fields) => argument(words::rules(fields)),
                Error::NotFound(Entity::Account | Entity::Group) => no_service("Service resource not found".to_owned()),
                Error::NotFound(_) => Self::NoSuchAddress.reply(info),
                Error::Unauthenticated | Error::Forbidden => Self::NoPermission.reply(info),
                Error::SignInRefused => Self::InvalidGrant("invalid username or password").reply(info),
                Error::Throttled { retry_after_s } => Self::RateLimited { retry_after_s: *retry_after_s }.reply(info),
                Error::Conflict(Conflict::GrantOff) => Self::GrantOff.reply(info),
                Error::Conflict(conflict) => forbidden(words::conflict(*conflict).to_owned()),
                Error::Refused(refusals) => forbidden(words::refused(refusals)),
                Error::Busy => {
                    let text = "the service is busy, please try again".to_owned();
                    ErrorReply::new(S::SERVICE_UNAVAILABLE, "service_unavailable", WEB_APPLICATION, text)
                }
                Error::Storage(fault) => {
                    let status = match fault {
                        StorageFault::Full => S::INSUFFICIENT_STORAGE,
                        StorageFault::ReadOnly => S::SERVICE_UNAVAILABLE,
                    };
                    ErrorReply::new(status, "storage_unavailable", WEB_APPLICATION, storage::words(*fault).to_owned())
                }
                Error::Internal(_) => {
                    let text = "something went wrong on the server".to_owned();
                    ErrorReply::new(S::INTERNAL_SERVER_ERROR, "internal_error", WEB_APPLICATION, text)
                }
            },
        }
    }

    /// Seconds after which trying again helps.
    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::RateLimited { retry_after_s } | Self::Domain(Error::Throttled { retry_after_s }) => Some(*retry_after_s),
            Self::Domain(Error::Busy) => Some(2),
            _ => None,
        }
    }
}

impl BatchLimit {
    fn too_many(self) -> &'static str {
        match self {
            Self::RemoveMembers => "kickMember: kickMembers number more than maxSize : 60",
            Self::Block => "userNames is more than max limit : 60",
            Self::Unblock => "removeBlacklist: list size more than max limit : 60",
            Self::Mute => "userNames size is more than max limit : 60",
            Self::Unmute => "removeMute member size more than max limit : 60",
            Self::Allow => "usernames size is more than max limit : 60",
            Self::Disallow => "removeWhitelist size is more than max limit : 60",
        }
    }
}

const INVALID_PARAMETER: &str = "com.easemob.group.exception.InvalidParameterException";
const FORBIDDEN_OP: &str = "com.easemob.group.exception.ForbiddenOpException";
const EXCEED_LIMIT: &str = "com.easemob.group.exception.ExceedLimitException";
const RESOURCE_NOT_FOUND: &str = "com.easemob.group.exception.ResourceNotFoundException";
const SERVICE_RESOURCE_NOT_FOUND: &str = "com.easemob.group.exception.ServiceResourceNotFoundException";
const GROUP_AUTHORIZATION: &str = "com.easemob.group.exception.GroupAuthorizationException";
const REACH_LIMIT: &str = "com.easemob.group.exception.ReachLimitException";
const NOT_FOUND: &str = "com.sun.jersey.api.NotFoundException";
const ILLEGAL_ARGUMENT: &str = "java.lang.IllegalArgumentException";
const UNSUPPORTED_OPERATION: &str = "java.lang.UnsupportedOperationException";
const JSON_PARSE: &str = "com.fasterxml.jackson.core.JsonParseException";
const WEB_APPLICATION: &str = "javax.ws.rs.WebApplicationException";
const SECURITY: &str = "org.apache.usergrid.rest.exceptions.EasemobSecurityException";
const APPLICATION_NOT_FOUND: &str = "org.apache.usergrid.rest.exceptions.OrganizationApplicationNotFoundException";
const DUPLICATE: &str = "org.apache.usergrid.persistence.exceptions.DuplicateUniquePropertyExistsException";
const INVALID_GRANT: &str = "org.apache.usergrid.management.exceptions.BadAccessTokenException";

/// A failure in the API's words.
#[derive(Debug)]
struct ErrorReply {
    status: StatusCode,
    error: &'static str,
    exception: &'static str,
    description: String,
}

impl ErrorReply {
    fn new(status: StatusCode, error: &'static str, exception: &'static str, description: String) -> Self {
        Self { status, error, exception, description }
    }
}

#[derive(Serialize)]
struct Envelope<'a> {
    error: &'a str,
    timestamp: i64,
    duration: u64,
    exception: &'a str,
    error_description: &'a str,
}

/// The response, with the JSON of the failure that it carries, if it does.
pub fn rendered(mut response: Response, info: &RequestInfo) -> Response {
    let Some(failure) = response.extensions_mut().remove::<Failure>() else { return response };
    let reply = failure.reply(info);
    if let Failure::Domain(Error::Internal(why)) = &failure {
        tracing::error!(why, "a call failed");
    }
    let envelope = Envelope {
        error: reply.error,
        timestamp: info.at(),
        duration: info.duration(),
        exception: reply.exception,
        error_description: &reply.description,
    };
    // Of texts and numbers only: this cannot fail, and the status says enough if it did.
    let mut rendered = with_status(reply.status, serde_json::to_vec(&envelope).unwrap_or_default());
    // For an unknown method, the router has listed the known ones.
    if let Some(allow) = response.headers_mut().remove(header::ALLOW) {
        rendered.headers_mut().insert(header::ALLOW, allow);
    }
    if let Some(seconds) = failure.retry_after_s() {
        rendered.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    rendered
}
