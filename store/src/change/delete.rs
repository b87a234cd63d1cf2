//! The end of events: they leave the log with the names that only they have.

use domain::Result;

use crate::db::{Conn, OrFault, query, sql, unindexed};

/// Deletes the oldest events of the log, so many of them, of which that one is the last, and the names that only they have. The schema
/// refuses events that lie in no archive.
pub async fn delete_events(db: &mut Conn, up_to: i64, number: i64) -> Result<()> {
    query(sql!(concat!(
        "UPDATE event_name SET events = event_name.events - gone.events FROM (
             SELECT app_id, target, target_name, count(*) AS events FROM (
                 SELECT app_id, target, target_name FROM event ORDER BY id LIMIT $2) AS first
             WHERE target_name <> '' GROUP BY app_id, target, target_name) AS gone
         WHERE event_name.app_id = gone.app_id AND event_name.target = gone.target AND event_name.name = gone.target_name; ",
        unindexed!(
            event_name,
            "id IN (
             SELECT n.id FROM (SELECT app_id, target, target_name FROM event ORDER BY id LIMIT $2) AS e
             @join event_name AS n ON n.app_id = e.app_id AND n.target = e.target AND n.name = e.target_name
             WHERE e.target_name <> '' AND n.events <= 0); "
        ),
        "DELETE FROM event_name WHERE events <= 0 AND id IN (
             SELECT n.id FROM (SELECT app_id, target, target_name FROM event ORDER BY id LIMIT $2) AS e
             @join event_name AS n ON n.app_id = e.app_id AND n.target = e.target AND n.name = e.target_name
             WHERE e.target_name <> '');
         DELETE FROM event WHERE id <= $1",
    )))
    .bind(up_to)
    .bind(number)
    .execute(db)
    .await
    .or_fault()?;
    Ok(())
}
