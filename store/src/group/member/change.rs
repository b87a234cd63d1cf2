//! Changes of accounts in a group that neither add nor remove members, except for blocking: roles, mutes, the block and the allow
//! list.

use std::collections::HashSet;

use domain::{
    Permission, Result,
    application::AppId,
    event::Action,
    member::{
        BatchPolicy, MemberAction, MemberActionInput, MemberChange, MemberOutcome, MemberRole, UsernameMatch,
        rules::{self, check_policy, may_change, require_member_list, require_some_done},
    },
    page::{BatchReport, batch_ids, confirm_number},
};
use serde_json::{Value, json};

use super::{
    done,
    named::{find_named, treat},
    refusals,
    remove::delete_rows,
    report, selected,
};
use crate::{
    Scope,
    change::{Change, ChangeSpec, refuse},
    db::{self, Conn, OrFault, Sql, decode_int, now, query_scalar, sql},
    group::group_ref,
    in_change,
};

/// Makes the change that a form asks for; see [`MemberActionInput`]. A missing permission is reported first, whatever else is
/// wrong. When the usernames were typed and none could be changed, [`require_some_done`].
pub async fn change_as_typed(scope: Scope<'_>, group_id: &str, input: MemberActionInput) -> Result<BatchReport> {
    let work = input.work;
    let prepared = async {
        scope.require(Permission::Write)?;
        prepare(scope, group_id, input).await
    };
    match prepared.await {
        Ok((names, what, typed)) => {
            let report = change(scope, group_id, names, what).await?;
            if typed { require_some_done(report) } else { Ok(report) }
        }
        Err(error) => Err(refuse(scope.store, scope.caller, action(work), Some(scope.app), group_id, error).await),
    }
}

/// The usernames, the change, and whether the usernames were typed.
async fn prepare(scope: Scope<'_>, group_id: &str, input: MemberActionInput) -> Result<(Vec<String>, MemberChange, bool)> {
    let until = input.until.trim();
    let until = if until.is_empty() { String::new() } else { format!("{until}{}", input.offset) };
    let what = rules::change(input.work, now(), &input.duration, &until)?;
    let names = match input.usernames.trim() {
        "" if input.ids.is_empty() && !input.matching.is_all() => return Err(rules::no_usernames()),
        "" => selected(scope, group_id, input.ids, input.matching).await?,
        typed => return Ok((rules::usernames(typed)?, what, true)),
    };
    if input.work == MemberAction::Block {
        confirm_number(names.len() as u64, &input.confirm)?;
    }
    Ok((names, what, false))
}

/// Changes accounts of a group as the console does it: what can be done is done, the rest is reported.
pub async fn change(scope: Scope<'_>, group_id: &str, usernames: Vec<String>, what: MemberChange) -> Result<BatchReport> {
    change_in_group(scope, group_id, usernames, what, (UsernameMatch::Exact, BatchPolicy::BestEffort)).await.map(report)
}

/// The same with a choice of how names are compared and how refusals are handled. Each named account is reported once, in order.
pub async fn change_in_group(
    scope: Scope<'_>,
    group_id: &str,
    usernames: Vec<String>,
    what: MemberChange,
    how: (UsernameMatch, BatchPolicy),
) -> Result<Vec<MemberOutcome>> {
    in_change!(ChangeSpec::in_app(scope, Permission::Write, action(what.action()), group_id), |change| {
        let names = batch_ids("usernames", usernames.clone())?;
        change_in(change, scope.app, group_id, &names, what, how).await
    })
}

fn action(work: MemberAction) -> Action {
    match work {
        MemberAction::SetAdmin | MemberAction::UnsetAdmin => Action::MemberRole,
        MemberAction::Mute => Action::MemberMute,
        MemberAction::Unmute => Action::MemberUnmute,
        MemberAction::Block => Action::MemberBlock,
        MemberAction::Unblock => Action::MemberUnblock,
        MemberAction::Allow => Action::MemberAllow,
        MemberAction::Disallow => Action::MemberDisallow,
    }
}

async fn change_in(
    change: &mut Change<'_>,
    app: AppId,
    group_id: &str,
    names: &[String],
    what: MemberChange,
    (username_match, policy): (UsernameMatch, BatchPolicy),
) -> Result<Vec<MemberOutcome>> {
    let group = group_ref(change.db(), app, group_id).await?;
    require_member_list(group.group_type)?;
    let known = find_named(change.db(), app, group.key, names, username_match).await?;
    let mut admins = if what == MemberChange::SetAdmin { admin_count(change.db(), group.key).await? } else { 0 };
    let (outcomes, accepted) = treat(names, &known, |standing| {
        may_change(what, standing, admins)?;
        if standing.is_some_and(|standing| standing.role == Some(MemberRole::Member)) {
            admins += 1;
        }
        Ok(())
    });
    check_policy(policy, &outcomes)?;
    let keys: Vec<i64> = accepted.iter().map(|account| account.key).collect();
    let changed = write(change, app, group.key, &keys, what).await?;
    let changed = accepted.iter().filter(|account| changed.contains(&account.key));
    change.events(done(group_id, |username| states(what, username), changed)).await?;
    change.refused(refusals(group_id, &outcomes)).await?;
    Ok(outcomes)
}

/// Admins of a group, without the owner.
async fn admin_count(db: &mut Conn, group: i64) -> Result<u32> {
    let count = query_scalar("SELECT count(*) FROM member WHERE group_key = $1 AND role = 'Admin'");
    decode_int(count.bind(group).fetch_one(db).await.or_fault()?)
}

/// Makes the change; the accounts for which something changed: what was so already gets no event.
async fn write(change: &mut Change<'_>, app: AppId, group: i64, accounts: &[i64], what: MemberChange) -> Result<HashSet<i64>> {
    const ROLE: Sql = sql!(
        "UPDATE member SET role = $2
         WHERE group_key = $1 AND account_key IN @keys($3) AND role <> $2 RETURNING account_key"
    );
    const ENTER: Sql = sql!(
        "INSERT INTO group_listed (group_key, list, account_key, listed_at, expires_at)
         SELECT $1, $2, item.value, $4, $5 FROM @item_keys($3) WHERE true
         ON CONFLICT (group_key, list, account_key) DO UPDATE SET expires_at = excluded.expires_at
         WHERE group_listed.expires_at IS DISTINCT FROM excluded.expires_at RETURNING account_key"
    );
    const LEAVE: Sql = sql!(
        "DELETE FROM group_listed
         WHERE group_key = $1 AND list = $2 AND account_key IN @keys($3) RETURNING account_key"
    );
    let (sql, word, until) = match what {
        MemberChange::SetAdmin => (ROLE, MemberRole::Admin.as_str(), None),
        MemberChange::UnsetAdmin => (ROLE, MemberRole::Member.as_str(), None),
        MemberChange::Mute { until } => (ENTER, "mute", Some(until)),
        MemberChange::Block => (ENTER, "block", None),
        MemberChange::Allow => (ENTER, "allow", None),
        MemberChange::Unmute => (LEAVE, "mute", None),
        MemberChange::Unblock => (LEAVE, "block", None),
        MemberChange::Disallow => (LEAVE, "allow", None),
    };
    if what == MemberChange::Block {
        delete_rows(change, app, group, accounts).await?;
    }
    let at = change.at();
    let keys = db::json(accounts)?;
    let query = query_scalar(sql).bind(group).bind(word).bind(keys);
    let query = if sql == ENTER { query.bind(at).bind(until) } else { query };
    Ok(query.fetch_all(change.db()).await.or_fault()?.into_iter().collect())
}

/// The states before and after, as the event records them.
fn states(what: MemberChange, username: &str) -> (Option<Value>, Option<Value>) {
    let named = |mut state: Value| {
        state["username"] = username.into();
        Some(state)
    };
    match what {
        // The username on one side only: the log leaves out what is the same on both.
        MemberChange::SetAdmin => (Some(json!({ "role": MemberRole::Member })), named(json!({ "role": MemberRole::Admin }))),
        MemberChange::UnsetAdmin => (Some(json!({ "role": MemberRole::Admin })), named(json!({ "role": MemberRole::Member }))),
        MemberChange::Mute { until } => (None, named(json!({ "muted_until": until }))),
        MemberChange::Block | MemberChange::Allow => (None, named(json!({}))),
        MemberChange::Unmute | MemberChange::Unblock | MemberChange::Disallow => (named(json!({})), None),
    }
}
