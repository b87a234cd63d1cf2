//! Writes many messages in one statement: those of the sample and of generated data.

use domain::{
    Result,
    application::AppId,
    message::{
        SenderType,
        rules::{MessageText, Sender},
    },
};

use crate::db::{self, OrFault, WriteTransaction, query, sql};

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
pub async fn insert_rows(tx: &mut WriteTransaction, app: AppId, rows: &[NewRow<'_>]) -> Result<()> {
    let values: Vec<_> = rows.iter().map(NewRow::values).collect();
    query(sql!(
        "INSERT INTO message (group_key, seq, sender_type, sender, text, sent_at)
         SELECT v.group_key, v.seq, v.sender_type, v.sender, v.text, v.sent_at
         FROM @rows($1: group_key int, seq int, sender_type text, sender text, text text, sent_at int) AS v;
         UPDATE \"group\" SET message_count = message_count + new.messages,
                last_message_at = CASE WHEN last_message_at < new.latest THEN new.latest ELSE last_message_at END
         FROM (
             SELECT v.group_key, count(*) AS messages, max(v.sent_at) AS latest
             FROM @rows($1: group_key int, seq int, sender_type text, sender text, text text, sent_at int) AS v
             GROUP BY v.group_key) AS new
         WHERE \"group\".id = new.group_key"
    ))
    .bind(db::json(&values)?)
    .execute(&mut **tx)
    .await
    .or_fault()?;
    for row in rows {
        tx.counts().sent(app, row.sent_at, 1);
    }
    Ok(())
}
