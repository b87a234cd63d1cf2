//! An app with users and groups, for the calls about groups, and the failures of these calls.

use domain::{Caller, account::NewAccountInput};
use serde_json::{Value, json};
use store::Scope;

use super::support::{Api, Got, failure, seen};
use crate::support::{Roster, app_id, roster};

const PACKAGE: &str = "com.easemob.group.exception";

/// `user1` to `user9` in the app `acme/one`.
pub async fn world() -> (Roster, Api) {
    let roster = roster().await;
    let app = app_id(&roster.store, "one").await;
    for n in 1..=9 {
        let input = NewAccountInput { account_type: "General".into(), username: format!("user{n}"), ..Default::default() };
        store::account::create(Scope::new(&roster.store, &Caller::system(), app), &input).await.unwrap();
    }
    let api = roster.api("one").await;
    (roster, api)
}

impl Api {
    /// A public group owned by `user1`, as the document's sample makes it; its id.
    pub async fn group(&self, members: &[&str]) -> String {
        let body = json!({
            "groupname": "testgroup", "desc": "test", "public": true, "maxusers": 300, "owner": "user1", "members": members,
        });
        let got = self.post("chatgroups", body).await;
        assert_eq!(got.status, 200, "{got:?}");
        got.json["data"]["groupid"].as_str().unwrap().to_owned()
    }

    /// The members as the list returns them: `owner user1`, `member user2`, in order of names.
    pub async fn members(&self, group: &str) -> Vec<String> {
        let got = self.get(&format!("chatgroups/{group}/users")).await;
        let pair = |item: &Value| {
            let (role, name) = item.as_object().unwrap().iter().next().unwrap();
            format!("{role} {}", name.as_str().unwrap())
        };
        let mut all: Vec<String> = got.json["data"].as_array().unwrap().iter().map(pair).collect();
        all.sort();
        all
    }

    /// The answer to a successful call on groups, with this payload.
    pub fn data(&self, action: &str, path: &str, data: Value) -> (u16, Value) {
        (200, self.envelope(action, path, json!({ "data": data })))
    }

    /// The same with the number of elements.
    pub fn counted(&self, path: &str, data: Value) -> (u16, Value) {
        let count = data.as_array().unwrap().len();
        (200, self.envelope("get", path, json!({ "data": data, "count": count })))
    }
}

pub async fn told(got: impl Future<Output = Got>) -> (u16, Value) {
    seen(got.await)
}

fn group_failure(status: u16, error: &str, class: &str, text: &str) -> (u16, Value) {
    (status, failure(error, &format!("{PACKAGE}.{class}"), text))
}

pub fn a1() -> (u16, Value) {
    let text = "this token is bad, or has expired!";
    group_failure(401, "group_authorization", "GroupAuthorizationException", text)
}

pub fn n1(user: &str) -> (u16, Value) {
    let text = format!("username {user} doesn't exist!");
    group_failure(404, "resource_not_found", "ResourceNotFoundException", &text)
}

pub fn n2(group: &str) -> (u16, Value) {
    group_failure(404, "resource_not_found", "ResourceNotFoundException", &format!("grpID {group} does not exist!"))
}

pub fn n3(group: &str) -> (u16, Value) {
    let text = format!("do not find this group:{group}");
    group_failure(404, "service_resource_not_found", "ServiceResourceNotFoundException", &text)
}

pub fn n4(uri: &str) -> (u16, Value) {
    (404, failure("not_found", "com.sun.jersey.api.NotFoundException", &format!("null for uri: {uri}")))
}

pub fn f1(users: &str) -> (u16, Value) {
    forbidden(&format!("users [{users}] are not members of this group!"))
}

pub fn f2() -> (u16, Value) {
    forbidden("forbidden operation on group owner!")
}

pub fn f3(user: &str, group: &str) -> (u16, Value) {
    forbidden(&format!("user: {user} doesn't exist in group: {group}"))
}

pub fn forbidden(text: &str) -> (u16, Value) {
    group_failure(403, "forbidden_op", "ForbiddenOpException", text)
}

pub fn parameter(text: &str) -> (u16, Value) {
    group_failure(400, "invalid_parameter", "InvalidParameterException", text)
}

pub fn limit(text: &str) -> (u16, Value) {
    group_failure(403, "exceed_limit", "ExceedLimitException", text)
}
