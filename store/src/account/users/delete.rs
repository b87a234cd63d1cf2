//! Deleting users, as the REST APIs do it: together with the groups that they own, which the console leaves without an owner.

use domain::{Error, Permission, Result, account::User, application::AppRef, error::Entity, event::Action};

use super::{Row, by_name};
use crate::{
    AppScope, Store,
    account::delete_named,
    change::{Change, ChangeSpec},
    db::{self, OrFault, query_as, sql},
    group::table::{self, Deleted, deleted_columns},
    in_change,
};

/// Deletes an account and the groups that it owns; answers the user as it was. Account not found
/// ([`domain::error::Entity::Account`]).
pub async fn delete(scope: AppScope<'_>, username: &str) -> Result<User> {
    in_change!(ChangeSpec::in_app(scope.by_id(), Permission::Write, Action::AccountDelete, username), |change| {
        delete_in(change, scope.app, username).await
    })
}

async fn delete_in(change: &mut Change<'_>, app: &AppRef, username: &str) -> Result<User> {
    let row = by_name(&mut *change.db(), app, username).await?.ok_or(Error::NotFound(Entity::Account))?;
    let mut users = delete_rows(change, app, vec![row]).await?;
    users.pop().ok_or(Error::NotFound(Entity::Account))
}

/// Deletes the oldest users of the app in one transaction, each as [`delete`] does. Deletes at most `limit`, from the position of
/// the cursor that an earlier answer gave, and answers them with the cursor for the next call if there are more. Deletes fewer
/// than `limit` when more than `most_rows` rows ([`domain::limits::DELETED_ROWS_AT_ONCE`]) would be deleted in all, but at least
/// one if there is one.
pub async fn delete_oldest(
    scope: AppScope<'_>,
    (limit, most_rows): (u32, i64),
    cursor: Option<&str>,
) -> Result<(Vec<User>, Option<String>)> {
    in_change!(ChangeSpec::in_app(scope.by_id(), Permission::Write, Action::AccountDelete, ""), |change| {
        delete_oldest_in(change, scope.store, scope.app, (limit, most_rows), cursor).await
    })
}

/// A user with the number of rows that its deletion removes.
#[derive(sqlx::FromRow)]
struct Weighed {
    #[sqlx(flatten)]
    row: Row,
    weight: i64,
}

async fn delete_oldest_in(
    change: &mut Change<'_>,
    store: &Store,
    app: &AppRef,
    (limit, most_rows): (u32, i64),
    cursor: Option<&str>,
) -> Result<(Vec<User>, Option<String>)> {
    let name = super::list_name(app);
    let (at, id) = db::opened_cursor(store, &name, cursor)?.unwrap_or((i64::MIN, i64::MIN));
    let mut found: Vec<Weighed> = query_as(select!(
        ", (SELECT CAST(coalesce(sum(g.member_count + g.message_count), 0) AS BIGINT) FROM \"group\" g WHERE g.owner_id = account.id)
         + (SELECT count(*) FROM member m WHERE m.account_key = account.id) AS weight
         FROM account WHERE app_id = $1 AND (created_at, id) > ($2, $3) ORDER BY created_at, id LIMIT $4"
    ))
    .bind(app.id.key())
    .bind(at)
    .bind(id)
    .bind(i64::from(limit) + 1)
    .fetch_all(change.db())
    .await
    .or_fault()?;
    let mut rows = 0;
    let fits = |user: &&Weighed| {
        rows += user.weight;
        rows <= most_rows
    };
    let fit = found.iter().take(limit as usize).take_while(fits).count().max(1);
    let kept = u32::try_from(fit).unwrap_or(limit);
    let next = db::next_cursor(store, &name, &mut found, kept, |user| (user.row.created_at, user.row.id))?;
    let users = delete_rows(change, app, found.into_iter().map(|user| user.row).collect()).await?;
    Ok((users, next))
}

async fn delete_rows(change: &mut Change<'_>, app: &AppRef, rows: Vec<Row>) -> Result<Vec<User>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let owned: Vec<Deleted> =
        query_as(sql!(concat!("SELECT ", deleted_columns!(), " FROM \"group\" WHERE owner_id IN @keys($1)")))
            .bind(db::json(&ids)?)
            .fetch_all(change.db())
            .await
            .or_fault()?;
    table::delete(change.transaction(), app.id, &owned).await?;
    change.events_of(Action::GroupDelete, owned.into_iter().map(Deleted::event).collect()).await?;
    delete_named(change, app.id, rows.iter().map(|row| row.username.clone()).collect()).await?;
    Ok(rows.into_iter().map(|row| row.user(app)).collect())
}
