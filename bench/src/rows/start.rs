//! The binary itself: from its start to the first page, and what memory it takes when idle, compared with the same with an empty
//! folder; and what it keeps after an operator has signed in and looked at a page.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use domain::{Caller, operator::Role};
use store::operator as operators;

use super::memory;
use crate::{
    data::{BIG, Data, ORG},
    load::{Client, sign_in},
    table::{Table, Target},
};

const TURNS: usize = 3;

/// How long after the page its memory is looked at, of the time of a load: 10 s.
const LATER: f64 = 2.5;
const RESIDENT_MB: f64 = 48.0;
const OWN_MB: f64 = 24.0;
/// Who signs in. Only this tool's data have this operator.
const NAME: &str = "bench-sign-in";
const PASSWORD: &str = "nobody signs in to what is measured";

/// A server that has shown its first page.
struct Started {
    process: Running,
    address: SocketAddr,
    /// Seconds to the first page.
    first_page: f64,
}

impl Started {
    /// Megabytes: all that is resident, and what of it is not the file's or the binary's pages.
    fn memory(&self) -> [f64; 2] {
        ["VmRSS", "RssAnon"].map(|name| memory(&self.process.0.id().to_string(), name) as f64 / 1024.0)
    }
}

/// What a start was like.
struct Seen {
    first_page: f64,
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
        ours.push(idle(&binary, &data.folder).await?);
        limit.push(idle(&binary, &empty).await?);
    }
    std::fs::remove_dir_all(empty)?;
    let best = |all: &[Seen], value: fn(&Seen) -> f64| all.iter().map(value).fold(f64::INFINITY, f64::min);
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
    after_a_sign_in(data, &binary, table).await
}

async fn after_a_sign_in(data: &Data, binary: &Path, table: &mut Table) -> anyhow::Result<()> {
    let known = operators::list_all(&data.store).await?;
    if !known.iter().any(|operator| operator.name == NAME) {
        operators::add_with_password(&data.store, &Caller::system(), NAME, Role::Viewer, PASSWORD).await?;
    }
    let started = start(binary, &data.folder).await?;
    let pass = sign_in(started.address, NAME, PASSWORD).await?;
    Client::connect(started.address, Some(&pass)).await?.get(&format!("/apps/{ORG}/{BIG}/accounts")).await?;
    tokio::time::sleep(Duration::from_secs_f64(LATER * data.scale.seconds)).await;
    let [resident, own] = started.memory();
    let name = format!("memory after a sign-in and a page, {} accounts", data.scale.big);
    table.row(name.as_str(), "MB", resident, None, Target::Within(RESIDENT_MB), "resident (VmRSS), 10 s later");
    table.row(name, "MB", own, None, Target::Within(OWN_MB), "without pages of files (RssAnon)");
    Ok(())
}

/// Starts a server, waits a second and looks at it.
async fn idle(binary: &Path, folder: &Path) -> anyhow::Result<Seen> {
    let started = start(binary, folder).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let [resident, own] = started.memory();
    Ok(Seen { first_page: started.first_page, resident, own })
}

async fn start(binary: &Path, folder: &Path) -> anyhow::Result<Started> {
    let begin = Instant::now();
    let mut child = Command::new(binary)
        .arg("serve")
        .env("ROSTER_DATA", folder)
        .env("ROSTER_LISTEN", "127.0.0.1:0")
        .env("ROSTER_DEMO", "0")
        .stdout(Stdio::piped())
        .spawn()?;
    let output = child.stdout.take().context("no output")?;
    let process = Running(child);
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
    Ok(Started { process, address, first_page })
}
