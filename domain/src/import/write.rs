//! Writes the planned rows of one chunk: one statement for all that are new, one for all that change, one for their events.

use serde_json::Value;

use super::{
    ConflictMode, ImportCounts, ImportList, Trouble,
    plan::{Plan, Planned, What},
};
use crate::{
    Result,
    application::AppId,
    db::{Change, Recorded, json},
    event::Action,
};

/// What a chunk did.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub counts: ImportCounts,
    /// The number of the row, what it was about, and why not.
    pub refused: Vec<(u32, Vec<String>, Trouble)>,
    /// Rows that a mode leaves as they are count as changed, but were not written.
    pub done: u64,
    /// See [`Keys::base`].
    pub key_base: i64,
}

/// The surrogate keys of new accounts and groups. Lists sort things of the same moment by key, newest first, so the rows of a file that
/// is sorted like that get falling keys: what was exported comes back in its order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keys {
    /// All keys of the import lie above it; -1 before it is known.
    pub base: i64,
    /// Rows before this chunk.
    pub done: u64,
    /// Rows of the file.
    pub total: u64,
    /// Whether the oldest stands first.
    pub ascending: bool,
}

impl Keys {
    /// Of a row of this chunk, counted from 0.
    fn of(self, place: usize) -> i64 {
        let place = self.done + place as u64;
        let above = if self.ascending { place + 1 } else { self.total.saturating_sub(place) };
        self.base.saturating_add_unsigned(above)
    }

    /// Finds a base, when there is none yet or somebody else took one of this chunk's keys.
    async fn settle(&mut self, change: &mut Change<'_>, list: ImportList, rows: usize) -> Result<()> {
        let (taken, top) = match list {
            ImportList::Accounts => {
                ("SELECT EXISTS (SELECT 1 FROM account WHERE id BETWEEN $1 AND $2)", "SELECT coalesce(max(id), 0) FROM account")
            }
            ImportList::Groups => (
                "SELECT EXISTS (SELECT 1 FROM \"group\" WHERE id BETWEEN $1 AND $2)",
                "SELECT coalesce(max(id), 0) FROM \"group\"",
            ),
            ImportList::Members => return Ok(()),
        };
        let (first, last) = (self.of(0), self.of(rows.saturating_sub(1)));
        let (low, high) = (first.min(last), first.max(last));
        if self.base < 0 || sqlx::query_scalar(taken).bind(low).bind(high).fetch_one(change.db()).await? {
            self.base = sqlx::query_scalar(top).fetch_one(change.db()).await?;
        }
        Ok(())
    }
}

/// Writes a chunk; rows that give no time get `at`. In mode Stop there must be no changed row among them.
pub(super) async fn write(
    change: &mut Change<'_>,
    plan: &Plan,
    mode: ConflictMode,
    planned: Vec<Planned>,
    mut keys: Keys,
    at: i64,
) -> Result<Written> {
    let (app, list) = (plan.app, plan.list);
    let mut written = Written::default();
    let (mut inserts, mut updates, mut made, mut edited) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    if planned.iter().any(|row| matches!(row.what, What::New { .. })) {
        keys.settle(change, list, planned.len()).await?;
    }
    written.key_base = keys.base;
    for (place, row) in planned.into_iter().enumerate() {
        // Memberships stand in the log under their group.
        let target = row.key.first().cloned().unwrap_or_default();
        match row.what {
            What::New { mut insert, after } => {
                written.counts.new += 1;
                if let (Value::Array(values), ImportList::Accounts | ImportList::Groups) = (&mut insert, list) {
                    values.push(keys.of(place).into());
                }
                inserts.push(insert);
                made.push(Recorded { target, after: Some(after), ..Recorded::default() });
            }
            What::Changed { update, before, after } => {
                written.counts.changed += 1;
                if mode == ConflictMode::Update {
                    updates.push(update);
                    let mut after = after;
                    if list == ImportList::Members {
                        // On one side only: the log leaves out what is the same on both.
                        after["username"] = row.key.get(1).cloned().into();
                    }
                    edited.push(Recorded { target, before: Some(before), after: Some(after), ..Recorded::default() });
                }
            }
            What::Unchanged => written.counts.unchanged += 1,
            What::Refused(trouble) => {
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
        // Rising keys within a statement: the tables and the search index take them at their end.
        inserts.reverse();
    }
    if !inserts.is_empty() {
        insert(change, app, list, &inserts, at).await?;
        change.events_of(create, made).await?;
    }
    if !updates.is_empty() {
        update(change, app, list, &updates).await?;
        change.events_of(edit, edited).await?;
    }
    Ok(written)
}

async fn insert(change: &mut Change<'_>, app: AppId, list: ImportList, rows: &[Value], at: i64) -> Result<()> {
    let rows = json(rows)?;
    let sql = match list {
        ImportList::Accounts => {
            "INSERT INTO account (app_id, username, type, nickname, gender, birthday, location, self_signature, allow_type,
                                  language, image, msg_settings, admin_forbid_type, level, role, created_at, id)
             SELECT $1, v.value ->> 0, v.value ->> 1, v.value ->> 2, v.value ->> 3, v.value ->> 4, v.value ->> 5, v.value ->> 6,
                    v.value ->> 7, v.value ->> 8, v.value ->> 9, v.value ->> 10, v.value ->> 11, v.value ->> 12, v.value ->> 13,
                    coalesce(v.value ->> 14, $2), v.value ->> 15
             FROM json_each($3) AS v"
        }
        ImportList::Groups => {
            "INSERT INTO \"group\" (app_id, group_id, type, name, introduction, owner_id, max_member_count, created_at, id)
             SELECT $1, v.value ->> 0, v.value ->> 1, v.value ->> 2, v.value ->> 3, v.value ->> 4, v.value ->> 5,
                    coalesce(v.value ->> 6, $2), v.value ->> 7
             FROM json_each($3) AS v"
        }
        ImportList::Members => {
            "INSERT INTO member (group_key, account_key, role, joined_at, last_spoke_at)
             SELECT v.value ->> 0, v.value ->> 1, v.value ->> 2, coalesce(v.value ->> 3, $2), v.value ->> 4
             FROM json_each($3) AS v WHERE $1 = $1"
        }
    };
    sqlx::query(sql).bind(app.0).bind(at).bind(&rows).execute(change.db()).await?;
    if list == ImportList::Groups {
        // The owner is a member from the start, where a list is kept.
        sqlx::query(
            "INSERT INTO member (group_key, account_key, role, joined_at)
             SELECT g.id, g.owner_id, 'Owner', g.created_at FROM json_each($2) AS v
             CROSS JOIN \"group\" g ON g.app_id = $1 AND g.group_id = v.value ->> 0
             WHERE g.owner_id IS NOT NULL AND g.type <> 'AVChatRoom'",
        )
        .bind(app.0)
        .bind(&rows)
        .execute(change.db())
        .await?;
    }
    Ok(())
}

async fn update(change: &mut Change<'_>, app: AppId, list: ImportList, rows: &[Value]) -> Result<()> {
    let sql = match list {
        ImportList::Accounts => {
            "UPDATE account SET nickname = v.value ->> 2, gender = v.value ->> 3, birthday = v.value ->> 4,
                    location = v.value ->> 5, self_signature = v.value ->> 6, allow_type = v.value ->> 7,
                    language = v.value ->> 8, image = v.value ->> 9, msg_settings = v.value ->> 10,
                    admin_forbid_type = v.value ->> 11, level = v.value ->> 12, role = v.value ->> 13,
                    created_at = v.value ->> 14, version = version + 1, modified_at = $3
             FROM json_each($2) AS v WHERE account.app_id = $1 AND account.username = v.value ->> 0"
        }
        ImportList::Groups => {
            "UPDATE \"group\" SET name = v.value ->> 1, introduction = v.value ->> 2, max_member_count = v.value ->> 3,
                    created_at = v.value ->> 4, version = version + 1
             FROM json_each($2) AS v WHERE \"group\".app_id = $1 AND \"group\".id = v.value ->> 0 AND $3 = $3"
        }
        ImportList::Members => {
            "UPDATE member SET role = v.value ->> 2, joined_at = v.value ->> 3, last_spoke_at = v.value ->> 4
             FROM json_each($2) AS v
             WHERE member.group_key = v.value ->> 0 AND member.account_key = v.value ->> 1 AND $1 = $1 AND $3 = $3"
        }
    };
    let at = change.at();
    sqlx::query(sql).bind(app.0).bind(json(rows)?).bind(at).execute(change.db()).await?;
    Ok(())
}
