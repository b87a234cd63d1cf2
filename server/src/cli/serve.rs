//! `roster serve`: opens the data folder, prepares a first start, and serves until a signal stops it.

use std::{io::Write, net::SocketAddr, path::Path, sync::Arc, time::Duration};

use app::context::Server;
use domain::{Caller, Error, operator::Role};
use store::{Store, backup::Schedule, operator as operators};
use tokio::net::TcpListener;

use super::{Failure, sentence};
use crate::{
    assets,
    audit_log::{AuditLog, Target},
    background,
    config::{Config, PublicUrl, ServeArgs},
    connections::{self, Limits, raise_descriptors},
    router::router,
    state::{ServerState, api::Api},
};

/// The name of the owner that `ROSTER_ADMIN_PASSWORD` makes.
const ADMIN: &str = "admin";
/// How long requests under way may take to finish after the signal to stop.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);

pub async fn run(data: &Path, args: &ServeArgs) -> Result<(), Failure> {
    let config = Config::try_from(args).map_err(Failure::Usage)?;
    let limits = Limits::for_descriptors(raise_descriptors());
    let _lock = Store::lock(data).map_err(Failure::failed)?;
    let opened = if args.new_database { Store::open_new(data).await } else { Store::open(data).await };
    let store = opened.map_err(Failure::failed)?;
    if let Some(bytes) = config.min_free {
        store.space().keep_free(bytes);
    }
    // Before the first request. Errors are reported by the clean-up, which tries again.
    let _ = store::file::aside::take_back(&store).await;
    // Before anything is written: if it cannot listen, it need not prepare.
    let listener = listen(&config.listen, &args.listen).await?;
    let local = listener.local_addr().map_err(Failure::failed)?;
    let url = url(local, config.public.as_ref());

    // Before the first event of this start.
    let audit_log = match config.audit_log.clone() {
        Some(target) => Some(AuditLog::open(store.clone(), target).await.map_err(Failure::Usage)?),
        None => None,
    };
    // Standard output is reserved for the events, if they are written there.
    let say: Say = if config.audit_log == Some(Target::Stdout) { say_aside } else { say };
    say(&format!("Roster {} serves {url}", env!("CARGO_PKG_VERSION")));
    say(&format!("  data: {}", std::path::absolute(data).unwrap_or(data.to_owned()).display()));
    prepare(&store, config.demo, &url, say).await?;

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
    let plain_http = is_plain_for_others(local, secure);
    if plain_http {
        tracing::warn!(
            address = %local,
            "other machines reach this server over plain HTTP, and whoever is on the way can read passwords: put a reverse proxy with TLS before it and set ROSTER_PUBLIC_URL to its https address"
        );
    }
    let server = Server { store: store.clone(), assets, throttle: Arc::default(), secure, plain_http, backups };
    let state = ServerState {
        server,
        files,
        public: config.public,
        proxies: config.proxies.clone(),
        hsts_subdomains: config.hsts_subdomains,
        visitors: Arc::default(),
        flashes: Arc::default(),
        live: Arc::default(),
        api: Arc::new(Api::with_rate(config.api_rate)),
    };
    let live = state.live.clone();
    let background = tokio::spawn(background::run(state.clone(), config.backup));
    let app = router(state);
    let signal = signal();
    let (stop_audit, audit_stopped) = tokio::sync::oneshot::channel();
    let audit = audit_log.map(|log| tokio::spawn(log.follow(audit_stopped)));
    say("  stop with Ctrl+C");

    let (stopping, stopped) = tokio::sync::oneshot::channel();
    let serve = connections::serve(listener, app, limits, config.proxies, async move {
        signal.await;
        // Live streams never end by themselves, so they are ended before the server waits for open requests.
        live.stop();
        // The receiver is gone when the server has ended already.
        let _ = stopping.send(());
        say("Stopping …");
    });
    let overdue = async {
        match stopped.await {
            Ok(()) => tokio::time::sleep(SHUTDOWN_GRACE).await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = serve => {}
        () = overdue => {}
    }
    background.abort();
    // The last refusals, and those that were only counted, belong into the audit log too. Errors are reported when the store
    // closes.
    let _ = store::refusals::write_last(&store).await;
    drop(stop_audit);
    if let Some(audit) = audit
        && tokio::time::timeout(SHUTDOWN_GRACE, audit).await.is_err()
    {
        tracing::warn!("the end of the audit log could not be written in time; the next start goes on with it");
    }
    store.close().await;
    say("Stopped.");
    Ok(())
}

/// Whether other machines can reach the console, and passwords can be read on the way.
fn is_plain_for_others(local: SocketAddr, https: bool) -> bool {
    !https && !local.ip().to_canonical().is_loopback()
}

/// How messages reach people.
type Say = fn(&str);

/// The terminal may be closed, and its reader with it.
fn say(words: &str) {
    let _ = writeln!(std::io::stdout(), "{words}");
}

/// The same where nobody reads standard output.
fn say_aside(words: &str) {
    let _ = writeln!(std::io::stderr(), "{words}");
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
async fn prepare(store: &Store, demo: bool, url: &str, say: Say) -> Result<(), Failure> {
    let system = Caller::system();
    let told = |error: Error| Failure::Failed(sentence(&error));
    let set_up = operators::is_set_up(store).await.map_err(told)?;
    if demo && !set_up && store::application::list(store, &system).await.map_err(told)?.is_empty() {
        let app = sample::demo::load(store).await.map_err(told)?;
        say(&format!("  the data folder was empty: loaded the sample app «{}» (ROSTER_DEMO=0 leaves it out)", app.display_name));
    }
    let password = std::env::var("ROSTER_ADMIN_PASSWORD").ok().filter(|password| !password.is_empty());
    match password {
        _ if set_up => say(&format!("  sign in at {url}/sign-in")),
        Some(password) if operators::list_all(store).await.map_err(told)?.is_empty() => {
            let added = operators::add_with_password(store, &system, ADMIN, Role::Owner, &password).await;
            added.map_err(|error| Failure::Usage(format!("ROSTER_ADMIN_PASSWORD cannot be used: {}", sentence(&error))))?;
            say(&format!("  sign in at {url}/sign-in as `{ADMIN}` with the password from ROSTER_ADMIN_PASSWORD"));
        }
        _ => {
            let link = operators::first_setup_link(store).await.map_err(told)?;
            say("  nobody can sign in yet. Open this link, good for one use, to become the first operator:");
            say(&format!("  {url}/setup?token={}", link.token));
        }
    }
    Ok(())
}

/// Ctrl+C, the signal of a service manager, or a closed terminal. Listens from the call on, not only once it is awaited.
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

/// Whether the process was started to outlive its terminal, as by `nohup`. Where the system does not say, nothing changes.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_counts_where_others_can_come() {
        let plain = |local: &str, https| is_plain_for_others(local.parse().unwrap(), https);
        for own in ["127.0.0.1:3000", "[::1]:3000", "[::ffff:127.0.0.1]:3000", "127.1.2.3:1"] {
            assert!(!plain(own, false), "{own}");
        }
        for open in ["0.0.0.0:3000", "[::]:3000", "192.0.2.1:80"] {
            assert!(plain(open, false) && !plain(open, true), "{open}");
        }
    }
}
