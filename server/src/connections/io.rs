//! A connection's bytes: each byte in either direction is reported to the monitor, and its end waits until the client has read
//! the answer.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};

use super::monitor::ConnectionMonitor;

/// How much is discarded at once, bytes.
const PIECE_BYTES: usize = 16 * 1024;

/// The stream of one connection.
pub struct MonitoredStream {
    stream: TcpStream,
    monitor: Arc<ConnectionMonitor>,
    closing: Closing,
}

enum Closing {
    Not,
    /// Nothing more is sent; what arrives is discarded: at most so many bytes, as long as it keeps coming.
    Lingering(u64, Pin<Box<Sleep>>),
    Done,
}

impl MonitoredStream {
    pub fn new(stream: TcpStream, monitor: Arc<ConnectionMonitor>) -> Self {
        Self { stream, monitor, closing: Closing::Not }
    }

    fn told(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(bytes)) => self.monitor.wrote(bytes),
            Poll::Ready(Err(_)) => {}
            Poll::Pending => self.monitor.is_not_read(),
        }
        written
    }
}

impl AsyncRead for MonitoredStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        match buffer.filled().len() - before {
            0 => {}
            bytes => self.monitor.read(bytes),
        }
        read
    }
}

impl AsyncWrite for MonitoredStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.told(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.told(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    /// Says that nothing more will be sent, then reads on for a while if the client has more to say.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        loop {
            match &mut this.closing {
                Closing::Done => return Poll::Ready(Ok(())),
                Closing::Not => {
                    ready!(Pin::new(&mut this.stream).poll_shutdown(cx))?;
                    let linger = &this.monitor.limits().linger;
                    this.closing = match this.monitor.lingers() {
                        true => Closing::Lingering(linger.bytes, Box::pin(sleep(linger.silent_for))),
                        false => Closing::Done,
                    };
                }
                Closing::Lingering(left, silence) => {
                    let mut piece = [0; PIECE_BYTES];
                    let mut piece = ReadBuf::new(&mut piece);
                    match Pin::new(&mut this.stream).poll_read(cx, &mut piece) {
                        Poll::Ready(Ok(())) if !piece.filled().is_empty() && *left >= piece.filled().len() as u64 => {
                            *left -= piece.filled().len() as u64;
                            silence.as_mut().reset(tokio::time::Instant::now() + this.monitor.limits().linger.silent_for);
                        }
                        // The client has closed too, or sends for too long.
                        Poll::Ready(_) => this.closing = Closing::Done,
                        Poll::Pending => {
                            ready!(silence.as_mut().poll(cx));
                            this.closing = Closing::Done;
                        }
                    }
                }
            }
        }
    }
}
