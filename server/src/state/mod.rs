//! What layers and handlers need, and what the server remembers between requests: in memory, so a restart forgets it.

pub mod api;
pub mod flashes;
pub mod live;
pub mod visitors;

use std::sync::Arc;

use app::context::Server;
use ipnet::IpNet;

use self::{api::Api, flashes::Flashes, live::LiveStreams, visitors::VisitorLimiter};
use crate::{assets::Files, config::PublicUrl};

/// What the layers and handlers need.
#[derive(Clone, Debug)]
pub struct ServerState {
    pub server: Server,
    pub files: Files,
    pub public: Option<PublicUrl>,
    pub proxies: Vec<IpNet>,
    /// HSTS applies to the subdomains of the public URL too.
    pub hsts_subdomains: bool,
    pub visitors: Arc<VisitorLimiter>,
    pub flashes: Arc<Flashes>,
    pub live: Arc<LiveStreams>,
    pub api: Arc<Api>,
}
