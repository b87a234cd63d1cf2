//! What answers look like, for the OpenAPI document alone: the shapes that the calls share. The answers themselves are made in `envelope`
//! and `error`.

use domain::limits;
use serde_json::Value;
use utoipa::{
    IntoParams, IntoResponses, PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{ArrayBuilder, OneOfBuilder, Schema},
    },
};

use super::user_bodies::{NewUserBody, Refused, UserEntity};

/// The app that every path names.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub struct InApp {
    /// The app's `org_name`
    #[param(example = "acme")]
    pub org: String,
    /// The app's `app_name`
    #[param(example = "chat")]
    pub app: String,
}

/// A user of the app.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub struct OneUser {
    /// A user id, in any case
    pub username: String,
}

/// A page of a list that continues at a cursor.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CursorPage {
    /// Items on a page, 10 unless given; more than 100 count as 100
    #[param(minimum = 1)]
    pub limit: Option<u32>,
    /// The `cursor` of the page before
    pub cursor: Option<String>,
}

/// A group of the app.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub struct OneGroup {
    /// A group id
    pub group_id: String,
}

/// A shared file of the group.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub struct OneFile {
    /// The id that the upload was answered with
    pub file_id: String,
}

/// A page of the app's groups.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct GroupsPage {
    /// Groups on a page, 10 unless given; more than 1000 count as 1000
    #[param(minimum = 1)]
    pub limit: Option<u32>,
    /// The `cursor` of the page before
    pub cursor: Option<String>,
}

/// A page of a list that continues by numbers.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NumberedPage {
    /// The number of the page, from 1; 0 counts as 1
    #[param(minimum = 0)]
    pub pagenum: Option<u32>,
    /// Items on a page; too many count as the most that there may be
    #[param(minimum = 1)]
    pub pagesize: Option<u32>,
}

/// A page of a list that continues by numbers from 0.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageFrom0 {
    /// The number of the page, from 0
    #[param(minimum = 0)]
    pub pagenum: Option<u32>,
    /// Items on a page, 5 unless given; more than 20 count as 20
    #[param(minimum = 1)]
    pub pagesize: Option<u32>,
}

/// The order of members.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MembersOrder {
    /// `asc` or `desc`: by the moment of joining, the owner among them; else the latest who joined first and the owner last
    #[param(inline)]
    pub sort: Option<SortWord>,
}

/// The two words of [`MembersOrder`].
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum SortWord {
    Asc,
    Desc,
}

/// What a call answers: its payload and what every answer repeats.
#[derive(ToSchema)]
pub struct Answered<D> {
    /// The method in lower case
    pub action: String,
    /// The app's UUID
    pub application: String,
    /// The query, every value as a list of text; only there when there was one
    #[schema(nullable = false)]
    pub params: Option<Value>,
    /// What stands behind the app in the path, on calls about users and messages
    #[schema(nullable = false)]
    pub path: Option<String>,
    /// The address that was asked for, without the query
    pub uri: String,
    /// Always empty, and not there on calls about messages
    #[schema(nullable = false)]
    pub entities: Option<Vec<Value>>,
    pub data: D,
    /// Milliseconds since 1970, UTC
    pub timestamp: i64,
    /// How long the call took, milliseconds
    pub duration: u64,
    pub organization: String,
    #[schema(rename = "applicationName")]
    pub application_name: String,
    /// Where the next page begins; not there on the last one
    #[schema(nullable = false)]
    pub cursor: Option<String>,
    /// How many elements this answer holds
    #[schema(nullable = false)]
    pub count: Option<u64>,
}

/// What a call about users answers.
#[derive(ToSchema)]
pub struct Users {
    /// The method in lower case, or what was done
    pub action: String,
    /// The app's UUID
    pub application: String,
    /// The query, every value as a list of text; only there when there was one
    #[schema(nullable = false)]
    pub params: Option<Value>,
    pub path: String,
    /// The address that was asked for, without the query
    pub uri: String,
    pub entities: Vec<UserEntity>,
    /// Those who were not registered, and why
    #[schema(nullable = false)]
    pub data: Option<Vec<Refused>>,
    /// Milliseconds since 1970, UTC
    pub timestamp: i64,
    /// How long the call took, milliseconds
    pub duration: u64,
    pub organization: String,
    #[schema(rename = "applicationName")]
    pub application_name: String,
    /// Where the next page begins; not there on the last one
    #[schema(nullable = false)]
    pub cursor: Option<String>,
    /// How many users this answer holds
    #[schema(nullable = false)]
    pub count: Option<u64>,
}

/// That it was done.
#[derive(ToSchema)]
pub struct Done {
    pub action: String,
    /// Milliseconds since 1970, UTC
    pub timestamp: i64,
    /// How long the call took, milliseconds
    pub duration: u64,
}

/// Why a call failed.
#[derive(ToSchema)]
pub struct Failed {
    /// The kind of failure, such as `resource_not_found`
    pub error: String,
    /// Milliseconds since 1970, UTC
    pub timestamp: i64,
    pub duration: u64,
    /// The name of the class that older servers threw
    pub exception: String,
    /// What exactly is wrong
    pub error_description: String,
}

/// What any call may fail with.
#[derive(IntoResponses)]
pub enum Failures {
    /// The query or the body is not what the call expects
    #[response(status = 400)]
    BadRequest(Failed),
    /// The token is missing, bad or expired, or may not do this
    #[response(status = 401)]
    Unauthorized(Failed),
    /// Who is named may not do this, or a limit is reached
    #[response(status = 403)]
    Forbidden(Failed),
    /// The app, or what the path or the body names, does not exist
    #[response(status = 404)]
    NotFound(Failed),
    /// The body is too large
    #[response(status = 413)]
    TooLarge(Failed),
    /// The app makes too many calls; `Retry-After` says how long to wait
    #[response(status = 429)]
    TooMany(Failed),
    /// The server is busy; `Retry-After` says how long to wait
    #[response(status = 503)]
    Busy(Failed),
}

/// The other failures of a call with a body.
#[derive(IntoResponses)]
pub enum BodyFailures {
    /// Nothing more of the body came for 30 s
    #[response(status = 408)]
    Stalled(Failed),
}

/// One user to register, or a list of up to 60.
pub enum NewUsers {}

impl PartialSchema for NewUsers {
    fn schema() -> RefOr<Schema> {
        let many = ArrayBuilder::new().items(NewUserBody::schema()).min_items(Some(1)).max_items(Some(limits::USERS_AT_ONCE));
        RefOr::T(Schema::OneOf(OneOfBuilder::new().item(NewUserBody::schema()).item(many).build()))
    }
}

impl ToSchema for NewUsers {}
