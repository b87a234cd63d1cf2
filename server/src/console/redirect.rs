//! Answers that lead to another page.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What a query value may hold as it is.
const QUERY_VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The sign-in page, which leads to that page afterwards.
pub fn sign_in_path(next: &str) -> String {
    match next {
        "/" => "/sign-in".to_owned(),
        path => format!("/sign-in?next={}", utf8_percent_encode(path, QUERY_VALUE)),
    }
}

pub fn see_other(path: &str) -> Response {
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}
