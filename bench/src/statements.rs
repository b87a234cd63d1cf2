//! Counts the statements of this process. The database's library hands each to a thread of its connection, and tells of it when it is
//! done.

use std::sync::{
    OnceLock,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use anyhow::Context;
use tracing::{
    Event, Metadata, Subscriber,
    level_filters::LevelFilter,
    span::{Attributes, Id, Record},
    subscriber::Interest,
};

static COUNTS: AtomicBool = AtomicBool::new(false);
static NUMBER: AtomicU64 = AtomicU64::new(0);

/// Hears nothing, which costs nothing, but while statements are counted.
struct Counter;

impl Subscriber for Counter {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.enabled(metadata) { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        COUNTS.load(Ordering::Relaxed) && metadata.target() == "sqlx::query"
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(if COUNTS.load(Ordering::Relaxed) { LevelFilter::DEBUG } else { LevelFilter::OFF })
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {
        NUMBER.fetch_add(1, Ordering::Relaxed);
    }

    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// How many statements the process runs while `work` does.
pub async fn count(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<u64> {
    static SET: OnceLock<bool> = OnceLock::new();
    let set = *SET.get_or_init(|| tracing::subscriber::set_global_default(Counter).is_ok());
    set.then_some(()).context("statements cannot be counted")?;
    let listen = |counts: bool| {
        COUNTS.store(counts, Ordering::Relaxed);
        tracing::callsite::rebuild_interest_cache();
    };
    listen(true);
    let before = NUMBER.load(Ordering::Relaxed);
    let done = work.await;
    // The last is told of a moment after its answer.
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    let number = NUMBER.load(Ordering::Relaxed) - before;
    listen(false);
    done.map(|()| number)
}
