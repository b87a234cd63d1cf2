//! The REST APIs: which requests are theirs and how they are answered. They know neither sessions nor cookies nor pages: a token says what
//! is allowed. One folder per dialect.

mod docs;
pub mod easemob;
pub mod openapi;

/// Where the OpenAPI document is.
pub const JSON: &str = "/api/openapi.json";
