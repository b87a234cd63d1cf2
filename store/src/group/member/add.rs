//! Who joins a group.

use domain::{
    Caller, Permission, Result,
    application::AppId,
    event::Action,
    member::{
        MemberRole, Policy, Spelling, Treated,
        rules::{admission, judge, require_member_list, usernames as split_usernames},
    },
    page::{BatchReport, Reason, batch_ids},
};
use serde_json::json;

use super::{
    done,
    named::{named, treat},
    refusals, report,
};
use crate::{
    Store,
    change::Change,
    db::{self, OrFault},
    group::place,
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
    let known = named(change.db(), app, group.key, names, spelling).await?;
    let (mut members, max) = (group.member_count, group.max_members.unwrap_or(0));
    let (mut treated, joining) = treat(names, &known, |standing| {
        admission(standing, members, max)?;
        members += 1;
        Ok(())
    });
    if policy == Policy::All {
        let there = |treated: &&Treated| treated.result == Err(Reason::AlreadyMember);
        // When all are members already, that is why the whole is refused.
        if treated.iter().filter(there).count() < treated.len() {
            treated.retain(|treated| treated.result != Err(Reason::AlreadyMember));
        }
    }
    judge(policy, &treated)?;
    let keys: Vec<i64> = joining.iter().map(|account| account.key).collect();
    insert(change, group.key, &keys).await?;
    let joined = |username: &str| (None, Some(json!({ "username": username, "role": MemberRole::Member })));
    change.events(done(group_id, joined, &joining)).await?;
    change.refused(refusals(group_id, &treated)).await?;
    Ok(treated)
}

/// The rows of ordinary members who join now; who may has been asked.
pub async fn insert(change: &mut Change<'_>, group: i64, accounts: &[i64]) -> Result<()> {
    let at = change.at();
    sqlx::query("INSERT INTO member (group_key, account_key, role, joined_at) SELECT $1, value, 'Member', $2 FROM json_each($3)")
        .bind(group)
        .bind(at)
        .bind(db::json(accounts)?)
        .execute(change.db())
        .await
        .or_fault()?;
    Ok(())
}
