//! Deleting accounts, and what is deleted together with them.

use std::collections::{HashMap, HashSet};

use domain::{
    Permission, Result,
    account::{AccountType, DeletionSummary, Person},
    application::AppId,
    event::Action,
    page::{BatchReport, batch_ids, confirm_number},
    selection::{Matching, Selection},
};
use serde_json::json;

use crate::{
    Scope, Store,
    account::{ACCOUNTS, table},
    change::{Change, ChangeSpec, NewEvent},
    db::{self, Builder, Conn, OrFault, decode_int, json, query_as, sql},
    in_change,
};

/// Names in a summary, and ids of owned groups in one event; more are only counted.
const FIRST: i64 = 5;
const GROUPS_IN_EVENT: usize = 100;

/// What deleting these accounts, or all that match, would remove, and the newest of them by name; for the dialog that asks first.
pub async fn summary(scope: Scope<'_>, usernames: Vec<String>, matching: Matching) -> Result<DeletionSummary> {
    scope.require_operator(Permission::Read)?;
    let selection = Selection::parse(usernames, matching, AccountType::parse)?.map(AccountType::as_str);
    let mut db = scope.store.read().await?;
    let mut sums = Builder::new("WITH chosen AS MATERIALIZED (SELECT t.id");
    db::push_selected(&mut sums, &ACCOUNTS, scope.app, &selection)?;
    sums.push(sql!(
        ") SELECT (SELECT count(*) FROM chosen),
                  (SELECT count(*) FROM chosen @join \"group\" g ON g.owner_id = chosen.id),
                  (SELECT count(*) FROM chosen @join member m ON m.account_key = chosen.id)"
    ));
    let (accounts, owned_groups, memberships): (i64, i64, i64) = sums.build_query_as().fetch_one(&mut db).await.or_fault()?;
    let mut first = Builder::new("SELECT t.username, t.nickname, t.image");
    db::push_selected(&mut first, &ACCOUNTS, scope.app, &selection)?;
    first.push(" ORDER BY t.created_at DESC, t.id DESC LIMIT ").push_bind(FIRST);
    let first: Vec<(String, String, String)> = first.build_query_as().fetch_all(&mut db).await.or_fault()?;
    Ok(DeletionSummary {
        accounts: decode_int(accounts)?,
        owned_groups: decode_int(owned_groups)?,
        memberships: decode_int(memberships)?,
        first: first.into_iter().map(|(username, nickname, image)| Person { username, nickname, image }).collect(),
    })
}

/// Deletes accounts: they leave their groups, and groups that they owned become ownerless. More than
/// [`domain::limits::BATCH_TYPED_ABOVE`] need their number in `confirm`. Accounts that do not exist are listed in
/// [`BatchReport::gone`] and are no error.
pub async fn delete(scope: Scope<'_>, usernames: Vec<String>, confirm: &str) -> Result<BatchReport> {
    let target = if let [one] = &usernames[..] { one.as_str() } else { "" };
    in_change!(ChangeSpec::in_app(scope, Permission::Write, Action::AccountDelete, target), |change| {
        delete_in(change, scope.app, &usernames, confirm).await
    })
}

async fn delete_in(change: &mut Change<'_>, app: AppId, usernames: &[String], confirm: &str) -> Result<BatchReport> {
    let usernames = batch_ids("ids", usernames.to_vec())?;
    confirm_number(usernames.len() as u64, confirm)?;
    delete_named(change, app, usernames).await
}

/// The same inside a change that has begun, for names that have been checked already.
pub async fn delete_named(change: &mut Change<'_>, app: AppId, usernames: Vec<String>) -> Result<BatchReport> {
    let names = db::json(&usernames)?;
    let mut owned = owned_groups(change.db(), app, &names).await?;
    let sql = sql!("SELECT id, username FROM account WHERE app_id = $1 AND username IN @texts($2)");
    let found: Vec<(i64, String)> = query_as(sql).bind(app.key()).bind(&names).fetch_all(change.db()).await.or_fault()?;
    let (keys, deleted): (Vec<i64>, HashSet<String>) = found.into_iter().unzip();
    table::delete(change.transaction(), app, &keys).await?;
    let (done, gone): (Vec<String>, Vec<String>) = usernames.into_iter().partition(|name| deleted.contains(name));
    let report = BatchReport { done: done.len() as u64, refused: Vec::new(), gone };
    let event = |username: String| {
        let groups = owned.remove(&username).unwrap_or_default();
        let before = if groups.is_empty() {
            json!({ "username": username })
        } else {
            let first = &groups[..groups.len().min(GROUPS_IN_EVENT)];
            json!({ "username": username, "owned_groups": groups.len(), "owned_group_ids": first })
        };
        NewEvent { target: username, before: Some(before), ..NewEvent::default() }
    };
    change.events(done.into_iter().map(event).collect()).await?;
    change.refused(report.gone.iter().map(|id| NewEvent::missing(id)).collect()).await?;
    Ok(report)
}

/// The ids of the groups that each of the accounts owns.
async fn owned_groups(db: &mut Conn, app: AppId, names: &str) -> Result<HashMap<String, Vec<String>>> {
    let rows: Vec<(String, String)> = query_as(sql!(
        "SELECT a.username, g.group_id FROM @items($2)
         @join account a ON a.app_id = $1 AND a.username = item.value
         @join \"group\" g ON g.owner_id = a.id"
    ))
    .bind(app.key())
    .bind(names)
    .fetch_all(db)
    .await
    .or_fault()?;
    let mut owned: HashMap<String, Vec<String>> = HashMap::new();
    for (username, group_id) in rows {
        owned.entry(username).or_default().push(group_id);
    }
    Ok(owned)
}

/// For each of these accounts that exists, how many rows its deletion removes: its own and its memberships. For the budget of a
/// chunk.
pub async fn weights(store: &Store, app: AppId, usernames: &[&str]) -> Result<HashMap<String, u64>> {
    let rows: Vec<(String, i64)> = query_as(sql!(
        "SELECT username, 1 + (SELECT count(*) FROM member WHERE account_key = account.id) FROM account
         WHERE app_id = $1 AND username IN @texts($2)"
    ))
    .bind(app.key())
    .bind(json(usernames)?)
    .fetch_all(store.reader())
    .await
    .or_fault()?;
    Ok(rows.into_iter().map(|(username, weight)| (username, u64::try_from(weight).unwrap_or(1))).collect())
}
