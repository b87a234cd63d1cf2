//! Deleting a batch of groups with their members by a job, as the console does, compared with the same groups in plain SQL.

use std::time::Instant;

use anyhow::ensure;
use domain::{Caller, job::BatchOutcome, selection::Matching};
use jobs::{batch, run};
use store::Scope;

use crate::{
    data::{BIG, Batch, Data},
    plain::Plain,
    table::{Table, Target},
};

const WITHIN_S: f64 = 1.5;
/// Batches 0 to 2; the middle of each counts.
const TURNS: usize = 3;

pub async fn measure(data: &Data, plain: &mut Plain, table: &mut Table) -> anyhow::Result<()> {
    let (mut ours, mut limit) = (Vec::new(), Vec::new());
    let mut memberships = 0;
    for number in 0..TURNS {
        let batch = data.batch(number)?;
        limit.push(plain.delete_groups(&batch.groups).await?);
        let start = Instant::now();
        choose(data, batch).await?;
        run::run_waiting(&data.store).await?;
        ours.push(start.elapsed().as_secs_f64());
        memberships = batch.memberships;
        ensure!(left(data, batch).await? == 0, "not all groups were deleted");
    }
    for times in [&mut ours, &mut limit] {
        times.sort_by(f64::total_cmp);
    }
    let note = format!("by a job, with {memberships} memberships, events and counters; {ours:.2?}, limit {limit:.2?}");
    let name = format!("delete {} groups", data.scale.batch());
    table.row(name, "s", ours[TURNS / 2], Some(limit[TURNS / 2]), Target::Both(WITHIN_S, 2.0), note);
    Ok(())
}

/// Asks for the deletion of a batch. So many groups are a job that waits; a batch of fewer is deleted at once.
pub async fn choose(data: &Data, batch: &Batch) -> anyhow::Result<BatchOutcome> {
    let (system, app) = (Caller::system(), data.app(BIG).await?);
    let scope = Scope::new(&data.store, &system, app);
    Ok(batch::delete_groups(scope, batch.groups.clone(), Matching::default(), &batch.confirm()).await?)
}

/// How many groups of a batch are there.
pub async fn left(data: &Data, batch: &Batch) -> anyhow::Result<i64> {
    let sql = "SELECT count(*) FROM json_each($2) AS item CROSS JOIN \"group\" g ON g.app_id = $1 AND g.group_id = item.value";
    let (app, groups) = (data.key(BIG).await?, serde_json::to_string(&batch.groups)?);
    Ok(sqlx::query_scalar(sql).bind(app).bind(groups).fetch_one(&mut data.plain().await?).await?)
}
