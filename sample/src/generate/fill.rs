//! Writes generated rows into the database, batch by batch.

use domain::{
    Result,
    account::{checked::CheckedProfile, rules::Username},
    application::AppId,
    group::rules::{GroupId, GroupName, Introduction},
    member::MemberRole,
    message::SenderType,
};
use store::{
    Store, account, application,
    db::{AppTable, now},
    group, member, message,
};

use super::{
    Phase, Progress,
    draft::{Group, Shape},
};
use crate::checked;

/// Rows of one transaction, more or less: some tens of milliseconds.
const BATCH: usize = 4_000;
/// Groups that are deleted in one transaction, with their members, messages and files.
const CLEARED: i64 = 500;

/// What an earlier run made, in the order in which it is deleted.
#[derive(Clone, Copy)]
enum Cleared {
    Groups,
    Accounts,
}

/// Deletes everything that an earlier run made.
pub(super) async fn clear(store: &Store, app: AppId, progress: &mut (impl FnMut(Progress) + Send)) -> Result<()> {
    let (groups, accounts) = application::counts(store, app).await?;
    let of = groups + accounts;
    let mut done = 0;
    for table in [Cleared::Groups, Cleared::Accounts] {
        loop {
            let gone = clear_some(store, app, table).await?;
            if gone == 0 {
                break;
            }
            done += gone;
            progress(Progress { phase: Phase::Clearing, done, of });
        }
    }
    Ok(())
}

/// Deletes some of what is left in a table, in one transaction; how many.
async fn clear_some(store: &Store, app: AppId, table: Cleared) -> Result<u64> {
    let mut transaction = store.write().await?;
    let gone = match table {
        Cleared::Groups => group::rows::delete_some(&mut transaction, app, CLEARED).await?,
        Cleared::Accounts => account::rows::delete_some(&mut transaction, app, BATCH as i64).await?,
    };
    transaction.commit().await?;
    Ok(gone)
}

pub(super) async fn fill(store: &Store, app: AppId, shape: &Shape, progress: &mut (impl FnMut(Progress) + Send)) -> Result<()> {
    let keys = accounts(store, app, shape, progress).await?;
    groups(store, app, shape, &keys, progress).await
}

/// The key of the first account of each batch; the keys of the others follow it.
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
        let row = |place| {
            let row = shape.account(place);
            let username = checked("username", Username::parse(&row.username))?.into();
            let profile = CheckedProfile::new(row.profile)?;
            Ok(account::rows::row(&username, row.account_type, &profile, Some(row.created_at), None))
        };
        let mut rows = (done..end).map(row).collect::<Result<Vec<_>>>()?;
        let mut transaction = store.write().await?;
        let first = transaction.app_keys(app, AppTable::Account, rows.len()).await?;
        for (row, key) in rows.iter_mut().zip(first..) {
            row.set_key(key);
        }
        account::rows::insert_rows(&mut transaction, app, now(), &rows).await?;
        transaction.commit().await?;
        keys.0.push(first);
        done = end;
        progress(Progress { phase: Phase::Accounts, done, of });
    }
    Ok(keys)
}

/// Writes groups with their members and messages. A group and its members are written in one transaction, because the owner is in
/// both; its messages may come later.
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
        batch.group(&group, count, &spoke, keys)?;
        for (seq, told) in (1_u64..).zip(shape.messages(place, &group, count)) {
            let sender = checked("sender", Username::parse(&shape.account(told.sender).username))?.into();
            batch.messages.push(message::rows::NewRow {
                group: batch.current,
                seq,
                sender_type: SenderType::Account,
                sender,
                text: told.text,
                sent_at: told.sent_at,
            });
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
    /// The group that messages belong to: its key, or less than 0 while the group is not written. The keys are only known then,
    /// because other writers may create groups too.
    current: i64,
    /// The keys are set when they are written.
    groups: Vec<group::rows::Row>,
    members: Vec<member::rows::Row>,
    messages: Vec<message::rows::NewRow<'a>>,
}

impl Batch<'_> {
    fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.members.is_empty() && self.messages.is_empty()
    }

    /// Adds a group and its members; the messages that follow belong to it.
    fn group(&mut self, group: &Group, messages: u64, spoke: &[Option<i64>], keys: &Keys) -> Result<()> {
        let key = -1 - self.groups.len() as i64;
        self.current = key;
        let owner = group.members.first().map(|member| keys.of(member.0));
        let introduction = checked("introduction", Introduction::parse(group.introduction))?.into();
        let row = group::rows::NewRow {
            group_id: &checked("group_id", GroupId::parse(&group.group_id))?,
            group_type: group.group_type,
            name: &checked("name", GroupName::parse(&group.name))?.into(),
            introduction: Some(&introduction),
            owner,
            max_member_count: None,
            created_at: Some(group.created_at),
            key: None,
            next_message: messages + 1,
        };
        self.groups.push(row.row());
        for (place, (&(account, joined_at), spoke)) in group.members.iter().zip(spoke).enumerate() {
            let role = if place == 0 { MemberRole::Owner } else { MemberRole::Member };
            self.members.push((key, keys.of(account), role, Some(joined_at), *spoke));
        }
        Ok(())
    }

    async fn write_when_full(&mut self) -> Result<()> {
        if self.groups.len() + self.members.len() + self.messages.len() < BATCH { Ok(()) } else { self.write().await }
    }

    async fn write(&mut self) -> Result<()> {
        let mut transaction = self.store.write().await?;
        let first = transaction.app_keys(self.app, AppTable::Group, self.groups.len()).await?;
        for (row, key) in self.groups.iter_mut().zip(first..) {
            row.set_key(key);
        }
        let known = |key: i64| if key < 0 { first - 1 - key } else { key };
        self.current = known(self.current);
        self.members.iter_mut().for_each(|member| member.0 = known(member.0));
        self.messages.iter_mut().for_each(|message| message.group = known(message.group));
        // In the order of the table.
        self.members.sort_unstable_by_key(|member| (member.0, member.1));
        let at = now();
        group::rows::insert_rows(&mut transaction, self.app, at, &self.groups).await?;
        member::rows::insert_rows(&mut transaction, self.app, at, &self.members).await?;
        message::rows::insert_rows(&mut transaction, self.app, &self.messages).await?;
        transaction.commit().await?;
        self.groups.clear();
        self.members.clear();
        self.messages.clear();
        Ok(())
    }
}
