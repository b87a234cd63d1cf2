//! Sending one message to a batch of groups by a job, as the console does, compared with plain inserts of the same rows.

use std::time::Instant;

use anyhow::ensure;
use domain::{Caller, selection::Matching};
use jobs::{batch, run};
use store::Scope;

use crate::{
    data::{BIG, Data},
    plain::Plain,
    table::{Table, Target},
};

const TEXT: &str = "Maintenance on Sunday from 02:00 to 04:00 UTC. Messages will be delivered afterwards.";
const TURNS: usize = 3;

pub async fn measure(data: &Data, plain: &mut Plain, table: &mut Table) -> anyhow::Result<()> {
    let (system, app) = (Caller::system(), data.app(BIG).await?);
    let batch = data.batch(3)?;
    let (mut ours, mut limit) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..TURNS {
        limit = limit.min(plain.send(&batch.groups, TEXT).await? * 1e3);
        let start = Instant::now();
        batch::send_messages(Scope::new(&data.store, &system, app), batch.groups.clone(), Matching::default(), TEXT).await?;
        run::run_waiting(&data.store).await?;
        ours = ours.min(start.elapsed().as_secs_f64() * 1e3);
    }
    let sql = "SELECT count(*) FROM message m JOIN \"group\" g ON g.id = m.group_key WHERE g.app_id = $1";
    let sent: i64 = sqlx::query_scalar(sql).bind(data.key(BIG).await?).fetch_one(&mut data.plain().await?).await?;
    ensure!(sent as u64 == TURNS as u64 * data.scale.batch(), "{sent} messages were sent");
    let name = format!("send to {} groups", data.scale.batch());
    table.row(name, "ms", ours, Some(limit), Target::AtMost(2.0), "by a job, with numbers, events and counters");
    Ok(())
}
