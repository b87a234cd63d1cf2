//! Load: requests over connections that stay open, and how long each answer took. The client is as thin as the library allows, because
//! it runs on the same machine.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use axum::body::Bytes;
use http::{HeaderName, Method, Request, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::{net::TcpStream, task::JoinSet};

/// What a client shows with each request: a cookie or a token.
pub type Pass = (HeaderName, String);

/// One request.
pub struct Ask {
    pub method: Method,
    pub path: String,
    /// JSON, or nothing.
    pub body: String,
}

/// One connection to a server.
pub struct Client {
    send: SendRequest<Full<Bytes>>,
    host: String,
    pass: Option<Pass>,
}

impl Client {
    pub async fn connect(address: SocketAddr, pass: Option<&Pass>) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (send, connection) = handshake(TokioIo::new(stream)).await?;
        // Ends with the last request; an error shows in the request under way.
        tokio::spawn(connection);
        Ok(Self { send, host: address.to_string(), pass: pass.cloned() })
    }

    /// Gets a page to its last byte; how many bytes. Anything but 200 is a mistake of the bench.
    pub async fn get(&mut self, path: &str) -> anyhow::Result<usize> {
        Ok(self.ask(&Ask { method: Method::GET, path: path.to_owned(), body: String::new() }).await?.len())
    }

    /// The answer to a request, to its last byte. Anything but 200 is a mistake of the bench.
    pub async fn ask(&mut self, ask: &Ask) -> anyhow::Result<Bytes> {
        let mut request = Request::builder().method(&ask.method).uri(&ask.path).header(header::HOST, &self.host);
        request = request.header(header::ACCEPT, "text/html, application/json");
        if let Some((name, value)) = &self.pass {
            request = request.header(name, value);
        }
        self.send.ready().await?;
        let response = self.send.send_request(request.body(Full::from(ask.body.clone()))?).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        ensure!(status == 200, "{} {} answers {status}: {}", ask.method, ask.path, String::from_utf8_lossy(&body));
        Ok(body)
    }
}

/// Signs an operator in as the page's script does; what the browser shows from then on.
pub async fn sign_in(address: SocketAddr, name: &str, password: &str) -> anyhow::Result<Pass> {
    let mut client = Client::connect(address, None).await?;
    let form = format!("name={}&password={}", encoded(name), encoded(password));
    let request = Request::builder()
        .method(Method::POST)
        .uri("/_fn/session/sign-in")
        .header(header::HOST, &client.host)
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(Full::from(form))?;
    client.send.ready().await?;
    let response = client.send.send_request(request).await?;
    ensure!(response.status() == 200, "signing in answers {}", response.status());
    let set = response.headers().get_all(header::SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
    let cookies: Vec<&str> = set.filter_map(|cookie| cookie.split(';').next()).collect();
    ensure!(!cookies.is_empty(), "signing in gives no cookie");
    Ok((header::COOKIE, cookies.join("; ")))
}

/// A part of an address or of a form.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// The result.
#[derive(Clone, Debug, Default)]
pub struct Load {
    /// Of each answer, ascending.
    times: Vec<Duration>,
    per_second: f64,
    /// Of one answer.
    pub bytes: usize,
}

impl Load {
    pub fn of(mut times: Vec<Duration>, taken: Duration, bytes: usize) -> Self {
        times.sort_unstable();
        Self { per_second: times.len() as f64 / taken.as_secs_f64(), times, bytes }
    }

    pub fn per_second(&self) -> f64 {
        self.per_second
    }

    /// The time that this part of the answers took at most, milliseconds.
    pub fn percentile(&self, part: f64) -> f64 {
        let place = ((self.times.len() as f64 * part).ceil() as usize).clamp(1, self.times.len().max(1)) - 1;
        self.times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1e3)
    }

    pub fn words(&self) -> String {
        format!("p50 {:.1} ms, p99 {:.1} ms", self.percentile(0.5), self.percentile(0.99))
    }
}

/// Asks for one page again and again, over so many connections at once.
pub async fn hammer(
    address: SocketAddr,
    path: &str,
    pass: Option<&Pass>,
    connections: usize,
    time: Duration,
) -> anyhow::Result<Load> {
    let path = path.to_owned();
    drive(address, pass, connections, time, move |_, _| Ask { method: Method::GET, path: path.clone(), body: String::new() })
        .await
}

/// Asks again and again, over so many connections at once; `next` says what, by the number of the connection and of its request.
pub async fn drive(
    address: SocketAddr,
    pass: Option<&Pass>,
    connections: usize,
    time: Duration,
    next: impl Fn(usize, usize) -> Ask + Send + Sync + 'static,
) -> anyhow::Result<Load> {
    drive_while(address, pass, connections, move |since| since < time, next).await
}

/// The same for as long as `goes_on` says, which is told how long it was.
pub async fn drive_while(
    address: SocketAddr,
    pass: Option<&Pass>,
    connections: usize,
    goes_on: impl Fn(Duration) -> bool + Send + Sync + 'static,
    next: impl Fn(usize, usize) -> Ask + Send + Sync + 'static,
) -> anyhow::Result<Load> {
    let (next, goes_on) = (Arc::new(next), Arc::new(goes_on));
    let mut tasks = JoinSet::new();
    let start = Instant::now();
    for number in 0..connections {
        let mut client = Client::connect(address, pass).await?;
        let (next, goes_on) = (next.clone(), goes_on.clone());
        tasks.spawn(async move {
            let (mut times, mut bytes) = (Vec::new(), 0);
            while goes_on(start.elapsed()) {
                let ask = next(number, times.len());
                let asked = Instant::now();
                bytes = client.ask(&ask).await?.len();
                times.push(asked.elapsed());
            }
            anyhow::Ok((times, bytes))
        });
    }
    let (mut all, mut size) = (Vec::new(), 0);
    while let Some(done) = tasks.join_next().await {
        let (times, bytes) = done.context("a client failed")??;
        all.extend(times);
        size = bytes;
    }
    Ok(Load::of(all, start.elapsed(), size))
}
