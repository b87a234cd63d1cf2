//! Many messages in one statement: those of the sample and of generated data.

use domain::{Result, message::SenderType};
use sqlx::SqliteConnection;

use crate::db::{self, OrFault};

/// Group (by key), number, kind of sender, sender, text, sent at.
pub type NewRow<T, U> = (i64, u64, SenderType, T, U, i64);

/// Inserts messages that are new; whoever does that has counted them in the groups' `next_msg_seq`.
pub async fn insert_rows<T: serde::Serialize, U: serde::Serialize>(
    db: &mut SqliteConnection,
    rows: &[NewRow<T, U>],
) -> Result<()> {
    sqlx::query(
        "INSERT INTO message (group_key, seq, sender_type, sender, text, sent_at)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each($1)",
    )
    .bind(db::json(rows)?)
    .execute(db)
    .await
    .or_fault()?;
    Ok(())
}
