//! The mutes of a group.

use domain::{
    limits::API_BATCH,
    member::{BatchPolicy, MemberChange, MemberList, UsernameMatch, rules::muted_until},
};
use serde::{Deserialize, Serialize};
use store::member as members;
use utoipa::ToSchema;

use super::{
    super::{
        Answer, ApiCall, Failure, Path, RawBody,
        body::lenient,
        failure::BatchLimit,
        schema::{Answered, BodyFailures, Failures, InApp, OneGroup, OneUser},
    },
    InGroup, InGroupOne, RefusalContext, named, read_body, refused, unless_gone,
};

/// One mute.
#[derive(Debug, Serialize, ToSchema)]
pub struct MuteItem {
    /// Milliseconds since 1970, UTC; 4638873600000 for ever.
    expire: i64,
    user: String,
}

/// `GET /chatgroups/{group_id}/mute`: the latest first; those that have ended are not there.
#[utoipa::path(
    get, path = "/{org}/{app}/chatgroups/{group_id}/mute", tag = "Mutes",
    params(InApp, OneGroup),
    responses((status = 200, description = "The mutes that have not ended", body = Answered<Vec<MuteItem>>), Failures),
)]
pub async fn list(call: ApiCall, Path((_, _, group)): Path<InGroup>) -> Answer {
    let listed = members::list_of(call.scope(), &group, MemberList::Mute).await;
    let listed = listed.map_err(refused(&group, RefusalContext::Members))?;
    let data: Vec<MuteItem> =
        listed.into_iter().map(|(user, expire)| MuteItem { expire: expire.unwrap_or_default(), user }).collect();
    // The word that the document shows.
    call.reply(data).action("post").send()
}

/// Who is to be muted, and for how long.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct MuteBody {
    /// Required: 1 to 60 members.
    #[serde(deserialize_with = "lenient::texts")]
    #[schema(required = true, nullable = false, min_items = 1, max_items = 60)]
    usernames: Option<Vec<String>>,
    /// Required. Milliseconds; -1 for ever, 0 ends the mute.
    #[serde(deserialize_with = "lenient::integer")]
    #[schema(required = true, nullable = false, minimum = -1)]
    mute_duration: Option<i64>,
}

impl MuteBody {
    fn check(self, now: i64) -> Result<(Vec<String>, MemberChange, i64), Failure> {
        let names = self.usernames.ok_or(Failure::MustBeProvided("usernames"))?;
        if names.len() > API_BATCH {
            return Err(Failure::TooMany(BatchLimit::Mute));
        }
        match self.mute_duration.ok_or(Failure::MustBeProvided("mute_duration"))? {
            0 => Ok((names, MemberChange::Unmute, now)),
            duration => {
                let until = muted_until(now, duration).map_err(|code| Failure::of_code("mute_duration", &code))?;
                Ok((names, MemberChange::Mute { until }, until))
            }
        }
    }
}

/// What became of one user.
#[derive(Debug, Serialize, ToSchema)]
pub struct MuteResult {
    result: bool,
    /// When the mute ends; of an end of mutes not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    expire: Option<i64>,
    user: String,
}

/// `POST /chatgroups/{group_id}/mute`.
#[utoipa::path(
    post, path = "/{org}/{app}/chatgroups/{group_id}/mute", tag = "Mutes",
    params(InApp, OneGroup),
    request_body = MuteBody,
    responses((status = 200, description = "What became of each", body = Answered<Vec<MuteResult>>), Failures, BodyFailures),
)]
pub async fn add(call: ApiCall, Path((_, _, group)): Path<InGroup>, raw: RawBody) -> Answer {
    let body: MuteBody = read_body(&call, &group, &raw).await?;
    let (names, what, expire) = match body.check(call.info.at()) {
        Ok(checked) => checked,
        Err(failure) => return Err(unless_gone(&call, &group, failure).await),
    };
    let how = (UsernameMatch::ExactOrLowercase, BatchPolicy::AllOrNothing);
    let outcomes = members::change_in_group(call.scope(), &group, names, what, how).await;
    let outcomes = outcomes.map_err(refused(&group, RefusalContext::Members))?;
    let data: Vec<MuteResult> =
        outcomes.into_iter().map(|outcome| MuteResult { result: true, expire: Some(expire), user: outcome.username }).collect();
    call.reply(data).send()
}

/// `DELETE /chatgroups/{group_id}/mute/{usernames}`: one or several; who is not muted does no harm.
#[utoipa::path(
    delete, path = "/{org}/{app}/chatgroups/{group_id}/mute/{username}", tag = "Mutes",
    params(InApp, OneGroup, OneUser),
    responses((status = 200, description = "What became of each; `username` may be up to 60 with commas between", body = Answered<Vec<MuteResult>>), Failures),
)]
pub async fn remove(call: ApiCall, Path((_, _, group, users)): Path<InGroupOne>) -> Answer {
    let names = named(&call, &group, &users, BatchLimit::Unmute).await?;
    let how = (UsernameMatch::ExactOrLowercase, BatchPolicy::AllOrNothing);
    let outcomes = members::change_in_group(call.scope(), &group, names, MemberChange::Unmute, how).await;
    let outcomes = outcomes.map_err(refused(&group, RefusalContext::Listed))?;
    let data: Vec<MuteResult> =
        outcomes.into_iter().map(|outcome| MuteResult { result: true, expire: None, user: outcome.username }).collect();
    call.reply(data).send()
}
