//! Who joins a group.

use domain::{
    Permission, Result,
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
    Scope,
    change::{Change, ChangeSpec},
    db::{self, OrFault},
    group::place,
    in_change,
};

/// Adds accounts to a group; those that a rule forbids are told one by one while the others are added.
pub async fn add(scope: Scope<'_>, group_id: &str, usernames: &str) -> Result<BatchReport> {
    in_change!(ChangeSpec::in_app(scope, Permission::Write, Action::MemberAdd, group_id), |change| {
        let names = split_usernames(usernames)?;
        add_in(change, scope.app, group_id, &names, Spelling::Exact, Policy::Each).await.map(report)
    })
}

/// The same as the group REST API does it: all or nothing, but who is a member already does no harm as long as somebody is not.
/// Answers those who were added.
pub async fn add_named(scope: Scope<'_>, group_id: &str, names: Vec<String>) -> Result<Vec<String>> {
    in_change!(ChangeSpec::in_app(scope, Permission::Write, Action::MemberAdd, group_id), |change| {
        let names = batch_ids("usernames", names.clone())?;
        let treated = add_in(change, scope.app, group_id, &names, Spelling::Folded, Policy::All).await?;
        let added = treated.into_iter().filter(|treated| treated.result.is_ok());
        Ok(added.map(|treated| treated.username).collect())
    })
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
