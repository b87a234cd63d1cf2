//! The answers of successful calls.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use super::{Answer, ApiCall, Failure, RequestInfo, path::Params};

/// An answer being built. `D`: the payload; `E`: one of the entities.
#[derive(Debug)]
pub struct Reply<'a, D, E = ()> {
    call: &'a ApiCall,
    action: Option<&'a str>,
    path: Option<&'a str>,
    entities: Option<&'a [E]>,
    data: Option<D>,
    cursor: Option<String>,
    count: Option<usize>,
    total: Option<u64>,
}

impl ApiCall {
    /// An answer with a payload, as group calls give it: `entities` is present and empty.
    pub fn reply<D: Serialize>(&self, data: D) -> Reply<'_, D> {
        let entities = Some(&[][..]);
        Reply { call: self, action: None, path: None, entities, data: Some(data), cursor: None, count: None, total: None }
    }

    /// An answer with entities, as user calls give it. `path`: the part after the app, such as `/users`.
    pub fn entities<'a, E: Serialize>(&'a self, path: &'a str, entities: &'a [E]) -> Reply<'a, (), E> {
        let entities = Some(entities);
        Reply { call: self, action: None, path: Some(path), entities, data: None, cursor: None, count: None, total: None }
    }
}

impl<'a, D: Serialize, E: Serialize> Reply<'a, D, E> {
    /// Another word than the method: some calls have their own.
    pub fn action(mut self, action: &'a str) -> Self {
        self.action = Some(action);
        self
    }

    pub fn path(mut self, path: &'a str) -> Self {
        self.path = Some(path);
        self
    }

    pub fn without_path(mut self) -> Self {
        self.path = None;
        self
    }

    /// Without `entities`, as messages answer.
    pub fn without_entities(mut self) -> Self {
        self.entities = None;
        self
    }

    /// A payload next to the entities.
    pub fn data<T: Serialize>(self, data: T) -> Reply<'a, T, E> {
        let Self { call, action, path, entities, cursor, count, total, .. } = self;
        Reply { call, action, path, entities, data: Some(data), cursor, count, total }
    }

    /// Where the next page begins; none on the last one.
    pub fn cursor(mut self, cursor: Option<String>) -> Self {
        self.cursor = cursor;
        self
    }

    /// How many elements this answer holds.
    pub fn count(mut self, count: usize) -> Self {
        self.count = Some(count);
        self
    }

    /// How many there are on all pages.
    pub fn total(mut self, total: u64) -> Self {
        self.total = Some(total);
        self
    }

    /// The answer.
    pub fn send(self) -> Answer {
        let info = &self.call.info;
        let app = &self.call.app;
        json(&Envelope {
            action: self.action.unwrap_or_else(|| info.action()),
            application: &app.uuid,
            params: info.params(),
            path: self.path,
            uri: info.uri(),
            entities: self.entities,
            data: self.data,
            timestamp: info.at(),
            duration: info.duration(),
            organization: &app.org_name,
            application_name: &app.app_name,
            cursor: self.cursor,
            count: self.count,
            total: self.total,
        })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a, D, E> {
    action: &'a str,
    application: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    params: Option<Params>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    entities: Option<&'a [E]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<D>,
    timestamp: i64,
    duration: u64,
    organization: &'a str,
    application_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
}

/// The few answers that contain nothing but what was done.
pub fn short(info: &RequestInfo, action: &str) -> Answer {
    #[derive(Serialize)]
    struct Short<'a> {
        action: &'a str,
        timestamp: i64,
        duration: u64,
    }
    json(&Short { action, timestamp: info.at(), duration: info.duration() })
}

/// JSON with status 200.
pub fn json(value: &impl Serialize) -> Answer {
    let bytes = serde_json::to_vec(value).map_err(|error| Failure::Domain(domain::Error::Internal(error.to_string())))?;
    Ok(with_status(StatusCode::OK, bytes))
}

pub(super) fn with_status(status: StatusCode, json: Vec<u8>) -> Response {
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], Body::from(json)).into_response()
}
