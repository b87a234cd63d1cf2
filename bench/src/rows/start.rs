//! The binary itself: from its start to the first page, and what memory it takes when idle, compared with the same with an empty
//! folder.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};

use super::memory;
use crate::{
    data::Data,
    load::Client,
    table::{Table, Target},
};

const TURNS: usize = 3;

struct Started {
    /// Seconds to the first page.
    first_page: f64,
    /// Megabytes when idle: all that is resident, and what of it is not the file's or the binary's pages.
    resident: f64,
    own: f64,
}

/// Ends the process when the measurement ends, however it ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Nothing can be done about a child that has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub async fn measure(data: &Data, table: &mut Table) -> anyhow::Result<()> {
    let binary = std::env::current_exe()?.with_file_name("roster");
    ensure!(binary.exists(), "{} is missing: build the package `server` in the same profile", binary.display());
    // Its log has to be folded into the file, as it is on a server that was stopped in order.
    let empty = data.folder.with_extension("empty");
    let (mut ours, mut limit) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        ours.push(start(&binary, &data.folder).await?);
        limit.push(start(&binary, &empty).await?);
    }
    std::fs::remove_dir_all(empty)?;
    let best = |all: &[Started], value: fn(&Started) -> f64| all.iter().map(value).fold(f64::INFINITY, f64::min);
    let rows = data.scale.big;
    let [a, b] = [&ours, &limit].map(|all| best(all, |one| one.first_page));
    table.row(
        format!("start to first page, {rows} accounts"),
        "s",
        a,
        Some(b),
        Target::Within(0.3),
        "the limit: an empty folder",
    );
    let [a, b] = [&ours, &limit].map(|all| best(all, |one| one.resident));
    let note = format!("resident; without pages of files {:.1} MB", best(&ours, |one| one.own));
    table.row(format!("idle memory, {rows} accounts"), "MB", a, Some(b), Target::Within(40.0), note);
    Ok(())
}

async fn start(binary: &Path, folder: &PathBuf) -> anyhow::Result<Started> {
    let begin = Instant::now();
    let mut child = Command::new(binary)
        .arg("serve")
        .env("ROSTER_DATA", folder)
        .env("ROSTER_LISTEN", "127.0.0.1:0")
        .env("ROSTER_DEMO", "0")
        .stdout(Stdio::piped())
        .spawn()?;
    let output = child.stdout.take().context("no output")?;
    let running = Running(child);
    let mut lines = BufReader::new(output).lines();
    let line = lines.next().context("it says nothing")??;
    let address = line.rsplit('/').next().context("no address")?.parse()?;
    let first_page = loop {
        // It says where it will serve a moment before it does.
        let page = async { Client::connect(address, None).await?.get("/sign-in").await };
        match page.await {
            Ok(_) => break begin.elapsed().as_secs_f64(),
            Err(error) => ensure!(begin.elapsed() < Duration::from_secs(30), "no page: {error}"),
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    };
    tokio::time::sleep(Duration::from_secs(1)).await;
    let megabytes = |name| memory(&running.0.id().to_string(), name) as f64 / 1024.0;
    Ok(Started { first_page, resident: megabytes("VmRSS"), own: megabytes("RssAnon") })
}
