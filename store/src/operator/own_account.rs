//! What operators do with their own account: password and preferences.

use domain::{
    Caller, Code, Error, Result,
    event::Action,
    operator::{Language, Me, Theme},
};

use super::{MeRow, by_id, end_sessions, known_names, may_use, me_columns, wanted, write_password};
use crate::{
    Store,
    change::{ChangeSpec, refuse},
    db::{Conn, OrFault, query, query_as},
    in_change,
    password::{self, HashingQueue, weak},
};

/// The operator with that id; `None` when unknown, disabled, or without a password (it was reset).
pub async fn me(store: &Store, id: i64) -> Result<Option<Me>> {
    me_on(&mut store.read().await?, id).await
}

/// The same on an open connection.
pub async fn me_on(db: &mut Conn, id: i64) -> Result<Option<Me>> {
    let sql = concat!("SELECT ", me_columns!(), " FROM operator o WHERE o.id = $1 AND ", may_use!());
    let row: Option<MeRow> = query_as(sql).bind(id).fetch_optional(db).await.or_fault()?;
    row.map(MeRow::me).transpose().map(Option::flatten)
}

/// The form in which operators change their own password.
#[derive(Debug, Clone, Copy, Default)]
pub struct NewPasswordInput<'a> {
    /// The current password as typed.
    pub current: &'a str,
    /// The new password as typed; see [`weak::NewPassword`].
    pub password: &'a str,
    /// The new password once more.
    pub repeat: &'a str,
    /// Whether the operator's jobs that are not over are cancelled as well.
    pub stop_jobs: bool,
}

/// Changes the caller's password and ends all their sessions except `keep_session`, which is the hash of a session id.
/// [`Code::WrongPassword`] at `current`, together with what is wrong with the new one. [`Error::Unauthenticated`] for callers
/// that are not operators.
pub async fn change_password(
    store: &Store,
    caller: &Caller,
    input: NewPasswordInput<'_>,
    keep_session: Option<[u8; 32]>,
) -> Result<()> {
    let (id, name) = caller_identity(caller)?;
    let prepared = async {
        let row = by_id(store.reader(), id).await?.ok_or(Error::Unauthenticated)?;
        let old = row.password_hash;
        let current_fits = password::verify(store.passwords(), HashingQueue::Operator, input.current, old.clone()).await?.fits;
        let names = known_names(store.reader(), Some(&row.name)).await?;
        let new = match (weak::new_password(input.password, input.repeat, &names), current_fits) {
            (Ok(new), true) => new,
            (new, fits) => return Err(wrong(new.err(), fits)),
        };
        Ok((old, password::hash(store.passwords(), HashingQueue::Operator, new.as_str()).await?))
    };
    let (old, hash) = match prepared.await {
        Ok(prepared) => prepared,
        Err(error) => return Err(refuse(store, caller, Action::OperatorPassword, None, name, error).await),
    };
    in_change!(ChangeSpec::without_permission(store, caller, Action::OperatorPassword, None, name), |change| {
        let row = wanted(change.db(), id).await?;
        if row.disabled != 0 || row.password_hash != old {
            // Disabled, reset or changed while the password was hashed.
            return Err(Error::field("current", Code::WrongPassword));
        }
        write_password(change.db(), id, Some(&hash)).await?;
        end_sessions(change.db(), id, keep_session).await?;
        if input.stop_jobs {
            crate::job::cancel_all_of(change, id).await?;
        }
        change.event(&row.name, None, None).await
    })
}

fn wrong(new: Option<Error>, current_fits: bool) -> Error {
    let mut fields = match new {
        Some(Error::Invalid(fields)) => fields,
        Some(other) => return other,
        None => Vec::new(),
    };
    if !current_fits {
        fields.insert(0, domain::FieldError { field: "current".to_owned(), code: Code::WrongPassword });
    }
    Error::Invalid(fields)
}

/// Records that a change of password was refused before the current one was checked.
pub async fn change_password_throttled(store: &Store, caller: &Caller) -> Result<()> {
    let (_, name) = caller_identity(caller)?;
    refuse(store, caller, Action::OperatorPassword, None, name, Error::Throttled { retry_after_s: 0 }).await;
    Ok(())
}

/// Stores how the caller likes the console; `None` leaves a setting as it is. Without an event: it is not data of an app.
/// [`Error::Unauthenticated`] for callers that are not operators.
pub async fn set_preferences(store: &Store, caller: &Caller, language: Option<Language>, theme: Option<Theme>) -> Result<()> {
    let (id, _) = caller_identity(caller)?;
    let mut transaction = store.write().await?;
    query("UPDATE operator SET language = coalesce($1, language), theme = coalesce($2, theme) WHERE id = $3")
        .bind(language.map(Language::as_str))
        .bind(theme.map(Theme::as_str))
        .bind(id)
        .execute(&mut *transaction)
        .await
        .or_fault()?;
    transaction.commit().await
}

pub(super) fn caller_identity(caller: &Caller) -> Result<(i64, &str)> {
    caller.actor.operator().ok_or(Error::Unauthenticated)
}
