//! `roster serve`: opens the data folder, prepares a first start, and serves until it is told to stop.

use std::{io::Write, net::SocketAddr, path::Path, sync::Arc, time::Duration};

use app::context::Server;
use axum::serve::ListenerExt;
use domain::{
    Caller, Error, Store, application,
    backup::Schedule,
    operator::{Role, store as operators},
};
use tokio::net::TcpListener;

use super::{Failure, sentence};
use crate::{
    assets,
    config::{Config, PublicUrl, ServeArgs},
    http::{Site, router},
    jobs,
    rest::Api,
};

/// The name of the owner that `ROSTER_ADMIN_PASSWORD` makes.
const ADMIN: &str = "admin";
/// How long requests under way may take to finish after the signal to stop.
const LAST_WORDS: Duration = Duration::from_secs(10);

pub async fn run(data: &Path, args: &ServeArgs) -> Result<(), Failure> {
    let config = Config::try_from(args).map_err(Failure::Usage)?;
    let _lock = Store::lock(data).map_err(Failure::failed)?;
    let opened = if args.new_database { Store::open_new(data).await } else { Store::open(data).await };
    let store = opened.map_err(Failure::failed)?;
    if let Some(bytes) = config.min_free {
        store.space().keep_free(bytes);
    }
    // Before anybody asks for one. What is wrong is told by the clean-up, which tries again.
    let _ = domain::file::store::aside::take_back(&store).await;
    // Before anything is written: who cannot listen need not prepare.
    let listener = listen(&config.listen, &args.listen).await?;
    let local = listener.local_addr().map_err(Failure::failed)?;
    let url = url(local, config.public.as_ref());

    println!("Roster {} serves {url}", env!("CARGO_PKG_VERSION"));
    println!("  data: {}", std::path::absolute(data).unwrap_or(data.to_owned()).display());
    prepare(&store, config.demo, &url).await?;

    let (files, assets) = assets::load();
    if assets.wasm.is_empty() {
        eprintln!(
            "roster: the files for the browser are missing: pages work, but plainly. {}",
            if cfg!(debug_assertions) {
                "`tools/development.sh browser` makes them for this debug build."
            } else {
                "`make run` builds them in."
            }
        );
    }
    let secure = config.public.as_ref().is_some_and(|public| public.https);
    let backups = config.backup.as_ref().map(Schedule::watch);
    let server = Server { store: store.clone(), assets, throttle: Arc::default(), secure, backups };
    let site = Site {
        server,
        files,
        public: config.public,
        proxies: config.proxies,
        visitors: Arc::default(),
        flashes: Arc::default(),
        live: Arc::default(),
        api: Arc::new(Api::with_rate(config.api_rate)),
    };
    let live = site.live.clone();
    let jobs = tokio::spawn(jobs::run(site.clone(), config.backup));
    let app = router(site);
    // Otherwise the end of a page waits for the client's delayed acknowledgement, 40 ms each time.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY could not be set");
        }
    });
    let signal = signal();
    println!("  stop with Ctrl+C");

    let (stopping, stopped) = tokio::sync::oneshot::channel();
    let serve =
        axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).with_graceful_shutdown(async move {
            signal.await;
            // They would never end by themselves.
            live.stop();
            // Nobody listens when the server has ended already.
            let _ = stopping.send(());
            say("Stopping …");
        });
    let overdue = async {
        match stopped.await {
            Ok(()) => tokio::time::sleep(LAST_WORDS).await,
            Err(_) => std::future::pending().await,
        }
    };
    let result = tokio::select! {
        result = serve.into_future() => result,
        () = overdue => Ok(()),
    };
    jobs.abort();
    store.close().await;
    say("Stopped.");
    result.map_err(|error| Failure::Failed(format!("serving failed: {error}")))
}

/// A last word. The terminal may be gone, and with it whoever would read it.
fn say(words: &str) {
    let _ = writeln!(std::io::stdout(), "{words}");
}

async fn listen(addresses: &[SocketAddr], text: &str) -> Result<TcpListener, Failure> {
    use std::io::ErrorKind;
    TcpListener::bind(addresses).await.map_err(|error| {
        let why = match error.kind() {
            ErrorKind::AddrInUse => {
                format!("another program listens on {text} already. Stop it, or choose another port with ROSTER_LISTEN, such as ROSTER_LISTEN=127.0.0.1:3001.")
            }
            ErrorKind::AddrNotAvailable => {
                format!("{text} is not an address of this machine. Choose one with ROSTER_LISTEN; 0.0.0.0:3000 listens on all.")
            }
            ErrorKind::PermissionDenied => {
                format!("listening on {text} is not allowed. Ports below 1024 need a right of their own: choose a higher one with ROSTER_LISTEN and put a reverse proxy before it.")
            }
            _ => format!("listening on {text} failed: {error}. Choose another address with ROSTER_LISTEN."),
        };
        Failure::Failed(why)
    })
}

/// What to type into a browser on this machine.
fn url(local: SocketAddr, public: Option<&PublicUrl>) -> String {
    match public {
        Some(public) => public.origin.clone(),
        None if local.ip().is_unspecified() => format!("http://127.0.0.1:{}", local.port()),
        None => format!("http://{local}"),
    }
}

/// The sample app for an empty folder, and a way in as long as there is none.
async fn prepare(store: &Store, demo: bool, url: &str) -> Result<(), Failure> {
    let system = Caller::system();
    let told = |error: Error| Failure::Failed(sentence(&error));
    let set_up = operators::is_set_up(store).await.map_err(told)?;
    if demo && !set_up && application::store::list(store, &system).await.map_err(told)?.is_empty() {
        let app = domain::demo::load(store).await.map_err(told)?;
        println!("  the data folder was empty: loaded the sample app «{}» (ROSTER_DEMO=0 leaves it out)", app.display_name);
    }
    let password = std::env::var("ROSTER_ADMIN_PASSWORD").ok().filter(|password| !password.is_empty());
    match password {
        _ if set_up => println!("  sign in at {url}/sign-in"),
        Some(password) if operators::list_all(store).await.map_err(told)?.is_empty() => {
            let added = operators::add_with_password(store, &system, ADMIN, Role::Owner, &password).await;
            added.map_err(|error| Failure::Usage(format!("ROSTER_ADMIN_PASSWORD cannot be used: {}", sentence(&error))))?;
            println!("  sign in at {url}/sign-in as `{ADMIN}` with the password from ROSTER_ADMIN_PASSWORD");
        }
        _ => {
            let link = operators::first_setup_link(store).await.map_err(told)?;
            println!("  nobody can sign in yet. Open this link, good for one use, to become the first operator:");
            println!("  {url}/setup?token={}", link.token);
        }
    }
    Ok(())
}

/// Ctrl+C, what a service manager sends, or a terminal that is closed. Listens from the call on, not only once it is awaited.
#[cfg(unix)]
fn signal() -> impl Future<Output = ()> {
    use tokio::signal::unix::{Signal, SignalKind, signal};
    async fn next(signals: std::io::Result<Signal>) {
        match signals {
            Ok(mut signals) => drop(signals.recv().await),
            Err(_) => std::future::pending().await,
        }
    }
    let [interrupt, terminate] = [SignalKind::interrupt(), SignalKind::terminate()].map(|kind| next(signal(kind)));
    let hangup = (!ignores_hangup()).then(|| next(signal(SignalKind::hangup())));
    let hangup = async {
        match hangup {
            Some(hangup) => hangup.await,
            None => std::future::pending().await,
        }
    };
    async move {
        tokio::select! {
            () = interrupt => {}
            () = terminate => {}
            () = hangup => {}
        }
    }
}

/// Whether the process was started to outlive its terminal, as by `nohup`. Where the system does not tell, it is left as it is.
#[cfg(unix)]
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("SigIgn:")?.trim(), 16).ok());
    // The first bit is for the first signal, which is SIGHUP.
    ignored.is_none_or(|signals| signals & 1 == 1)
}

/// Ctrl+C.
#[cfg(not(unix))]
async fn signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
