//! Stores an operator's layout. Without events: it is not data of an app.

use domain::{
    Caller, Error, Result,
    layout::{Layout, LayoutInput, rules::Choice},
};

use crate::{
    Store,
    db::{OrFault, query, query_scalar},
};

/// A layout as stored. One that cannot be read, of a later version for example, becomes the default: it must not lock its
/// operator out.
pub fn read(text: &str) -> Layout {
    serde_json::from_str(text).unwrap_or_else(|error| {
        tracing::warn!(%error, "an operator's layout could not be read; lists look as they come");
        Layout::default()
    })
}

/// Stores the choices of the View menu for one list; the whole layout. Errors of [`Choice::parse`]; [`Error::Unauthenticated`]
/// for callers that are not operators.
pub async fn set_list(store: &Store, caller: &Caller, input: &LayoutInput) -> Result<Layout> {
    let id = caller.operator_id()?;
    let choice = Choice::parse(input)?;
    change(store, id, |layout| choice.apply(layout)).await
}

/// Switches the single-key shortcuts on or off; the whole layout. [`Error::Unauthenticated`] for callers that are not operators.
pub async fn set_keys(store: &Store, caller: &Caller, on: bool) -> Result<Layout> {
    let id = caller.operator_id()?;
    change(store, id, |layout| Layout { keys: on, ..layout }).await
}

async fn change(store: &Store, operator: i64, change: impl FnOnce(Layout) -> Layout) -> Result<Layout> {
    let mut transaction = store.write().await?;
    let before: Option<String> = query_scalar("SELECT layout FROM operator WHERE id = $1")
        .bind(operator)
        .fetch_optional(&mut *transaction)
        .await
        .or_fault()?;
    let layout = change(read(&before.ok_or(Error::Unauthenticated)?));
    let text = serde_json::to_string(&layout).map_err(|error| Error::Internal(error.to_string()))?;
    query("UPDATE operator SET layout = $1 WHERE id = $2")
        .bind(text)
        .bind(operator)
        .execute(&mut *transaction)
        .await
        .or_fault()?;
    transaction.commit().await?;
    Ok(layout)
}
