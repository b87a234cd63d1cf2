//! Deleting groups in pieces: how heavy each is, and taking the weight off one that is too heavy for a piece.

use std::{collections::HashMap, time::Instant};

use domain::{Error, Result, application::AppId};

use crate::{
    Store,
    db::{OrFault, Pacer, json},
    group::{group_ref, member},
    message,
};

/// How many rows go with each of these groups.
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

/// A group that is too heavy for one chunk loses its messages and then its members first; the owner, who must be one of them, stays
/// to the end. Its deletion is confirmed already and is finished in any case, so only that is an event.
pub async fn delete_children(store: &Store, app: AppId, group_id: &str, pacer: &mut Pacer) -> Result<()> {
    let mut db = store.reader().acquire().await.or_fault()?;
    let key = match group_ref(&mut db, app, group_id).await {
        Ok(group_ref) => group_ref.key,
        // Somebody was quicker.
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
