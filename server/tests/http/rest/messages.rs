//! Messages to groups, in both forms.

use domain::page::ListParams;
use serde_json::{Value, json};
use store::Scope;

use super::support::{Api, failure, operator, seen};
use crate::support::{Roster, app_id, group_of, roster};

fn argument(text: &str) -> (u16, Value) {
    (400, failure("illegal_argument", "java.lang.IllegalArgumentException", text))
}

async fn stored(roster: &Roster, app: &str) -> Vec<(String, String)> {
    let id = app_id(&roster.store, app).await;
    let page =
        store::message::list(Scope::new(&roster.store, &operator(), id), &group_of(app), &ListParams::default()).await.unwrap();
    page.items.into_iter().map(|row| (row.sender, row.text)).collect()
}

/// The answer with the message ids, which must be digits, replaced.
fn ids(api: &Api, path: &str, answer: super::support::Got) -> (u16, Value) {
    let (status, mut json) = seen(answer);
    if let Some(data) = json.get_mut("data").and_then(Value::as_object_mut) {
        for id in data.values_mut() {
            let digits = |id: &str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
            // Back ends keep them as signed numbers of 64 bits.
            assert!(id.as_str().is_some_and(|id| digits(id) && id.parse::<i64>().is_ok()), "{id}");
            *id = json!("id");
        }
    }
    assert_eq!(json["uri"], api.at(path));
    (status, json)
}

fn envelope(api: &Api, path: &str, data: Value) -> Value {
    let mut envelope = api.envelope("post", path, json!({ "path": format!("/{path}"), "data": data }));
    envelope.as_object_mut().unwrap().remove("entities");
    envelope
}

#[tokio::test]
async fn texts_are_stored_as_the_consoles_are() {
    let roster = roster().await;
    let api = roster.api("one").await;
    let group = group_of("one");
    let path = "messages/chatgroups";
    let body = |from: Option<&str>, to: Value, text: &str| {
        let mut body = json!({ "to": to, "type": "txt", "body": { "msg": text }, "ext": { "a": [1, 2] }, "sync_device": true });
        if let Some(from) = from {
            body["from"] = json!(from);
        }
        body
    };
    let answer = api.post(path, body(Some("ANN-one"), json!([group, "gone", group]), "안녕 🎉")).await;
    assert_eq!(ids(&api, path, answer), (200, envelope(&api, path, json!({ &group: "id", "gone": "id" }))));
    let answer = api.post(path, body(None, json!([group]), &"x".repeat(5000))).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let sent = stored(&roster, "one").await;
    assert_eq!(sent[0], ("admin".to_owned(), "x".repeat(5000)));
    assert_eq!(sent[1], ("ann-one".to_owned(), "안녕 🎉".to_owned()));

    let older = json!({
        "target_type": "chatgroups", "target": [group, "gone"], "msg": { "type": "txt", "msg": "older" }, "from": "back end",
    });
    let answer = seen(api.post("messages", older).await);
    assert_eq!(answer, (200, envelope(&api, "messages", json!({ &group: "success", "gone": "success" }))));
    assert_eq!(stored(&roster, "one").await[0], ("back end".to_owned(), "older".to_owned()));

    // The older form returns ids on request.
    let older = |to: Value| json!({ "target_type": "chatgroups", "target": to, "msg": { "msg": "with id" } });
    let answer = ids(&api, "messages", api.post("messages?useMsgId=true", older(json!([group, "gone"]))).await);
    let mut wanted = envelope(&api, "messages", json!({ &group: "id", "gone": "id" }));
    wanted["params"] = json!({ "useMsgId": ["true"] });
    assert_eq!(answer, (200, wanted));
    assert_eq!(api.post("messages?useMsgId=false", older(json!([group]))).await.json["data"], json!({ &group: "success" }));
    let sent = api.post("messages/chatgroups?useMsgId=true", body(None, json!([group]), "x")).await;
    ids(&api, "messages/chatgroups", sent);

    // Another app's groups are unknown here.
    let before = stored(&roster, "two").await;
    assert_eq!(api.post(path, body(None, json!([group_of("two")]), "x")).await.status, 200);
    assert_eq!(stored(&roster, "two").await, before);
}

#[tokio::test]
async fn what_is_wrong_with_a_message_is_told() {
    let roster = roster().await;
    let api = roster.api("one").await;
    let group = group_of("one");
    let good = json!({ "from": "admin", "to": [group], "type": "txt", "body": { "msg": "x" } });
    let with = |name: &str, value: Value| {
        let (api, mut body) = (api.clone(), good.clone());
        body[name] = value;
        async move { seen(api.post("messages/chatgroups", body).await) }
    };
    let parameter = |text: &str| {
        let exception = "com.easemob.group.exception.InvalidParameterException";
        (400, failure("invalid_parameter", exception, text))
    };
    assert_eq!(with("from", json!("")).await, argument("from can't be empty"));
    assert_eq!(with("from", json!("x".repeat(65))).await.0, 400);
    assert_eq!(with("to", json!([])).await, parameter("to must be provided"));
    assert_eq!(with("to", json!(["a", "b", "c", "d"])).await, argument("param to exceed limit"));
    assert_eq!(with("to", json!("a")).await.0, 400);
    assert_eq!(with("body", json!({})).await, parameter("msg must be provided"));
    assert_eq!(with("body", json!({ "msg": "  " })).await, argument("msg can't be empty"));
    assert_eq!(with("body", json!({ "msg": "é".repeat(2561) })).await, argument("message is too large"));
    assert_eq!(with("ext", json!({ "a": "x".repeat(5120) })).await, argument("message is too large"));
    assert_eq!(with("type", json!("img")).await, argument("only messages of type txt are kept here"));
    let older = json!({ "target_type": "users", "target": ["ann-one"], "msg": { "type": "txt", "msg": "x" } });
    assert_eq!(seen(api.post("messages", older).await), argument("target_type must be chatgroups"));
    let many: Vec<String> = (0..30).map(|n| n.to_string()).collect();
    let older = json!({ "target_type": "chatgroups", "target": many, "msg": { "msg": "x" } });
    assert_eq!(seen(api.post("messages", older).await), argument("param target exceed limit"));
    assert_eq!(stored(&roster, "one").await.len(), 1, "nothing was sent");
}
