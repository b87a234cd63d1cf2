//! Importing accounts from a CSV file, compared with plain inserts of the same rows: the names and profiles of the big app under
//! other usernames.

use std::time::Instant;
use store::Scope;

use anyhow::{Context, ensure};
use domain::{Caller, export::guard::guard, import::UploadInput, operator::Language};
use jobs::import::Upload;

use crate::{
    data::{BIG, Data},
    plain::{Account, Plain},
    table::{Table, Target},
};

const WITHIN_S: f64 = 4.0;

pub async fn measure(data: &Data, plain: &mut Plain, table: &mut Table) -> anyhow::Result<()> {
    let app = data.app(BIG).await?;
    let rows = (data.scale.big / 10).clamp(500, 100_000);
    let sql = "SELECT username, nickname, gender, self_signature, created_at FROM account WHERE app_id = $1 ORDER BY id LIMIT $2";
    let accounts: Vec<Account> =
        sqlx::query_as(sql).bind(data.key(BIG).await?).bind(i64::try_from(rows)?).fetch_all(&mut data.plain().await?).await?;
    ensure!(accounts.len() as u64 == rows, "only {} accounts are there", accounts.len());
    let limit = plain.import(&accounts).await?;

    let system = Caller::system();
    let start = Instant::now();
    let mut upload = Upload::begin(Scope::new(&data.store, &system, app)).await?;
    upload.write(csv(&accounts).as_bytes()).await?;
    let input = UploadInput { list: "accounts".into(), file_name: "bench.csv".into(), ..UploadInput::default() };
    let id = upload.finish(&input, Language::En).await?;
    let preview = start.elapsed().as_secs_f64();
    let found = store::import::get(Scope::new(&data.store, &system, app), id).await?.preview.counts;
    ensure!(found.new == rows, "{} of {rows} accounts are new", found.new);

    let start = Instant::now();
    let id = store::import::start(Scope::new(&data.store, &system, app), id, "stop").await?;
    jobs::run::run_waiting(&data.store).await?;
    let ours = start.elapsed().as_secs_f64();
    let done = store::job::row(Scope::new(&data.store, &system, app), id).await.context("the job")?;
    ensure!(done.done == rows, "{} of {rows} accounts were imported", done.done);
    let note = format!("checked, with events and counters; upload and preview took {preview:.1} s before");
    table.row(format!("import {rows} accounts"), "s", ours, Some(limit), Target::Both(WITHIN_S, 2.0), note);
    Ok(())
}

fn csv(accounts: &[Account]) -> String {
    let mut text = String::from("username,nickname,gender,self_signature,created_at\n");
    let cell = |cell: &str| format!("\"{}\"", guard(cell).replace('"', "\"\""));
    for a in accounts {
        let created_at = domain::export::times::iso(a.created_at);
        let cells = [cell(&format!("i{}", a.username)), cell(&a.nickname), cell(&a.gender), cell(&a.self_signature), created_at];
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}
