//! `/{org}/{app}/messages`: text messages to groups.

use std::collections::HashMap;

use domain::{Code, Error, limits};
use serde::Deserialize;
use serde_json::{Map, Value};
use store::message::{Post, post};
use utoipa::{IntoParams, ToSchema};

use super::{
    Answer, ApiCall, Failure, RawBody,
    body::lenient,
    schema::{Answered, BodyFailures, Failures, InApp},
};

/// Who a message is from when the client does not say.
const ADMIN: &str = "admin";
const TEXT: &str = "txt";

/// A message as it is sent now.
#[derive(Deserialize, Default, ToSchema)]
#[schema(as = Message)]
pub struct MessageBody {
    /// A user id, or what the back end calls itself; `admin` unless given
    #[serde(default, deserialize_with = "lenient::text")]
    #[schema(min_length = 1, max_length = 64)]
    from: Option<String>,
    /// Up to three group ids
    #[serde(default, deserialize_with = "lenient::texts")]
    #[schema(required = true, nullable = false, min_items = 1, max_items = 3)]
    to: Option<Vec<String>>,
    /// `txt`
    #[serde(rename = "type", default, deserialize_with = "lenient::text")]
    kind: Option<String>,
    #[schema(required = true, nullable = false)]
    body: Option<TextBody>,
    /// Whatever the clients agree on; counted with the text, together at most 5 KB, and not kept
    ext: Option<Value>,
}

/// What a message says.
#[derive(Deserialize, Default, ToSchema)]
#[schema(as = MessageText)]
pub struct TextBody {
    #[serde(default, deserialize_with = "lenient::text")]
    #[schema(required = true, nullable = false, min_length = 1)]
    msg: Option<String>,
}

/// A message as it was sent before.
#[derive(Deserialize, Default, ToSchema)]
#[schema(as = OlderMessage)]
pub struct OlderBody {
    /// `chatgroups`
    #[serde(default, deserialize_with = "lenient::text")]
    #[schema(required = true, nullable = false)]
    target_type: Option<String>,
    /// Up to twenty group ids
    #[serde(default, deserialize_with = "lenient::texts")]
    #[schema(required = true, nullable = false, min_items = 1, max_items = 20)]
    target: Option<Vec<String>>,
    #[schema(required = true, nullable = false)]
    msg: Option<OlderText>,
    #[serde(default, deserialize_with = "lenient::text")]
    from: Option<String>,
    ext: Option<Value>,
}

/// What a message of the older form says.
#[derive(Deserialize, Default, ToSchema)]
#[schema(as = OlderMessageText)]
pub struct OlderText {
    /// `txt`
    #[serde(rename = "type", default, deserialize_with = "lenient::text")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    #[schema(required = true, nullable = false, min_length = 1)]
    msg: Option<String>,
}

/// What both forms say.
struct Message {
    from: Option<String>,
    to: Option<Vec<String>>,
    kind: Option<String>,
    text: Option<String>,
    ext: Option<Value>,
    /// What the list of groups is called.
    list: &'static str,
    max_groups: usize,
}

impl Message {
    /// Stores it; for each group the message's id.
    async fn send(self, call: &ApiCall) -> Result<Vec<(String, String)>, Failure> {
        let argument = |text: &str| Failure::IllegalArgument(text.to_owned());
        if self.kind.as_deref().is_some_and(|kind| kind != TEXT) {
            return Err(argument("only messages of type txt are kept here"));
        }
        let from = self.from.unwrap_or(ADMIN.to_owned());
        let to = distinct(self.to.ok_or(Failure::MustBeProvided(self.list))?);
        let text = self.text.ok_or(Failure::MustBeProvided("msg"))?;
        let ext_bytes = self.ext.filter(|ext| !ext.is_null()).map_or(0, |ext| ext.to_string().len());
        let asked = Post { from: &from, to: &to, text: &text, ext_bytes, max_groups: self.max_groups };
        post(call.app_scope(), asked).await.map_err(|error| match &error {
            Error::Invalid(fields) => match fields.first().map(|broken| (broken.field.as_str(), &broken.code)) {
                Some(("from", Code::Required | Code::Blank)) => argument("from can't be empty"),
                Some(("to", _)) => argument(&format!("param {} exceed limit", self.list)),
                Some(("msg", Code::TooManyBytes { .. })) => argument("message is too large"),
                Some(("msg", Code::Required | Code::Blank)) => argument("msg can't be empty"),
                _ => error.into(),
            },
            _ => error.into(),
        })
    }
}

fn distinct(ids: Vec<String>) -> Vec<String> {
    let mut known: Vec<String> = Vec::with_capacity(ids.len().min(limits::MESSAGE_GROUPS_BEFORE + 1));
    for id in ids {
        // One more than allowed is enough to refuse it.
        if known.len() <= limits::MESSAGE_GROUPS_BEFORE && !known.contains(&id) {
            known.push(id);
        }
    }
    known
}

/// Sends a text to up to three groups.
#[utoipa::path(
    post, path = "/{org}/{app}/messages/chatgroups", tag = "Messages",
    params(InApp),
    request_body = MessageBody,
    responses((status = 200, description = "The message's id in each group", body = Answered<HashMap<String, String>>), Failures, BodyFailures),
)]
pub async fn to_groups(call: ApiCall, raw: RawBody) -> Answer {
    let body: MessageBody = raw.json()?;
    let message = Message {
        from: body.from,
        to: body.to,
        kind: body.kind,
        text: body.body.unwrap_or_default().msg,
        ext: body.ext,
        list: "to",
        max_groups: limits::MESSAGE_GROUPS,
    };
    let sent: Map<String, Value> = message.send(&call).await?.into_iter().map(|(id, message)| (id, message.into())).collect();
    call.reply(sent).without_entities().path("/messages/chatgroups").send()
}

/// Whether the message's id is answered.
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct WithIds {
    /// `true`: for each group the message's id instead of `success`
    pub use_msg_id: Option<bool>,
}

/// Sends a text to up to twenty groups, in the older form.
#[utoipa::path(
    post, path = "/{org}/{app}/messages", tag = "Messages",
    params(InApp, WithIds),
    request_body = OlderBody,
    responses((status = 200, description = "`success` for each group, or the message's id", body = Answered<HashMap<String, String>>), Failures, BodyFailures),
)]
pub async fn older(call: ApiCall, raw: RawBody) -> Answer {
    let body: OlderBody = raw.json()?;
    if body.target_type.as_deref() != Some("chatgroups") {
        return Err(Failure::IllegalArgument("target_type must be chatgroups".to_owned()));
    }
    let OlderText { kind, msg } = body.msg.unwrap_or_default();
    let message = Message {
        from: body.from,
        to: body.target,
        kind,
        text: msg,
        ext: body.ext,
        list: "target",
        max_groups: limits::MESSAGE_GROUPS_BEFORE,
    };
    let with_ids = call.info.flag("useMsgId");
    let answer = |message: String| if with_ids { message } else { "success".to_owned() };
    let sent = message.send(&call).await?.into_iter();
    let sent: Map<String, Value> = sent.map(|(id, message)| (id, answer(message).into())).collect();
    call.reply(sent).without_entities().path("/messages").send()
}
