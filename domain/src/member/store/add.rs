//! Who joins a group.

use std::collections::{HashMap, HashSet};

use serde_json::json;
use sqlx::SqliteConnection;

use super::{accounts, done, refusals, report};
use crate::{
    Caller, Permission, Result, Store,
    application::AppId,
    db::{self, Change, number},
    event::Action,
    group::store::place,
    limits,
    member::{
        MemberRole, Policy, Spelling, Treated,
        rules::{Applicant, admission, judge, require_member_list, usernames as split_usernames},
    },
    page::{BatchReport, Reason, batch_ids},
};

/// Adds accounts to a group; those that a rule forbids are told one by one while the others are added.
pub async fn add(store: &Store, caller: &Caller, app: AppId, group_id: &str, usernames: &str) -> Result<BatchReport> {
    let mut change = Change::begin(store, caller, Permission::Write, Action::MemberAdd, Some(app), group_id).await?;
    let result = async {
        let names = split_usernames(usernames)?;
        add_in(&mut change, app, group_id, &names, Spelling::Exact, Policy::Each).await
    };
    let result = result.await.map(report);
    change.finish(result).await
}

/// The same as the group REST API does it: all or nothing, but who is a member already does no harm as long as somebody is not.
/// Answers those who were added.
pub async fn add_named(store: &Store, caller: &Caller, app: AppId, group_id: &str, names: Vec<String>) -> Result<Vec<String>> {
    let mut change = Change::begin(store, caller, Permission::Write, Action::MemberAdd, Some(app), group_id).await?;
    let result = async {
        let names = batch_ids("usernames", names)?;
        add_in(&mut change, app, group_id, &names, Spelling::Folded, Policy::All).await
    };
    let result = result.await.map(|treated| {
        let added = treated.into_iter().filter(|treated| treated.result.is_ok());
        added.map(|treated| treated.username).collect()
    });
    change.finish(result).await
}

async fn add_in(
    change: &mut Change<'_>,
    app: AppId,
    group_id: &str,
    names: &[String],
    spelling: Spelling,
    policy: Policy,
) -> Result<Vec<Treated>> {
    let group = place(change.db(), app, group_id).await?;
    require_member_list(group.group_type)?;
    let known = accounts(change.db(), app, names, spelling).await?;
    let keys: Vec<i64> = known.values().map(|(_, key)| *key).collect();
    let applicants = applicants(change.db(), group.key, &keys).await?;
    let (mut members, max) = (group.member_count, group.max_members.unwrap_or(0));
    let (mut treated, mut joining) = (Vec::with_capacity(names.len()), Vec::new());
    let mut seen = HashSet::new();
    for name in names {
        let account = known.get(name);
        // Two spellings of one name are one account.
        if account.is_some_and(|(_, key)| !seen.insert(*key)) {
            continue;
        }
        let applicant = account.map(|(_, key)| applicants.get(key).copied().unwrap_or_default());
        let result = admission(applicant, members, max);
        if result.is_ok() {
            members += 1;
            joining.extend(account.map(|(_, key)| *key));
        }
        let username = account.map_or(name, |(username, _)| username).clone();
        treated.push(Treated { username, result });
    }
    if policy == Policy::All {
        let there = |treated: &&Treated| treated.result == Err(Reason::AlreadyMember);
        // When all are members already, that is why the whole is refused.
        if treated.iter().filter(there).count() < treated.len() {
            treated.retain(|treated| treated.result != Err(Reason::AlreadyMember));
        }
    }
    judge(policy, &treated)?;
    insert(change, group.key, &joining).await?;
    let joined = |username: &str| (None, Some(json!({ "username": username, "role": MemberRole::Member })));
    change.events(done(group_id, joined, &treated)).await?;
    change.refused(refusals(group_id, &treated)).await?;
    Ok(treated)
}

/// How accounts stand to a group that they are to join.
pub(crate) async fn applicants(db: &mut SqliteConnection, group: i64, accounts: &[i64]) -> Result<HashMap<i64, Applicant>> {
    let found: Vec<(i64, i64, i64, i64)> = sqlx::query_as(
        "SELECT item.value,
                EXISTS (SELECT 1 FROM member m WHERE m.group_key = $1 AND m.account_key = item.value),
                EXISTS (SELECT 1 FROM group_listed l WHERE l.group_key = $1 AND l.list = 'block' AND l.account_key = item.value),
                (SELECT count(*) FROM (SELECT 1 FROM member o WHERE o.account_key = item.value LIMIT $2))
         FROM json_each($3) AS item",
    )
    .bind(group)
    .bind(limits::GROUPS_PER_ACCOUNT)
    .bind(db::json(accounts)?)
    .fetch_all(db)
    .await?;
    let applicant = |(account, member, blocked, groups): (i64, i64, i64, i64)| {
        Ok((account, Applicant { member: member != 0, blocked: blocked != 0, groups: number(groups)? }))
    };
    found.into_iter().map(applicant).collect()
}

/// The rows of ordinary members who join now; who may has been asked.
pub(crate) async fn insert(change: &mut Change<'_>, group: i64, accounts: &[i64]) -> Result<()> {
    let at = change.at();
    sqlx::query("INSERT INTO member (group_key, account_key, role, joined_at) SELECT $1, value, 'Member', $2 FROM json_each($3)")
        .bind(group)
        .bind(at)
        .bind(db::json(accounts)?)
        .execute(change.db())
        .await?;
    Ok(())
}
