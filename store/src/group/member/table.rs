//! Writing memberships of one group. Every statement that inserts or deletes some is here or in `rows`, or with the groups and accounts
//! that take theirs along, and changes the counter of a group once for all its rows.

use domain::{Result, application::AppId, member::MemberRole};

use crate::db::{self, OrFault, WriteTransaction, query, query_scalar, sql};

/// Makes accounts members of a group as of `at`, milliseconds since 1970; groups and accounts by key.
pub(crate) async fn insert(
    tx: &mut WriteTransaction,
    app: AppId,
    group: i64,
    accounts: &[i64],
    role: MemberRole,
    at: i64,
) -> Result<()> {
    if accounts.is_empty() {
        return Ok(());
    }
    let number = accounts.len() as i64;
    query(sql!(
        "INSERT INTO member (group_key, account_key, role, joined_at) SELECT $1, item.value, $2, $3 FROM @item_keys($4);
         UPDATE \"group\" SET member_count = member_count + $5 WHERE id = $1"
    ))
    .bind(group)
    .bind(role.as_str())
    .bind(at)
    .bind(db::json(accounts)?)
    .bind(number)
    .execute(&mut **tx)
    .await
    .or_fault()?;
    tx.counts().members(app, number);
    Ok(())
}

/// Deletes memberships of a group; groups and accounts by key. Accounts that are no members are left out.
pub(crate) async fn delete(tx: &mut WriteTransaction, app: AppId, group: i64, accounts: &[i64]) -> Result<()> {
    if accounts.is_empty() {
        return Ok(());
    }
    let gone: Vec<i64> = query_scalar(sql!(
        "UPDATE \"group\" SET member_count = member_count - (
             SELECT count(*) FROM member WHERE group_key = $1 AND account_key IN @keys($2))
         WHERE id = $1;
         DELETE FROM member WHERE group_key = $1 AND account_key IN @keys($2) RETURNING account_key"
    ))
    .bind(group)
    .bind(db::json(accounts)?)
    .fetch_all(&mut **tx)
    .await
    .or_fault()?;
    tx.counts().members(app, -(gone.len() as i64));
    Ok(())
}

/// Empties the allow list of a group that loses its members.
pub(crate) async fn clear_allow_list(tx: &mut WriteTransaction, group: i64) -> Result<()> {
    let sql = "DELETE FROM group_listed WHERE group_key = $1 AND list = 'allow'";
    query(sql).bind(group).execute(&mut **tx).await.or_fault()?;
    Ok(())
}

/// Deletes members of a group other than its owner, at most so many; how many.
pub(crate) async fn delete_some(tx: &mut WriteTransaction, app: AppId, group: i64, at_most: i64) -> Result<u64> {
    let gone = query(
        "DELETE FROM member WHERE group_key = $1 AND account_key IN
         (SELECT account_key FROM member WHERE group_key = $1 AND role <> 'Owner' LIMIT $2)",
    )
    .bind(group)
    .bind(at_most)
    .execute(&mut **tx)
    .await
    .or_fault()?
    .rows_affected();
    let sql = "UPDATE \"group\" SET member_count = member_count - $1 WHERE id = $2";
    query(sql).bind(gone as i64).bind(group).execute(&mut **tx).await.or_fault()?;
    tx.counts().members(app, -(gone as i64));
    Ok(gone)
}
