//! SQL of saved views. Operators see and change only their own. Without events: they are not data of an app.

use domain::{
    Code, Error, Permission, Result,
    error::{Checks, Entity},
    limits,
    view::{
        View,
        rules::{self, ViewName, ViewQuery},
    },
};

use crate::{
    Scope,
    db::{self, OrFault, ServerTable, query, query_as, query_scalar},
};

/// The caller's views of one list, by name. Errors at `list` for an unknown list.
pub async fn list(scope: Scope<'_>, list: &str) -> Result<Vec<View>> {
    let Scope { store, caller, app } = scope;
    caller.require(Permission::Read)?;
    let operator = caller.operator_id()?;
    let list = rules::list(list).map_err(|code| Error::field("list", code))?;
    let rows: Vec<(i64, String, String)> =
        query_as("SELECT id, name, query FROM saved_view WHERE operator_id = $1 AND app_id = $2 AND list = $3 ORDER BY name")
            .bind(operator)
            .bind(app.key())
            .bind(list.as_str())
            .fetch_all(store.reader())
            .await
            .or_fault()?;
    Ok(rows.into_iter().map(|(id, name, query)| View { id, name, query }).collect())
}

/// Saves the address of a list under a name; an existing view of that name is replaced. [`Code::TooManyItems`] at `view_name`
/// when the list has [`limits::VIEWS`] already; errors at `list`, `view_name` and `query`.
pub async fn save(scope: Scope<'_>, list: &str, name: &str, query: &str) -> Result<()> {
    scope.require_operator(Permission::Read)?;
    let operator = scope.caller.operator_id()?;
    let mut checks = Checks::new();
    let list = checks.take("list", rules::list(list));
    let name = checks.take("view_name", ViewName::parse(name));
    let query = checks.take("query", ViewQuery::parse(query));
    let (list, name, query) = checks.finish(|| Some((list?, name?, query?)))?;
    let mut transaction = scope.store.write().await?;
    let others: i64 =
        query_scalar("SELECT count(*) FROM saved_view WHERE operator_id = $1 AND app_id = $2 AND list = $3 AND name <> $4")
            .bind(operator)
            .bind(scope.app.key())
            .bind(list.as_str())
            .bind(name.as_str())
            .fetch_one(&mut *transaction)
            .await
            .or_fault()?;
    let others = usize::try_from(others).unwrap_or(usize::MAX);
    if others >= limits::VIEWS {
        return Err(Error::field("view_name", Code::TooManyItems { max: limits::VIEWS, actual: others.saturating_add(1) }));
    }
    let key = transaction.server_key(ServerTable::View).await?;
    db::query(
        "INSERT INTO saved_view (id, operator_id, app_id, list, name, query, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (operator_id, app_id, list, name) DO UPDATE SET query = excluded.query",
    )
    .bind(key)
    .bind(operator)
    .bind(scope.app.key())
    .bind(list.as_str())
    .bind(name.as_str())
    .bind(query.as_str())
    .bind(crate::db::now())
    .execute(&mut *transaction)
    .await
    .or_fault()?;
    transaction.commit().await
}

/// Deletes one of the caller's views; [`Entity::View`] not found for a view of any other operator.
pub async fn delete(scope: Scope<'_>, id: i64) -> Result<()> {
    scope.require_operator(Permission::Read)?;
    let operator = scope.caller.operator_id()?;
    let mut transaction = scope.store.write().await?;
    let deleted = query("DELETE FROM saved_view WHERE id = $1 AND operator_id = $2 AND app_id = $3")
        .bind(id)
        .bind(operator)
        .bind(scope.app.key())
        .execute(&mut *transaction)
        .await
        .or_fault()?;
    transaction.commit().await?;
    if deleted.rows_affected() == 0 { Err(Error::NotFound(Entity::View)) } else { Ok(()) }
}
