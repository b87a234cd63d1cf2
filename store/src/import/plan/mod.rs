//! Compares checked rows with what is stored, a chunk at a time: what is new, what exists with other values, what exists with the
//! same values, and what a rule forbids. The preview compares through a reader, the job within the transaction in which it
//! writes: one implementation for both.

mod accounts;
mod groups;
mod members;

use std::collections::HashMap;

use domain::{
    Result,
    application::AppId,
    event::rules::truncate_target,
    import::{
        ImportList, RowProblem, Sample, SampleRow,
        check::Wire,
        columns::{fields, keys},
        row::{Fields, ImportRow},
    },
    limits,
    page::Reason,
};
use serde_json::{Map, Value};

use crate::{
    account,
    db::{Conn, OrFault, json, query_as, sql},
    group::{self, member},
};

/// What an import does with one row.
#[derive(Debug)]
pub struct PlannedRow {
    /// The number of the row, counted as a spreadsheet does; the titles are row 1.
    pub row: u32,
    /// Username, group id, or group id and username, as the file has them.
    pub key: Vec<String>,
    /// What is done.
    pub what: RowPlan,
}

/// The values of a row for the statement that writes it; those of one file are all of one kind.
#[derive(Debug)]
pub enum Values {
    /// A new account, or an existing one.
    Account(account::rows::Row),
    /// A new group.
    Group(group::rows::Row),
    /// An existing group.
    ChangedGroup(group::rows::Changed),
    /// A new membership, or an existing one.
    Member(member::rows::Row),
}

impl Values {
    /// Sets the surrogate key of a new row.
    pub(super) fn set_key(&mut self, key: i64) {
        match self {
            Self::Account(row) => row.set_key(key),
            Self::Group(row) => row.set_key(key),
            Self::ChangedGroup(_) | Self::Member(_) => {}
        }
    }
}

#[derive(Debug)]
/// The decision for one row.
pub enum RowPlan {
    /// The row does not exist yet.
    New {
        /// Values for the statement that inserts.
        insert: Values,
        /// The state after, as the event records it.
        after: Value,
    },
    /// The row exists with other values.
    Changed {
        /// Values for the statement that updates.
        update: Values,
        /// The state before, as the event records it.
        before: Value,
        /// The state after, as the event records it.
        after: Value,
    },
    /// The row exists with the same values.
    Unchanged,
    /// The row cannot be imported.
    Refused(RowProblem),
}

/// What earlier rows will have changed by the time that these are written. The job has written the earlier rows, so it begins
/// with an empty value at each chunk.
#[derive(Debug, Default)]
pub struct EarlierRows {
    admins: u32,
    /// By group.
    members: HashMap<i64, u32>,
    group_admins: HashMap<i64, u32>,
    /// By account: the groups that it will belong to.
    groups: HashMap<i64, u32>,
}

impl EarlierRows {
    /// Whether an account may join one more group besides the `groups` that it is in; counts that it does.
    fn joins(&mut self, account: i64, groups: u32) -> Result<(), RowProblem> {
        let earlier = self.groups.entry(account).or_default();
        if groups + *earlier >= limits::GROUPS_PER_ACCOUNT {
            return Err(RowProblem::Barred(Reason::TooManyGroups));
        }
        *earlier += 1;
        Ok(())
    }

    /// Undoes a count of [`Self::joins`].
    fn leaves(&mut self, account: i64) {
        if let Some(earlier) = self.groups.get_mut(&account) {
            *earlier = earlier.saturating_sub(1);
        }
    }

    /// Whether a group may have one more admin besides its `admins`; counts that it does.
    fn promotes(&mut self, group: i64, admins: u32) -> Result<(), RowProblem> {
        let earlier = self.group_admins.entry(group).or_default();
        if admins + *earlier >= limits::GROUP_ADMINS {
            return Err(RowProblem::Barred(Reason::TooManyAdmins));
        }
        *earlier += 1;
        Ok(())
    }
}

/// What all rows of a file have in common.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The app that the rows are for.
    pub app: AppId,
    /// What the rows are.
    pub list: ImportList,
    /// Which columns the file has.
    pub fields: Fields,
    /// What people call the choices of a column.
    pub wire: Wire,
}

impl Plan {
    /// Plans a chunk of rows, in their order. `earlier` has what the rows of earlier chunks change that are not written yet.
    pub async fn chunk(&self, db: &mut Conn, lines: &[ImportRow], earlier: &mut EarlierRows) -> Result<Vec<PlannedRow>> {
        match self.list {
            ImportList::Accounts => self.accounts(db, lines, earlier).await,
            ImportList::Groups => self.groups(db, lines, earlier).await,
            ImportList::Members => self.members(db, lines, earlier).await,
        }
    }

    /// The cell of a field in a row.
    fn cell<'a>(&'a self, line: &'a ImportRow, field: &str) -> Option<&'a str> {
        self.fields.get(line.cells(), field)
    }

    /// The rows, each with the result of `check`.
    fn checked<'a, T>(
        &'a self,
        lines: &'a [ImportRow],
        check: impl Fn(&'a ImportRow) -> Result<T, RowProblem>,
    ) -> Vec<Result<T, RowProblem>> {
        let verdict = |line: &'a ImportRow| {
            if line.cells().len() != self.fields.columns {
                return Err(RowProblem::CellCount { expected: self.fields.columns, actual: line.cells().len() });
            }
            let item = check(line)?;
            match line.same_as() {
                Some(row) => Err(RowProblem::SameAs { row }),
                None => Ok(item),
            }
        };
        lines.iter().map(verdict).collect()
    }

    /// How many groups each of the accounts belongs to; exact up to [`limits::GROUPS_PER_ACCOUNT`].
    async fn groups_of(&self, db: &mut Conn, accounts: &[i64]) -> Result<HashMap<i64, u32>> {
        let found: Vec<(i64, u32)> = query_as(sql!(
            "SELECT item.value, (SELECT count(*) FROM (SELECT 1 FROM member m WHERE m.account_key = item.value LIMIT $1) AS found)
             FROM @item_keys($2)"
        ))
        .bind(limits::GROUPS_PER_ACCOUNT)
        .bind(json(accounts)?)
        .fetch_all(db)
        .await
        .or_fault()?;
        Ok(found.into_iter().collect())
    }

    fn planned(&self, line: &ImportRow, what: RowPlan) -> PlannedRow {
        let key = keys(self.list).iter().map(|key| self.cell(line, key).unwrap_or_default().trim().to_owned()).collect();
        PlannedRow { row: line.row(), key, what }
    }
}

impl PlannedRow {
    /// The row as the preview shows it.
    pub fn sample(self, list: ImportList) -> SampleRow {
        let place = |field: &str| fields(list).position(|other| other == field);
        let text = |value: &Value| match value.as_str() {
            Some(text) => text.to_owned(),
            None if value.is_null() => String::new(),
            None => value.to_string(),
        };
        let pairs = |value: Value| if let Value::Object(map) = value { map } else { Map::new() };
        let what = match self.what {
            RowPlan::New { after, .. } => {
                let is_value = |(field, value): &(String, Value)| {
                    !matches!(field.as_str(), "username" | "group_id") && !value.is_null() && value.as_str() != Some("")
                };
                let mut values: Vec<_> =
                    pairs(after).into_iter().filter(is_value).map(|(field, value)| (field, text(&value))).collect();
                values.sort_by_key(|(field, _)| place(field));
                Sample::New(values)
            }
            RowPlan::Changed { before, after, .. } => {
                let before = pairs(before);
                let change = |(field, value): (String, Value)| {
                    let old = before.get(&field).map(text).unwrap_or_default();
                    (field, old, text(&value))
                };
                let mut values: Vec<_> = pairs(after).into_iter().map(change).collect();
                values.sort_by_key(|(field, ..)| place(field));
                Sample::Changed(values)
            }
            RowPlan::Unchanged => Sample::Unchanged,
            RowPlan::Refused(trouble) => Sample::Refused(trouble),
        };
        let key = self.key.iter().map(|key| truncate_target(key).to_owned()).collect();
        SampleRow { row: self.row, key, what }
    }
}
