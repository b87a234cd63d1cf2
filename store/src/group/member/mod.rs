//! SQL of memberships: the members of a group here; joining, leaving, roles, mutes, blocks and so on in the other files of this
//! folder.

mod add;
mod change;
mod lists;
mod membership_state;
mod named;
mod remove;
pub mod rows;
pub(crate) mod table;
mod transfer;

use serde_json::json;

pub use self::{
    add::{add, add_named},
    change::{change, change_as_typed, change_in_group},
    lists::{admins, list_of, listed},
    membership_state::membership_state,
    remove::{delete, remove_named},
    transfer::transfer,
};
pub use self::{
    named::{NO_GROUP, find_named},
    remove::delete_named,
};

use domain::{
    Permission, Result,
    application::AppId,
    event::rules::truncate_target,
    member::{MemberOutcome, MemberRole, MemberRow, RemovalSummary, rules::require_member_list},
    page::{BatchReport, Count, CursorKey, ListParams, ListQuery, Page, SortKey},
    selection::{Matching, Selection},
};

use self::named::NamedAccount;
use crate::{
    Scope, Store,
    change::NewEvent,
    db::{self, Builder, Keyset, KeysetRow, OrFault, capped_count, decode_enum, now, push_like},
    group::group_ref,
};

/// The most usernames in a summary.
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
    expires_at: Option<i64>,
}

impl KeysetRow for Row {
    fn id(&self) -> i64 {
        self.account_key
    }

    fn key(&self, _: SortKey) -> CursorKey {
        CursorKey::Number(self.joined_at)
    }
}

/// One page of a group's members in the order in which they joined, or in the opposite order when sorted by `-created`. The
/// search term is looked for in username and nickname. [`domain::error::Entity::Group`] not found;
/// [`domain::error::Conflict::NoMemberList`] where no list is kept.
pub async fn list(scope: Scope<'_>, group_id: &str, params: &ListParams) -> Result<Page<MemberRow>> {
    scope.require_operator(Permission::Read)?;
    let sort = if params.sort == "-created" { "-created" } else { "created" };
    let query = ListQuery::parse(&ListParams { sort: sort.to_owned(), ..params.clone() }, MemberRole::parse)?;
    let mut db = scope.store.read().await?;
    let group = group_ref(&mut db, scope.app, group_id).await?;
    require_member_list(group.group_type)?;
    let keyset = Keyset {
        key: "m.joined_at",
        id: "m.account_key",
        sort: query.sort,
        size: query.size.get(),
        cursor: query.cursor.as_ref(),
    };
    let filter = |start| {
        let mut sql = Builder::new(start);
        push_members(&mut sql, group.key, query.kind, &query.search);
        sql
    };
    let total = if query.search.is_empty() && query.kind.is_none() {
        Count { number: group.member_count.into(), more: false }
    } else {
        capped_count(&mut db, filter("SELECT count(*) FROM (SELECT 1")).await?
    };
    let at = now();
    let mut sql = filter(
        "SELECT m.account_key, a.username, a.nickname, a.image, m.role, m.joined_at, m.last_spoke_at,
         (SELECT l.expires_at FROM group_listed l
          WHERE l.group_key = m.group_key AND l.list = 'mute' AND l.account_key = m.account_key) AS expires_at ",
    );
    keyset.push_after(&mut sql);
    keyset.push_order(&mut sql);
    let rows: Vec<Row> = sql.build_query_as().fetch_all(&mut db).await.or_fault()?;
    keyset.page(rows, total, |row| {
        Ok(MemberRow {
            username: row.username,
            nickname: row.nickname,
            image: row.image,
            role: decode_enum(&row.role, MemberRole::parse)?,
            joined_at: row.joined_at,
            last_spoke_at: row.last_spoke_at,
            muted_until: row.expires_at.filter(|end| *end > at),
        })
    })
}

/// The statement that finds the usernames of all members that match and can be removed: everybody but the owner. The errors of
/// [`list`].
pub async fn removable(
    store: &Store,
    app: AppId,
    group_id: &str,
    role: Option<MemberRole>,
    term: &str,
    except: &[String],
) -> Result<Builder> {
    let group = group_ref(&mut store.read().await?, app, group_id).await?;
    require_member_list(group.group_type)?;
    let mut sql = Builder::new("SELECT a.username");
    push_members(&mut sql, group.key, role, term);
    sql.push(" AND m.role <> 'Owner' AND a.username NOT IN ").push_texts(db::json(except)?);
    Ok(sql)
}

/// What removing these members, or all that match, would remove; for the dialog. The errors of [`list`] when a filter selects
/// them.
pub async fn summary(scope: Scope<'_>, group_id: &str, usernames: Vec<String>, matching: Matching) -> Result<RemovalSummary> {
    let names = selected(scope, group_id, usernames, matching).await?;
    Ok(RemovalSummary { members: names.len() as u64, first: names.into_iter().take(FIRST).collect() })
}

/// The usernames of a selection: those that it names, or all that match except the owner's. A group never has more members than a
/// batch may name.
async fn selected(scope: Scope<'_>, group_id: &str, usernames: Vec<String>, matching: Matching) -> Result<Vec<String>> {
    scope.require_operator(Permission::Read)?;
    match Selection::parse(usernames, matching, MemberRole::parse)? {
        Selection::Ids(names) => Ok(names),
        Selection::Matching { search, kind, except } => {
            let mut sql = removable(scope.store, scope.app, group_id, kind, &search, &except).await?;
            Ok(sql.build_query_scalar().fetch_all(scope.store.reader()).await.or_fault()?)
        }
    }
}

/// ` FROM … WHERE …` of the members that match a filter.
fn push_members(sql: &mut Builder, group: i64, role: Option<MemberRole>, term: &str) {
    sql.push(" FROM member m JOIN account a ON a.id = m.account_key WHERE m.group_key = ").push_bind(group);
    db::push_optional(sql, &[(" AND m.role = ", role.map(MemberRole::as_str))]);
    if !term.is_empty() {
        push_like(sql, ["a.username", "a.nickname"], term);
    }
}

/// The events of refused usernames; like those of changed ones, their target is the group.
fn refusals<'a>(group_id: &str, outcomes: impl IntoIterator<Item = &'a MemberOutcome>) -> Vec<NewEvent> {
    let item = |outcome: &MemberOutcome| {
        let after = Some(json!({ "reason": outcome.result.err()?, "username": truncate_target(&outcome.username) }));
        Some(NewEvent { target: group_id.to_owned(), after, ..NewEvent::default() })
    };
    outcomes.into_iter().filter_map(item).collect()
}

/// The events of a batch: one for each account that changed, with its state before and after.
fn done<'a>(
    group_id: &str,
    state: impl Fn(&str) -> (Option<serde_json::Value>, Option<serde_json::Value>),
    changed: impl IntoIterator<Item = &'a &'a NamedAccount>,
) -> Vec<NewEvent> {
    let item = |account: &&NamedAccount| {
        let (before, after) = state(&account.username);
        NewEvent { target: group_id.to_owned(), before, after, ..NewEvent::default() }
    };
    changed.into_iter().map(item).collect()
}

/// The report that the console shows.
fn report(outcomes: Vec<MemberOutcome>) -> BatchReport {
    let mut report = BatchReport::default();
    for MemberOutcome { username, result } in outcomes {
        match result {
            Ok(()) => report.done += 1,
            Err(reason) => report.refused.push(domain::page::Refusal { id: username, reason }),
        }
    }
    report
}
