//! A client of the REST API with a credential of its own.

use domain::{Actor, Caller, credential::CredentialWithSecret, operator::Role};
use reqwest::Client;
use serde_json::{Value, json};
use store::{Scope, credential as credentials, operator as operators};

use crate::support::{Roster, app_id};

pub fn operator() -> Caller {
    Caller { actor: Actor::Operator { id: 1, name: "owner".into(), role: Role::Owner }, address: None, proof: None }
}

/// One app's back end.
#[derive(Clone)]
pub struct Api {
    pub http: Client,
    pub url: String,
    pub app: String,
    pub token: String,
    pub credential: CredentialWithSecret,
}

impl Roster {
    /// A back end of `acme/{app}` with a token.
    pub async fn api(&self, app: &str) -> Api {
        let known = operators::list_all(&self.store).await.unwrap().len();
        assert!(known > 0, "the operator that makes the credential exists");
        let name = format!("key {}", store::db::now());
        let credential =
            credentials::create(Scope::new(&self.store, &operator(), app_id(&self.store, app).await), &name).await.unwrap();
        let mut api =
            Api { http: Client::new(), url: self.url.clone(), app: format!("acme/{app}"), token: String::new(), credential };
        let answer = api.post("token", api.secret()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        api.token = answer.json["access_token"].as_str().unwrap().to_owned();
        api
    }
}

/// Status and JSON of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Got {
    pub status: u16,
    pub json: Value,
}

impl Api {
    /// The body that asks for a token of the app.
    pub fn secret(&self) -> Value {
        let Self { credential, .. } = self;
        json!({ "grant_type": "client_credentials", "client_id": credential.client_id, "client_secret": credential.client_secret })
    }

    /// The address of a call: `path` is the part after the app.
    pub fn at(&self, path: &str) -> String {
        format!("{}/{}/{path}", self.url, self.app)
    }

    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method.parse().unwrap(), self.at(path)).bearer_auth(&self.token)
    }

    pub async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Got {
        let request = self.request(method, path);
        got(match body {
            Some(body) => request.json(&body),
            None => request,
        })
        .await
    }

    pub async fn get(&self, path: &str) -> Got {
        self.call("GET", path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Got {
        self.call("POST", path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Got {
        self.call("PUT", path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Got {
        self.call("DELETE", path, None).await
    }

    /// The envelope of an answer without entities and payload, with what `rest` adds; see [`steady`] for times.
    pub fn envelope(&self, action: &str, path: &str, rest: Value) -> Value {
        let (org, app) = self.app.split_once('/').unwrap();
        let mut whole = json!({
            "action": action, "application": "uuid", "uri": self.at(path), "entities": [], "timestamp": 0, "duration": 0,
            "organization": org, "applicationName": app,
        });
        let Value::Object(rest) = rest else { panic!("not an object") };
        for (name, value) in rest {
            whole[name] = value;
        }
        whole
    }
}

pub async fn got(request: reqwest::RequestBuilder) -> Got {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let kind = response.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    let text = response.text().await.unwrap();
    assert!(kind.starts_with("application/json"), "{status} {kind} {text}");
    Got { status, json: serde_json::from_str(&text).unwrap() }
}

/// The answer with everything that changes from run to run replaced: times by 0, UUIDs by `uuid`. That they are of the right kind is
/// checked on the way.
pub fn steady(mut value: Value) -> Value {
    fn walk(value: &mut Value) {
        match value {
            Value::Object(map) => {
                for (name, value) in map.iter_mut() {
                    match name.as_str() {
                        "timestamp" | "created" | "modified" => {
                            assert!(value.as_i64().is_some_and(|at| at > 1_600_000_000_000), "{name}: {value}");
                            *value = 0.into();
                        }
                        "duration" => {
                            assert!(value.as_u64().is_some_and(|ms| ms < 60_000), "{name}: {value}");
                            *value = 0.into();
                        }
                        "application" | "uuid" => {
                            assert!(value.as_str().is_some_and(|text| text.len() == 36), "{name}: {value}");
                            *value = "uuid".into();
                        }
                        _ => walk(value),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(walk),
            _ => {}
        }
    }
    walk(&mut value);
    value
}

/// Status and JSON, made comparable.
pub fn seen(got: Got) -> (u16, Value) {
    (got.status, steady(got.json))
}

/// The five keys of a failure.
pub fn failure(error: &str, exception: &str, description: &str) -> Value {
    json!({ "error": error, "timestamp": 0, "duration": 0, "exception": exception, "error_description": description })
}
