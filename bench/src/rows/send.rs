//! Sending one message to a batch of groups, compared with plain inserts of the same rows.

use std::time::Instant;
use store::Scope;

use anyhow::ensure;
use domain::Caller;
use sqlx::Connection;

use super::delete::groups;
use crate::{
    data::{BATCH, Data},
    table::{Table, Target},
};

const TEXT: &str = "Maintenance on Sunday from 02:00 to 04:00 UTC. Messages will be delivered afterwards.";
const TURNS: usize = 3;

pub async fn measure(data: &Data, table: &mut Table) -> anyhow::Result<()> {
    let (app, key) = (data.app(BATCH).await?, data.key(BATCH).await?);
    let batch = data.scale.batch;
    let mut plain = data.plain_writer().await?;
    let groups: Vec<String> = groups(&mut plain, key, batch).await?.into_iter().map(|group| group.0).collect();
    let (mut ours, mut limit) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..TURNS {
        let start = Instant::now();
        let mut transaction = plain.begin_with("BEGIN IMMEDIATE").await?;
        let sent = sqlx::query(
            "INSERT INTO message (group_key, seq, sender_type, sender, text, sent_at)
             SELECT g.id, g.next_msg_seq, 'operator', 'bench', $3, 0 FROM json_each($2) AS item
             CROSS JOIN \"group\" g ON g.app_id = $1 AND g.group_id = item.value",
        )
        .bind(key)
        .bind(serde_json::to_string(&groups)?)
        .bind(TEXT)
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "UPDATE \"group\" SET next_msg_seq = next_msg_seq + 1
             WHERE app_id = $1 AND group_id IN (SELECT value FROM json_each($2))",
        )
        .bind(key)
        .bind(serde_json::to_string(&groups)?)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        limit = limit.min(start.elapsed().as_secs_f64() * 1e3);
        ensure!(sent.rows_affected() == batch, "{} of {batch} messages were inserted", sent.rows_affected());

        let start = Instant::now();
        let report = store::message::send(Scope::new(&data.store, &Caller::system(), app), groups.clone(), TEXT).await?;
        ours = ours.min(start.elapsed().as_secs_f64() * 1e3);
        ensure!(report.done == batch, "{} of {batch} messages were sent", report.done);
    }
    table.row(
        format!("send to {batch} groups"),
        "ms",
        ours,
        Some(limit),
        Target::AtMost(1.5),
        "with numbers, events and counters",
    );
    Ok(())
}
