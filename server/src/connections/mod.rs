//! Connections: from the socket to the router and back. A client that stalls, on purpose or because its connection is dead, holds
//! neither a connection nor memory for long, and never keeps a working one out. [`Limits`] says what it may hold.

pub mod body;
mod io;
mod limits;
mod monitor;
mod slots;

use std::{
    io::ErrorKind,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    task::Poll,
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
};
use http::{HeaderValue, Response, header};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use ipnet::IpNet;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{Instant, sleep, sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;
use tower_service::Service;

pub use limits::{Limits, Linger, raise_descriptors};
use monitor::ConnectionMonitor;
use slots::{ConnectionSlot, ConnectionSlots, NoSlot};

/// How long a refused connection may take to read its answer.
const REFUSAL_WITHIN: Duration = Duration::from_secs(1);
/// How often refusals are logged.
const LOG_INTERVAL: Duration = Duration::from_secs(60);

/// Accepts connections until `stop`; then until the requests under way have ended. Connections of `proxies` are not counted by their
/// address.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, proxies: Vec<IpNet>, stop: impl Future<Output = ()>) {
    // Refusals that get a proper answer at a time.
    let refusals = Arc::new(Semaphore::new(limits.refused));
    let slots = Arc::new(ConnectionSlots::new(limits, proxies));
    let stopping = CancellationToken::new();
    let told = Arc::new(RefusalLog::default());
    let mut stop = pin!(stop);
    let accept = async {
        loop {
            let Some((stream, peer)) = accepted(&listener, &slots).await else { continue };
            let full = match slots.enter(peer.ip()) {
                Ok(slot) => {
                    tokio::spawn(attend(stream, peer, slot, router.clone(), stopping.clone()));
                    continue;
                }
                Err(full) => full,
            };
            // Waiting for a slot keeps no other connection from being accepted.
            let Some(waits) = slots.queue(peer.ip(), full) else {
                told.refused(full, peer.ip());
                refuse(&refusals, stream, full);
                continue;
            };
            let (told, router, stopping, refusals) = (told.clone(), router.clone(), stopping.clone(), refusals.clone());
            tokio::spawn(async move {
                let admitted = tokio::select! {
                    admitted = waits.admit() => admitted,
                    // A client that has left uses nobody's slot.
                    () = hung_up(&stream) => return,
                };
                match admitted {
                    Ok(slot) => attend(stream, peer, slot, router, stopping).await,
                    Err(full) => {
                        told.refused(full, peer.ip());
                        refuse(&refusals, stream, full);
                    }
                }
            });
        }
    };
    tokio::select! {
        _ = accept => {}
        () = &mut stop => {}
    }
    drop(listener);
    stopping.cancel();
    slots.emptied().await;
}

/// The next connection. `None`: there was none this time.
async fn accepted(listener: &TcpListener, slots: &ConnectionSlots) -> Option<(TcpStream, SocketAddr)> {
    match listener.accept().await {
        Ok((stream, peer)) => {
            // Otherwise the end of a page waits for the client's delayed acknowledgement, 40 ms each time.
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "TCP_NODELAY could not be set");
            }
            Some((stream, peer))
        }
        // The client's fault, and nothing left to do.
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
            ) =>
        {
            None
        }
        Err(error) => {
            // No descriptor is left, for example, because files have taken more than their tenth.
            let made_room = slots.make_room_for_anybody();
            tracing::error!(%error, made_room, "a connection could not be accepted");
            sleep(Duration::from_millis(200)).await;
            None
        }
    }
}

/// One connection, from its beginning to its end.
async fn attend(stream: TcpStream, peer: SocketAddr, slot: ConnectionSlot, router: Router, stopping: CancellationToken) {
    let monitor = slot.monitor.clone();
    let about = monitor.clone();
    let service = service_fn(move |request: Request<Incoming>| answer(request, peer, about.clone(), router.clone()));
    let io = TokioIo::new(io::MonitoredStream::new(stream, monitor.clone()));
    // All timeouts are in `ConnectionMonitor`, so hyper gets no timer.
    let mut builder = http1::Builder::new();
    let mut connection = pin!(builder.max_buf_size(Limits::HEADER_BYTES).serve_connection(io, service));
    let mut evicted = pin!(monitor.evicted());
    let mut stopped = pin!(stopping.cancelled());
    let mut is_stopping = false;
    let mut clock = pin!(sleep_until(Instant::now() + monitor.limits().headers_within));
    std::future::poll_fn(|cx| {
        if !is_stopping && stopped.as_mut().poll(cx).is_ready() {
            is_stopping = true;
            monitor.hurry();
            connection.as_mut().graceful_shutdown();
        }
        if let Poll::Ready(result) = connection.as_mut().poll(cx) {
            if let Err(error) = result {
                tracing::trace!(%error, "a connection ended early");
            }
            return Poll::Ready(());
        }
        while evicted.as_mut().poll(cx).is_ready() {
            if monitor.gives_up() {
                return Poll::Ready(());
            }
            evicted.set(monitor.evicted());
        }
        // The state that the connection waits for changes within its own work only, so it is enough to check after that.
        while let Some(deadline) = monitor.deadline() {
            if clock.deadline() > deadline || clock.is_elapsed() {
                clock.as_mut().reset(deadline);
            }
            if clock.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            if deadline <= Instant::now() {
                return Poll::Ready(());
            }
        }
        Poll::Pending
    })
    .await;
}

async fn answer(
    request: Request<Incoming>,
    peer: SocketAddr,
    monitor: Arc<ConnectionMonitor>,
    mut router: Router,
) -> Result<Response<body::ResponseBody>, std::convert::Infallible> {
    monitor.asked(hyper::body::Body::is_end_stream(request.body()));
    let mut request = request.map(|incoming| Body::new(body::RequestBody::new(incoming, monitor.clone())));
    request.extensions_mut().insert(ConnectInfo(peer));
    request.extensions_mut().insert(body::RequestProgress(monitor.clone()));
    let mut response = router.call(request).await?;
    if !monitor.is_whole() {
        // What still arrives is no further request.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response.map(|answer| body::ResponseBody::new(answer, monitor)))
}

/// Until the client has left, or forever once it has sent something: that is read when there is a slot.
async fn hung_up(stream: &TcpStream) {
    match stream.peek(&mut [0]).await {
        Ok(0) | Err(_) => {}
        Ok(_) => std::future::pending().await,
    }
}

/// Answers that there is no slot, as far as that costs little.
fn refuse(refusals: &Arc<Semaphore>, mut stream: TcpStream, full: NoSlot) {
    let Ok(permit) = refusals.clone().try_acquire_owned() else { return };
    let (status, why) = match full {
        NoSlot::Address | NoSlot::Network => ("429 Too Many Requests", "Too many connections come from your address.\n"),
        NoSlot::All => ("503 Service Unavailable", "There are too many connections at the moment.\n"),
    };
    let text = format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nRetry-After: 5\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n\r\n{why}",
        why.len()
    );
    tokio::spawn(async move {
        let _permit = permit;
        let said = async {
            stream.write_all(text.as_bytes()).await?;
            stream.shutdown().await?;
            // What the client has sent must be read, or it never reads the answer.
            let mut piece = [0; 4096];
            while stream.read(&mut piece).await? > 0 {}
            Ok::<_, std::io::Error>(())
        };
        // It may have left.
        let _ = timeout(REFUSAL_WITHIN, said).await;
    });
}

/// Logs refusals: one line a minute for each of the two reasons.
#[derive(Default)]
struct RefusalLog([Mutex<Since>; 2]);

/// Since the last line.
#[derive(Default)]
struct Since {
    line: Option<Instant>,
    refused: u64,
}

impl RefusalLog {
    fn refused(&self, full: NoSlot, peer: IpAddr) {
        let mut since = self.0[usize::from(full == NoSlot::All)].lock().unwrap_or_else(PoisonError::into_inner);
        since.refused += 1;
        if since.line.is_some_and(|at| at.elapsed() < LOG_INTERVAL) {
            return;
        }
        let refused = std::mem::take(&mut since.refused);
        since.line = Some(Instant::now());
        match full {
            NoSlot::Address | NoSlot::Network => tracing::warn!(
                refused,
                address = %peer.to_canonical(),
                "an address has as many connections as it may have, and all are at work; a reverse proxy belongs into ROSTER_TRUSTED_PROXY"
            ),
            NoSlot::All => tracing::warn!(refused, "there are as many connections as there may be, and all are at work"),
        }
    }
}
