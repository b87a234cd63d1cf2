//! Server-sent events: notifies the pages of an app of changes made elsewhere. The source is the store's feed, so an open page
//! costs no read of the database except a regular check whether its session is still valid.

use std::{collections::VecDeque, convert::Infallible, sync::Arc, time::Duration};

use app::context::{RequestCaller, SessionHash};
use axum::{
    Router,
    extract::{Extension, Path, Query, Request, State},
    middleware::Next,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use domain::{
    Error,
    application::AppId,
    feed::{ChangeCount, Kind},
};
use futures_util::stream::unfold;
use http::{HeaderName, HeaderValue, StatusCode};
use serde::Deserialize;
use store::{
    Store,
    feed::{Notification, from_page},
    session as sessions,
};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, sleep_until},
};

use super::forms;
use crate::state::{ServerState, live::LiveStream};

/// The id that a page has given itself, on what it posts.
const PAGE: HeaderName = HeaderName::from_static(app::flash::PAGE_HEADER);
/// Longest such id, bytes.
const PAGE_BYTES: usize = 64;
/// How often a comment shows proxies that the connection is alive.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How often an open page checks whether its session is still valid.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// The same after a change that ends sessions: the row is removed right after its event.
const LOOK_SOON: Duration = Duration::from_millis(300);
/// When a browser whose connection broke tries again.
const RETRY: Duration = Duration::from_secs(3);
/// Tells a page that its session has ended: it must not connect again.
const END: &str = "end";
/// Proxies must not collect what is meant to arrive at once.
const NO_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// The one route. It is not one of the pages: strangers get a status, not the sign-in page.
pub fn router(state: &ServerState) -> Router {
    Router::new().route("/apps/{org}/{app}/changes", get(changes)).with_state(state.clone())
}

/// Layer: marks what a page posts with that page's name.
pub async fn layer(request: Request, next: Next) -> Response {
    let page = request.headers().get(PAGE).and_then(|value| value.to_str().ok());
    match page.filter(|page| page.len() <= PAGE_BYTES && request.uri().path().starts_with(forms::PREFIX)).map(str::to_owned) {
        Some(page) => from_page(page, next.run(request)).await,
        None => next.run(request).await,
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ChangesQuery {
    /// The page that asks: it is not notified of its own changes.
    page: String,
    /// The last commit that it knows of; the browser's own `Last-Event-ID` counts more.
    after: String,
}

/// `GET /apps/{org}/{app}/changes?page=…&after=…`.
async fn changes(
    State(state): State<ServerState>,
    Extension(RequestCaller(caller)): Extension<RequestCaller>,
    Extension(SessionHash(session)): Extension<SessionHash>,
    Path((org, app)): Path<(String, String)>,
    Query(wish): Query<ChangesQuery>,
    request: Request,
) -> Response {
    let (Ok(operator), Some(session)) = (caller.operator_id(), session) else {
        return (StatusCode::UNAUTHORIZED, "Sign in first.\n").into_response();
    };
    let store = &state.server.store;
    let app = match store::application::find(store, &caller, &org, &app).await {
        Ok(app) => app,
        Err(Error::NotFound(_)) => return (StatusCode::NOT_FOUND, "There is no such app.\n").into_response(),
        Err(error) => {
            tracing::error!(%error, "an app could not be looked up");
            return (StatusCode::SERVICE_UNAVAILABLE, "The database is busy. Please try again.\n").into_response();
        }
    };
    let Some(place) = state.live.admit(operator) else {
        return (StatusCode::TOO_MANY_REQUESTS, "Too many open pages are told of changes.\n").into_response();
    };
    let last = request.headers().get("last-event-id").and_then(|value| value.to_str().ok()).unwrap_or(&wish.after);
    let followed = store.feed().subscribe(last.parse().ok());
    let mut stream = Stream {
        store: store.clone(),
        session,
        operator,
        app,
        page: wish.page,
        receiver: followed.receiver,
        ready: VecDeque::new(),
        look_at: Instant::now() + LOOK_EVERY,
        over: false,
        place,
    };
    match followed.missed {
        Some(missed) => missed.iter().for_each(|notification| stream.receive(notification)),
        None => stream.ready.push_back(unknown(followed.number)),
    }
    // A number alone is no message; it is what the browser sends when it reconnects.
    stream.ready.push_front(Event::default().id(followed.number.to_string()).retry(RETRY));
    let events = unfold(stream, |mut stream| async { stream.next().await.map(|event| (Ok::<_, Infallible>(event), stream)) });
    let sse = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    ([(NO_BUFFERING, HeaderValue::from_static("no"))], sse).into_response()
}

/// One open page.
struct Stream {
    store: Store,
    session: [u8; 32],
    operator: i64,
    app: AppId,
    page: String,
    receiver: Receiver<Arc<Notification>>,
    ready: VecDeque<Event>,
    look_at: Instant,
    over: bool,
    place: LiveStream,
}

impl Stream {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            if self.over {
                return None;
            }
            tokio::select! {
                () = self.place.stopped() => return None,
                notification = self.receiver.recv() => match notification {
                    Ok(notification) => self.receive(&notification),
                    Err(RecvError::Lagged(_)) => self.ready.push_back(unknown(self.store.feed().number())),
                    Err(RecvError::Closed) => return None,
                },
                () = sleep_until(self.look_at) => {
                    self.look_at = Instant::now() + LOOK_EVERY;
                    if !self.lives().await {
                        self.over = true;
                        self.ready.push_back(Event::default().data(END));
                    }
                }
            }
        }
    }

    fn receive(&mut self, notification: &Notification) {
        if notification.done.iter().any(|action| action.ends_sessions()) {
            self.look_at = self.look_at.min(Instant::now() + LOOK_SOON);
        }
        let mine = notification.page.as_ref().is_some_and(|page| *page == self.page);
        if mine || notification.app.is_some_and(|app| app != self.app) {
            return;
        }
        for changed in &notification.changed {
            self.ready.push_back(message(notification.number, changed));
        }
    }

    /// Whether the session still exists and its operator may use it. This check is no use of the session: it does not prolong it.
    async fn lives(&self) -> bool {
        let found = async {
            let found = sessions::load_with_operator(&self.store, self.session).await?;
            Ok::<_, Error>(found.is_some_and(|(_, me)| me.is_some_and(|me| me.id == self.operator)))
        };
        // A busy database is no end of a session.
        found.await.unwrap_or(true)
    }
}

fn message(number: u64, changed: &ChangeCount) -> Event {
    // A struct of words and a number always serialises.
    Event::default().id(number.to_string()).data(serde_json::to_string(changed).unwrap_or_default())
}

fn unknown(number: u64) -> Event {
    message(number, &ChangeCount { kind: Kind::Unknown, group: None, count: 1 })
}
