//! `roster openapi`: the OpenAPI document of the REST APIs, for authors of clients, and for `docs/openapi.json`.

use std::io::Write;

use super::Failure;
use crate::rest::openapi;

pub fn run() -> Result<(), Failure> {
    std::io::stdout().write_all(openapi::json().as_bytes()).map_err(Failure::failed)
}
