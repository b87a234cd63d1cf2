//! Fifty operators who browse while one batch deletes groups, compared with the same browsing alone.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use jobs::run;
use rand::{Rng, SeedableRng, rngs::StdRng};
use tokio::task::JoinSet;

use super::delete::{choose, left};
use crate::{
    data::{BIG, Data, ORG},
    load::{Client, Load, encoded},
    site,
    table::{Table, Target},
};

const OPERATORS: u64 = 50;
/// How long an operator looks at a page, milliseconds.
const LOOKS: std::ops::Range<u64> = 300..900;

pub async fn measure(data: &Data, table: &mut Table) -> anyhow::Result<()> {
    let (doomed, looked_at) = (data.batch(4)?, data.batch(5)?);
    let batch = data.scale.batch();
    let address = site::roster(&data.store)?;
    let pages = Arc::new(pages(&looked_at.groups));

    let time = Duration::from_secs_f64(data.scale.seconds * 2.0);
    let alone = browse(data, address, &pages, async { tokio::time::sleep(time).await }).await?;
    let start = Instant::now();
    let during = browse(data, address, &pages, async {
        let done = async {
            choose(data, doomed).await?;
            anyhow::Ok(run::run_waiting(&data.store).await?)
        };
        let done = done.await;
        let taken = start.elapsed();
        // A short batch would leave too few pages to say anything.
        tokio::time::sleep(time.saturating_sub(taken)).await;
        done.map(|()| taken)
    });
    let (during, done) = {
        let (load, done) = during.await?.split();
        (load, done?)
    };
    anyhow::ensure!(left(data, doomed).await? == 0, "not all groups were deleted");
    let note = format!(
        "p99; p50 {:.1} and {:.1} ms; the job took {:.1} s",
        during.percentile(0.5),
        alone.load.percentile(0.5),
        done.as_secs_f64()
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
        pages.push(format!("/apps/{ORG}/{BIG}/groups/{}", encoded(group)));
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
