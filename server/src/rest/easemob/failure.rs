//! What can go wrong with a call, by name. Handlers only name the case; `error.rs` words it.

use axum::response::{IntoResponse, Response};
use domain::Error;
use http::StatusCode;

/// Why a token is refused. Group calls answer all four alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenProblem {
    Missing,
    /// Cannot be one of our tokens.
    Malformed,
    /// Could be one, but is unknown, or is another app's.
    Foreign,
    Expired,
}

/// Batches, each with its own text for too many items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchLimit {
    RemoveMembers,
    Block,
    Unblock,
    Mute,
    Unmute,
    Allow,
    Disallow,
}

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// 401: the caller is not known.
    Token(TokenProblem),
    /// 401: the caller is known and may not do this.
    NoPermission,
    /// 401: registering without a token.
    RegistrationClosed,
    /// 404: the path names an app that does not exist.
    NoSuchApp,
    /// 404 (N1): a user who is not registered. User calls word it differently.
    NoSuchUser(String),
    /// 404 (N2): a group that does not exist, for every call but two.
    NoSuchGroup(String),
    /// 404 (N3): the same for the details of groups and for their members.
    GroupNotFound(String),
    /// 404 (N4): an address with nothing after it, a shared file that does not exist.
    NoSuchAddress,
    /// 403 (F1): none of these users is a member.
    NotMembers(Vec<String>),
    /// 403 (F2): what cannot be done to the owner.
    OnOwner,
    /// 403 (F3): this user is no member, for a transfer.
    NotInGroup { user: String, group: String },
    /// 404: this user is no member, for a promotion.
    NotInGroupToPromote { user: String, group: String },
    /// 403: adding somebody who is a member.
    AlreadyMember { user: String, group: String },
    /// 403: a transfer to whom the group belongs already.
    SameOwner,
    /// 403: demoting somebody who is no admin.
    NotAdmin { user: String, group: String },
    /// 403: a blocked user must be unblocked first. The text is ours: the documents give none.
    Blocked { user: String, group: String },
    /// 403: as many admins as a group may have. The text is ours: the documents give none.
    TooManyAdmins { group: String },
    /// 403: more members than the group may have.
    GroupFull,
    /// 403: the group's shared files would have more bytes together than they may. The text is ours, too.
    GroupFilesFull { group: String, max: u64 },
    /// 403: the same for all groups of the app. The text is ours, too.
    AppFilesFull { max: u64 },
    /// 403: this user is in as many groups as a user may be in.
    TooManyGroups(String),
    /// 403: another forbidden operation, with this text.
    Forbidden(String),
    /// 403: an announcement that is too long.
    AnnouncementTooLong,
    /// 400: a new group without `public`.
    NoPublicField,
    /// 400: a field that is missing.
    MustBeProvided(&'static str),
    /// 400: fields that are unknown or cannot be changed.
    InvalidFields(Vec<String>),
    /// 400: a batch that names too many.
    TooMany(BatchLimit),
    /// 400: another wrong parameter, with this text.
    Invalid(String),
    /// 400: a wrong argument, with this text.
    IllegalArgument(String),
    /// 400: posting an announcement without one.
    NoAnnouncement,
    /// 400: an upload without a file.
    NoFile,
    /// 400: a new group with an id that is taken.
    GroupIdTaken(String),
    /// 400: registering a name that is taken.
    UserExists { app: String, user: String },
    /// 400: something in a token request is wrong, with this text.
    InvalidGrant(&'static str),
    /// 400: a token request with an unknown grant type.
    UnknownGrant,
    /// 401: a token request with a grant type that the app has switched off. The text is ours: the documents give none.
    GrantOff,
    /// 400: a body that is no JSON; the parser's words.
    Json(String),
    /// 408: a body of which nothing arrived for too long. The text is ours, too.
    Stalled,
    /// 413: a body or a file that is too large.
    TooLarge,
    /// 405: a method that the address does not have.
    MethodNotSupported,
    /// 429: too many calls.
    RateLimited { retry_after_s: u64 },
    /// Whatever else the domain says.
    Domain(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Forbidden | Error::Unauthenticated => Self::NoPermission,
            Error::Throttled { retry_after_s } => Self::RateLimited { retry_after_s },
            error => Self::Domain(error),
        }
    }
}

impl IntoResponse for Failure {
    /// Passes the failure to [`rendered`](super::error::rendered), which knows the request.
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
