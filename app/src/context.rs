//! What the server gives to pages and server functions: the store, the asset names and the caller.

use std::sync::Arc;

use domain::{Caller, operator::Me};
use store::{Store, backup::BackupMonitor};

use store::throttle::SignInThrottle;

use crate::flash::Flash;

/// One for the whole server; provided as Leptos context for every request.
#[derive(Clone, Debug)]
pub struct Server {
    pub store: Store,
    pub assets: Assets,
    pub throttle: Arc<SignInThrottle>,
    /// Whether cookies carry `Secure` (the console is reached over https).
    pub secure: bool,
    /// The state of the server's own backups, if it makes any.
    pub backups: Option<BackupMonitor>,
    /// Whether other machines can reach the console over plain HTTP, where passwords can be read on the way.
    pub plain_http: bool,
}

/// URLs of the files that the browser loads.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    pub css: String,
    pub js: String,
    pub wasm: String,
}

/// Request extension: the caller, for the domain. Always present.
#[derive(Clone, Debug)]
pub struct RequestCaller(pub Caller);

/// Request extension: the signed-in operator, for the pages. Always present.
#[derive(Clone, Debug)]
pub struct SignedIn(pub Option<Me>);

/// Request extension: the result of the form posted before this page, taken from the session for this one page.
#[derive(Clone, Debug)]
pub struct IncomingFlash(pub Option<Flash>);

/// Request extension: whether cookies carry `Secure`, and with it the prefix `__Host-`. Always there.
#[derive(Clone, Copy, Debug)]
pub struct SecureCookies(pub bool);

/// Request extension: how this server is reached, `scheme://host[:port]`; by the public URL or else as the request was sent.
#[derive(Clone, Debug)]
pub struct PublicOrigin(pub String);

/// Request extension: SHA-256 of the session id that the request came with (see `store::session::hash_id`).
#[derive(Clone, Copy, Debug)]
pub struct SessionHash(pub Option<[u8; 32]>);

/// Session key: the operator's id, an i64. Written by sign-in, read by the session layer.
pub const OPERATOR_KEY: &str = "operator_id";

/// The cookie that identifies a browser in which an operator has signed in. With `__Host-` browsers refuse it from subdomains and over
/// plain http.
pub fn device_cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-roster-device" } else { "roster-device" }
}

/// The preference that says that the notice about plain HTTP is not to be seen.
pub const PLAIN_HTTP_NOTICE: &str = "plain-http";
