//! SQL of messages: the latest of a group, and sending one to many groups.

mod id;
mod post;
pub mod rows;

use std::collections::HashMap;

use serde_json::json;

pub use self::post::{Post, post};

use domain::{
    Code, Error, Permission, Result,
    application::AppId,
    event::Action,
    message::{MessageRow, SenderType, rules::MessageText},
    page::{BatchReport, Count, CursorKey, ListParams, ListQuery, Page, SortKey, batch_ids},
};

use crate::{
    Scope,
    change::{Change, ChangeSpec, NewEvent},
    db::{self, Builder, Keyset, KeysetRow, OrFault, WriteTransaction, decode_enum, query, query_as, sql},
    group::group_ref,
    in_change,
};

#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    sender_type: String,
    sender: String,
    text: String,
    sent_at: i64,
}

impl KeysetRow for Row {
    fn id(&self) -> i64 {
        self.seq
    }

    fn key(&self, _: SortKey) -> CursorKey {
        CursorKey::Number(self.seq)
    }
}

/// One page of a group's messages, newest first. Only page size and cursor of the request are used.
/// [`Entity::Group`](domain::error::Entity::Group) not found.
pub async fn list(scope: Scope<'_>, group_id: &str, params: &ListParams) -> Result<Page<MessageRow>> {
    let Scope { store, caller, app } = scope;
    caller.require(Permission::Read)?;
    let params = ListParams { size: params.size.clone(), cursor: params.cursor.clone(), ..ListParams::default() };
    let query = ListQuery::parse(&params, |_| Err::<(), _>(Code::NotChoice))?;
    let mut db = store.read().await?;
    let group = group_ref(&mut db, app, group_id).await?;
    // The number alone is the key of a message; it is used for both parts of the keyset.
    let keyset = Keyset { key: "seq", id: "seq", sort: query.sort, size: query.size.get(), cursor: query.cursor.as_ref() };
    let mut sql = Builder::new("SELECT seq, sender_type, sender, text, sent_at FROM message WHERE group_key = ");
    sql.push_bind(group.key);
    keyset.push_after(&mut sql);
    keyset.push_order(&mut sql);
    let rows: Vec<Row> = sql.build_query_as().fetch_all(&mut db).await.or_fault()?;
    keyset.page(rows, Count { number: group.message_count, more: false }, |row| {
        Ok(MessageRow {
            seq: row.seq,
            sender_type: decode_enum(&row.sender_type, SenderType::parse)?,
            sender: row.sender,
            text: row.text,
            sent_at: row.sent_at,
        })
    })
}

/// Sends one text to groups, signed with the operator's name. Each group gives it its own next number. Ids without a group are
/// reported as missing; the errors of [`MessageText`] at `text`.
pub async fn send(scope: Scope<'_>, group_ids: Vec<String>, text: &str) -> Result<BatchReport> {
    let target = if let [one] = &group_ids[..] { one.as_str() } else { "" };
    in_change!(ChangeSpec::in_app(scope, Permission::Write, Action::MessageSend, target), |change| {
        send_in(change, scope.app, &group_ids, text).await
    })
}

async fn send_in(change: &mut Change<'_>, app: AppId, group_ids: &[String], text: &str) -> Result<BatchReport> {
    let text = MessageText::parse(text).map_err(|code| Error::field("text", code))?;
    let group_ids = batch_ids("ids", group_ids.to_vec())?;
    send_to(change, app, group_ids, &text).await
}

/// The same inside a change that is in progress, for ids and a text that are checked.
pub async fn send_to(change: &mut Change<'_>, app: AppId, group_ids: Vec<String>, text: &MessageText) -> Result<BatchReport> {
    let sender = change.caller().actor.operator().map_or("system", |(_, name)| name).to_owned();
    let seqs = deliver(change, app, &group_ids, SenderType::Operator, &sender, text.as_str()).await?;
    let length = text.as_str().chars().count();
    let mut report = BatchReport { done: seqs.len() as u64, ..BatchReport::default() };
    let mut events = Vec::new();
    for id in group_ids {
        match seqs.get(&id) {
            None => report.gone.push(id.clone()),
            Some(place) => {
                let after = Some(json!({ "seq": place.seq, "length": length }));
                events.push(NewEvent { target: id.clone(), after, ..NewEvent::default() });
            }
        }
    }
    change.events(events).await?;
    change.refused(report.gone.iter().map(|id| NewEvent::missing(id)).collect()).await?;
    Ok(report)
}

/// Where a message was stored.
struct Stored {
    group_key: i64,
    seq: i64,
}

/// Stores one text in each of the groups, which give it their next number; group and number, for those that exist. Sender and
/// text are checked.
async fn deliver(
    change: &mut Change<'_>,
    app: AppId,
    group_ids: &[String],
    sender_type: SenderType,
    sender: &str,
    text: &str,
) -> Result<HashMap<String, Stored>> {
    let at = change.at();
    let numbered: Vec<(String, i64, i64)> = query_as(sql!(
        "UPDATE \"group\" SET next_msg_seq = next_msg_seq + 1, message_count = message_count + 1,
                last_message_at = CASE WHEN last_message_at < $3 THEN $3 ELSE last_message_at END
         WHERE app_id = $1 AND group_id IN @texts($2) RETURNING group_id, id, next_msg_seq - 1"
    ))
    .bind(app.key())
    .bind(db::json(group_ids)?)
    .bind(at)
    .fetch_all(change.db())
    .await
    .or_fault()?;
    let places: Vec<(i64, i64)> = numbered.iter().map(|(_, key, seq)| (*key, *seq)).collect();
    query(sql!(
        "INSERT INTO message (group_key, seq, sender_type, sender, text, sent_at)
         SELECT v.group_key, v.seq, $1, $2, $3, $4 FROM @rows($5: group_key int, seq int) AS v"
    ))
    .bind(sender_type.as_str())
    .bind(sender)
    .bind(text)
    .bind(at)
    .bind(db::json(&places)?)
    .execute(change.db())
    .await
    .or_fault()?;
    change.transaction().counts().sent(app, at, numbered.len() as i64);
    Ok(numbered.into_iter().map(|(id, group_key, seq)| (id, Stored { group_key, seq })).collect())
}

/// Deletes the first messages of a group, at most so many; how many.
pub(crate) async fn delete_first(tx: &mut WriteTransaction, app: AppId, group: i64, at_most: i64) -> Result<u64> {
    let gone = query(
        "DELETE FROM message WHERE group_key = $1 AND seq IN
         (SELECT seq FROM message WHERE group_key = $1 ORDER BY seq LIMIT $2)",
    )
    .bind(group)
    .bind(at_most)
    .execute(&mut **tx)
    .await
    .or_fault()?
    .rows_affected();
    let sql = "UPDATE \"group\" SET message_count = message_count - $1 WHERE id = $2";
    query(sql).bind(gone as i64).bind(group).execute(&mut **tx).await.or_fault()?;
    tx.counts().messages_gone(app, gone as i64);
    Ok(gone)
}
