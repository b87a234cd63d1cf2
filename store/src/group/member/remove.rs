//! Who leaves a group.

use domain::{
    Caller, Permission, Result,
    application::AppId,
    event::Action,
    member::{
        Policy, Spelling, Treated,
        rules::{judge, may_leave, require_member_list},
    },
    page::{BatchReport, Reason, batch_ids, confirm_number},
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

/// Removes members from a group. The owner stays ([`Reason::Owner`]); names that are no members any more are told as gone.
pub async fn delete(
    store: &Store,
    caller: &Caller,
    app: AppId,
    group_id: &str,
    usernames: Vec<String>,
    confirm: &str,
) -> Result<BatchReport> {
    let mut change = Change::begin(store, caller, Permission::Write, Action::MemberDelete, Some(app), group_id).await?;
    let result = async {
        let usernames = batch_ids("ids", usernames)?;
        confirm_number(usernames.len() as u64, confirm)?;
        delete_named(&mut change, app, group_id, usernames).await
    };
    let result = result.await;
    change.finish(result).await
}

/// The same inside a change that is under way, for names that are checked.
pub async fn delete_named(change: &mut Change<'_>, app: AppId, group_id: &str, usernames: Vec<String>) -> Result<BatchReport> {
    let treated = remove_in(change, app, group_id, &usernames, Spelling::Exact, Policy::Each).await?;
    let mut report = report(treated);
    let is_gone = |reason| matches!(reason, Reason::NotMember | Reason::NotRegistered);
    let (gone, refused) = report.refused.into_iter().partition(|refusal| is_gone(refusal.reason));
    report.refused = refused;
    report.gone = Vec::from_iter(gone).into_iter().map(|refusal: domain::page::Refusal| refusal.id).collect();
    Ok(report)
}

/// The same as the group REST API does it: the owner among them refuses the whole, and so it does when none is a member.
pub async fn remove_named(
    store: &Store,
    caller: &Caller,
    app: AppId,
    group_id: &str,
    names: Vec<String>,
) -> Result<Vec<Treated>> {
    let mut change = Change::begin(store, caller, Permission::Write, Action::MemberDelete, Some(app), group_id).await?;
    let result = async {
        let names = batch_ids("usernames", names)?;
        remove_in(&mut change, app, group_id, &names, Spelling::Folded, Policy::Any).await
    };
    let result = result.await;
    change.finish(result).await
}

async fn remove_in(
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
    let (treated, leaving) = treat(names, &known, may_leave);
    judge(policy, &treated)?;
    let keys: Vec<i64> = leaving.iter().map(|account| account.key).collect();
    delete_rows(change, group.key, &keys).await?;
    let left = |username: &str| (Some(json!({ "username": username })), None);
    change.events(done(group_id, left, &leaving)).await?;
    change.refused(refusals(group_id, &treated)).await?;
    Ok(treated)
}

/// Takes memberships away, and what only members have; mutes stay.
pub(super) async fn delete_rows(change: &mut Change<'_>, group: i64, accounts: &[i64]) -> Result<()> {
    sqlx::query(
        "DELETE FROM member WHERE group_key = $1 AND account_key IN (SELECT value FROM json_each($2));
         DELETE FROM group_listed WHERE group_key = $1 AND list = 'allow' AND account_key IN (SELECT value FROM json_each($2))",
    )
    .bind(group)
    .bind(db::json(accounts)?)
    .execute(change.db())
    .await
    .or_fault()?;
    Ok(())
}
