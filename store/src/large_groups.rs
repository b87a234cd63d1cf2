//! Deletes groups in pieces: how many rows each has, and deleting most of them first where they are too many for one piece.

use std::{collections::HashMap, time::Instant};

use domain::{Error, Result, application::AppId};

use crate::{
    Store,
    db::{OrFault, Pacer, json},
    group::{group_ref, member},
    message,
};

/// How many rows are deleted with each of these groups; missing for ids without a group.
pub async fn weights(store: &Store, app: AppId, group_ids: &[&str]) -> Result<HashMap<String, u64>> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT group_id, 1 + member_count + message_count FROM \"group\"
         WHERE app_id = $1 AND group_id IN (SELECT value FROM json_each($2))",
    )
    .bind(app.key())
    .bind(json(group_ids)?)
    .fetch_all(store.reader())
    .await
    .or_fault()?;
    Ok(rows.into_iter().map(|(group_id, weight)| (group_id, u64::try_from(weight).unwrap_or(1))).collect())
}

/// Deletes the messages and then the members of a group that is too large for one chunk; the owner, who must be a member, stays
/// until the group is deleted. The deletion is confirmed already and will be finished in any case, so only that is an event.
pub async fn delete_children(store: &Store, app: AppId, group_id: &str, pacer: &mut Pacer) -> Result<()> {
    let mut db = store.reader().acquire().await.or_fault()?;
    let key = match group_ref(&mut db, app, group_id).await {
        Ok(group_ref) => group_ref.key,
        // The group was deleted meanwhile.
        Err(Error::NotFound(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    drop(db);
    for sql in [message::DELETE_SOME, member::DELETE_SOME] {
        loop {
            let rows = pacer.budget();
            let mut transaction = store.write().await?;
            let began = Instant::now();
            let limit = i64::try_from(rows).unwrap_or(i64::MAX);
            let gone = sqlx::query(sql).bind(key).bind(limit).execute(&mut *transaction).await.or_fault()?.rows_affected();
            let worked = began.elapsed();
            transaction.commit().await?;
            pacer.record(gone, worked, began, store);
            if gone < rows {
                break;
            }
        }
    }
    Ok(())
}
