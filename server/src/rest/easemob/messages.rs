//! `/{org}/{app}/messages`: text messages to groups.

use domain::{
    Code, Error, limits,
    message::store::{Post, post},
};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Answer, Call, Failure, Raw, body::lenient};

/// Who a message is from when the client does not say.
const ADMIN: &str = "admin";
const TEXT: &str = "txt";

/// A message as it is sent now.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct MessageBody {
    #[serde(deserialize_with = "lenient::text")]
    from: Option<String>,
    #[serde(deserialize_with = "lenient::texts")]
    to: Option<Vec<String>>,
    #[serde(rename = "type", deserialize_with = "lenient::text")]
    kind: Option<String>,
    body: Option<TextBody>,
    ext: Option<Value>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct TextBody {
    #[serde(deserialize_with = "lenient::text")]
    msg: Option<String>,
}

/// A message as it was sent before.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct OlderBody {
    #[serde(deserialize_with = "lenient::text")]
    target_type: Option<String>,
    #[serde(deserialize_with = "lenient::texts")]
    target: Option<Vec<String>>,
    msg: Option<OlderText>,
    #[serde(deserialize_with = "lenient::text")]
    from: Option<String>,
    ext: Option<Value>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct OlderText {
    #[serde(rename = "type", deserialize_with = "lenient::text")]
    kind: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
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
    async fn send(self, call: &Call) -> Result<Vec<(String, String)>, Failure> {
        let argument = |text: &str| Failure::IllegalArgument(text.to_owned());
        if self.kind.as_deref().is_some_and(|kind| kind != TEXT) {
            return Err(argument("only messages of type txt are kept here"));
        }
        let from = self.from.unwrap_or(ADMIN.to_owned());
        let to = distinct(self.to.ok_or(Failure::MustBeProvided(self.list))?);
        let text = self.text.ok_or(Failure::MustBeProvided("msg"))?;
        let ext_bytes = self.ext.filter(|ext| !ext.is_null()).map_or(0, |ext| ext.to_string().len());
        let asked = Post { from: &from, to: &to, text: &text, ext_bytes, max_groups: self.max_groups };
        post(&call.store, &call.caller, &call.app, asked).await.map_err(|error| match &error {
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
pub async fn to_groups(call: Call, raw: Raw) -> Answer {
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

/// The same in the older form.
pub async fn older(call: Call, raw: Raw) -> Answer {
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
    let sent: Map<String, Value> = message.send(&call).await?.into_iter().map(|(id, _)| (id, "success".into())).collect();
    call.reply(sent).without_entities().path("/messages").send()
}
