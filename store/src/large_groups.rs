//! Deletes groups in pieces: how many rows each has, and deleting most of them first where they are too many for one piece.

use std::{collections::HashMap, time::Instant};

use domain::{Error, Result, application::AppId};

use crate::{
    Store,
    db::{Next, OrFault, Pacer, json, query_as, sql},
    group::{group_ref, member},
    message,
};

/// How many rows are deleted with each of these groups; missing for ids without a group.
pub async fn weights(store: &Store, app: AppId, group_ids: &[&str]) -> Result<HashMap<String, u64>> {
    let rows: Vec<(String, i64)> = query_as(sql!(
        "SELECT group_id, 1 + member_count + message_count FROM \"group\"
         WHERE app_id = $1 AND group_id IN @texts($2)"
    ))
    .bind(app.key())
    .bind(json(group_ids)?)
    .fetch_all(store.reader())
    .await
    .or_fault()?;
    Ok(rows.into_iter().map(|(group_id, weight)| (group_id, u64::try_from(weight).unwrap_or(1))).collect())
}

/// What a group has many of.
#[derive(Clone, Copy)]
enum Children {
    Messages,
    Members,
}

/// Deletes the messages and then the members of a group that is too large for one step; the owner, who must be a member, stays
/// until the group is deleted. The deletion is confirmed already and will be finished in any case, so only that is an event.
pub async fn delete_children(store: &Store, app: AppId, group_id: &str, pacer: &mut Pacer) -> Result<()> {
    let mut db = store.read().await?;
    let key = match group_ref(&mut db, app, group_id).await {
        Ok(group_ref) => group_ref.key,
        // The group was deleted meanwhile.
        Err(Error::NotFound(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    drop(db);
    for table in [Children::Messages, Children::Members] {
        // Only members are on it, and the job may end between the members and their group.
        let mut clears = matches!(table, Children::Members);
        let mut is_over = false;
        while !is_over {
            let mut transaction = store.write().await?;
            let began = pacer.begin(store);
            if clears {
                member::table::clear_allow_list(&mut transaction, key).await?;
            }
            let next = loop {
                let (step, rows) = (Instant::now(), pacer.budget());
                let limit = i64::try_from(rows).unwrap_or(i64::MAX);
                let gone = match table {
                    Children::Messages => message::delete_first(&mut transaction, app, key, limit).await?,
                    Children::Members => member::table::delete_some(&mut transaction, app, key, limit).await?,
                };
                is_over = gone < rows;
                match pacer.after((step, gone), began, !is_over, store) {
                    Next::Step => {}
                    next @ (Next::Commit | Next::RollBack) => break next,
                }
            };
            if next == Next::RollBack {
                is_over = false;
                transaction.rollback().await?;
            } else {
                clears = false;
                transaction.commit().await?;
            }
        }
    }
    Ok(())
}
