//! Deleting a batch of groups with their members, compared with the same deletes in plain SQL: every other group of the same
//! data.

use std::time::Instant;
use store::Scope;

use anyhow::ensure;
use domain::Caller;
use sqlx::{Connection, SqliteConnection};

use crate::{
    data::{BATCH, Data},
    table::{Table, Target},
};

pub async fn measure(data: &Data, table: &mut Table) -> anyhow::Result<()> {
    let (app, key) = (data.app(BATCH).await?, data.key(BATCH).await?);
    let batch = data.scale.batch;
    let mut plain = data.plain_writer().await?;
    let groups = groups(&mut plain, key, 2 * batch).await?;
    let every_other = |first: usize| groups.iter().skip(first).step_by(2).map(|group| group.0.clone()).collect::<Vec<_>>();
    let members: i64 = groups.iter().skip(1).step_by(2).map(|group| group.1).sum();
    let (limit, ours) = (every_other(0), every_other(1));

    let start = Instant::now();
    let mut transaction = plain.begin_with("BEGIN IMMEDIATE").await?;
    let gone = sqlx::query("DELETE FROM \"group\" WHERE app_id = $1 AND group_id IN (SELECT value FROM json_each($2))")
        .bind(key)
        .bind(serde_json::to_string(&limit)?)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    let limit = start.elapsed().as_secs_f64();
    ensure!(gone.rows_affected() == batch, "{} of {batch} groups were deleted", gone.rows_affected());

    let start = Instant::now();
    let report = store::group::delete(Scope::new(&data.store, &Caller::system(), app), ours, &batch.to_string()).await?;
    let ours = start.elapsed().as_secs_f64();
    ensure!(report.done == batch, "{} of {batch} groups were deleted", report.done);
    let note = format!("with {members} memberships, events and counters");
    table.row(format!("delete {batch} groups"), "s", ours, Some(limit), Target::AtMost(1.5), note);
    Ok(())
}

/// So many groups with their numbers of members, the biggest first.
pub async fn groups(db: &mut SqliteConnection, app: i64, most: u64) -> anyhow::Result<Vec<(String, i64)>> {
    let sql = "SELECT group_id, member_count FROM \"group\" WHERE app_id = $1 ORDER BY member_count DESC LIMIT $2";
    let found: Vec<(String, i64)> = sqlx::query_as(sql).bind(app).bind(i64::try_from(most)?).fetch_all(db).await?;
    ensure!(found.len() as u64 == most, "only {} groups are left", found.len());
    Ok(found)
}
