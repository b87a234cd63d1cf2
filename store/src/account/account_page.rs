//! What belongs to one account: its groups, the groups that it owns, its latest events.

use domain::{
    Error, Permission, Result,
    account_page::{AccountPage, AccountPageParams, MembershipRow, OwnedRow},
    event::EventRow,
    group::GroupType,
    member::MemberRole,
    page::{Cursor, CursorKey, Page, PageSize, Sort, SortKey},
};

use super::read;
use crate::{
    Scope,
    db::{Builder, Conn, Keyset, KeysetRow, OrFault, capped_count, decode_enum, decode_int, now, sql},
};

#[derive(sqlx::FromRow)]
struct Membership {
    group_key: i64,
    group_id: String,
    name: String,
    #[sqlx(rename = "type")]
    group_type: String,
    role: String,
    joined_at: i64,
    expires_at: Option<i64>,
}

impl KeysetRow for Membership {
    fn id(&self) -> i64 {
        self.group_key
    }

    fn key(&self, _: SortKey) -> CursorKey {
        CursorKey::Number(self.joined_at)
    }
}

#[derive(sqlx::FromRow)]
struct Owned {
    id: i64,
    group_id: String,
    name: String,
    #[sqlx(rename = "type")]
    group_type: String,
    created_at: i64,
    member_count: i64,
}

impl KeysetRow for Owned {
    fn id(&self) -> i64 {
        self.id
    }

    fn key(&self, _: SortKey) -> CursorKey {
        CursorKey::Number(self.created_at)
    }
}

/// The account with one page each of its groups and of the groups that it owns, and its latest events.
/// [`domain::error::Entity::Account`] not found; [`domain::Code::Malformed`] at `cursor` or `owned`.
pub async fn page(scope: Scope<'_>, username: &str, params: &AccountPageParams) -> Result<AccountPage> {
    scope.require_operator(Permission::Read)?;
    let size = PageSize::parse(&params.size).get();
    let cursor = |field: &str, word: &str| Cursor::parse(word, Sort::default()).map_err(|code| Error::field(field, code));
    let (joined, owned) = (cursor("cursor", &params.cursor)?, cursor("owned", &params.owned)?);
    let mut db = scope.store.read().await?;
    let row = read(&mut db, scope.app, username).await?;
    let key = row.id;
    let account = row.account()?;
    let groups = memberships(&mut db, key, size, joined.as_ref()).await?;
    let owned = owned_groups(&mut db, key, size, owned.as_ref()).await?;
    let events: Vec<EventRow> = crate::event::latest_of_account(&mut db, scope.caller, scope.app, username).await?;
    Ok(AccountPage { account, groups, owned, events })
}

fn memberships_sql<'a>(account: i64, size: u32, cursor: Option<&'a Cursor>) -> (Builder, Keyset<'a>) {
    let keyset = Keyset { key: "m.joined_at", id: "m.group_key", sort: Sort::default(), size, cursor };
    // CROSS: from the account's memberships to their groups, never in the other direction.
    let mut sql = Builder::new(sql!(
        "SELECT m.group_key, g.group_id, g.name, g.type, m.role, m.joined_at,
                (SELECT l.expires_at FROM group_listed l
                 WHERE l.group_key = m.group_key AND l.list = 'mute' AND l.account_key = m.account_key) AS expires_at
         FROM member m @join \"group\" g ON g.id = m.group_key WHERE m.account_key = "
    ));
    sql.push_bind(account);
    keyset.push_after(&mut sql);
    keyset.push_order(&mut sql);
    (sql, keyset)
}

async fn memberships(db: &mut Conn, account: i64, size: u32, cursor: Option<&Cursor>) -> Result<Page<MembershipRow>> {
    let mut counted = Builder::new("SELECT count(*) FROM (SELECT 1 FROM member WHERE account_key = ");
    counted.push_bind(account);
    let total = capped_count(db, counted).await?;
    let at = now();
    let (mut sql, keyset) = memberships_sql(account, size, cursor);
    let rows: Vec<Membership> = sql.build_query_as().fetch_all(db).await.or_fault()?;
    keyset.page(rows, total, |row| {
        Ok(MembershipRow {
            group_id: row.group_id,
            name: row.name,
            group_type: decode_enum(&row.group_type, GroupType::parse)?,
            role: decode_enum(&row.role, MemberRole::parse)?,
            joined_at: row.joined_at,
            muted_until: row.expires_at.filter(|end| *end > at),
        })
    })
}

fn owned_sql<'a>(account: i64, size: u32, cursor: Option<&'a Cursor>) -> (Builder, Keyset<'a>) {
    let keyset = Keyset { key: "created_at", id: "id", sort: Sort::default(), size, cursor };
    let mut sql = Builder::new("SELECT id, group_id, name, type, created_at, member_count FROM \"group\" WHERE owner_id = ");
    sql.push_bind(account);
    keyset.push_after(&mut sql);
    keyset.push_order(&mut sql);
    (sql, keyset)
}

async fn owned_groups(db: &mut Conn, account: i64, size: u32, cursor: Option<&Cursor>) -> Result<Page<OwnedRow>> {
    let mut counted = Builder::new("SELECT count(*) FROM (SELECT 1 FROM \"group\" WHERE owner_id = ");
    counted.push_bind(account);
    let total = capped_count(db, counted).await?;
    let (mut sql, keyset) = owned_sql(account, size, cursor);
    let rows: Vec<Owned> = sql.build_query_as().fetch_all(db).await.or_fault()?;
    keyset.page(rows, total, |row| {
        let group_type = decode_enum(&row.group_type, GroupType::parse)?;
        Ok(OwnedRow {
            group_id: row.group_id,
            name: row.name,
            group_type,
            created_at: row.created_at,
            member_count: group_type.keeps_members().then(|| decode_int(row.member_count)).transpose()?,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Store,
        db::{assert_walks, plan},
    };

    #[tokio::test]
    async fn both_lists_walk_an_index() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).await.expect("a store");
        let mut db = store.read().await.expect("a connection");
        for backward in [None, Some(false), Some(true)] {
            let cursor = backward.map(|backward| Cursor::new(Sort::default(), backward, CursorKey::Number(5), 5));
            let (joined, _) = memberships_sql(1, 20, cursor.as_ref());
            assert_walks(&plan(&mut db, &joined).await, "member_account (account_key=?");
            let (owned, _) = owned_sql(1, 20, cursor.as_ref());
            assert_walks(&plan(&mut db, &owned).await, "group_owner (owner_id=?");
        }
    }
}
