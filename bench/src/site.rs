//! Servers to measure: the real router over a data folder, on threads of its own as the binary has them.

use std::{
    net::SocketAddr,
    sync::{Arc, mpsc},
};

use anyhow::Context;
use app::context::{OPERATOR_KEY, Server};
use axum::Router;
use domain::{Caller, limits, operator::Role};
use server::{
    assets,
    connections::{self, Limits},
    console::session::cookie_name,
    router::router,
    state::{ServerState, api::Api},
};
use store::{
    Store,
    db::now,
    operator as operators,
    session::{self, StoredSession},
};
use tower_sessions::session::Id;

use crate::load::Pass;

/// Serves until the bench ends; where it listens.
pub fn serve(make: impl FnOnce() -> anyhow::Result<Router> + Send + 'static) -> anyhow::Result<SocketAddr> {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || -> anyhow::Result<()> {
        let threads = std::thread::available_parallelism().map_or(2, |n| n.get().max(2));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build()?;
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
            tell.send(listener.local_addr()?)?;
            // The measuring client has one address.
            let limits = Limits { of_address: usize::MAX, ..Limits::default() };
            connections::serve(listener, make()?, limits, Vec::new(), std::future::pending()).await;
            Ok(())
        })
    });
    told.recv().context("the server did not start")
}

/// Roster over this store.
pub fn roster(store: &Store) -> anyhow::Result<SocketAddr> {
    let store = store.clone();
    serve(move || {
        let (files, assets) = assets::load();
        let server = Server { store, assets, throttle: Arc::default(), secure: false, plain_http: false, backups: None };
        Ok(router(ServerState {
            server,
            files,
            public: None,
            proxies: Vec::new(),
            hsts_subdomains: false,
            visitors: Arc::default(),
            flashes: Arc::default(),
            live: Arc::default(),
            api: Arc::new(Api::with_rate(0)),
        }))
    })
}

/// The cookie of a new session of the bench's operator, made past the sign-in, which is slow on purpose.
pub async fn sign_in(store: &Store) -> anyhow::Result<Pass> {
    const NAME: &str = "bench";
    let found = async || anyhow::Ok(operators::list_all(store).await?.into_iter().find(|row| row.name == NAME).map(|row| row.id));
    let operator = match found().await? {
        Some(operator) => operator,
        None => {
            let password = format!("{:?}", Id::default());
            operators::add_with_password(store, &Caller::system(), NAME, Role::Owner, &password).await?;
            found().await?.context("the operator is not there")?
        }
    };
    let id = Id::default();
    let at = now();
    let made = session::create(
        store,
        &StoredSession {
            id_hash: session::hash_id(&id.0.to_be_bytes()),
            operator_id: Some(operator),
            data: serde_json::to_vec(&serde_json::json!({}))?,
            created_at: at,
            seen_at: at,
            expires_at: at + limits::SESSION_IDLE_MS,
            address: None,
            user_agent: OPERATOR_KEY.to_owned(),
        },
    )
    .await?;
    anyhow::ensure!(made, "the session exists");
    Ok((http::header::COOKIE, format!("{}={id}", cookie_name(false))))
}
