//! What the log calls its targets, each name once for each target (`event_name`), with its search row and the number of events that
//! have it. Names come with the events that [`record`](super::record()) writes and leave with the last event that has them.

use domain::Result;

use crate::db::{Conn, OrFault, query, sql, unindexed};

/// The names of the latest events, each with the first of them that has it, whose key no other name can have, and with how many of
/// them have it; `$n` is the number of these events, which have just been written. The limit stands inside, so that the log is read from
/// its end and not through an index in the order of the groups.
macro_rules! latest {
    ($n:literal) => {
        concat!(
            "SELECT min(id) AS id, app_id, target, target_name, count(*) AS events FROM (
                 SELECT id, app_id, target, target_name FROM event ORDER BY id DESC LIMIT ",
            $n,
            ") AS latest WHERE target_name <> '' GROUP BY app_id, target, target_name"
        )
    };
}

/// The statements that enter the names of the latest events; `$n` is the number of these events. A name is new when nothing but them
/// has it.
macro_rules! names_entered {
    ($n:literal) => {
        concat!(
            "INSERT INTO event_name (id, app_id, target, name, events) ",
            $crate::change::names::latest!($n),
            " ON CONFLICT (app_id, target, name) DO UPDATE SET events = event_name.events + excluded.events; ",
            $crate::db::indexed!(latest_event_names, $crate::change::names::latest!($n))
        )
    };
}
pub(super) use {latest, names_entered};

/// Enters the names of the latest events, so many of them, which have just been written in this transaction.
pub async fn enter_names(db: &mut Conn, events: usize) -> Result<()> {
    let events = i64::try_from(events).unwrap_or(i64::MAX);
    query(sql!(names_entered!("$1"))).bind(events).execute(db).await.or_fault()?;
    Ok(())
}

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
