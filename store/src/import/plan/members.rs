//! Compares rows of memberships with the stored memberships.

use std::collections::{HashMap, HashSet};

use domain::{
    Code, FieldError, Result,
    group::GroupType,
    import::{
        RowProblem,
        check::{self, MemberRow},
        row::ImportRow,
    },
    member::{MemberRole, rules::max_members},
    page::Reason,
};
use serde_json::{Value, json};

use super::{EarlierRows, Plan, PlannedRow, RowPlan, Values};
use crate::{
    change::diff,
    db::{Conn, OrFault, decode_enum, decode_int, json as to_json, query_as, sql},
};

/// The group that a row names.
struct Group {
    key: i64,
    group_type: GroupType,
    members: u32,
    /// The most members; `None`: no member list is kept.
    most: Option<u32>,
    owner: Option<i64>,
    admins: u32,
}

/// Group id, key, type, members, the group's own limit, owner, admins.
type GroupColumns = (String, i64, String, i64, Option<i64>, Option<i64>, u32);

/// A membership as stored.
struct Stored {
    role: MemberRole,
    joined_at: i64,
    last_spoke_at: Option<i64>,
}

impl Plan {
    pub(super) async fn members(&self, db: &mut Conn, lines: &[ImportRow], earlier: &mut EarlierRows) -> Result<Vec<PlannedRow>> {
        let rows = self.checked(lines, |line| check::member(|field| self.cell(line, field), self.wire));
        let groups = self.groups_named(db, rows.iter().flatten().map(|row| row.group_id.as_str())).await?;
        let names: Vec<String> = rows.iter().flatten().map(|row| row.username.as_str().to_owned()).collect();
        let accounts = self.accounts_named(db, &names).await?;
        let pair = |row: &MemberRow| Some((groups.get(row.group_id.as_str())?.key, *accounts.get(row.username.as_str())?));
        let pairs: Vec<(i64, i64)> = rows.iter().flatten().filter_map(pair).collect();
        let stored = memberships(db, &pairs).await?;
        let keys: Vec<i64> = accounts.values().copied().collect();
        let known = Known { stored, blocked: blocked(db, &pairs).await?, in_groups: self.groups_of(db, &keys).await? };
        let mut planned = Vec::with_capacity(lines.len());
        for (line, row) in lines.iter().zip(rows) {
            let what = match row {
                Err(trouble) => RowPlan::Refused(trouble),
                Ok(row) => {
                    let account = accounts.get(row.username.as_str()).copied();
                    decide(&row, groups.get(row.group_id.as_str()), account, &known, earlier)
                }
            };
            planned.push(self.planned(line, what));
        }
        Ok(planned)
    }

    async fn groups_named(&self, db: &mut Conn, ids: impl Iterator<Item = &str>) -> Result<HashMap<String, Group>> {
        let ids: std::collections::HashSet<&str> = ids.collect();
        let found: Vec<GroupColumns> = query_as(sql!(
            "SELECT g.group_id, g.id, g.type, g.member_count, g.max_member_count, g.owner_id,
                    (SELECT count(*) FROM member m WHERE m.group_key = g.id AND m.role = 'Admin')
             FROM @items($2) @join \"group\" g ON g.app_id = $1 AND g.group_id = item.value"
        ))
        .bind(self.app.key())
        .bind(to_json(&ids)?)
        .fetch_all(db)
        .await
        .or_fault()?;
        let group = |(id, key, group_type, members, own, owner, admins): GroupColumns| {
            let group_type = decode_enum(&group_type, GroupType::parse)?;
            let most = max_members(group_type, own.map(decode_int).transpose()?);
            Ok((id, Group { key, group_type, members: decode_int(members)?, most, owner, admins }))
        };
        found.into_iter().map(group).collect()
    }
}

async fn memberships(db: &mut Conn, pairs: &[(i64, i64)]) -> Result<HashMap<(i64, i64), Stored>> {
    let found: Vec<(i64, i64, String, i64, Option<i64>)> = query_as(sql!(
        "SELECT m.group_key, m.account_key, m.role, m.joined_at, m.last_spoke_at
         FROM @rows($1: group_key int, account_key int) AS v
         @join member m ON m.group_key = v.group_key AND m.account_key = v.account_key"
    ))
    .bind(to_json(pairs)?)
    .fetch_all(db)
    .await
    .or_fault()?;
    let row = |(group, account, role, joined_at, last_spoke_at): (i64, i64, String, i64, Option<i64>)| {
        Ok(((group, account), Stored { role: decode_enum(&role, MemberRole::parse)?, joined_at, last_spoke_at }))
    };
    found.into_iter().map(row).collect()
}

/// Those of the pairs (group and account) in which the group has blocked the account.
async fn blocked(db: &mut Conn, pairs: &[(i64, i64)]) -> Result<HashSet<(i64, i64)>> {
    let found: Vec<(i64, i64)> = query_as(sql!(
        "SELECT l.group_key, l.account_key FROM @rows($1: group_key int, account_key int) AS v
         @join group_listed l ON l.group_key = v.group_key AND l.list = 'block' AND l.account_key = v.account_key"
    ))
    .bind(to_json(pairs)?)
    .fetch_all(db)
    .await
    .or_fault()?;
    Ok(found.into_iter().collect())
}

/// What is known of the accounts and groups of a chunk of rows.
struct Known {
    /// By group and account.
    stored: HashMap<(i64, i64), Stored>,
    blocked: HashSet<(i64, i64)>,
    /// By account.
    in_groups: HashMap<i64, u32>,
}

fn decide(row: &MemberRow, group: Option<&Group>, account: Option<i64>, known: &Known, earlier: &mut EarlierRows) -> RowPlan {
    let Some(group) = group else { return RowPlan::Refused(RowProblem::NoGroup) };
    let Some(most) = group.most.filter(|_| group.group_type.keeps_members()) else {
        return RowPlan::Refused(RowProblem::NoMemberList);
    };
    let Some(account) = account else {
        let code = Code::NotRegistered(vec![row.username.as_str().to_owned()]);
        return RowPlan::Refused(RowProblem::Fields(vec![FieldError { field: "username".to_owned(), code }]));
    };
    let owns = group.owner == Some(account);
    match row.role {
        Some(MemberRole::Owner) if !owns => return RowPlan::Refused(RowProblem::NotTheOwner),
        Some(MemberRole::Admin | MemberRole::Member) if owns => return RowPlan::Refused(RowProblem::IsTheOwner),
        Some(MemberRole::Owner | MemberRole::Admin | MemberRole::Member) | None => {}
    }
    let becomes_admin = row.role == Some(MemberRole::Admin);
    match known.stored.get(&(group.key, account)) {
        Some(stored) => {
            if becomes_admin
                && stored.role != MemberRole::Admin
                && let Err(trouble) = earlier.promotes(group.key, group.admins)
            {
                return RowPlan::Refused(trouble);
            }
            compare(row, (group.key, account), stored)
        }
        None => {
            if known.blocked.contains(&(group.key, account)) {
                return RowPlan::Refused(RowProblem::Barred(Reason::Blocked));
            }
            let added = earlier.members.get(&group.key).copied().unwrap_or_default();
            if group.members + added >= most {
                return RowPlan::Refused(RowProblem::GroupFull { max: most });
            }
            if let Err(trouble) = earlier.joins(account, known.in_groups.get(&account).copied().unwrap_or(0)) {
                return RowPlan::Refused(trouble);
            }
            if becomes_admin && let Err(trouble) = earlier.promotes(group.key, group.admins) {
                // A row that is refused takes no room from later rows.
                earlier.leaves(account);
                return RowPlan::Refused(trouble);
            }
            *earlier.members.entry(group.key).or_default() += 1;
            let role = row.role.unwrap_or(MemberRole::Member);
            let joined_at = row.joined_at.map(|joined| joined.at);
            let spoke = row.last_spoke_at.flatten().map(|spoke| spoke.at);
            let mut after = json!({ "username": row.username.as_str(), "role": role });
            for (field, value) in [("joined_at", joined_at), ("last_spoke_at", spoke)] {
                if let Some(at) = value {
                    after[field] = Value::from(at);
                }
            }
            RowPlan::New { insert: Values::Member((group.key, account, role, joined_at, spoke)), after }
        }
    }
}

fn compare(row: &MemberRow, key: (i64, i64), stored: &Stored) -> RowPlan {
    let role = row.role.unwrap_or(stored.role);
    let joined_at = row.joined_at.filter(|joined| !joined.is(stored.joined_at)).map_or(stored.joined_at, |joined| joined.at);
    let spoke = match row.last_spoke_at {
        None => stored.last_spoke_at,
        Some(None) => None,
        Some(Some(spoke)) if stored.last_spoke_at.is_some_and(|stored| spoke.is(stored)) => stored.last_spoke_at,
        Some(Some(spoke)) => Some(spoke.at),
    };
    let before = json!({ "role": stored.role, "joined_at": stored.joined_at, "last_spoke_at": stored.last_spoke_at });
    let after = json!({ "role": role, "joined_at": joined_at, "last_spoke_at": spoke });
    match diff(before, after) {
        None => RowPlan::Unchanged,
        Some((before, after)) => {
            RowPlan::Changed { update: Values::Member((key.0, key.1, role, Some(joined_at), spoke)), before, after }
        }
    }
}
