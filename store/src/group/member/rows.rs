//! Writes many memberships in one statement: rows of imports, of the sample and of generated data.

use domain::{Result, application::AppId, member::MemberRole};

use crate::{
    db::{self, Conn, OrFault, WriteTransaction, query, sql},
    group,
};

/// A membership: group and account by key, role, when it joined and when it last sent a message, milliseconds since 1970.
pub type Row = (i64, i64, MemberRole, Option<i64>, Option<i64>);

/// Inserts memberships that do not exist yet; those without a time of joining get `at`, milliseconds since 1970.
pub async fn insert_rows(tx: &mut WriteTransaction, app: AppId, at: i64, rows: &[Row]) -> Result<()> {
    query(sql!(
        "INSERT INTO member (group_key, account_key, role, joined_at, last_spoke_at)
         SELECT v.group_key, v.account_key, v.role, coalesce(v.joined_at, $1), v.last_spoke_at
         FROM @rows($2: group_key int, account_key int, role text, joined_at int, last_spoke_at int) AS v;
         UPDATE \"group\" SET member_count = member_count + new.members FROM (
             SELECT v.group_key, count(*) AS members FROM @rows($2: group_key int) AS v GROUP BY v.group_key) AS new
         WHERE \"group\".id = new.group_key"
    ))
    .bind(at)
    .bind(db::json(rows)?)
    .execute(&mut **tx)
    .await
    .or_fault()?;
    tx.counts().members(app, rows.len() as i64);
    Ok(())
}

/// Makes the owners of groups that were just inserted their members, where a list is kept.
pub async fn insert_owners(tx: &mut WriteTransaction, app: AppId, groups: &[group::rows::Row]) -> Result<()> {
    let made = query(sql!(
        "INSERT INTO member (group_key, account_key, role, joined_at)
         SELECT g.id, g.owner_id, 'Owner', g.created_at FROM @items($2)
         @join \"group\" g ON g.app_id = $1 AND g.group_id = item.value
         WHERE g.owner_id IS NOT NULL AND g.type <> 'AVChatRoom'"
    ))
    .bind(app.key())
    .bind(db::json(&groups.iter().map(group::rows::Row::id).collect::<Vec<_>>())?)
    .execute(&mut **tx)
    .await
    .or_fault()?;
    tx.counts().members(app, made.rows_affected() as i64);
    // They are new, so the owner is the first.
    query(sql!(
        "UPDATE \"group\" SET member_count = 1
         WHERE app_id = $1 AND group_id IN @texts($2) AND owner_id IS NOT NULL AND type <> 'AVChatRoom'"
    ))
    .bind(app.key())
    .bind(db::json(&groups.iter().map(group::rows::Row::id).collect::<Vec<_>>())?)
    .execute(&mut **tx)
    .await
    .or_fault()?;
    Ok(())
}

/// Gives existing memberships new values.
pub async fn update_rows(db: &mut Conn, rows: &[Row]) -> Result<()> {
    query(sql!(
        "UPDATE member SET role = v.role, joined_at = v.joined_at, last_spoke_at = v.last_spoke_at
         FROM @rows($1: group_key int, account_key int, role text, joined_at int, last_spoke_at int) AS v
         WHERE member.group_key = v.group_key AND member.account_key = v.account_key"
    ))
    .bind(db::json(rows)?)
    .execute(db)
    .await
    .or_fault()?;
    Ok(())
}

/// Makes members admins; groups and accounts by key.
pub async fn make_admins(db: &mut Conn, members: &[(i64, i64)]) -> Result<()> {
    query(sql!(
        "UPDATE member SET role = 'Admin'
         WHERE (group_key, account_key) IN
             (SELECT v.group_key, v.account_key FROM @rows($1: group_key int, account_key int) AS v)"
    ))
    .bind(db::json(members)?)
    .execute(db)
    .await
    .or_fault()?;
    Ok(())
}

/// Puts accounts on lists of groups: group (by key), list (`mute`, `block` or `allow`), account (by key), since when and until
/// when, milliseconds since 1970.
pub async fn insert_listed(db: &mut Conn, rows: &[(i64, &str, i64, i64, Option<i64>)]) -> Result<()> {
    query(sql!(
        "INSERT INTO group_listed (group_key, list, account_key, listed_at, expires_at)
         SELECT v.group_key, v.list, v.account_key, v.listed_at, v.expires_at
         FROM @rows($1: group_key int, list text, account_key int, listed_at int, expires_at int) AS v"
    ))
    .bind(db::json(rows)?)
    .execute(db)
    .await
    .or_fault()?;
    Ok(())
}
