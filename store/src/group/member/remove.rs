//! Removes members from a group.

use domain::{
    Permission, Result,
    application::AppId,
    event::Action,
    member::{
        BatchPolicy, MemberOutcome, UsernameMatch,
        rules::{check_policy, may_leave, require_member_list},
    },
    page::{BatchReport, Reason, batch_ids, confirm_number},
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
    db::{self, OrFault, query, sql},
    group::group_ref,
    in_change,
};

/// Removes members from a group. The owner stays ([`Reason::Owner`]); names that are not members any more are reported as
/// missing. `confirm` is the number of names as typed, needed above
/// [`limits::BATCH_TYPED_ABOVE`](domain::limits::BATCH_TYPED_ABOVE).
pub async fn delete(scope: Scope<'_>, group_id: &str, usernames: Vec<String>, confirm: &str) -> Result<BatchReport> {
    in_change!(ChangeSpec::in_app(scope, Permission::Write, Action::MemberDelete, group_id), |change| {
        let usernames = batch_ids("ids", usernames.clone())?;
        confirm_number(usernames.len() as u64, confirm)?;
        delete_named(change, scope.app, group_id, usernames).await
    })
}

/// The same inside a change that is in progress, for names that are checked.
pub async fn delete_named(change: &mut Change<'_>, app: AppId, group_id: &str, usernames: Vec<String>) -> Result<BatchReport> {
    let outcomes = remove_in(change, app, group_id, &usernames, UsernameMatch::Exact, BatchPolicy::BestEffort).await?;
    let mut report = report(outcomes);
    let is_gone = |reason| matches!(reason, Reason::NotMember | Reason::NotRegistered);
    let (gone, refused) = report.refused.into_iter().partition(|refusal| is_gone(refusal.reason));
    report.refused = refused;
    report.gone = Vec::from_iter(gone).into_iter().map(|refusal: domain::page::Refusal| refusal.id).collect();
    Ok(report)
}

/// The same as the group REST API does it: the owner among the names refuses the whole request, and so does a request in which no
/// name is a member.
pub async fn remove_named(scope: Scope<'_>, group_id: &str, names: Vec<String>) -> Result<Vec<MemberOutcome>> {
    in_change!(ChangeSpec::in_app(scope, Permission::Write, Action::MemberDelete, group_id), |change| {
        let names = batch_ids("usernames", names.clone())?;
        remove_in(change, scope.app, group_id, &names, UsernameMatch::ExactOrLowercase, BatchPolicy::AtLeastOne).await
    })
}

async fn remove_in(
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
    let (outcomes, leaving) = treat(names, &known, may_leave);
    check_policy(policy, &outcomes)?;
    let keys: Vec<i64> = leaving.iter().map(|account| account.key).collect();
    delete_rows(change, app, group.key, &keys).await?;
    let left = |username: &str| (Some(json!({ "username": username })), None);
    change.events(done(group_id, left, &leaving)).await?;
    change.refused(refusals(group_id, &outcomes)).await?;
    Ok(outcomes)
}

/// Deletes memberships, and what only members have; mutes stay.
pub(super) async fn delete_rows(change: &mut Change<'_>, app: AppId, group: i64, accounts: &[i64]) -> Result<()> {
    table::delete(change.transaction(), app, group, accounts).await?;
    let sql = sql!(
        "DELETE FROM group_listed
               WHERE group_key = $1 AND list = 'allow' AND account_key IN @keys($2)"
    );
    query(sql).bind(group).bind(db::json(accounts)?).execute(change.db()).await.or_fault()?;
    Ok(())
}
