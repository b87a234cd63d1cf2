//! What the log calls its targets, each name once for each target (`event_name`), with its search row and the number of events that
//! have it. The commit enters the names of the events that it contains ([`Counts::commit`](super::Counts::commit)); names leave with the
//! last event that has them.

use domain::Result;

use super::{Conn, OrFault, query, sql};

/// The statements that enter the names of the latest events; `$n` is the number of these events, whose keys follow each other up to the
/// last of the log. A new name gets the key of its first event, so new names are those that have one of these keys.
macro_rules! names_entered {
    ($n:literal) => {
        concat!(
            "INSERT INTO event_name (id, app_id, target, name, events)
             SELECT id, app_id, target, target_name, 1 FROM event WHERE id > (SELECT max(id) FROM event) - ",
            $n,
            " AND target_name <> '' ORDER BY id
             ON CONFLICT (app_id, target, name) DO UPDATE SET events = event_name.events + 1; ",
            $crate::db::driver::sqlite::indexed!(event_name, "id > (SELECT max(id) FROM event) - "),
            $n
        )
    };
}
pub(super) use names_entered;

/// Enters the names of the latest events, so many of them, which have just been written in this transaction. For events that came with no
/// [`WriteTransaction`](super::WriteTransaction).
pub async fn enter_names(db: &mut Conn, events: usize) -> Result<()> {
    let events = i64::try_from(events).unwrap_or(i64::MAX);
    query(sql!(names_entered!("$1"))).bind(events).execute(db).await.or_fault()?;
    Ok(())
}
