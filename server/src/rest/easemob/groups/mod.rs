//! `/{org}/{app}/chatgroups`: the app's groups. This file has what all of them share: finding the group, and the names of the domain's
//! refusals. The other files are the sections of the document.

pub mod admins;
pub mod allowed;
pub mod announcement;
pub mod blocks;
pub mod change;
pub mod files;
pub mod members;
pub mod mutes;
pub mod of_user;
pub mod read;

use domain::{
    Error,
    error::Entity,
    limits::API_BATCH,
    page::{Reason, Refusal},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use store::group as groups;
use utoipa::ToSchema;

use super::{ApiCall, Failure, RawBody, body::lenient, failure::BatchLimit};

/// The parts of a path that names a group.
pub type InGroup = (String, String, String);
/// The path parts of a call that also names a user or a thing in a group.
pub type InGroupOne = (String, String, String, String);

/// [`Failure::NoSuchGroup`] unless the app has that group. For calls that would not find out before they check something else.
pub async fn require(call: &ApiCall, group: &str) -> Result<(), Failure> {
    let there = groups::in_group_api(call.scope(), group).await?;
    if there { Ok(()) } else { Err(Failure::NoSuchGroup(group.to_owned())) }
}

/// The failure, or that there is no such group, which counts first.
pub async fn unless_gone(call: &ApiCall, group: &str, failure: Failure) -> Failure {
    match require(call, group).await {
        Ok(()) => failure,
        Err(gone) => gone,
    }
}

/// The body of a call about a group, which has to exist before the body matters.
pub async fn read_body<T: DeserializeOwned>(call: &ApiCall, group: &str, raw: &RawBody) -> Result<T, Failure> {
    match raw.json() {
        Ok(body) => Ok(body),
        Err(failure) => Err(unless_gone(call, group, failure).await),
    }
}

/// A body that names users.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct Usernames {
    #[serde(deserialize_with = "lenient::texts")]
    #[schema(required = true, nullable = false, min_items = 1, max_items = 60)]
    usernames: Option<Vec<String>>,
}

impl Usernames {
    /// At least one, at most as many as a batch may name; `too_many` says otherwise.
    pub async fn read(call: &ApiCall, group: &str, raw: &RawBody, too_many: Failure) -> Result<Vec<String>, Failure> {
        let body: Self = read_body(call, group, raw).await?;
        let failure = match body.usernames {
            None => Failure::MustBeProvided("usernames"),
            Some(names) if names.len() > API_BATCH => too_many,
            Some(names) => return Ok(names),
        };
        Err(unless_gone(call, group, failure).await)
    }
}

/// The users that a path names, at most as many as a batch may.
pub async fn named(call: &ApiCall, group: &str, segment: &str, batch: BatchLimit) -> Result<Vec<String>, Failure> {
    let names = super::path::ids(segment);
    let failure = match names.len() {
        0 => Failure::MustBeProvided("usernames"),
        1..=API_BATCH => return Ok(names),
        _ => Failure::TooMany(batch),
    };
    Err(unless_gone(call, group, failure).await)
}

/// The subject of a call, as far as its refusals have their own texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalContext {
    Joining,
    /// Removing, blocking, muting: an unknown user is no member either.
    Members,
    /// Removing from a list: an unknown user is reported as such.
    Listed,
    Promoting,
    Demoting,
    Transfer,
}

/// For `map_err` of operations on the accounts of a group.
pub fn refused(group: &str, about: RefusalContext) -> impl FnOnce(Error) -> Failure {
    move |error| match error {
        Error::Refused(refusals) => of_refusals(group, about, &refusals),
        // Audio-video groups are chat rooms here.
        Error::NotFound(Entity::Group) | Error::Conflict(domain::error::Conflict::NoMemberList) => {
            Failure::NoSuchGroup(group.to_owned())
        }
        error => error.into(),
    }
}

fn of_refusals(group: &str, about: RefusalContext, refusals: &[Refusal]) -> Failure {
    // A user who does not exist is reported before what a known one may not, where the documents have a text for that.
    let unknown = refusals.iter().find(|refusal| refusal.reason == Reason::NotRegistered && about != RefusalContext::Members);
    let Some(first) = unknown.or(refusals.first()) else { return Failure::Forbidden(String::new()) };
    let (user, group) = (first.id.clone(), group.to_owned());
    match (first.reason, about) {
        (Reason::NotRegistered | Reason::NotMember | Reason::NotBlocked, RefusalContext::Members)
        | (Reason::NotMember | Reason::NotBlocked, RefusalContext::Listed | RefusalContext::Joining) => {
            let strangers = |reason| matches!(reason, Reason::NotRegistered | Reason::NotMember | Reason::NotBlocked);
            let strangers = refusals.iter().filter(|refusal| strangers(refusal.reason));
            Failure::NotMembers(strangers.map(|refusal| refusal.id.clone()).collect())
        }
        (Reason::NotRegistered, _) => Failure::NoSuchUser(user),
        (Reason::NotMember | Reason::NotBlocked, RefusalContext::Transfer) => Failure::NotInGroup { user, group },
        (Reason::NotMember | Reason::NotBlocked, RefusalContext::Promoting | RefusalContext::Demoting) => {
            Failure::NotInGroupToPromote { user, group }
        }
        (Reason::Owner, RefusalContext::Transfer) => Failure::SameOwner,
        (Reason::Owner, _) => Failure::OnOwner,
        (Reason::AlreadyMember, _) => Failure::AlreadyMember { user, group },
        (Reason::Blocked, _) => Failure::Blocked { user, group },
        (Reason::GroupFull, _) => Failure::GroupFull,
        (Reason::TooManyGroups, _) => Failure::TooManyGroups(user),
        (Reason::TooManyAdmins, _) => Failure::TooManyAdmins { group },
        (Reason::NotAdmin, _) => Failure::NotAdmin { user, group },
    }
}

/// What became of one user of a call, as most calls on members tell it.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserResult {
    result: bool,
    action: &'static str,
    /// Why not; only where `result` is false.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reason: Option<String>,
    user: String,
    groupid: String,
}

/// What became of the users that a path names: of one by itself, of several in a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum UserResults {
    One(UserResult),
    Several(Vec<UserResult>),
}

impl UserResults {
    /// `single`: whether the path named one.
    pub fn of(single: bool, mut results: Vec<UserResult>) -> Self {
        match results.pop() {
            Some(one) if single && results.is_empty() => Self::One(one),
            Some(last) => {
                results.push(last);
                Self::Several(results)
            }
            None => Self::Several(results),
        }
    }
}

impl UserResult {
    /// It was done.
    pub fn done(action: &'static str, user: &str, groupid: &str) -> Self {
        Self { result: true, action, reason: None, user: user.to_owned(), groupid: groupid.to_owned() }
    }

    /// It was done, or not for that reason.
    pub fn of(action: &'static str, outcome: &domain::member::MemberOutcome, groupid: &str) -> Self {
        let user = outcome.username.as_str();
        let reason = outcome.result.err().map(|reason| match (reason, action) {
            (Reason::NotRegistered, "remove_member") => format!("user {user} doesn't exist."),
            _ => format!("user: {user} doesn't exist in group: {groupid}"),
        });
        Self { result: reason.is_none(), action, reason, user: user.to_owned(), groupid: groupid.to_owned() }
    }
}
