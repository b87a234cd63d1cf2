//! The announcement of a group.

use domain::{Code, Error};
use serde::{Deserialize, Serialize};
use store::group as groups;
use utoipa::ToSchema;

use super::{
    super::{
        Answer, ApiCall, Failure, Path, RawBody,
        body::lenient,
        schema::{Answered, BodyFailures, Failures, InApp, OneGroup},
    },
    InGroup, require,
};

/// An announcement; empty when there is none.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnnouncementData {
    announcement: String,
}

/// `GET /chatgroups/{group_id}/announcement`.
#[utoipa::path(
    get, path = "/{org}/{app}/chatgroups/{group_id}/announcement", tag = "Announcements",
    params(InApp, OneGroup),
    responses((status = 200, description = "The announcement", body = Answered<AnnouncementData>), Failures),
)]
pub async fn get(call: ApiCall, Path((_, _, group)): Path<InGroup>) -> Answer {
    let text = groups::announcement(call.scope(), &group).await;
    let announcement = text.map_err(Failure::in_group(&group))?;
    call.reply(AnnouncementData { announcement }).send()
}

/// A new announcement.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct AnnouncementBody {
    /// At most 512 characters.
    #[serde(deserialize_with = "lenient::text")]
    #[schema(required = true, nullable = false, max_length = 512)]
    announcement: Option<String>,
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Announced {
    id: String,
    result: bool,
}

/// `POST /chatgroups/{group_id}/announcement`.
#[utoipa::path(
    post, path = "/{org}/{app}/chatgroups/{group_id}/announcement", tag = "Announcements",
    params(InApp, OneGroup),
    request_body = AnnouncementBody,
    responses((status = 200, description = "That it is set", body = Answered<Announced>), Failures, BodyFailures),
)]
pub async fn set(call: ApiCall, Path((_, _, group)): Path<InGroup>, raw: RawBody) -> Answer {
    require(&call, &group).await?;
    let body: AnnouncementBody = raw.json()?;
    let text = body.announcement.ok_or(Failure::NoAnnouncement)?;
    let set = groups::announce(call.scope(), &group, &text).await;
    set.map_err(|error| match error {
        Error::Invalid(fields) => match fields.first().map(|field| &field.code) {
            Some(Code::TooManyChars { .. }) | None => Failure::AnnouncementTooLong,
            Some(code) => Failure::of_code("announcement", code),
        },
        error => Failure::in_group(&group)(error),
    })?;
    call.reply(Announced { id: group, result: true }).send()
}
