//! Writes many memberships in one statement: rows of imports, of the sample and of generated data.

use domain::{Result, application::AppId, member::MemberRole};
use sqlx::SqliteConnection;

use crate::{
    db::{self, OrFault},
    group,
};

/// A membership: group and account by key, role, when it joined and when it last sent a message, milliseconds since 1970.
pub type Row = (i64, i64, MemberRole, Option<i64>, Option<i64>);

/// Inserts memberships that do not exist yet; those without a time of joining get `at`, milliseconds since 1970.
pub async fn insert_rows(db: &mut SqliteConnection, at: i64, rows: &[Row]) -> Result<()> {
    sqlx::query(
        "INSERT INTO member (group_key, account_key, role, joined_at, last_spoke_at)
         SELECT v.value ->> 0, v.value ->> 1, v.value ->> 2, coalesce(v.value ->> 3, $1), v.value ->> 4
         FROM json_each($2) AS v",
    )
    .bind(at)
    .bind(db::json(rows)?)
    .execute(db)
    .await
    .or_fault()?;
    Ok(())
}

/// Makes the owners of groups that were just inserted their members, where a list is kept.
pub async fn insert_owners(db: &mut SqliteConnection, app: AppId, groups: &[group::rows::Row]) -> Result<()> {
    sqlx::query(
        "INSERT INTO member (group_key, account_key, role, joined_at)
         SELECT g.id, g.owner_id, 'Owner', g.created_at FROM json_each($2) AS v
         CROSS JOIN \"group\" g ON g.app_id = $1 AND g.group_id = v.value
         WHERE g.owner_id IS NOT NULL AND g.type <> 'AVChatRoom'",
    )
    .bind(app.key())
    .bind(db::json(&groups.iter().map(group::rows::Row::id).collect::<Vec<_>>())?)
    .execute(db)
    .await
    .or_fault()?;
    Ok(())
}

/// Gives existing memberships new values.
pub async fn update_rows(db: &mut SqliteConnection, rows: &[Row]) -> Result<()> {
    sqlx::query(
        "UPDATE member SET role = v.value ->> 2, joined_at = v.value ->> 3, last_spoke_at = v.value ->> 4
         FROM json_each($1) AS v
         WHERE member.group_key = v.value ->> 0 AND member.account_key = v.value ->> 1",
    )
    .bind(db::json(rows)?)
    .execute(db)
    .await
    .or_fault()?;
    Ok(())
}

/// Makes members admins; groups and accounts by key.
pub async fn make_admins(db: &mut SqliteConnection, members: &[(i64, i64)]) -> Result<()> {
    sqlx::query(
        "UPDATE member SET role = 'Admin'
         WHERE (group_key, account_key) IN (SELECT value ->> 0, value ->> 1 FROM json_each($1))",
    )
    .bind(db::json(members)?)
    .execute(db)
    .await
    .or_fault()?;
    Ok(())
}

/// Puts accounts on lists of groups: group (by key), list (`mute`, `block` or `allow`), account (by key), since when and until
/// when, milliseconds since 1970.
pub async fn insert_listed(db: &mut SqliteConnection, rows: &[(i64, &str, i64, i64, Option<i64>)]) -> Result<()> {
    sqlx::query(
        "INSERT INTO group_listed (group_key, list, account_key, listed_at, expires_at)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each($1)",
    )
    .bind(db::json(rows)?)
    .execute(db)
    .await
    .or_fault()?;
    Ok(())
}
