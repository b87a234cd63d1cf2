//! Fifty operators who browse while one batch deletes groups, compared with the same browsing alone.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use store::Scope;

use domain::Caller;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rand::{Rng, SeedableRng, rngs::StdRng};
use tokio::task::JoinSet;

use super::delete::groups;
use crate::{
    data::{BATCH, BIG, Data, ORG},
    load::{Client, Load},
    site,
    table::{Table, Target},
};

const OPERATORS: u64 = 50;
/// How long an operator looks at a page, milliseconds.
const LOOKS: std::ops::Range<u64> = 300..900;

pub async fn measure(data: &Data, table: &mut Table) -> anyhow::Result<()> {
    let (app, key) = (data.app(BATCH).await?, data.key(BATCH).await?);
    let batch = data.scale.batch;
    let address = site::roster(&data.store)?;
    let groups = groups(&mut data.plain().await?, key, 2 * batch).await?;
    let pages = Arc::new(pages(&groups[batch as usize..].iter().map(|group| group.0.clone()).collect::<Vec<_>>()));
    let doomed = groups.into_iter().take(batch as usize).map(|group| group.0).collect();

    let time = Duration::from_secs_f64(data.scale.seconds * 2.0);
    let alone = browse(data, address, &pages, async { tokio::time::sleep(time).await }).await?;
    let start = Instant::now();
    let during = browse(data, address, &pages, async {
        let done = store::group::delete(Scope::new(&data.store, &Caller::system(), app), doomed, &batch.to_string()).await;
        let taken = start.elapsed();
        // A short batch would leave too few pages to say anything.
        tokio::time::sleep(time.saturating_sub(taken)).await;
        done.map(|report| (report.done, taken))
    });
    let (during, done) = {
        let (load, done) = during.await?.split();
        (load, done?)
    };
    anyhow::ensure!(done.0 == batch, "{} of {batch} groups were deleted", done.0);
    let note = format!(
        "p99; p50 {:.1} and {:.1} ms; the batch took {:.1} s",
        during.percentile(0.5),
        alone.load.percentile(0.5),
        done.1.as_secs_f64()
    );
    let (ours, limit) = (during.percentile(0.99), alone.load.percentile(0.99));
    table.row(
        format!("{OPERATORS} operators while {batch} groups are deleted"),
        "ms",
        ours,
        Some(limit),
        Target::AtMost(2.0),
        note,
    );
    Ok(())
}

fn pages(groups: &[String]) -> Vec<String> {
    let mut pages = Vec::new();
    for group in groups.iter().take(50) {
        pages.push(format!("/apps/{ORG}/{BIG}/groups"));
        pages.push(format!("/apps/{ORG}/{BIG}/accounts?sort=name"));
        pages.push(format!("/apps/{ORG}/{BIG}/accounts?q=%EB%AF%BC%EC%84%9C"));
        pages.push(format!("/apps/{ORG}/{BATCH}/groups/{}", utf8_percent_encode(group, NON_ALPHANUMERIC)));
    }
    pages
}

struct Browsed<T> {
    load: Load,
    done: T,
}

impl<T> Browsed<T> {
    fn split(self) -> (Load, T) {
        (self.load, self.done)
    }
}

/// The operators look at pages for as long as `work` takes.
async fn browse<T>(
    data: &Data,
    address: SocketAddr,
    pages: &Arc<Vec<String>>,
    work: impl Future<Output = T>,
) -> anyhow::Result<Browsed<T>> {
    let stop = Arc::new(AtomicBool::new(false));
    let mut operators = JoinSet::new();
    for number in 0..OPERATORS {
        let pass = site::sign_in(&data.store).await?;
        let mut client = Client::connect(address, Some(&pass)).await?;
        let (pages, stop) = (pages.clone(), stop.clone());
        operators.spawn(async move {
            let mut random = StdRng::seed_from_u64(number);
            let mut times = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                tokio::time::sleep(Duration::from_millis(random.random_range(LOOKS))).await;
                let page = &pages[random.random_range(0..pages.len())];
                let asked = Instant::now();
                client.get(page).await?;
                times.push(asked.elapsed());
            }
            anyhow::Ok(times)
        });
    }
    let start = Instant::now();
    let done = work.await;
    stop.store(true, Ordering::Relaxed);
    let mut times = Vec::new();
    while let Some(operator) = operators.join_next().await {
        times.extend(operator??);
    }
    Ok(Browsed { load: Load::of(times, start.elapsed(), 0), done })
}
