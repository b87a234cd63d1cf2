//! The body of a request while it arrives, and the one of its answer. A body of which nothing arrives for too long ends with [`Stalled`],
//! whatever it is for: forms, calls and files need no timer of their own.

use std::{
    error::Error,
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use axum::body::{Body as AxumBody, Bytes};
use http::Request;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::{Instant, Sleep, sleep};

use super::monitor::ConnectionMonitor;

/// Why a body ended early: no byte of it arrived for too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stalled;

impl fmt::Display for Stalled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing of the body came for too long")
    }
}

impl Error for Stalled {}

/// The cause of that kind in an error's chain, if there is one.
pub fn cause<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// Request extension: how far the request has come.
#[derive(Clone, Debug)]
pub struct RequestProgress(pub(super) Arc<ConnectionMonitor>);

impl RequestProgress {
    /// Whether the handler waits for more of the request.
    pub fn is_awaited(&self) -> bool {
        self.0.is_awaiting()
    }
}

/// Waits for an answer as long as its work takes at most `within`, not counting the time in which the request's own body arrives;
/// `None` after that.
pub async fn answer_within<T>(
    within: std::time::Duration,
    arrival: Option<RequestProgress>,
    answer: impl Future<Output = T>,
) -> Option<T> {
    let mut answer = std::pin::pin!(answer);
    loop {
        match tokio::time::timeout(within, &mut answer).await {
            Ok(answer) => return Some(answer),
            // A body that does not arrive at all ends on its own.
            Err(_) if arrival.as_ref().is_some_and(RequestProgress::is_awaited) => {}
            Err(_) => return None,
        }
    }
}

/// Whether the request declares a body of more than `most` bytes. A client that waits for permission to send it (`Expect:
/// 100-continue`) gets the answer at once, as long as nothing reads the body.
pub fn says_more_than<B: Body>(request: &Request<B>, most: u64) -> bool {
    request.body().size_hint().lower() > most
}

/// Whether the client asks whether to send the body at all.
pub fn is_asked_first<B>(request: &Request<B>) -> bool {
    request.headers().get(http::header::EXPECT).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"))
}

/// The body of a request.
pub struct RequestBody {
    inner: Incoming,
    monitor: Arc<ConnectionMonitor>,
    silence: Option<Pin<Box<Sleep>>>,
    /// Whether a piece is waited for: only then the clock runs.
    waits: bool,
    /// It has stalled. A second read does not wait again.
    over: bool,
}

impl RequestBody {
    pub fn new(inner: Incoming, monitor: Arc<ConnectionMonitor>) -> Self {
        Self { inner, monitor, silence: None, waits: false, over: false }
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.over {
            return Poll::Ready(Some(Err(Stalled.into())));
        }
        let frame = match Pin::new(&mut self.inner).poll_frame(cx) {
            Poll::Ready(frame) => frame,
            Poll::Pending => {
                let this = &mut *self;
                let within = this.monitor.limits().body_silent_for;
                let silence = this.silence.get_or_insert_with(|| Box::pin(sleep(within)));
                if !this.waits {
                    this.waits = true;
                    silence.as_mut().reset(Instant::now() + within);
                    this.monitor.awaits_body();
                }
                ready!(silence.as_mut().poll(cx));
                this.monitor.stalled();
                this.over = true;
                return Poll::Ready(Some(Err(Stalled.into())));
            }
        };
        let whole = frame.is_none() || self.inner.is_end_stream();
        self.monitor.took_body(whole);
        self.waits = false;
        Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// The body of an answer; its end is the answer's.
pub struct ResponseBody {
    inner: AxumBody,
    _answered: Answered,
}

struct Answered(Arc<ConnectionMonitor>);

impl Drop for Answered {
    fn drop(&mut self) {
        self.0.answered();
    }
}

impl ResponseBody {
    pub fn new(inner: AxumBody, monitor: Arc<ConnectionMonitor>) -> Self {
        Self { inner, _answered: Answered(monitor) }
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Pin::new(&mut self.inner).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
