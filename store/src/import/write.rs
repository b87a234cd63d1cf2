//! Writes the planned rows of one chunk: one statement for all new rows, one for all changed rows, one for their events.

use domain::{
    Result,
    application::AppId,
    event::Action,
    import::{ConflictMode, ImportCounts, ImportList, RowProblem},
};

use super::plan::{Plan, PlannedRow, RowPlan, Values};
use crate::{
    account,
    change::{Change, NewEvent},
    db::{AppTable, decode_int},
    group, member,
};

/// What a chunk did.
#[derive(Debug, Default)]
pub struct WrittenChunk {
    /// What happened to the rows of the chunk.
    pub counts: ImportCounts,
    /// Of each refused row its number, its key, see [`PlannedRow::key`], and the reason.
    pub refused: Vec<(u32, Vec<String>, RowProblem)>,
    /// Rows that were written. Rows that the mode leaves as they are count as changed, but were not written.
    pub done: u64,
    /// The keys for the rows that follow.
    pub keys: Keys,
}

/// The surrogate keys of new accounts and groups. Lists sort rows of the same time by key, newest first, so the rows of a file
/// that is sorted like that get falling keys: an exported list comes back in its order.
#[derive(Debug, Clone, Copy, Default)]
pub struct Keys {
    /// The key of the next new row.
    pub next: i64,
    /// How many keys are left, this one included; 0 at the start.
    pub left: u64,
}

/// In what order an import needs its keys, and how many.
#[derive(Debug, Clone, Copy)]
pub struct KeyOrder {
    /// Whether the oldest row comes first.
    pub ascending: bool,
    /// How many of the rows that follow are new as far as the preview knows.
    pub expected: u64,
}

impl Keys {
    /// The key of the next new row. When none is left, as many are taken as are `needed`.
    async fn next(&mut self, change: &mut Change<'_>, app: AppId, table: AppTable, ascending: bool, needed: u64) -> Result<i64> {
        if self.left == 0 {
            let count = needed.max(1);
            let first = change.app_keys(app, table, decode_int(count.cast_signed())?).await?;
            self.left = count;
            self.next = if ascending { first } else { first + count.cast_signed() - 1 };
        }
        let key = self.next;
        self.left -= 1;
        self.next += if ascending { 1 } else { -1 };
        Ok(key)
    }
}

/// Writes a chunk; rows without a time get `at`, milliseconds since 1970. For [`ConflictMode::Stop`] no row may be
/// [`RowPlan::Changed`].
pub async fn write(
    change: &mut Change<'_>,
    plan: &Plan,
    mode: ConflictMode,
    planned: Vec<PlannedRow>,
    (keys, order): (Keys, KeyOrder),
    at: i64,
) -> Result<WrittenChunk> {
    let (app, list) = (plan.app, plan.list);
    let mut written = WrittenChunk { keys, ..WrittenChunk::default() };
    let new = planned.iter().filter(|row| matches!(row.what, RowPlan::New { .. })).count() as u64;
    let (mut inserts, mut updates, mut made, mut edited) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    // More rows may be new than when the file was read.
    let needed = order.expected.max(new);
    let table = match list {
        ImportList::Accounts => AppTable::Account,
        // Memberships have no keys of their own.
        ImportList::Groups | ImportList::Members => AppTable::Group,
    };
    for row in planned {
        // The target of memberships in the log is their group.
        let target = row.key.first().cloned().unwrap_or_default();
        match row.what {
            RowPlan::New { mut insert, after } => {
                if list != ImportList::Members {
                    let needed = needed - written.counts.new;
                    let key = written.keys.next(change, app, table, order.ascending, needed).await?;
                    insert.set_key(key);
                }
                written.counts.new += 1;
                inserts.push(insert);
                made.push(NewEvent { target, after: Some(after), ..NewEvent::default() });
            }
            RowPlan::Changed { update, before, after } => {
                written.counts.changed += 1;
                if mode == ConflictMode::Update {
                    updates.push(update);
                    let mut after = after;
                    if list == ImportList::Members {
                        // The username on one side only: the log leaves out what is the same on both.
                        after["username"] = row.key.get(1).cloned().into();
                    }
                    edited.push(NewEvent { target, before: Some(before), after: Some(after), ..NewEvent::default() });
                }
            }
            RowPlan::Unchanged => written.counts.unchanged += 1,
            RowPlan::Refused(trouble) => {
                written.counts.refused += 1;
                written.refused.push((row.row, row.key, trouble));
            }
        }
    }
    written.done = (inserts.len() + updates.len()) as u64;
    let (create, edit) = match list {
        ImportList::Accounts => (Action::AccountCreate, Action::AccountEdit),
        ImportList::Groups => (Action::GroupCreate, Action::GroupEdit),
        ImportList::Members => (Action::MemberAdd, Action::MemberEdit),
    };
    if !order.ascending {
        // Rising keys within a statement, so that the tables and the search index append them at their end.
        inserts.reverse();
    }
    if !inserts.is_empty() {
        insert(change, app, inserts, at).await?;
        change.events_of(create, made).await?;
    }
    if !updates.is_empty() {
        update(change, app, updates).await?;
        change.events_of(edit, edited).await?;
    }
    Ok(written)
}

async fn insert(change: &mut Change<'_>, app: AppId, values: Vec<Values>, at: i64) -> Result<()> {
    let rows = Rows::of(values);
    let transaction = change.transaction();
    if !rows.accounts.is_empty() {
        account::rows::insert_rows(transaction, app, at, &rows.accounts).await?;
    }
    if !rows.groups.is_empty() {
        group::rows::insert_rows(transaction, app, at, &rows.groups).await?;
        // The owner is a member from the start, where a list is kept.
        member::rows::insert_owners(transaction, app, &rows.groups).await?;
    }
    if !rows.members.is_empty() {
        member::rows::insert_rows(transaction, app, at, &rows.members).await?;
    }
    Ok(())
}

async fn update(change: &mut Change<'_>, app: AppId, values: Vec<Values>) -> Result<()> {
    let rows = Rows::of(values);
    let at = change.at();
    if !rows.accounts.is_empty() {
        account::rows::update_rows(change.transaction(), app, at, &rows.accounts).await?;
    }
    if !rows.changed_groups.is_empty() {
        group::rows::update_rows(change.db(), app, &rows.changed_groups).await?;
    }
    if !rows.members.is_empty() {
        member::rows::update_rows(change.db(), &rows.members).await?;
    }
    Ok(())
}

/// The rows of one statement, by kind.
#[derive(Default)]
struct Rows {
    accounts: Vec<account::rows::Row>,
    groups: Vec<group::rows::Row>,
    changed_groups: Vec<group::rows::Changed>,
    members: Vec<member::rows::Row>,
}

impl Rows {
    fn of(values: Vec<Values>) -> Self {
        let mut rows = Self::default();
        for row in values {
            match row {
                Values::Account(row) => rows.accounts.push(row),
                Values::Group(row) => rows.groups.push(row),
                Values::ChangedGroup(row) => rows.changed_groups.push(row),
                Values::Member(row) => rows.members.push(row),
            }
        }
        rows
    }
}
