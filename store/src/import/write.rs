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
    db::KeyedTable,
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
    /// See [`Keys::base`].
    pub key_base: i64,
}

/// The surrogate keys of new accounts and groups. Lists sort rows of the same time by key, newest first, so the rows of a file
/// that is sorted like that get falling keys: an exported list comes back in its order.
#[derive(Debug, Clone, Copy)]
pub struct Keys {
    /// All keys of the import are above it; -1 before it is known.
    pub base: i64,
    /// Rows before this chunk.
    pub done: u64,
    /// Rows of the file.
    pub total: u64,
    /// Whether the oldest row comes first.
    pub ascending: bool,
}

impl Keys {
    /// The key of a row of this chunk, counted from 0.
    fn of(self, place: usize) -> i64 {
        let place = self.done + place as u64;
        let above = if self.ascending { place + 1 } else { self.total.saturating_sub(place) };
        self.base.saturating_add_unsigned(above)
    }

    /// Finds a base when there is none yet, or when one of this chunk's keys was taken meanwhile.
    async fn settle(&mut self, change: &mut Change<'_>, list: ImportList, rows: usize) -> Result<()> {
        let (first, last) = (self.of(0), self.of(rows.saturating_sub(1)));
        let (low, high) = (first.min(last), first.max(last));
        let db = change.db();
        let table = match list {
            ImportList::Accounts => KeyedTable::Accounts,
            ImportList::Groups => KeyedTable::Groups,
            ImportList::Members => return Ok(()),
        };
        if self.base < 0 || table.has_key_within(db, low, high).await? {
            self.base = table.last_key(db).await?;
        }
        Ok(())
    }
}

/// Writes a chunk; rows without a time get `at`, milliseconds since 1970. For [`ConflictMode::Stop`] no row may be
/// [`RowPlan::Changed`].
pub async fn write(
    change: &mut Change<'_>,
    plan: &Plan,
    mode: ConflictMode,
    planned: Vec<PlannedRow>,
    mut keys: Keys,
    at: i64,
) -> Result<WrittenChunk> {
    let (app, list) = (plan.app, plan.list);
    let mut written = WrittenChunk::default();
    let (mut inserts, mut updates, mut made, mut edited) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    if planned.iter().any(|row| matches!(row.what, RowPlan::New { .. })) {
        keys.settle(change, list, planned.len()).await?;
    }
    written.key_base = keys.base;
    for (place, row) in planned.into_iter().enumerate() {
        // The target of memberships in the log is their group.
        let target = row.key.first().cloned().unwrap_or_default();
        match row.what {
            RowPlan::New { mut insert, after } => {
                written.counts.new += 1;
                match &mut insert {
                    Values::Account(row) => row.set_key(keys.of(place)),
                    Values::Group(row) => row.set_key(keys.of(place)),
                    Values::ChangedGroup(_) | Values::Member(_) => {}
                }
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
    if !keys.ascending {
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
    let db = change.db();
    if !rows.accounts.is_empty() {
        account::rows::insert_rows(db, app, at, &rows.accounts).await?;
    }
    if !rows.groups.is_empty() {
        group::rows::insert_rows(db, app, at, &rows.groups).await?;
        // The owner is a member from the start, where a list is kept.
        member::rows::insert_owners(db, app, &rows.groups).await?;
    }
    if !rows.members.is_empty() {
        member::rows::insert_rows(db, at, &rows.members).await?;
    }
    Ok(())
}

async fn update(change: &mut Change<'_>, app: AppId, values: Vec<Values>) -> Result<()> {
    let rows = Rows::of(values);
    let at = change.at();
    if !rows.accounts.is_empty() {
        account::rows::update_rows(change.db(), app, at, &rows.accounts).await?;
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
