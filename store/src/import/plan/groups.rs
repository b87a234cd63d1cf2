//! Compares rows of groups with the stored groups.

use std::collections::HashMap;

use domain::{
    Code, FieldError, Result,
    account::rules::LongUsername,
    group::rules::KeptIntroduction,
    import::{
        RowProblem,
        check::{self, GroupRow},
        row::ImportRow,
    },
};
use serde_json::{Value, json};

use super::{EarlierRows, Plan, PlannedRow, RowPlan, Values};
use crate::{
    change::diff,
    db::{Conn, OrFault, json as to_json, query_as, sql},
    group::rows::{ChangedRow, NewRow},
};

/// A group as stored.
#[derive(sqlx::FromRow)]
struct Stored {
    group_id: String,
    id: i64,
    #[sqlx(rename = "type")]
    group_type: String,
    name: String,
    introduction: String,
    owner: Option<String>,
    max_member_count: Option<i64>,
    created_at: i64,
}

impl Plan {
    pub(super) async fn groups(&self, db: &mut Conn, lines: &[ImportRow], earlier: &mut EarlierRows) -> Result<Vec<PlannedRow>> {
        let rows = self.checked(lines, |line| check::group(|field| self.cell(line, field), self.wire));
        let ids: Vec<&str> = rows.iter().flatten().map(|row| row.group_id.as_str()).collect();
        let stored: Vec<Stored> = query_as(sql!(
            "SELECT g.group_id, g.id, g.type, g.name, g.introduction, o.username AS owner, g.max_member_count, g.created_at
             FROM @items($2) @join \"group\" g ON g.app_id = $1 AND g.group_id = item.value
             LEFT JOIN account o ON o.id = g.owner_id"
        ))
        .bind(self.app.key())
        .bind(to_json(&ids)?)
        .fetch_all(&mut *db)
        .await
        .or_fault()?;
        let stored: HashMap<String, Stored> = stored.into_iter().map(|group| (group.group_id.clone(), group)).collect();
        let owner = |row: &GroupRow| row.owner.clone().flatten().map(LongUsername::into_string);
        let owners: Vec<String> = rows.iter().flatten().filter_map(owner).collect();
        let accounts = self.accounts_named(db, &owners).await?;
        let keys: Vec<i64> = accounts.values().copied().collect();
        let in_groups = self.groups_of(db, &keys).await?;
        let mut planned = Vec::with_capacity(lines.len());
        for (line, row) in lines.iter().zip(rows) {
            let what = match row {
                Err(trouble) => RowPlan::Refused(trouble),
                Ok(row) => match stored.get(row.group_id.as_str()) {
                    Some(stored) => compare(&row, stored),
                    None => new(&row, &accounts, &in_groups, earlier),
                },
            };
            planned.push(self.planned(line, what));
        }
        Ok(planned)
    }

    /// The keys of those accounts that exist.
    pub(super) async fn accounts_named(&self, db: &mut Conn, names: &[String]) -> Result<HashMap<String, i64>> {
        let found: Vec<(String, i64)> = query_as(sql!(
            "SELECT a.username, a.id FROM @items($2) @join account a ON a.app_id = $1 AND a.username = item.value"
        ))
        .bind(self.app.key())
        .bind(to_json(names)?)
        .fetch_all(db)
        .await
        .or_fault()?;
        Ok(found.into_iter().collect())
    }
}

fn new(row: &GroupRow, accounts: &HashMap<String, i64>, in_groups: &HashMap<i64, u32>, earlier: &mut EarlierRows) -> RowPlan {
    let (name, group_type) = match row.required() {
        Ok(required) => required,
        Err(trouble) => return RowPlan::Refused(trouble),
    };
    let owner = row.owner.as_ref().and_then(Option::as_ref).map(LongUsername::as_str);
    let owner_key = match owner {
        None => None,
        Some(name) => match accounts.get(name) {
            Some(key) => Some(*key),
            None => {
                let code = Code::NotRegistered(vec![name.to_owned()]);
                return RowPlan::Refused(RowProblem::Fields(vec![FieldError { field: "owner".to_owned(), code }]));
            }
        },
    };
    // Where a list is kept, the owner becomes a member.
    if let Some(owner) = owner_key.filter(|_| group_type.keeps_members())
        && let Err(trouble) = earlier.joins(owner, in_groups.get(&owner).copied().unwrap_or(0))
    {
        return RowPlan::Refused(trouble);
    }
    let introduction = row.introduction.as_ref();
    let most = row.max_member_count.flatten();
    let created_at = row.created_at.map(|created| created.at);
    let values = NewRow {
        group_id: &row.group_id,
        group_type,
        name,
        introduction,
        owner: owner_key,
        max_member_count: most,
        created_at,
        key: None,
        next_message: 1,
    };
    let insert = Values::Group(values.row());
    let mut after = json!({ "group_id": row.group_id.as_str(), "name": name.as_str(), "type": group_type, "owner": owner });
    let more = [
        ("introduction", introduction.map(KeptIntroduction::as_str).filter(|text| !text.is_empty()).map(Value::from)),
        ("max_member_count", most.map(|most| most.get().into())),
        ("created_at", created_at.map(Value::from)),
    ];
    for (field, value) in more {
        if let Some(value) = value {
            after[field] = value;
        }
    }
    RowPlan::New { insert, after }
}

fn compare(row: &GroupRow, stored: &Stored) -> RowPlan {
    if row.group_type.is_some_and(|group_type| group_type.as_str() != stored.group_type) {
        return RowPlan::Refused(RowProblem::TypeIsFixed);
    }
    if row.owner.as_ref().is_some_and(|owner| owner.as_ref().map(LongUsername::as_str) != stored.owner.as_deref()) {
        return RowPlan::Refused(RowProblem::OwnerIsFixed);
    }
    let name = row.name.as_ref().map_or(stored.name.as_str(), |name| name.as_str());
    let introduction = row.introduction.as_ref().map_or(stored.introduction.as_str(), |text| text.as_str());
    let most = row.max_member_count.map_or(stored.max_member_count, |most| most.map(|most| most.get().into()));
    let created_at =
        row.created_at.filter(|created| !created.is(stored.created_at)).map_or(stored.created_at, |created| created.at);
    let before = json!({
        "name": stored.name, "introduction": stored.introduction, "max_member_count": stored.max_member_count,
        "created_at": stored.created_at,
    });
    let after = json!({ "name": name, "introduction": introduction, "max_member_count": most, "created_at": created_at });
    match diff(before, after) {
        None => RowPlan::Unchanged,
        Some((before, after)) => {
            let (name, introduction) = (row.name.as_ref(), row.introduction.as_ref());
            let update = ChangedRow { key: stored.id, name, introduction, max_member_count: most, created_at };
            RowPlan::Changed { update: Values::ChangedGroup(update.row()), before, after }
        }
    }
}
