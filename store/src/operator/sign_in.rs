//! One-time set-up links, signing in and signing out.

use domain::{
    Actor, Caller, Error, Result,
    error::{Conflict, Entity},
    event::Action,
    limits,
    operator::{Me, Role, SetupKind, SetupLink, rules::OperatorName},
};
use serde_json::json;

use super::{
    another_owner, by_id, by_name, device::DeviceId, end_sessions, insert, known_names, me_on, new_link, void_link, wanted,
    write_password,
};
use crate::{
    Store,
    change::{Change, ChangeSpec, refuse},
    db::{Executor, OrFault, now, query, query_scalar, token_hash},
    identity::password_of,
    in_change,
    password::{self, HashingQueue, PasswordCheck, weak},
};

/// Characters that the log keeps of a typed name that no operator has.
const UNKNOWN_NAME_CHARS: usize = 2;

/// Whether somebody can manage the server: an enabled owner who has a password.
pub async fn is_set_up(store: &Store) -> Result<bool> {
    another_owner(&mut store.read().await?, 0).await
}

/// A link that creates the server's first operator; earlier ones become void. [`Conflict::AlreadySetUp`] when there is an owner.
pub async fn first_setup_link(store: &Store) -> Result<SetupLink> {
    let mut transaction = store.write().await?;
    if another_owner(&mut transaction, 0).await? {
        return Err(Error::Conflict(Conflict::AlreadySetUp));
    }
    let link = new_link(&mut transaction, None).await?;
    transaction.commit().await?;
    Ok(link)
}

/// What a set-up link is for; [`Entity::SetupLink`] not found when the token is unknown, used or expired.
pub async fn setup_kind(store: &Store, token: &str) -> Result<SetupKind> {
    match link_of(store.reader(), token).await? {
        None => Ok(SetupKind::First),
        Some(id) => match by_id(store.reader(), id).await? {
            Some(row) if row.disabled == 0 => Ok(SetupKind::Operator { name: row.name }),
            _ => Err(Error::NotFound(Entity::SetupLink)),
        },
    }
}

/// Uses a set-up link: creates the first operator (an owner), or gives an operator the password, and ends all sessions of the
/// operator. [`Entity::SetupLink`] not found, [`Conflict::AlreadySetUp`]; the errors of [`weak::first_operator`] or
/// [`weak::new_password`].
pub async fn set_up(store: &Store, caller: &Caller, token: &str, name: &str, password: &str, repeat: &str) -> Result<Me> {
    // Checked and hashed before the transaction, which must wait for nothing but the database.
    let prepared = async {
        let kind = setup_kind(store, token).await?;
        let names = known_names(store.reader(), None).await?;
        let (target, first, password) = match kind {
            SetupKind::First => {
                let (name, password) = weak::first_operator(name, password, repeat, &names)?;
                (name.as_str().to_owned(), Some(name), password)
            }
            SetupKind::Operator { name } => {
                let names = [names, vec![name.clone()]].concat();
                (name, None, weak::new_password(password, repeat, &names)?)
            }
        };
        // A caller with a valid link is no stranger.
        Ok((target, first, password::hash(store.passwords(), HashingQueue::Operator, password.as_str()).await?))
    };
    let (target, first, hash) = match prepared.await {
        Ok(prepared) => prepared,
        // Anybody can invent tokens; the log of events must not be filled by that.
        Err(error @ Error::NotFound(_)) => {
            tracing::warn!(address = caller.address.as_deref(), "a set-up link that does not hold was tried");
            return Err(error);
        }
        Err(error) => return Err(refuse(store, caller, Action::OperatorSetUp, None, "", error).await),
    };
    in_change!(ChangeSpec::without_permission(store, caller, Action::OperatorSetUp, None, &target), |change| {
        use_link(change, token, first.as_ref(), &hash).await
    })
}

/// `first`: the name of the server's first operator, when the link is for that operator.
async fn use_link(change: &mut Change<'_>, token: &str, first: Option<&OperatorName>, hash: &str) -> Result<Me> {
    let (id, made) = match link_of(&mut *change.db(), token).await? {
        None if another_owner(change.db(), 0).await? => return Err(Error::Conflict(Conflict::AlreadySetUp)),
        None => {
            let name = first.ok_or(Error::NotFound(Entity::SetupLink))?;
            (insert(change.db(), name, Role::Owner, None).await?, true)
        }
        Some(id) => (id, false),
    };
    let row = wanted(change.db(), id).await?;
    if row.disabled != 0 {
        return Err(Error::NotFound(Entity::SetupLink));
    }
    write_password(change.db(), id, Some(hash)).await?;
    // Using the link signs the operator in.
    let at = change.at();
    query("UPDATE operator SET last_sign_in_at = $1 WHERE id = $2").bind(at).bind(id).execute(change.db()).await.or_fault()?;
    void_link(change.db(), (!made).then_some(id)).await?;
    end_sessions(change.db(), id, None).await?;
    change.set_actor(row.actor()?);
    let after = made.then(|| json!({ "name": row.name, "role": row.role }));
    change.event(&row.name, None, after).await?;
    row.me()
}

/// The operator of a link; `None`: the link is for the first operator.
async fn link_of(db: impl Executor<'_>, token: &str) -> Result<Option<i64>> {
    let found: Option<Option<i64>> =
        query_scalar("SELECT operator_id FROM setup_link WHERE token_hash = $1 AND expires_at >= $2")
            .bind(token_hash(token).to_vec())
            .bind(now())
            .fetch_optional(db)
            .await
            .or_fault()?;
    found.ok_or(Error::NotFound(Entity::SetupLink))
}

/// Signs an operator in; [`Error::SignInRefused`] regardless of what was wrong, after the same work; [`Error::Busy`], without an
/// event, when too many wait for that work. While nothing can be written the sign-in is stored later. `device`: the browser, when
/// the operator is known to have used it, so that the operator does not wait for strangers.
pub async fn sign_in(store: &Store, caller: &Caller, name: &str, password: &str, device: Option<DeviceId>) -> Result<Me> {
    let row = by_name(store.reader(), name).await?;
    let hash = row.as_ref().and_then(|row| row.password_hash.clone());
    let line = if device.is_some() { HashingQueue::Operator } else { HashingQueue::Anyone };
    let PasswordCheck { fits, renewed } = password::verify(store.passwords(), line, password, hash.clone()).await?;
    let target = typed(name, row.is_some());
    let id = match row {
        Some(row) if fits && row.disabled == 0 => row.id,
        _ => return Err(refuse(store, caller, Action::SignIn, None, &target, Error::SignInRefused).await),
    };
    let entered = async {
        in_change!(ChangeSpec::without_permission(store, caller, Action::SignIn, None, &target), |change| {
            enter(change, id, hash.clone(), renewed.clone()).await
        })
    };
    match entered.await {
        // Signing in works while nothing can be written, such as on a full disk, so that operators can still read.
        Err(fault @ Error::Storage(_)) => sign_in_late(store, caller, id, hash, fault).await,
        entered => entered,
    }
}

/// Signs an operator in although `fault` prevents the sign-in from being stored. Returns the fault when too many wait already.
async fn sign_in_late(store: &Store, caller: &Caller, operator: i64, password_hash: Option<String>, fault: Error) -> Result<Me> {
    let mut db = store.read().await?;
    let me = me_on(&mut db, operator).await?.ok_or(Error::SignInRefused)?;
    // The password was checked before: it must still be the same.
    if password_of(&mut db, operator).await? != password_hash {
        return Err(Error::SignInRefused);
    }
    let actor = Actor::Operator { id: me.id, name: me.name.clone(), role: me.role };
    let caller = Caller { actor, address: caller.address.clone(), proof: None };
    if !store.deferred_sessions().add(operator, password_hash, Some((caller, now())), None) {
        return Err(fault);
    }
    tracing::warn!(operator = me.name, %fault, "signed in to read; the sign-in is written down once that is possible");
    Ok(me)
}

async fn enter(change: &mut Change<'_>, id: i64, hash: Option<String>, renewed: Option<String>) -> Result<Me> {
    let row = wanted(change.db(), id).await?;
    // The password was checked outside the transaction: it must still be the same.
    if row.disabled != 0 || row.password_hash != hash {
        return Err(Error::SignInRefused);
    }
    let at = change.at();
    // The same password with today's parameters; its version stays, and so does everything that is bound to it.
    query("UPDATE operator SET last_sign_in_at = $1, password_hash = coalesce($2, password_hash) WHERE id = $3")
        .bind(at)
        .bind(renewed)
        .bind(id)
        .execute(change.db())
        .await
        .or_fault()?;
    change.set_actor(row.actor()?);
    change.event(&row.name, None, None).await?;
    row.me()
}

/// Records that an attempt was refused before its password was checked.
pub async fn sign_in_throttled(store: &Store, caller: &Caller, name: &str) -> Result<()> {
    let target = typed(name, by_name(store.reader(), name).await?.is_some());
    refuse(store, caller, Action::SignIn, None, &target, Error::Throttled { retry_after_s: 0 }).await;
    Ok(())
}

/// Records that the caller signed out; the server ends the session. [`Error::Unauthenticated`] for callers that are not
/// operators.
pub async fn sign_out(store: &Store, caller: &Caller) -> Result<()> {
    let Actor::Operator { name, .. } = &caller.actor else { return Err(Error::Unauthenticated) };
    in_change!(ChangeSpec::without_permission(store, caller, Action::SignOut, None, name), |change| {
        change.event(name, None, None).await
    })
}

/// What was typed as a name, as the log keeps it. Of a name that no operator has only the beginning: people type passwords into
/// the wrong field, and the log is kept forever.
fn typed(name: &str, exists: bool) -> String {
    let name = name.trim();
    let beginning = |chars| name.chars().take(chars).collect::<String>();
    match exists {
        true => beginning(limits::OPERATOR_NAME_CHARS),
        false if name.is_empty() => String::new(),
        false => beginning(UNKNOWN_NAME_CHARS) + "…",
    }
}
