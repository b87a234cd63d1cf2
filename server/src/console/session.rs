//! Sessions: tower-sessions' `Session` over the rows of `store::session`. The cookie holds a random id, the database only its hash.
//! A visitor who does nothing gets neither a cookie nor a row.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use app::{
    context::{IncomingFlash, OPERATOR_KEY, RequestCaller, SecureCookies, SessionHash, SignedIn},
    error::AppError,
};
use async_trait::async_trait;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{
    Actor, Caller, limits,
    operator::{Language, Me},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use store::{
    Store,
    db::now,
    session::{self as rows, StoredSession},
};
use tower_sessions::{
    Session, SessionStore,
    cookie::{Cookie, SameSite, time::Duration},
    session::{Id, Record},
    session_store,
};
use words::LanguageWords;

use crate::{http::origin, state::ServerState};

/// How often a session that is used writes that down.
const TOUCH_EVERY_MS: i64 = limits::MINUTE_MS;
/// A session without a sign-in only carries the answer to a form to the next page.
const ANONYMOUS_MS: i64 = limits::HOUR_MS;
/// What is kept of a `User-Agent`, bytes.
const USER_AGENT_BYTES: usize = 300;

/// The name of the cookie. With `__Host-` browsers refuse it from subdomains and over plain http.
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-roster" } else { "roster" }
}

/// The key of the session in the database.
fn hash(id: Id) -> [u8; 32] {
    rows::hash_id(&id.0.to_be_bytes())
}

/// Layer: loads the session and the signed-in operator, adds both to the request, and afterwards saves what has changed.
pub async fn layer(State(state): State<ServerState>, mut request: Request, next: Next) -> Response {
    let store = &state.server.store;
    let secure = state.server.secure;
    let cookie_id = cookie_id(request.headers(), cookie_name(secure));
    let client = origin::client_address(&request, &state.proxies);
    let address = client.map(|address| address.to_string());
    let user_agent = user_agent(request.headers());

    let (found, me) = match open(store, cookie_id).await {
        Ok(opened) => opened,
        Err(error) => return unavailable(&error),
    };
    let sent = cookie_id.filter(|_| found.is_some());
    let operator_id = me.as_ref().map(|me| me.id);
    let language = me.as_ref().and_then(|me| me.language);
    let failed = Arc::new(Mutex::new(None));
    let records = Records {
        store: store.clone(),
        found: Mutex::new(found),
        is_operators: operator_id.is_some(),
        address: address.clone(),
        user_agent,
        failed: failed.clone(),
    };
    let session = Session::new(sent, Arc::new(records), None);

    let actor = match &me {
        Some(me) => Actor::Operator { id: me.id, name: me.name.clone(), role: me.role },
        None => Actor::Anonymous,
    };
    let extensions = request.extensions_mut();
    extensions.insert(RequestCaller(Caller { actor, address, proof: sent.map(hash) }));
    extensions.insert(SignedIn(me));
    extensions.insert(IncomingFlash(None));
    extensions.insert(SecureCookies(secure));
    extensions.insert(SessionHash(sent.map(hash)));
    extensions.insert(session.clone());

    let only_reads = request.method().is_safe();
    let mut response = next.run(request).await;

    let may_begin = || state.visitors.allow_session(client);
    match close(&session, sent, operator_id, may_begin).await {
        Ok(Change::None) => {}
        Ok(Change::New(id)) => set_cookie(&mut response, cookie(id.to_string(), secure, limits::SESSION_ABSOLUTE_MS / 1000)),
        Ok(Change::Ended) => set_cookie(&mut response, cookie(String::new(), secure, 0)),
        // A page that has shown the answer to a form shows it once more, which is better than no page.
        Err(_) if only_reads => {
            not_written(Err(failed.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or(domain::Error::Busy)))
        }
        Err(error) => {
            tracing::error!(%error, "the session could not be saved");
            let failed = failed.lock().unwrap_or_else(PoisonError::into_inner).take();
            return not_kept(failed.unwrap_or(domain::Error::Internal(String::new())), language.unwrap_or(Language::En));
        }
    }
    response
}

/// Whether the request has the session of an operator now. A check that does not count as use of the session.
pub async fn is_operators(state: &ServerState, headers: &HeaderMap) -> bool {
    let Some(id) = cookie_id(headers, cookie_name(state.server.secure)) else { return false };
    // A session that cannot be looked up counts as none for now.
    rows::load_with_operator(&state.server.store, hash(id)).await.is_ok_and(|found| found.is_some_and(|(_, me)| me.is_some()))
}

/// The row of that id and its operator. A row whose operator was removed or disabled is ended. A disk that is full or read-only stops
/// nobody from reading: what cannot be stored here is only logged.
async fn open(store: &Store, id: Option<Id>) -> domain::Result<(Option<StoredSession>, Option<Me>)> {
    let Some(id) = id else { return Ok((None, None)) };
    // Before whatever this request is about.
    rows::write_deferred(store).await;
    let Some((row, me)) = rows::load_with_operator(store, hash(id)).await? else { return Ok((None, None)) };
    if row.operator_id.is_some() && me.is_none() {
        not_written(rows::delete(store, row.id_hash).await);
        return Ok((None, None));
    }
    let at = now();
    if me.is_some() && at - row.seen_at >= TOUCH_EVERY_MS {
        let touched = StoredSession { seen_at: at, expires_at: at + limits::SESSION_IDLE_MS, ..row.clone() };
        not_written(rows::save(store, &touched).await);
    }
    Ok((Some(row), me))
}

/// Logs what could not be written, once a minute: on a full disk every request comes here.
fn not_written(result: domain::Result<()>) {
    static TOLD_AT: AtomicI64 = AtomicI64::new(i64::MIN);
    let Err(error) = result else { return };
    let (at, told_at) = (now(), TOLD_AT.load(Ordering::Relaxed));
    if at.saturating_sub(told_at) >= limits::MINUTE_MS {
        TOLD_AT.store(at, Ordering::Relaxed);
        tracing::error!(%error, "the use of a session could not be written down; reading goes on");
    }
}

enum Change {
    None,
    /// The session has an id that the browser does not know yet.
    New(Id),
    /// The session that the browser came with has ended.
    Ended,
}

async fn close(
    session: &Session,
    sent: Option<Id>,
    operator_before: Option<i64>,
    may_begin: impl Fn() -> bool,
) -> Result<Change, tower_sessions::session::Error> {
    if session.is_empty().await {
        return Ok(if sent.is_some() { Change::Ended } else { Change::None });
    }
    if !session.is_modified() {
        return Ok(Change::None);
    }
    let operator: Option<i64> = session.get(OPERATOR_KEY).await?;
    if operator != operator_before && session.id().is_some() {
        // A sign-in gets a new id, whatever the page did: an id that was known before must not become valuable.
        session.cycle_id().await?;
    }
    if operator.is_none() && session.id().is_none() && !may_begin() {
        tracing::warn!("too many sessions for visitors: the answer to a form is not kept");
        return Ok(Change::None);
    }
    session.save().await?;
    match session.id() {
        Some(id) if Some(id) != sent => Ok(Change::New(id)),
        _ => Ok(Change::None),
    }
}

fn cookie_id(headers: &HeaderMap, name: &str) -> Option<Id> {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(Cookie::split_parse).filter_map(Result::ok).find(|cookie| cookie.name() == name)?.value().parse().ok()
}

fn cookie(value: String, secure: bool, seconds: i64) -> Cookie<'static> {
    // The browser keeps it for as long as a session can last; the server knows when it ends earlier.
    Cookie::build((cookie_name(secure), value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(secure)
        .max_age(Duration::seconds(seconds))
        .build()
}

fn set_cookie(response: &mut Response, cookie: Cookie<'_>) {
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

fn user_agent(headers: &HeaderMap) -> String {
    let text = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // `to_str` accepts only ASCII, so it can be cut at any byte.
    text.get(..USER_AGENT_BYTES).unwrap_or(text).to_owned()
}

fn unavailable(error: &domain::Error) -> Response {
    tracing::error!(%error, "the session could not be read");
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "2")], "The database is busy. Please try again.\n").into_response()
}

/// What is shown when the answer cannot be kept for the next page: the sentence alone.
fn not_kept(error: domain::Error, language: Language) -> Response {
    let error = AppError::Domain(error);
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, format!("{}\n", error.sentence(language.strings()))).into_response()
}

/// The store for the session of one request.
#[derive(Debug)]
struct Records {
    store: Store,
    /// Why the session could not be saved, as tower-sessions passes on nothing but a text.
    failed: Arc<Mutex<Option<domain::Error>>>,
    /// The row that was loaded already, so that it is not read twice.
    found: Mutex<Option<StoredSession>>,
    /// Whether the request has the session of a signed-in operator.
    is_operators: bool,
    address: Option<String>,
    user_agent: String,
}

impl Records {
    fn backend(&self, error: domain::Error) -> session_store::Error {
        let text = error.to_string();
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        session_store::Error::Backend(text)
    }

    fn row(&self, record: &Record) -> session_store::Result<StoredSession> {
        let mut data = record.data.clone();
        let operator_id = data.remove(OPERATOR_KEY).and_then(|value| value.as_i64());
        let at = now();
        let lasts = if operator_id.is_some() { limits::SESSION_IDLE_MS } else { ANONYMOUS_MS };
        Ok(StoredSession {
            id_hash: hash(record.id),
            operator_id,
            data: serde_json::to_vec(&data).map_err(|error| session_store::Error::Encode(error.to_string()))?,
            created_at: at,
            seen_at: at,
            expires_at: at + lasts,
            address: self.address.clone(),
            user_agent: self.user_agent.clone(),
        })
    }
}

#[async_trait]
impl SessionStore for Records {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        while !rows::create(&self.store, &self.row(record)?).await.map_err(|error| self.backend(error))? {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        rows::save(&self.store, &self.row(record)?).await.map_err(|error| self.backend(error))
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner).take().filter(|row| row.id_hash == hash(*id));
        let row = match found {
            Some(row) => Some(row),
            None => rows::load(&self.store, hash(*id)).await.map_err(|error| self.backend(error))?,
        };
        let Some(row) = row else { return Ok(None) };
        let mut data: std::collections::HashMap<String, serde_json::Value> =
            serde_json::from_slice(&row.data).map_err(|error| session_store::Error::Decode(error.to_string()))?;
        if let Some(operator) = row.operator_id {
            data.insert(OPERATOR_KEY.to_owned(), operator.into());
        }
        // tower-sessions carries a date along; the row's own is what counts.
        let expiry_date =
            time::OffsetDateTime::from_unix_timestamp(row.expires_at / 1000).unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        match rows::delete(&self.store, hash(*id)).await {
            // A session without a sign-in has no value, and must not keep its browser from signing in.
            Err(domain::Error::Storage(_)) if !self.is_operators => Ok(()),
            deleted => deleted.map_err(|error| self.backend(error)),
        }
    }
}
