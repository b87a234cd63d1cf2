//! Exporting every account in each format, compared with reading the same rows in a bare loop; how soon a small export can be
//! fetched, and what memory a large one takes.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use store::Scope;

use anyhow::{Context, bail, ensure};
use domain::{
    Caller,
    application::AppId,
    export::{ExportFormat, ExportInput, ExportList, ExportOutcome},
    operator::Language,
    selection::Matching,
};
use futures_util::TryStreamExt;
use sqlx::Row;

use super::memory;
use crate::{
    data::{BIG, Data, SMALL},
    table::{Table, Target},
};

/// Turns of the small export, of which the middle counts.
const TURNS: usize = 9;
const XLSX_S: f64 = 5.0;
const MEMORY_MB: f64 = 32.0;
const FIRST_BYTE_MS: f64 = 50.0;

const ROWS: &str = "SELECT username, type, nickname, gender, birthday, location, self_signature, allow_type, language, image,
    msg_settings, admin_forbid_type, level, role, created_at FROM account WHERE app_id = $1 ORDER BY created_at DESC, id DESC";

pub async fn measure(data: &Data, table: &mut Table) -> anyhow::Result<()> {
    let (app, key) = (data.app(BIG).await?, data.key(BIG).await?);
    let rows = data.scale.big;
    // Once before, so that no format pays for reading the file into the system's cache.
    bare(data, key, rows).await?;
    let mut grown: f64 = 0.0;
    for format in ExportFormat::ALL {
        let limit = bare(data, key, rows).await?;
        let (ours, megabytes, more) = whole(data, app, *format, rows).await?;
        grown = grown.max(more);
        let target = match format {
            ExportFormat::Csv => Target::AtMost(1.5),
            ExportFormat::Xlsx => Target::Within(XLSX_S),
            ExportFormat::JsonLines => Target::Told,
        };
        let name = format!("export {rows} accounts, {}", format.as_str().to_uppercase());
        table.row(name, "s", ours, Some(limit), target, format!("{megabytes:.0} MB; the limit: reading the rows"));
    }
    table.row("export, memory that it adds", "MB", grown, None, Target::Within(MEMORY_MB), "the most of all formats");
    let (first, rows) = first_byte(data).await?;
    let name = format!("export {rows} accounts, first byte");
    table.row(name, "ms", first, None, Target::Within(FIRST_BYTE_MS), "CSV, from asking to the file; p50");
    Ok(())
}

/// Seconds for reading the rows, and nothing else.
async fn bare(data: &Data, key: i64, expected: u64) -> anyhow::Result<f64> {
    let mut db = data.plain().await?;
    let start = Instant::now();
    let (mut count, mut bytes) = (0, 0);
    let mut rows = sqlx::query(ROWS).bind(key).fetch(&mut db);
    while let Some(row) = rows.try_next().await? {
        count += 1;
        for column in 0..row.len() {
            // Texts are looked at, as any reader would; numbers come with the row.
            bytes += row.try_get_unchecked::<&str, _>(column).map_or(8, str::len);
        }
    }
    ensure!(count == expected && bytes > 0, "{count} of {expected} accounts were read");
    Ok(start.elapsed().as_secs_f64())
}

fn wanted(format: ExportFormat, q: &str) -> ExportInput {
    let list = ExportList::Accounts;
    ExportInput {
        list: list.as_str().to_owned(),
        format: format.as_str().to_owned(),
        columns: list.columns().iter().map(|column| column.key.to_owned()).collect(),
        matching: Matching { all: "1".to_owned(), q: q.to_owned(), ..Matching::default() },
        ..ExportInput::default()
    }
}

/// Seconds, megabytes of the file, and megabytes by which the memory of this process grew meanwhile.
async fn whole(data: &Data, app: AppId, format: ExportFormat, rows: u64) -> anyhow::Result<(f64, f64, f64)> {
    let (store, caller) = (&data.store, Caller::system());
    let memory = Memory::watch();
    let start = Instant::now();
    let started = jobs::export::start(Scope::new(store, &caller, app), &wanted(format, ""), Language::En).await?;
    jobs::run::run_waiting(store).await?;
    let seconds = start.elapsed().as_secs_f64();
    let grown = memory.grown();
    let (made, file) = match started {
        ExportOutcome::Job(id) => {
            let made = store::export::of_job(Scope::new(store, &caller, app), id).await?.context("the job made no file")?;
            (made.rows, store::export::find_of_job(Scope::new(store, &caller, app), id).await?)
        }
        ExportOutcome::Ready(export) => (export.rows, store::export::find(Scope::new(store, &caller, app), &export.token).await?),
    };
    ensure!(made == rows, "{made} of {rows} accounts were exported");
    let megabytes = std::fs::metadata(&file.path)?.len() as f64 / 1e6;
    std::fs::remove_file(&file.path)?;
    Ok((seconds, megabytes, grown))
}

/// Milliseconds until the first byte of an export that is made at once can be sent, and its rows.
async fn first_byte(data: &Data) -> anyhow::Result<(f64, u64)> {
    let (store, caller) = (&data.store, Caller::system());
    let small = data.app(SMALL).await?;
    let mut times = Vec::new();
    let mut rows = 0;
    for _ in 0..TURNS {
        let start = Instant::now();
        let ExportOutcome::Ready(made) =
            jobs::export::start(Scope::new(store, &caller, small), &wanted(ExportFormat::Csv, ""), Language::En).await?
        else {
            bail!("the small app is too large");
        };
        let file = store::export::find(Scope::new(store, &caller, small), &made.token).await?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
        rows = made.rows;
        std::fs::remove_file(file.path)?;
    }
    times.sort_by(f64::total_cmp);
    Ok((times[TURNS / 2], rows))
}

/// Looks again and again at how much memory of its own this process has.
struct Memory {
    before: u64,
    peak: Arc<AtomicU64>,
    over: Arc<AtomicBool>,
}

impl Memory {
    fn watch() -> Self {
        let before = own_memory();
        let (peak, over) = (Arc::new(AtomicU64::new(before)), Arc::new(AtomicBool::new(false)));
        let (told, ended) = (peak.clone(), over.clone());
        std::thread::spawn(move || {
            while !ended.load(Ordering::Relaxed) {
                told.fetch_max(own_memory(), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(10));
            }
        });
        Self { before, peak, over }
    }

    /// Megabytes.
    fn grown(&self) -> f64 {
        self.peak.load(Ordering::Relaxed).saturating_sub(self.before) as f64 / 1024.0
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

/// Kilobytes that are no file's pages; zero where the system does not say.
fn own_memory() -> u64 {
    memory("self", "RssAnon")
}
