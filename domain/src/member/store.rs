//! SQL of memberships: the list of a group, adding and removing.

use std::collections::{HashMap, HashSet};

use serde_json::json;
use sqlx::{QueryBuilder, Sqlite};

use super::{
    MemberRole, MemberRow, RemovalSummary,
    rules::{admission, require_member_list, usernames as split_usernames},
};
use crate::{
    Caller, Permission, Result, Store,
    application::AppId,
    db::{self, Change, Keyset, Placed, Recorded, capped_count, cut, push_like, word},
    event::Action,
    group::store::place,
    page::{BatchReport, Count, CursorKey, ListParams, ListQuery, Page, Reason, Refusal, SortKey, batch_ids, confirm_number},
    selection::{Matching, Selection},
};

/// Names in a summary.
const FIRST: usize = 5;

#[derive(sqlx::FromRow)]
struct Row {
    account_key: i64,
    username: String,
    nickname: String,
    image: String,
    role: String,
    joined_at: i64,
    last_spoke_at: Option<i64>,
}

impl Placed for Row {
    fn id(&self) -> i64 {
        self.account_key
    }

    fn key(&self, _: SortKey) -> CursorKey {
        CursorKey::Number(self.joined_at)
    }
}

/// One page of a group's members in the order in which they joined, or the other way round when sorted by `-created`. The
/// search term is looked for in username and nickname. [`crate::error::Conflict::NoMemberList`] where no list is kept.
pub async fn list(store: &Store, caller: &Caller, app: AppId, group_id: &str, params: &ListParams) -> Result<Page<MemberRow>> {
    caller.require(Permission::Read)?;
    let sort = if params.sort == "-created" { "-created" } else { "created" };
    let query = ListQuery::parse(&ListParams { sort: sort.to_owned(), ..params.clone() }, MemberRole::parse)?;
    let mut db = store.reader().acquire().await?;
    let group = place(&mut db, app, group_id).await?;
    require_member_list(group.group_type)?;
    let keyset = Keyset {
        key: "m.joined_at",
        id: "m.account_key",
        sort: query.sort,
        size: query.size.get(),
        cursor: query.cursor.as_ref(),
    };
    let filter = |start| {
        let mut sql = QueryBuilder::new(start);
        push_members(&mut sql, group.key, query.kind, &query.search);
        sql
    };
    let total = if query.search.is_empty() && query.kind.is_none() {
        Count { number: group.member_count.into(), more: false }
    } else {
        capped_count(&mut db, filter("SELECT count(*) FROM (SELECT 1")).await?
    };
    let mut sql = filter("SELECT m.account_key, a.username, a.nickname, a.image, m.role, m.joined_at, m.last_spoke_at");
    keyset.push_after(&mut sql);
    keyset.push_order(&mut sql);
    let rows: Vec<Row> = sql.build_query_as().fetch_all(&mut *db).await?;
    keyset.page(rows, total, |row| {
        Ok(MemberRow {
            username: row.username,
            nickname: row.nickname,
            image: row.image,
            role: word(&row.role, MemberRole::parse)?,
            joined_at: row.joined_at,
            last_spoke_at: row.last_spoke_at,
        })
    })
}

/// Adds accounts to a group; those that a rule forbids are told one by one while the others are added.
pub async fn add(store: &Store, caller: &Caller, app: AppId, group_id: &str, usernames: &str) -> Result<BatchReport> {
    let mut change = Change::begin(store, caller, Permission::Write, Action::MemberAdd, Some(app), group_id).await?;
    let result = add_in(&mut change, app, group_id, usernames).await;
    change.finish(result).await
}

async fn add_in(change: &mut Change<'_>, app: AppId, group_id: &str, usernames: &str) -> Result<BatchReport> {
    let usernames = split_usernames(usernames)?;
    let group = place(change.db(), app, group_id).await?;
    require_member_list(group.group_type)?;
    let known: Vec<(String, i64, i64)> = sqlx::query_as(
        "SELECT a.username, a.id, EXISTS (SELECT 1 FROM member m WHERE m.group_key = $1 AND m.account_key = a.id)
         FROM account a WHERE a.app_id = $2 AND a.username IN (SELECT value FROM json_each($3))",
    )
    .bind(group.key)
    .bind(app.0)
    .bind(db::json(&usernames)?)
    .fetch_all(change.db())
    .await?;
    let known: HashMap<String, (i64, bool)> = known.into_iter().map(|(name, id, member)| (name, (id, member != 0))).collect();
    let mut report = BatchReport::default();
    let (mut keys, mut events) = (Vec::new(), Vec::new());
    let (mut members, max) = (group.member_count, group.max_members.unwrap_or(0));
    for name in usernames {
        let account = known.get(&name);
        match admission(account.is_some(), account.is_some_and(|(_, member)| *member), members, max) {
            Err(reason) => report.refused.push(Refusal { id: name, reason }),
            Ok(()) => {
                members += 1;
                keys.extend(account.map(|(id, _)| *id));
                let after = json!({ "username": name, "role": MemberRole::Member });
                events.push(Recorded { target: group_id.to_owned(), after: Some(after), ..Recorded::default() });
            }
        }
    }
    let at = change.at();
    let added = sqlx::query(
        "INSERT INTO member (group_key, account_key, role, joined_at) SELECT $1, value, 'Member', $2 FROM json_each($3)",
    )
    .bind(group.key)
    .bind(at)
    .bind(db::json(&keys)?)
    .execute(change.db())
    .await?;
    report.done = added.rows_affected();
    change.events(events).await?;
    change.refused(refusals(group_id, &report)).await?;
    Ok(report)
}

/// What the log keeps of the usernames that a report tells of; like the done ones they stand under their group.
fn refusals(group_id: &str, report: &BatchReport) -> Vec<Recorded> {
    let item = |after| Recorded { target: group_id.to_owned(), after: Some(after), ..Recorded::default() };
    let refused = report.refused.iter().map(|refusal| json!({ "reason": refusal.reason, "username": cut(&refusal.id) }));
    let gone = report.gone.iter().map(|name| json!({ "error": "gone", "username": cut(name) }));
    refused.chain(gone).map(item).collect()
}

/// The statement that finds the usernames of all members that match and can be removed: not the owner's.
pub(crate) async fn removable(
    store: &Store,
    app: AppId,
    group_id: &str,
    role: Option<MemberRole>,
    term: &str,
    except: &[String],
) -> Result<QueryBuilder<Sqlite>> {
    let group = place(&mut *store.reader().acquire().await?, app, group_id).await?;
    require_member_list(group.group_type)?;
    let mut sql = QueryBuilder::new("SELECT a.username");
    push_members(&mut sql, group.key, role, term);
    sql.push(" AND m.role <> 'Owner' AND a.username NOT IN (SELECT value FROM json_each(")
        .push_bind(db::json(except)?)
        .push("))");
    Ok(sql)
}

/// What removing these members, or all that match, would remove; for the dialog before it.
pub async fn summary(
    store: &Store,
    caller: &Caller,
    app: AppId,
    group_id: &str,
    usernames: Vec<String>,
    matching: Matching,
) -> Result<RemovalSummary> {
    caller.require(Permission::Read)?;
    let names = match Selection::parse(usernames, matching, MemberRole::parse)? {
        Selection::Ids(names) => names,
        Selection::Matching { search, kind, except } => {
            // At most as many as a group has members.
            let mut sql = removable(store, app, group_id, kind, &search, &except).await?;
            sql.build_query_scalar().fetch_all(store.reader()).await?
        }
    };
    Ok(RemovalSummary { members: names.len() as u64, first: names.into_iter().take(FIRST).collect() })
}

/// ` FROM … WHERE …` of the members that a filter lets through.
fn push_members(sql: &mut QueryBuilder<Sqlite>, group: i64, role: Option<MemberRole>, term: &str) {
    sql.push(" FROM member m JOIN account a ON a.id = m.account_key WHERE m.group_key = ").push_bind(group);
    db::push_given(sql, &[(" AND m.role = ", role.map(MemberRole::as_str))]);
    if !term.is_empty() {
        push_like(sql, ["a.username", "a.nickname"], term);
    }
}

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
    let result = delete_in(&mut change, app, group_id, usernames, confirm).await;
    change.finish(result).await
}

async fn delete_in(
    change: &mut Change<'_>,
    app: AppId,
    group_id: &str,
    usernames: Vec<String>,
    confirm: &str,
) -> Result<BatchReport> {
    let usernames = batch_ids("ids", usernames)?;
    confirm_number(usernames.len() as u64, confirm)?;
    delete_named(change, app, group_id, usernames).await
}

/// The same inside a change that is under way, for names that are checked.
pub(crate) async fn delete_named(
    change: &mut Change<'_>,
    app: AppId,
    group_id: &str,
    usernames: Vec<String>,
) -> Result<BatchReport> {
    let group = place(change.db(), app, group_id).await?;
    require_member_list(group.group_type)?;
    let found: Vec<(String, i64, String)> = sqlx::query_as(
        "SELECT a.username, a.id, m.role FROM account a JOIN member m ON m.group_key = $1 AND m.account_key = a.id
         WHERE a.app_id = $2 AND a.username IN (SELECT value FROM json_each($3))",
    )
    .bind(group.key)
    .bind(app.0)
    .bind(db::json(&usernames)?)
    .fetch_all(change.db())
    .await?;
    let owner: HashSet<&str> =
        found.iter().filter(|(_, _, role)| role == MemberRole::Owner.as_str()).map(|(name, ..)| name.as_str()).collect();
    let members: HashMap<&str, i64> = found.iter().map(|(name, id, _)| (name.as_str(), *id)).collect();
    let mut report = BatchReport::default();
    let (mut keys, mut events) = (Vec::new(), Vec::new());
    for name in usernames {
        match members.get(name.as_str()) {
            None => report.gone.push(name),
            Some(_) if owner.contains(name.as_str()) => report.refused.push(Refusal { id: name, reason: Reason::Owner }),
            Some(key) => {
                keys.push(*key);
                let before = Some(json!({ "username": name }));
                events.push(Recorded { target: group_id.to_owned(), before, ..Recorded::default() });
            }
        }
    }
    let deleted = sqlx::query("DELETE FROM member WHERE group_key = $1 AND account_key IN (SELECT value FROM json_each($2))")
        .bind(group.key)
        .bind(db::json(&keys)?)
        .execute(change.db())
        .await?;
    report.done = deleted.rows_affected();
    change.events(events).await?;
    change.refused(refusals(group_id, &report)).await?;
    Ok(report)
}
