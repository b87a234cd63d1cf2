//! Load: requests over connections that stay open, and how long each answer took. The client is as thin as the library allows, because
//! it runs on the same machine.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use axum::body::Bytes;
use http::{Request, header};
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, task::JoinSet};

/// One connection to a server.
pub struct Client {
    send: SendRequest<Empty<Bytes>>,
    host: String,
    cookie: Option<String>,
}

impl Client {
    pub async fn connect(address: SocketAddr, cookie: Option<&str>) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (send, connection) = handshake(TokioIo::new(stream)).await?;
        // Ends with the last request; an error shows in the request under way.
        tokio::spawn(connection);
        Ok(Self { send, host: address.to_string(), cookie: cookie.map(str::to_owned) })
    }

    /// Gets a page to its last byte; how many bytes. Anything but 200 is a mistake of the bench.
    pub async fn get(&mut self, path: &str) -> anyhow::Result<usize> {
        let mut request = Request::get(path).header(header::HOST, &self.host).header(header::ACCEPT, "text/html");
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        self.send.ready().await?;
        let response = self.send.send_request(request.body(Empty::new())?).await?;
        ensure!(response.status() == 200, "{path} answers {}", response.status());
        Ok(response.into_body().collect().await?.to_bytes().len())
    }
}

/// What came of it.
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
    cookie: Option<&str>,
    connections: usize,
    time: Duration,
) -> anyhow::Result<Load> {
    let mut tasks = JoinSet::new();
    let start = Instant::now();
    for _ in 0..connections {
        let mut client = Client::connect(address, cookie).await?;
        let path = path.to_owned();
        tasks.spawn(async move {
            let (mut times, mut bytes) = (Vec::new(), 0);
            while start.elapsed() < time {
                let asked = Instant::now();
                bytes = client.get(&path).await?;
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
