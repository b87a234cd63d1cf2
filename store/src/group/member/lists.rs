//! The lists of accounts that a group keeps: muted, blocked, allowed; and its admins.

use domain::{
    Permission, Result,
    member::{MemberList, MemberListRow, rules::require_member_list},
    page::{CursorKey, ListParams, ListQuery, Page, SortKey},
};

use crate::{
    Scope,
    db::{Builder, Keyset, KeysetRow, OrFault, capped_count, now, push_like, query_scalar, sql},
    group::group_ref,
};

#[derive(sqlx::FromRow)]
struct Row {
    account_key: i64,
    username: String,
    nickname: String,
    image: String,
    listed_at: i64,
    expires_at: Option<i64>,
}

impl KeysetRow for Row {
    fn id(&self) -> i64 {
        self.account_key
    }

    fn key(&self, _: SortKey) -> CursorKey {
        CursorKey::Number(self.listed_at)
    }
}

/// ` FROM … WHERE …` of the accounts on a list. Mutes that have ended do not count, nor do those of accounts that have left: they
/// hold again when the account comes back.
fn push_listed(sql: &mut Builder, group: i64, list: MemberList, term: &str) {
    // CROSS: from the list to the accounts, never in the other direction.
    sql.push(sql!(" FROM group_listed l @join account a ON a.id = l.account_key WHERE l.group_key = "))
        .push_bind(group)
        .push(" AND l.list = ")
        .push_bind(list.as_str());
    if list == MemberList::Mute {
        sql.push(" AND l.expires_at > ")
            .push_bind(now())
            .push(" AND EXISTS (SELECT 1 FROM member m WHERE m.group_key = l.group_key AND m.account_key = l.account_key)");
    }
    if !term.is_empty() {
        push_like(sql, ["a.username", "a.nickname"], term);
    }
}

/// One page of a list, the latest entry first. The search term is looked for in username and nickname.
/// [`domain::error::Entity::Group`] not found; [`domain::error::Conflict::NoMemberList`] where no list is kept.
pub async fn listed(scope: Scope<'_>, group_id: &str, list: MemberList, params: &ListParams) -> Result<Page<MemberListRow>> {
    scope.require(Permission::Read)?;
    let params =
        ListParams { q: params.q.clone(), size: params.size.clone(), cursor: params.cursor.clone(), ..Default::default() };
    let query = ListQuery::parse(&params, MemberList::parse)?;
    let mut db = scope.store.read().await?;
    let group = group_ref(&mut db, scope.app, group_id).await?;
    require_member_list(group.group_type)?;
    let keyset = Keyset {
        key: "l.listed_at",
        id: "l.account_key",
        sort: query.sort,
        size: query.size.get(),
        cursor: query.cursor.as_ref(),
    };
    let mut counted = Builder::new("SELECT count(*) FROM (SELECT 1");
    push_listed(&mut counted, group.key, list, &query.search);
    let total = capped_count(&mut db, counted).await?;
    let mut sql = Builder::new("SELECT l.account_key, a.username, a.nickname, a.image, l.listed_at, l.expires_at");
    push_listed(&mut sql, group.key, list, &query.search);
    keyset.push_after(&mut sql);
    keyset.push_order(&mut sql);
    let rows: Vec<Row> = sql.build_query_as().fetch_all(&mut db).await.or_fault()?;
    keyset.page(rows, total, |row| {
        Ok(MemberListRow {
            username: row.username,
            nickname: row.nickname,
            image: row.image,
            listed_at: row.listed_at,
            expires_at: row.expires_at,
        })
    })
}

/// The usernames on a list, each with the end of its mute (milliseconds since 1970, on the mute list alone), the latest entry
/// first: all of them in one answer, as the group REST API has it. The errors of [`listed`].
pub async fn list_of(scope: Scope<'_>, group_id: &str, list: MemberList) -> Result<Vec<(String, Option<i64>)>> {
    scope.require(Permission::Read)?;
    let mut db = scope.store.read().await?;
    let group = group_ref(&mut db, scope.app, group_id).await?;
    require_member_list(group.group_type)?;
    let mut sql = Builder::new("SELECT a.username, l.expires_at");
    push_listed(&mut sql, group.key, list, "");
    sql.push(" ORDER BY l.listed_at DESC, l.account_key DESC");
    sql.build_query_as().fetch_all(&mut db).await.or_fault()
}

/// The usernames of a group's admins, without the owner. The errors of [`listed`].
pub async fn admins(scope: Scope<'_>, group_id: &str) -> Result<Vec<String>> {
    scope.require(Permission::Read)?;
    let mut db = scope.store.read().await?;
    let group = group_ref(&mut db, scope.app, group_id).await?;
    require_member_list(group.group_type)?;
    let names = query_scalar(sql!(
        "SELECT a.username FROM member m @join account a ON a.id = m.account_key
         WHERE m.group_key = $1 AND m.role = 'Admin' ORDER BY m.joined_at DESC, m.account_key DESC"
    ));
    names.bind(group.key).fetch_all(&mut db).await.or_fault()
}
