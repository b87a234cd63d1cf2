//! Handlers that panic or hang.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use tower_http::timeout::TimeoutLayer;

/// Longer than any answer should take; a page that hangs must not keep its connection forever.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// Layer: an answer has to begin in time.
pub fn in_time() -> TimeoutLayer {
    TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, ANSWER_WITHIN)
}

/// What a caller sees of an internal error; the panic itself is in the log.
pub fn panicked(fault: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text = fault.downcast_ref::<String>().map(String::as_str).or_else(|| fault.downcast_ref::<&str>().copied());
    tracing::error!(panic = text.unwrap_or("without a text"), "a request failed");
    (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on the server. The log says what.\n").into_response()
}
