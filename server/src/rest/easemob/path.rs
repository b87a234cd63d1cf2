//! The request before its caller is known: which addresses are calls, the parts of one, its query.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, OnceLock},
    time::Instant,
};

use axum::extract::{FromRequestParts, Request};
use domain::{Actor, application::rules::RESERVED_ORGS};
use http::{HeaderMap, Uri, header, request::Parts};
use percent_encoding::percent_decode_str;
use serde::{Serialize, Serializer, de::DeserializeOwned, ser::SerializeMap};
use store::db::now;
use url::form_urlencoded;

use super::Failure;
use crate::{http::origin, state::ServerState};

/// What may follow `/{org}/{app}/`. Addresses that begin so belong to this API for every client, also for a browser that opens the address
/// of a shared file. All others are decided by the request, see [`by_a_program`].
const FAMILIES: [&str; 12] = [
    "token",
    "users",
    "chatgroups",
    "chatrooms",
    "chatfiles",
    "messages",
    "metadata",
    "mutes",
    "publicchatgroups",
    "sdk",
    "thread",
    "threads",
];

/// Whether a request can only be a call, wherever it leads: it has a bearer token or JSON, or does not accept a page as answer. What a
/// browser sends to show a page is none.
fn by_a_program(headers: &HeaderMap) -> bool {
    let texts = |name| headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase());
    let bearer = texts(header::AUTHORIZATION).any(|value| value.split_whitespace().next() == Some("bearer"));
    let json = texts(header::CONTENT_TYPE).any(|value| {
        let kind = value.split(';').next().unwrap_or_default().trim();
        kind == "application/json" || kind.ends_with("+json")
    });
    bearer || json || !texts(header::ACCEPT).any(|value| value.contains("text/html"))
}

/// Whose wording a failure uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Everything about groups, a user's list of them included.
    Groups,
    Others,
}

/// What every call knows of its request.
#[derive(Debug, Clone)]
pub struct RequestInfo(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    started: Instant,
    at: i64,
    action: String,
    base: String,
    raw_path: String,
    query: String,
    org: String,
    app: String,
    family: Family,
    address: Option<String>,
    /// The owner of its token, once that is known.
    actor: OnceLock<Actor>,
    /// Why its token was invalid.
    problem: OnceLock<&'static str>,
}

impl RequestInfo {
    /// `None` for what is not for this API.
    pub fn of(request: &Request, state: &ServerState) -> Option<Self> {
        let uri = request.uri();
        let mut segments = segments(uri.path());
        let (org, app, family) = (segments.next()?, segments.next()?, segments.next().unwrap_or_default());
        // `/.well-known/…` (RFC 8615) is reserved, and no organisation has that name.
        if RESERVED_ORGS.contains(&org) || org.starts_with('.') {
            return None;
        }
        if !FAMILIES.contains(&family) && !by_a_program(request.headers()) {
            return None;
        }
        let groups = match family {
            "chatgroups" | "publicchatgroups" => true,
            "users" => segments.nth(1) == Some("joined_chatgroups"),
            _ => false,
        };
        Some(Self(Arc::new(Inner {
            started: Instant::now(),
            at: now(),
            action: request.method().as_str().to_ascii_lowercase(),
            base: origin::own_origin(request, state),
            raw_path: uri.path().to_owned(),
            query: uri.query().unwrap_or_default().to_owned(),
            org: decoded(org),
            app: decoded(app),
            family: if groups { Family::Groups } else { Family::Others },
            address: origin::client_address(request, &state.proxies).map(|address| address.to_string()),
            actor: OnceLock::new(),
            problem: OnceLock::new(),
        })))
    }

    /// The method in lower case, as answers name it.
    pub fn action(&self) -> &str {
        &self.0.action
    }

    /// The app's names as the path has them.
    pub fn names(&self) -> (&str, &str) {
        (&self.0.org, &self.0.app)
    }

    pub fn family(&self) -> Family {
        self.0.family
    }

    /// The client's address.
    pub fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }

    /// It came with a valid token of this one.
    pub fn came_from(&self, actor: &Actor) {
        // The same one when asked twice.
        let _ = self.0.actor.set(actor.clone());
    }

    /// The owner of its valid token.
    pub fn actor(&self) -> Option<&Actor> {
        self.0.actor.get()
    }

    /// Its token was invalid; the word is for the log.
    pub fn came_in_vain(&self, problem: &'static str) {
        let _ = self.0.problem.set(problem);
    }

    /// Why its token was invalid.
    pub fn problem(&self) -> Option<&'static str> {
        self.0.problem.get().copied()
    }

    /// When the request arrived, milliseconds since 1970, UTC.
    pub fn at(&self) -> i64 {
        self.0.at
    }

    /// How long it has taken so far, milliseconds.
    pub fn duration(&self) -> u64 {
        u64::try_from(self.0.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Scheme and host under which the server is reached: `https://roster.example.org`.
    pub fn base(&self) -> &str {
        &self.0.base
    }

    /// The address as it was sent, without the query.
    pub fn uri(&self) -> String {
        format!("{}{}", self.0.base, self.0.raw_path)
    }

    /// The path as Easemob names it in one place: without the slash before it.
    pub fn uri_path(&self) -> &str {
        self.0.raw_path.trim_start_matches('/')
    }

    /// The address as it was sent, with the query.
    pub fn whole_uri(&self) -> String {
        let query = if self.0.query.is_empty() { String::new() } else { format!("?{}", self.0.query) };
        self.uri() + &query
    }

    /// All values of the query, decoded, in their order; `None` without a query.
    pub fn params(&self) -> Option<Params> {
        if self.0.query.is_empty() {
            return None;
        }
        let mut params: Vec<(String, Vec<String>)> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for (name, value) in form_urlencoded::parse(self.0.query.as_bytes()) {
            let place = *places.entry(name.clone().into_owned()).or_insert(params.len());
            match params.get_mut(place) {
                Some((_, values)) => values.push(value.into_owned()),
                None => params.push((name.into_owned(), vec![value.into_owned()])),
            }
        }
        Some(Params(params))
    }

    /// The first value of that name in the query, without blanks around it; `None` for an empty one.
    pub fn param(&self, name: &str) -> Option<String> {
        let found = form_urlencoded::parse(self.0.query.as_bytes()).find(|(known, _)| known == name)?;
        Some(found.1.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// Whether the query says `true` to that.
    pub fn flag(&self, name: &str) -> bool {
        self.param(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// A number of the query, such as `limit` or `pagesize`. Larger ones than `max` count as `max`; what is no number from 1 up is
    /// refused.
    pub fn number(&self, name: &str, default: u32, max: u32) -> Result<u32, Failure> {
        self.number_from(1, name, default, max)
    }

    /// The number of a page of `size` items, as the items to skip. Pages begin with 1; clients that begin with 0, as one call has it, get
    /// the first page for it.
    pub fn skipped(&self, size: u32) -> Result<u32, Failure> {
        let page = self.number_from(0, "pagenum", 1, u32::MAX)?;
        Ok(page.saturating_sub(1).saturating_mul(size))
    }

    /// The same for pages that begin with 0.
    pub fn skipped_from_0(&self, size: u32) -> Result<u32, Failure> {
        Ok(self.number_from(0, "pagenum", 0, u32::MAX)?.saturating_mul(size))
    }

    fn number_from(&self, min: u64, name: &str, default: u32, max: u32) -> Result<u32, Failure> {
        let Some(text) = self.param(name) else { return Ok(default) };
        let wrong = || Failure::Invalid(format!("{name} must be a whole number from {min} up"));
        if !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        // A number with too many digits counts as a large one.
        let number = text.parse::<u64>().unwrap_or(u64::MAX);
        if number < min { Err(wrong()) } else { Ok(u32::try_from(number).unwrap_or(u32::MAX).min(max)) }
    }

    #[cfg(test)]
    fn with_query(query: &str) -> Self {
        let mut request = Request::new(axum::body::Body::empty());
        *request.uri_mut() = format!("/o/a/users?{query}").parse().unwrap();
        let inner = Inner {
            started: Instant::now(),
            at: 0,
            action: "get".into(),
            base: "http://h".into(),
            raw_path: request.uri().path().to_owned(),
            query: query.to_owned(),
            org: "o".into(),
            app: "a".into(),
            family: Family::Others,
            address: None,
            actor: OnceLock::new(),
            problem: OnceLock::new(),
        };
        Self(Arc::new(inner))
    }
}

/// The query as answers repeat it: every value in a list, as text.
#[derive(Debug)]
pub struct Params(Vec<(String, Vec<String>)>);

impl Serialize for Params {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, values) in &self.0 {
            map.serialize_entry(name, values)?;
        }
        map.end()
    }
}

/// The parts of a path; `//` counts as `/`.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

fn decoded(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

/// The address with `//` as `/` and without a slash at its end; `None` when it is so already.
pub fn tidied(uri: &Uri) -> Option<Uri> {
    let path = uri.path();
    let untidy = path.contains("//") || path.ends_with('/');
    if !untidy {
        return None;
    }
    let tidy: String = segments(path).flat_map(|segment| ["/", segment]).collect();
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{tidy}{query}").parse().ok()
}

/// The parts of the path by position, decoded, org and app included.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        // Only text that is not UTF-8 is refused, and no name is such.
        let path = axum::extract::Path::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(path)| Self(path)).map_err(|_| Failure::NoSuchAddress)
    }
}

/// The ids of a list such as `a,b`; each once, in their order. Commas may have come as `%2C`: the path is decoded already.
pub fn ids(list: &str) -> Vec<String> {
    let mut known = HashSet::new();
    let ids = list.split(',').map(str::trim).filter(|id| !id.is_empty() && known.insert(*id));
    ids.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubled_slashes_count_once() {
        let tidy = |text: &str| tidied(&text.parse().unwrap()).map(|uri| uri.to_string());
        assert_eq!(tidy("//o//a/users///x%2Cy?q=//").as_deref(), Some("/o/a/users/x%2Cy?q=//"));
        assert_eq!(tidy("/o/a/users/").as_deref(), Some("/o/a/users"));
        assert_eq!(tidy("/o/a/users?q=//"), None);
    }

    #[test]
    fn lists_of_ids_hold_each_once() {
        assert_eq!(ids("a, b,,a,c "), ["a", "b", "c"]);
        assert!(ids(" , ").is_empty());
    }

    #[test]
    fn numbers_are_clamped_but_not_guessed() {
        let number = |query: &str| RequestInfo::with_query(query).number("limit", 10, 100).ok();
        assert_eq!(number(""), Some(10));
        assert_eq!(number("limit="), Some(10));
        assert_eq!(number("limit=5&limit=7"), Some(5));
        for large in ["101", "4294967297", "99999999999999999999999"] {
            assert_eq!(number(&format!("limit={large}")), Some(100), "{large}");
        }
        for wrong in ["0", "-1", "x", "1.5", "00"] {
            assert_eq!(number(&format!("limit={wrong}")), None, "{wrong}");
        }
    }

    #[test]
    fn pages_begin_with_one_or_with_zero() {
        let skipped = |query: &str| RequestInfo::with_query(query).skipped(10).ok();
        assert_eq!(["", "pagenum=0", "pagenum=1", "pagenum=3"].map(skipped), [Some(0), Some(0), Some(0), Some(20)]);
        assert_eq!(["pagenum=-1", "pagenum=x", "pagenum=%2B1"].map(skipped), [None; 3]);
        assert_eq!(skipped("pagenum=99999999999999999999999"), Some(u32::MAX));
        let from_0 = |query: &str| RequestInfo::with_query(query).skipped_from_0(10).ok();
        assert_eq!(["", "pagenum=0", "pagenum=1", "pagenum=x"].map(from_0), [Some(0), Some(0), Some(10), None]);
    }

    #[test]
    fn programs_are_told_from_browsers() {
        let program = |headers: &[(&str, &str)]| {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.append(http::HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
            }
            by_a_program(&map)
        };
        let html = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        for more in [None, Some(("authorization", "Basic YTpi")), Some(("content-type", "application/x-www-form-urlencoded"))] {
            let headers: Vec<_> = std::iter::once(html).chain(more).collect();
            assert!(!program(&headers), "{headers:?}");
        }
        for more in [
            ("authorization", "bearer x"),
            ("authorization", "Bearer"),
            ("content-type", "application/json;charset=UTF-8"),
            ("content-type", "Application/Problem+JSON"),
        ] {
            assert!(program(&[html, more]), "{more:?}");
        }
        for headers in [&[][..], &[("accept", "*/*")], &[("accept", "application/json")], &[("accept", "")]] {
            assert!(program(headers), "{headers:?}");
        }
    }

    #[test]
    fn the_query_is_repeated_as_lists_of_text() {
        let params = RequestInfo::with_query("limit=2&cursor=a%2Bb&limit=3&x").params();
        assert_eq!(serde_json::to_string(&params).unwrap(), r#"{"limit":["2","3"],"cursor":["a+b"],"x":[""]}"#);
        assert!(RequestInfo::with_query("").params().is_none());
    }
}
