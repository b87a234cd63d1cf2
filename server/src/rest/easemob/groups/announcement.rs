//! The announcement of a group.

use domain::{Code, Error, group::store as groups};
use serde::{Deserialize, Serialize};

use super::{
    super::{Answer, Call, Failure, Path, Raw, body::lenient},
    InGroup, require,
};

/// An announcement; empty when there is none.
#[derive(Debug, Serialize)]
pub struct AnnouncementData {
    announcement: String,
}

/// `GET /chatgroups/{group_id}/announcement`.
pub async fn get(call: Call, Path((_, _, group)): Path<InGroup>) -> Answer {
    let text = groups::announcement(&call.store, &call.caller, call.app.id, &group).await;
    let announcement = text.map_err(Failure::in_group(&group))?;
    call.reply(AnnouncementData { announcement }).send()
}

/// A new announcement.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AnnouncementBody {
    /// At most 512 characters.
    #[serde(deserialize_with = "lenient::text")]
    announcement: Option<String>,
}

/// What became of it.
#[derive(Debug, Serialize)]
pub struct Announced {
    id: String,
    result: bool,
}

/// `POST /chatgroups/{group_id}/announcement`.
pub async fn set(call: Call, Path((_, _, group)): Path<InGroup>, raw: Raw) -> Answer {
    require(&call, &group).await?;
    let body: AnnouncementBody = raw.json()?;
    let text = body.announcement.ok_or(Failure::NoAnnouncement)?;
    let set = groups::announce(&call.store, &call.caller, call.app.id, &group, &text).await;
    set.map_err(|error| match error {
        Error::Invalid(fields) => match fields.first().map(|field| &field.code) {
            Some(Code::TooManyChars { .. }) | None => Failure::AnnouncementTooLong,
            Some(code) => Failure::of_code("announcement", code),
        },
        error => Failure::in_group(&group)(error),
    })?;
    call.reply(Announced { id: group, result: true }).send()
}
