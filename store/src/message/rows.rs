//! Writes many messages in one statement: those of the sample and of generated data.

use domain::{
    Result,
    message::{
        SenderType,
        rules::{MessageText, Sender},
    },
};
use sqlx::SqliteConnection;

use crate::db::{self, OrFault};

/// A message that is written together with many others.
#[derive(Debug, Clone)]
pub struct NewRow<'a> {
    /// The group's key.
    pub group: i64,
    /// The number of the message in the group, from 1.
    pub seq: u64,
    /// The kind of the sender.
    pub sender_type: SenderType,
    /// The sender's name.
    pub sender: Sender,
    /// The text.
    pub text: &'a MessageText,
    /// When the message was sent, milliseconds since 1970.
    pub sent_at: i64,
}

impl NewRow<'_> {
    fn values(&self) -> (i64, u64, SenderType, &str, &str, i64) {
        (self.group, self.seq, self.sender_type, self.sender.as_str(), self.text.as_str(), self.sent_at)
    }
}

/// Inserts messages that do not exist yet; the caller has counted them in the groups' `next_msg_seq`.
pub async fn insert_rows(db: &mut SqliteConnection, rows: &[NewRow<'_>]) -> Result<()> {
    let rows: Vec<_> = rows.iter().map(NewRow::values).collect();
    sqlx::query(
        "INSERT INTO message (group_key, seq, sender_type, sender, text, sent_at)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each($1)",
    )
    .bind(db::json(&rows)?)
    .execute(db)
    .await
    .or_fault()?;
    Ok(())
}
