//! SQL of messages: the latest of a group, and sending one to many groups.

mod post;
pub mod rows;

use std::collections::HashMap;

use serde_json::json;
use sqlx::QueryBuilder;

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
    db::{self, Keyset, KeysetRow, OrFault, decode_enum},
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

/// Deletes the first messages of the group with the key `$1`, at most `$2`.
pub(crate) const DELETE_SOME: &str =
    "DELETE FROM message WHERE group_key = $1 AND seq IN (SELECT seq FROM message WHERE group_key = $1 ORDER BY seq LIMIT $2)";

/// One page of a group's messages, newest first. Only page size and cursor of the request are used.
/// [`Entity::Group`](domain::error::Entity::Group) not found.
pub async fn list(scope: Scope<'_>, group_id: &str, params: &ListParams) -> Result<Page<MessageRow>> {
    let Scope { store, caller, app } = scope;
    caller.require(Permission::Read)?;
    let params = ListParams { size: params.size.clone(), cursor: params.cursor.clone(), ..ListParams::default() };
    let query = ListQuery::parse(&params, |_| Err::<(), _>(Code::NotChoice))?;
    let mut db = store.reader().acquire().await.or_fault()?;
    let group = group_ref(&mut db, app, group_id).await?;
    // The number alone is the key of a message; it is used for both parts of the keyset.
    let keyset = Keyset { key: "seq", id: "seq", sort: query.sort, size: query.size.get(), cursor: query.cursor.as_ref() };
    let mut sql = QueryBuilder::new("SELECT seq, sender_type, sender, text, sent_at FROM message WHERE group_key = ");
    sql.push_bind(group.key);
    keyset.push_after(&mut sql);
    keyset.push_order(&mut sql);
    let rows: Vec<Row> = sql.build_query_as().fetch_all(&mut *db).await.or_fault()?;
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
    let numbered: Vec<(String, i64, i64)> = sqlx::query_as(
        "UPDATE \"group\" SET next_msg_seq = next_msg_seq + 1
         WHERE app_id = $1 AND group_id IN (SELECT value FROM json_each($2)) RETURNING group_id, id, next_msg_seq - 1",
    )
    .bind(app.key())
    .bind(db::json(group_ids)?)
    .fetch_all(change.db())
    .await
    .or_fault()?;
    let at = change.at();
    let places: Vec<(i64, i64)> = numbered.iter().map(|(_, key, seq)| (*key, *seq)).collect();
    sqlx::query(
        "INSERT INTO message (group_key, seq, sender_type, sender, text, sent_at)
         SELECT item.value ->> 0, item.value ->> 1, $1, $2, $3, $4 FROM json_each($5) AS item",
    )
    .bind(sender_type.as_str())
    .bind(sender)
    .bind(text)
    .bind(at)
    .bind(db::json(&places)?)
    .execute(change.db())
    .await
    .or_fault()?;
    Ok(numbered.into_iter().map(|(id, group_key, seq)| (id, Stored { group_key, seq })).collect())
}
