//! Where a request comes from: the client's address, and whether a browser sent it from one of our own pages.

use std::net::{IpAddr, SocketAddr};

use app::url::local_path;
use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{Caller, event::Action};
use http::{HeaderMap, HeaderName, Method, StatusCode, header};
use ipnet::IpNet;
use store::refusals::{RefusalEvent, RefusalScope};
use url::Url;

use crate::state::ServerState;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The client's address. `X-Forwarded-For` is read from its end as long as the entry was added by a trusted proxy.
pub fn client_address(request: &Request, proxies: &[IpNet]) -> Option<IpAddr> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>()?.0.ip().to_canonical();
    let trusted = |address: IpAddr| proxies.iter().any(|net| net.contains(&address));
    let mut client = peer;
    if !trusted(peer) {
        return Some(client);
    }
    // Each entry is parsed alone: odd bytes that a client wrote must not hide what the proxy added after them.
    let values = request.headers().get_all(X_FORWARDED_FOR).iter();
    let entries: Vec<&[u8]> = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b',')).collect();
    for entry in entries.into_iter().rev() {
        let entry = str::from_utf8(entry).unwrap_or_default();
        // A trusted proxy that writes nonsense: what was known so far is used.
        let Some(address) = address(entry.trim()) else { break };
        client = address;
        if !trusted(address) {
            break;
        }
    }
    Some(client)
}

/// An address, also with a port as some proxies write it.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    bare.parse::<IpAddr>().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|a| a.ip())).map(|a| a.to_canonical())
}

/// Layer: only GET, HEAD and POST exist, and what may change something must come from our own pages.
pub async fn guard(State(state): State<ServerState>, request: Request, next: Next) -> Response {
    match *request.method() {
        Method::GET | Method::HEAD => next.run(request).await,
        Method::POST if is_own(request.headers(), &state) => next.run(request).await,
        Method::POST => {
            told(&state, &request);
            let why = "This request did not come from a page of this server, so it was refused.\n\
                       If it did, check that ROSTER_PUBLIC_URL is the address in the browser.\n";
            (StatusCode::FORBIDDEN, why).into_response()
        }
        _ => (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD, POST")], "Only GET, HEAD and POST exist here.\n")
            .into_response(),
    }
}

/// Reports it to the audit log, whose rate limit bounds what strangers can add to it.
fn told(state: &ServerState, request: &Request) {
    let caller = Caller::anonymous(client_address(request, &state.proxies).map(|address| address.to_string()));
    let target = format!("POST {}", request.uri().path());
    let refused =
        RefusalEvent { action: Action::AccessRefuse, scope: RefusalScope::Server, caller, target, reason: "another_site" };
    state.server.store.refusals().report(refused);
}

/// Browsers say where a request comes from in `Sec-Fetch-Site` on https and localhost, and in `Origin` everywhere.
fn is_own(headers: &HeaderMap, state: &ServerState) -> bool {
    if let Some(value) = headers.get(SEC_FETCH_SITE) {
        return matches!(value.as_bytes(), b"same-origin" | b"none");
    }
    headers.get(header::ORIGIN).and_then(|value| value.to_str().ok()).is_some_and(|origin| is_own_origin(origin, headers, state))
}

/// Whether that origin (`scheme://host[:port]`) is ours: the public URL's or, when none is set, the one that the request was sent to.
fn is_own_origin(origin: &str, headers: &HeaderMap, state: &ServerState) -> bool {
    match &state.public {
        Some(public) => public.origin == origin,
        None => match (origin.split_once("://"), headers.get(header::HOST).and_then(|value| value.to_str().ok())) {
            (Some(("http" | "https", authority)), Some(host)) => authority.eq_ignore_ascii_case(host),
            _ => false,
        },
    }
}

/// How this server is reached: by the public URL or, when none is set, as the request was sent.
pub fn own_origin(request: &Request, state: &ServerState) -> String {
    if let Some(public) = &state.public {
        return public.origin.clone();
    }
    // HTTP/2 has the host in the address.
    let host = request.headers().get(header::HOST).and_then(|value| value.to_str().ok());
    format!("http://{}", host.or(request.uri().host()).unwrap_or("localhost"))
}

/// Path and query of the page that the request came from, when that page is ours; else `/`.
pub fn referring_path(headers: &HeaderMap, state: &ServerState) -> String {
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).and_then(|text| Url::parse(text).ok());
    match referer {
        Some(url) if is_own_origin(&url.origin().ascii_serialization(), headers, state) => {
            let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
            local_path(&format!("{}{query}", url.path())).unwrap_or("/").to_owned()
        }
        _ => "/".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn client(peer: &str, forwarded: &[&str], proxies: &[&str]) -> String {
        client_of(peer, &forwarded.iter().map(|value| value.as_bytes()).collect::<Vec<_>>(), proxies)
    }

    fn client_of(peer: &str, forwarded: &[&[u8]], proxies: &[&str]) -> String {
        let mut request = Request::new(Body::empty());
        let peer = SocketAddr::new(peer.parse().unwrap(), 9);
        request.extensions_mut().insert(ConnectInfo(peer));
        for value in forwarded {
            request.headers_mut().append(X_FORWARDED_FOR, http::HeaderValue::from_bytes(value).unwrap());
        }
        let proxies: Vec<IpNet> = proxies.iter().map(|net| net.parse().unwrap()).collect();
        client_address(&request, &proxies).unwrap().to_string()
    }

    #[test]
    fn forwarded_addresses_count_only_from_trusted_proxies() {
        assert_eq!(client("1.2.3.4", &["9.9.9.9"], &[]), "1.2.3.4");
        assert_eq!(client("10.0.0.1", &["9.9.9.9"], &["10.0.0.0/8"]), "9.9.9.9");
        // What the client itself wrote is to the left of what the proxy added.
        assert_eq!(client("10.0.0.1", &["6.6.6.6, 9.9.9.9", "10.0.0.2"], &["10.0.0.0/8"]), "9.9.9.9");
        let odd: &[&[u8]] = &[b"\xff, 9.9.9.9"];
        assert_eq!(client_of("10.0.0.1", odd, &["10.0.0.0/8"]), "9.9.9.9");
        assert_eq!(client_of("10.0.0.1", &[b"9.9.9.9, \xff"], &["10.0.0.0/8"]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["nonsense"], &["10.0.0.0/8"]), "10.0.0.1");
        assert_eq!(client("::ffff:10.0.0.1", &["[2001:db8::1]:443"], &["10.0.0.1/32"]), "2001:db8::1");
    }
}
