//! Making, modifying, handing over and deleting groups.

use std::collections::BTreeMap;

use domain::{
    Code, Error,
    group::{
        GroupType,
        access::OwnAccess,
        checked::{GroupPatch, NewGroup, NewId},
        rules::{ApiGroupName, Avatar, CustomGroupId, CustomText, Description, MemberLimit},
    },
    limits,
    member::UsernameMatch,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::{group as groups, member as members};
use utoipa::ToSchema;

use super::{
    super::{
        Answer, ApiCall, Failure, Path, RawBody,
        body::{self, lenient},
        schema::{Answered, BodyFailures, Failures, InApp, OneGroup},
    },
    InGroup, RefusalContext, refused, require,
};

/// A new group.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct NewGroupBody {
    /// Required, at most 128 characters.
    #[serde(deserialize_with = "lenient::text")]
    #[schema(required = true, nullable = false, min_length = 1, max_length = 128)]
    groupname: Option<String>,
    /// Required, at most 512 characters.
    #[serde(deserialize_with = "lenient::text")]
    #[schema(required = true, nullable = false, max_length = 512)]
    desc: Option<String>,
    /// Required. Whether the group can be found and asked to be joined.
    #[serde(deserialize_with = "lenient::boolean")]
    #[schema(required = true, nullable = false)]
    public: Option<bool>,
    /// Room for members, the owner among them: 1 to 2000; 200 if left out.
    #[serde(deserialize_with = "lenient::integer")]
    maxusers: Option<i64>,
    /// Whether members may invite; never so in public groups.
    #[serde(deserialize_with = "lenient::boolean")]
    allowinvites: Option<bool>,
    /// Whether owner or admins approve who joins.
    #[serde(deserialize_with = "lenient::boolean")]
    members_only: Option<bool>,
    /// Required: a registered user.
    #[serde(deserialize_with = "lenient::text")]
    #[schema(required = true, nullable = false)]
    owner: Option<String>,
    /// At most 100 registered users beside the owner.
    #[serde(deserialize_with = "lenient::texts")]
    #[schema(max_items = 100)]
    members: Option<Vec<String>>,
    #[serde(deserialize_with = "lenient::boolean")]
    invite_need_confirm: Option<bool>,
    /// At most 8 KB of any text.
    #[serde(deserialize_with = "lenient::text")]
    custom: Option<String>,
    /// The address of a picture, at most 1024 characters.
    #[serde(deserialize_with = "lenient::text")]
    #[schema(max_length = 1024)]
    avatar: Option<String>,
    /// An id of one's own.
    #[serde(deserialize_with = "lenient::text")]
    groupid: Option<String>,
}

/// Other names of its fields.
const NEW_GROUP_ALIASES: [(&str, &str); 3] =
    [("description", "desc"), ("membersonly", "members_only"), ("approval", "members_only")];

/// A text that breaks a rule, in the API's words.
fn wrong(field: &str, code: &Code) -> Failure {
    Failure::of_code(field, code)
}

impl NewGroupBody {
    fn check(self) -> Result<NewGroup, Failure> {
        let name = self.groupname.ok_or(Failure::MustBeProvided("groupname"))?;
        let description = self.desc.ok_or(Failure::MustBeProvided("desc"))?;
        let public = self.public.ok_or(Failure::NoPublicField)?;
        let owner = self.owner.filter(|owner| !owner.trim().is_empty()).ok_or(Failure::MustBeProvided("owner"))?;
        let members = self.members.unwrap_or_default();
        if members.len() > limits::NEW_GROUP_MEMBERS {
            return Err(Failure::Invalid(format!("members size is more than max limit : {}", limits::NEW_GROUP_MEMBERS)));
        }
        let members_only = self.members_only.unwrap_or(false);
        let id = match self.groupid.map(|id| id.trim().to_owned()).filter(|id| !id.is_empty()) {
            None => NewId::Digits,
            Some(id) => NewId::Custom(CustomGroupId::parse(&id).map_err(|code| wrong("groupid", &code))?),
        };
        let max = MemberLimit::of(self.maxusers.unwrap_or(limits::API_GROUP_MEMBERS.into()));
        let custom = CustomText::parse(&self.custom.unwrap_or_default()).map_err(|code| wrong("custom", &code))?;
        let avatar = Avatar::parse(&self.avatar.unwrap_or_default()).map_err(|code| wrong("avatar", &code))?;
        Ok(NewGroup {
            name: ApiGroupName::parse(&name).map_err(|code| wrong("groupname", &code))?.into(),
            owner: Some(owner.trim().to_owned()),
            group_type: GroupType::of_access(public, members_only),
            id,
            introduction: Some(Description::parse(&description).map_err(|code| wrong("desc", &code))?.into()),
            max_member_count: Some(max.map_err(|code| wrong("maxusers", &code))?),
            access: OwnAccess {
                members_only: Some(members_only),
                allow_invites: Some(self.allowinvites.unwrap_or(false) && !public),
                invite_need_confirm: self.invite_need_confirm,
            },
            custom: Some(custom),
            avatar: Some(avatar),
            members,
        })
    }
}

/// The id of a group.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupId {
    groupid: String,
}

/// `POST /chatgroups`.
#[utoipa::path(
    post, path = "/{org}/{app}/chatgroups", tag = "Groups",
    params(InApp),
    request_body = NewGroupBody,
    responses((status = 200, description = "The id of the new group", body = Answered<GroupId>), Failures, BodyFailures),
)]
pub async fn create(call: ApiCall, raw: RawBody) -> Answer {
    let body: NewGroupBody = body::fields(raw.json()?, &NEW_GROUP_ALIASES)?;
    let new = body.check()?;
    let asked = if let NewId::Custom(id) = &new.id { id.as_str().to_owned() } else { String::new() };
    let made = groups::create_new(call.scope(), new).await;
    let groupid = made.map_err(|error| match error {
        Error::Invalid(fields) => {
            let failure = |field: &domain::FieldError| match &field.code {
                Code::NotRegistered(names) => Failure::NoSuchUser(names.first().cloned().unwrap_or_default()),
                Code::Taken => Failure::GroupIdTaken(asked.clone()),
                code => wrong(&field.field, code),
            };
            fields.first().map_or_else(|| Failure::Invalid(String::new()), failure)
        }
        error => refused("", RefusalContext::Joining)(error),
    })?;
    call.reply(GroupId { groupid }).send()
}

/// What a modified group may be given, by the names that clients use.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct ModifyBody {
    #[serde(deserialize_with = "lenient::text")]
    groupname: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    description: Option<String>,
    #[serde(deserialize_with = "lenient::integer")]
    maxusers: Option<i64>,
    #[serde(deserialize_with = "lenient::boolean")]
    membersonly: Option<bool>,
    #[serde(deserialize_with = "lenient::boolean")]
    allowinvites: Option<bool>,
    #[serde(deserialize_with = "lenient::boolean")]
    invite_need_confirm: Option<bool>,
    #[serde(deserialize_with = "lenient::text")]
    custom: Option<String>,
    /// Whether the group can be found and asked to be joined. What becomes public leaves invitations to owner and admins.
    #[serde(deserialize_with = "lenient::boolean")]
    public: Option<bool>,
    /// The address of a picture, at most 1024 characters; empty takes it away.
    #[serde(deserialize_with = "lenient::text")]
    #[schema(max_length = 1024)]
    avatar: Option<String>,
}

/// Other names of its fields.
const MODIFY_ALIASES: [(&str, &str); 3] = [("name", "groupname"), ("desc", "description"), ("members_only", "membersonly")];

/// The fields that a call may send.
const MODIFIABLE: [&str; 12] = [
    "groupname",
    "name",
    "description",
    "desc",
    "maxusers",
    "membersonly",
    "members_only",
    "allowinvites",
    "invite_need_confirm",
    "custom",
    "public",
    "avatar",
];

impl ModifyBody {
    fn check(self) -> Result<GroupPatch, Failure> {
        for (field, text) in [("groupname", &self.groupname), ("description", &self.description)] {
            if text.as_ref().is_some_and(|text| text.contains('/')) {
                return Err(Failure::Invalid(format!("{field} must not contain /")));
            }
        }
        let name = self.groupname.map(|text| ApiGroupName::parse(&text).map_err(|code| wrong("groupname", &code)));
        let description = self.description.map(|text| Description::parse(&text).map_err(|code| wrong("description", &code)));
        let max = self.maxusers.map(|number| MemberLimit::of(number).map_err(|code| wrong("maxusers", &code)));
        let custom = self.custom.map(|text| CustomText::parse(&text).map_err(|code| wrong("custom", &code)));
        let avatar = self.avatar.map(|text| Avatar::parse(&text).map_err(|code| wrong("avatar", &code)));
        Ok(GroupPatch {
            name: name.transpose()?.map(Into::into),
            introduction: description.transpose()?.map(Into::into),
            max_member_count: max.transpose()?.map(Some),
            access: OwnAccess {
                members_only: self.membersonly,
                allow_invites: self.allowinvites,
                invite_need_confirm: self.invite_need_confirm,
            },
            public: self.public,
            custom: custom.transpose()?,
            avatar: avatar.transpose()?,
            version: None,
        })
    }
}

/// `PUT /chatgroups/{group_id}`: modifies a group or, with `newowner`, hands it over.
#[utoipa::path(
    put, path = "/{org}/{app}/chatgroups/{group_id}", tag = "Groups",
    params(InApp, OneGroup),
    request_body = Modification,
    responses((status = 200, description = "`true` for each field that was sent", body = Answered<BTreeMap<String, bool>>), Failures, BodyFailures),
)]
pub async fn modify(call: ApiCall, Path((_, _, group)): Path<InGroup>, raw: RawBody) -> Answer {
    require(&call, &group).await?;
    let mut sent: Map<String, Value> = raw.json()?;
    // `null` counts as not sent.
    sent.retain(|_, value| !value.is_null());
    if sent.contains_key("newowner") {
        return transfer(call, group, sent).await;
    }
    let unknown: Vec<String> = sent.keys().filter(|name| !MODIFIABLE.contains(&name.as_str())).cloned().collect();
    if !unknown.is_empty() {
        return Err(Failure::InvalidFields(unknown));
    }
    let body: ModifyBody = body::fields(sent.clone(), &MODIFY_ALIASES)?;
    let changed = groups::modify(call.scope(), &group, body.check()?).await;
    changed.map_err(|error| match error {
        // The only rule that needs a look at the group.
        Error::Invalid(fields) => {
            fields.first().map_or_else(|| Failure::Invalid(String::new()), |field| wrong("maxusers", &field.code))
        }
        error => Failure::in_group(&group)(error),
    })?;
    let changed: Map<String, Value> = sent.into_iter().map(|(name, _)| (name, Value::Bool(true))).collect();
    call.reply(changed).send()
}

/// Who is to own the group.
#[derive(ToSchema)]
pub struct NewOwnerBody {
    /// A member
    pub newowner: String,
}

/// Other values for some of a group's fields, or another owner.
#[derive(ToSchema)]
#[serde(untagged)]
pub enum Modification {
    Fields(ModifyBody),
    Owner(NewOwnerBody),
}

/// Whether a group has been handed over.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewOwner {
    newowner: bool,
}

async fn transfer(call: ApiCall, group: String, sent: Map<String, Value>) -> Answer {
    let others: Vec<String> = sent.keys().filter(|name| *name != "newowner").cloned().collect();
    if !others.is_empty() {
        return Err(Failure::InvalidFields(others));
    }
    let owner = match sent.get("newowner") {
        Some(Value::String(name)) if !name.trim().is_empty() => name.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => return Err(Failure::MustBeProvided("newowner")),
    };
    let handed = members::transfer(call.scope(), &group, &owner, UsernameMatch::ExactOrLowercase).await;
    handed.map_err(|error| match error {
        // A user who is not registered is no member either, and that is what the document says.
        Error::Refused(refusals) if refusals.iter().any(|refusal| refusal.reason == domain::page::Reason::NotRegistered) => {
            Failure::NotInGroup { user: owner.clone(), group: group.clone() }
        }
        error => refused(&group, RefusalContext::Transfer)(error),
    })?;
    call.reply(NewOwner { newowner: true }).send()
}

/// A group that is gone.
#[derive(Debug, Serialize, ToSchema)]
pub struct Deleted {
    success: bool,
    groupid: String,
}

/// `DELETE /chatgroups/{group_id}`.
#[utoipa::path(
    delete, path = "/{org}/{app}/chatgroups/{group_id}", tag = "Groups",
    params(InApp, OneGroup),
    responses((status = 200, description = "That it is gone", body = Answered<Deleted>), Failures),
)]
pub async fn delete(call: ApiCall, Path((_, _, group)): Path<InGroup>) -> Answer {
    require(&call, &group).await?;
    let report = groups::delete(call.scope(), vec![group.clone()], "").await?;
    if report.done == 0 {
        return Err(Failure::NoSuchGroup(group));
    }
    call.reply(Deleted { success: true, groupid: group }).send()
}

/// Whether everybody is muted.
#[derive(Debug, Serialize, ToSchema)]
pub struct Muted {
    mute: bool,
}

/// `POST /chatgroups/{group_id}/ban`: mutes everybody.
#[utoipa::path(
    post, path = "/{org}/{app}/chatgroups/{group_id}/ban", tag = "Mutes",
    params(InApp, OneGroup),
    responses((status = 200, description = "That everybody is muted", body = Answered<Muted>), Failures),
)]
pub async fn mute_all(call: ApiCall, path: Path<InGroup>) -> Answer {
    set_mute_all(call, path, true).await
}

/// `DELETE /chatgroups/{group_id}/ban`: lets everybody speak again.
#[utoipa::path(
    delete, path = "/{org}/{app}/chatgroups/{group_id}/ban", tag = "Mutes",
    params(InApp, OneGroup),
    responses((status = 200, description = "That everybody may speak", body = Answered<Muted>), Failures),
)]
pub async fn unmute_all(call: ApiCall, path: Path<InGroup>) -> Answer {
    set_mute_all(call, path, false).await
}

async fn set_mute_all(call: ApiCall, Path((_, _, group)): Path<InGroup>, mute: bool) -> Answer {
    require(&call, &group).await?;
    let done = groups::mute_all(call.scope(), &group, mute).await;
    done.map_err(Failure::in_group(&group))?;
    call.reply(Muted { mute }).send()
}
