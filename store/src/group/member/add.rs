//! Adds accounts to a group.

use domain::{
    Permission, Result,
    application::AppId,
    event::Action,
    member::{
        BatchPolicy, MemberOutcome, MemberRole, UsernameMatch,
        rules::{admission, check_policy, require_member_list, usernames as split_usernames},
    },
    page::{BatchReport, Reason, batch_ids},
};
use serde_json::json;

use super::{
    done,
    named::{find_named, treat},
    refusals, report, table,
};
use crate::{
    Scope,
    change::{Change, ChangeSpec},
    group::group_ref,
    in_change,
};

/// Adds accounts to a group; those that a rule forbids are reported one by one while the others are added. `usernames`: as in
/// [`domain::member::rules::usernames`].
pub async fn add(scope: Scope<'_>, group_id: &str, usernames: &str) -> Result<BatchReport> {
    in_change!(ChangeSpec::in_app(scope, Permission::Write, Action::MemberAdd, group_id), |change| {
        let names = split_usernames(usernames)?;
        add_in(change, scope.app, group_id, &names, UsernameMatch::Exact, BatchPolicy::BestEffort).await.map(report)
    })
}

/// The same as the group REST API does it: all or nothing, but accounts that are members already do not refuse the request unless
/// all are. The usernames that were added.
pub async fn add_named(scope: Scope<'_>, group_id: &str, names: Vec<String>) -> Result<Vec<String>> {
    in_change!(ChangeSpec::in_app(scope, Permission::Write, Action::MemberAdd, group_id), |change| {
        let names = batch_ids("usernames", names.clone())?;
        let outcomes =
            add_in(change, scope.app, group_id, &names, UsernameMatch::ExactOrLowercase, BatchPolicy::AllOrNothing).await?;
        let added = outcomes.into_iter().filter(|outcome| outcome.result.is_ok());
        Ok(added.map(|outcome| outcome.username).collect())
    })
}

async fn add_in(
    change: &mut Change<'_>,
    app: AppId,
    group_id: &str,
    names: &[String],
    username_match: UsernameMatch,
    policy: BatchPolicy,
) -> Result<Vec<MemberOutcome>> {
    let group = group_ref(change.db(), app, group_id).await?;
    require_member_list(group.group_type)?;
    let known = find_named(change.db(), app, group.key, names, username_match).await?;
    let (mut members, max) = (group.member_count, group.max_members.unwrap_or(0));
    let (mut outcomes, joining) = treat(names, &known, |standing| {
        admission(standing, members, max)?;
        members += 1;
        Ok(())
    });
    if policy == BatchPolicy::AllOrNothing {
        let there = |outcome: &&MemberOutcome| outcome.result == Err(Reason::AlreadyMember);
        // When all are members already, that is why the whole request is refused.
        if outcomes.iter().filter(there).count() < outcomes.len() {
            outcomes.retain(|outcome| outcome.result != Err(Reason::AlreadyMember));
        }
    }
    check_policy(policy, &outcomes)?;
    let keys: Vec<i64> = joining.iter().map(|account| account.key).collect();
    let at = change.at();
    table::insert(change.transaction(), app, group.key, &keys, MemberRole::Member, at).await?;
    let joined = |username: &str| (None, Some(json!({ "username": username, "role": MemberRole::Member })));
    change.events(done(group_id, joined, &joining)).await?;
    change.refused(refusals(group_id, &outcomes)).await?;
    Ok(outcomes)
}
