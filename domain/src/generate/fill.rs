//! Generated rows into the database, batch by batch.

use serde_json::{Value, json};

use super::{
    Phase, Progress,
    draft::{Group, Shape},
};
use crate::{Result, Store, application::AppId, db, file::store::quota, member::MemberRole, message::SenderType};

/// Rows of one transaction, more or less: some tens of milliseconds.
const BATCH: usize = 4_000;
/// Groups that go at once, with all that hangs on them.
const CLEARED: i64 = 500;

/// Deletes everything that an earlier run made.
pub(super) async fn clear(store: &Store, app: AppId, progress: &mut (impl FnMut(Progress) + Send)) -> Result<()> {
    let (groups, accounts): (i64, i64) = sqlx::query_as("SELECT group_count, account_count FROM application WHERE id = $1")
        .bind(app.0)
        .fetch_one(store.reader())
        .await?;
    let of = u64::try_from(groups + accounts).unwrap_or(0);
    let mut done = 0;
    for (sql, rows) in [
        ("DELETE FROM \"group\" WHERE id IN (SELECT id FROM \"group\" WHERE app_id = $1 LIMIT $2) RETURNING file_bytes", CLEARED),
        ("DELETE FROM account WHERE id IN (SELECT id FROM account WHERE app_id = $1 LIMIT $2) RETURNING 0", BATCH as i64),
    ] {
        loop {
            let mut transaction = store.write().await?;
            let files: Vec<i64> = sqlx::query_scalar(sql).bind(app.0).bind(rows).fetch_all(&mut *transaction).await?;
            // Somebody may have shared files in what was made up. With each piece, so that the count is right wherever this ends.
            quota::went_with_groups(&mut transaction, app, files.iter().sum()).await?;
            let gone = files.len() as u64;
            if gone == 0 {
                // What was stopped before may have left another count.
                quota::recount(&mut transaction, app).await?;
            }
            transaction.commit().await?;
            if gone == 0 {
                break;
            }
            done += gone;
            progress(Progress { phase: Phase::Clearing, done, of });
        }
    }
    Ok(())
}

pub(super) async fn fill(store: &Store, app: AppId, shape: &Shape, progress: &mut (impl FnMut(Progress) + Send)) -> Result<()> {
    let keys = accounts(store, app, shape, progress).await?;
    groups(store, app, shape, &keys, progress).await
}

/// The key of the first account of each batch; those of the others follow it.
struct Keys(Vec<i64>);

impl Keys {
    fn of(&self, place: u64) -> i64 {
        self.0[place as usize / BATCH] + (place as usize % BATCH) as i64
    }
}

async fn accounts(store: &Store, app: AppId, shape: &Shape, progress: &mut (impl FnMut(Progress) + Send)) -> Result<Keys> {
    let of = shape.request.accounts;
    let mut keys = Keys(Vec::new());
    let mut done = 0;
    while done < of {
        let end = (done + BATCH as u64).min(of);
        let rows: Vec<Value> = (done..end)
            .map(|place| {
                let row = shape.account(place);
                json!([
                    row.username,
                    row.account_type,
                    row.nickname,
                    row.gender,
                    row.birthday,
                    row.location,
                    row.self_signature,
                    row.allow_type,
                    row.level,
                    row.created_at,
                ])
            })
            .collect();
        let mut transaction = store.write().await?;
        let first: i64 = sqlx::query_scalar("SELECT coalesce(max(id), 0) + 1 FROM account").fetch_one(&mut *transaction).await?;
        sqlx::query(
            "INSERT INTO account (id, app_id, username, type, nickname, gender, birthday, location, self_signature, allow_type,
                                  level, created_at)
             SELECT $1 + key, $2, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
                    value ->> 7, value ->> 8, value ->> 9 FROM json_each($3)",
        )
        .bind(first)
        .bind(app.0)
        .bind(db::json(&rows)?)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        keys.0.push(first);
        done = end;
        progress(Progress { phase: Phase::Accounts, done, of });
    }
    Ok(keys)
}

/// Groups with their members and messages. A group and its members come in one transaction, because the owner is in both; its
/// messages may come later.
async fn groups(
    store: &Store,
    app: AppId,
    shape: &Shape,
    keys: &Keys,
    progress: &mut (impl FnMut(Progress) + Send),
) -> Result<()> {
    let of = shape.request.groups;
    let all_talk: f64 = (0..of).map(|place| shape.talk(place)).sum();
    let (mut talk, mut said) = (0.0, 0);
    let mut batch = Batch { store, app, current: 0, groups: vec![], members: vec![], messages: vec![] };
    for place in 0..of {
        let group = shape.group(place);
        talk += shape.talk(place);
        let until =
            if place + 1 == of { shape.request.messages } else { (shape.request.messages as f64 * talk / all_talk) as u64 };
        let count = until.saturating_sub(said);
        said += count;
        let mut spoke = vec![None; group.members.len()];
        for message in shape.messages(place, &group, count) {
            if let Some(member) = message.member {
                spoke[member] = Some(message.sent_at);
            }
        }
        batch.group(&group, count, &spoke, keys);
        for (seq, message) in (1_u64..).zip(shape.messages(place, &group, count)) {
            let sender = shape.account(message.sender).username;
            batch.messages.push((batch.current, seq, SenderType::Account, sender, message.text, message.sent_at));
            batch.write_when_full().await?;
        }
        batch.write_when_full().await?;
        if batch.is_empty() || place + 1 == of {
            progress(Progress { phase: Phase::Groups, done: place + 1, of });
        }
    }
    batch.write().await
}

struct Batch<'a> {
    store: &'a Store,
    app: AppId,
    /// The group that messages are for: its key, or less than 0 while it is not written. Keys are only known then, because somebody
    /// else may make groups too.
    current: i64,
    groups: Vec<Value>,
    members: Vec<(i64, i64, MemberRole, i64, Option<i64>)>,
    messages: Vec<(i64, u64, SenderType, String, &'static str, i64)>,
}

impl Batch<'_> {
    fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.members.is_empty() && self.messages.is_empty()
    }

    /// Takes a group and its members; the messages that follow are for it.
    fn group(&mut self, group: &Group, messages: u64, spoke: &[Option<i64>], keys: &Keys) {
        let key = -1 - self.groups.len() as i64;
        self.current = key;
        let owner = group.members.first().map(|member| keys.of(member.0));
        self.groups.push(json!([
            group.group_id,
            group.group_type,
            group.name,
            group.introduction,
            owner,
            messages + 1,
            group.created_at,
        ]));
        for (place, (&(account, joined_at), spoke)) in group.members.iter().zip(spoke).enumerate() {
            let role = if place == 0 { MemberRole::Owner } else { MemberRole::Member };
            self.members.push((key, keys.of(account), role, joined_at, *spoke));
        }
    }

    async fn write_when_full(&mut self) -> Result<()> {
        if self.groups.len() + self.members.len() + self.messages.len() < BATCH { Ok(()) } else { self.write().await }
    }

    async fn write(&mut self) -> Result<()> {
        let mut transaction = self.store.write().await?;
        let first: i64 =
            sqlx::query_scalar("SELECT coalesce(max(id), 0) + 1 FROM \"group\"").fetch_one(&mut *transaction).await?;
        let known = |key: i64| if key < 0 { first - 1 - key } else { key };
        self.current = known(self.current);
        self.members.iter_mut().for_each(|member| member.0 = known(member.0));
        self.messages.iter_mut().for_each(|message| message.0 = known(message.0));
        // In the order of the table.
        self.members.sort_unstable_by_key(|member| (member.0, member.1));
        for (sql, rows) in [
            (
                "INSERT INTO \"group\" (id, app_id, group_id, type, name, introduction, owner_id, next_msg_seq, created_at)
                 SELECT $1 + key, $2, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6
                 FROM json_each($3)",
                db::json(&self.groups)?,
            ),
            (
                "INSERT INTO member (group_key, account_key, role, joined_at, last_spoke_at)
                 SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each($3)",
                db::json(&self.members)?,
            ),
            (
                "INSERT INTO message (group_key, seq, sender_type, sender, text, sent_at)
                 SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5
                 FROM json_each($3)",
                db::json(&self.messages)?,
            ),
        ] {
            sqlx::query(sql).bind(first).bind(self.app.0).bind(rows).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        self.groups.clear();
        self.members.clear();
        self.messages.clear();
        Ok(())
    }
}
