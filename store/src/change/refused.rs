//! Recording refusals in the log.

use domain::{
    Actor, Caller, Error, Result,
    application::AppId,
    event::{Action, Outcome, rules::truncate_target},
};
use serde_json::{Map, Value, json};

use super::{NewEvent, Tries, after_commit, record};
use crate::{
    Store,
    db::{NotCommitted, now},
    feed::Tally,
    memory::refusals::{self, PendingRefusal, RefusalScope},
};

/// Records that something was refused, and returns the error. Not recorded are internal, storage and busy errors, which are no
/// refusals, those of callers whose session or token has ended, and those of users with tokens of their own (the REST API
/// reports their forbidden calls). Those of callers who are not signed in, of throttled attempts and of forbidden ones are
/// rationed, because nobody may fill the log from outside.
pub async fn refuse(store: &Store, caller: &Caller, action: Action, app: Option<AppId>, target: &str, error: Error) -> Error {
    let outside = matches!(caller.actor, Actor::Account { .. });
    if outside || matches!(error, Error::Unauthenticated | Error::Busy | Error::Storage(_) | Error::Internal(_)) {
        return error;
    }
    refusals::mark_refusal();
    let mut left_out = 0;
    // A caller who is not signed in, or tries what is forbidden, can do so without limit.
    if caller.actor == Actor::Anonymous || matches!(error, Error::Throttled { .. } | Error::Forbidden) {
        match store.refusals().allow(action, caller, truncate_target(target), error.name()) {
            Some(number) => left_out = number,
            None => return error,
        }
    }
    let after = with_left_out(refusal(&error), left_out);
    let mut tries = Tries::default();
    let recorded = loop {
        let recorded = record_one(store, caller, action, app, target, after.clone()).await;
        if !matches!(recorded, Err(NotCommitted::RolledBack)) || !tries.one_more().await {
            break recorded.map_err(Error::from);
        }
    };
    if let Err(fault) = recorded {
        store.refusals().lost(action, caller, left_out + 1);
        tracing::error!(%fault, refused = %error, action = action.as_str(), "a refusal could not be recorded");
    }
    error
}

/// Records one refusal in a transaction of its own.
async fn record_one(
    store: &Store,
    caller: &Caller,
    action: Action,
    app: Option<AppId>,
    target: &str,
    after: Value,
) -> Result<(), NotCommitted> {
    let item = NewEvent { target: target.to_owned(), after: Some(after), ..NewEvent::default() };
    let written = async {
        let mut transaction = store.write().await?;
        record(&mut transaction, caller, action, Outcome::Refused, app, now(), vec![item]).await?;
        Ok(transaction)
    };
    let transaction = written.await.map_err(NotCommitted::Fault)?;
    let mut tally = Tally::default();
    tally.add(action, Outcome::Refused, [target].into_iter());
    transaction.commit_or_again(after_commit(store, app, tally)).await
}

/// Records refusals that belong to no change, in one transaction.
pub async fn record_refusals(store: &Store, items: &[PendingRefusal]) -> Result<()> {
    let mut transaction = store.write().await?;
    // Each app's subscribers get the refusals of that app only.
    let mut tallies: Vec<(Option<AppId>, Tally)> = Vec::new();
    for PendingRefusal { refused, left_out, at } in items {
        let app = match refused.scope {
            RefusalScope::App(app) => Some(app),
            RefusalScope::Server | RefusalScope::Named { .. } => None,
        };
        let told = Some(with_left_out(json!({ "reason": refused.reason }), *left_out));
        let item = NewEvent { target: refused.target.clone(), after: told, ..NewEvent::default() };
        record(&mut transaction, &refused.caller, refused.action, Outcome::Refused, app, *at, vec![item]).await?;
        let place = tallies.iter().position(|(of, _)| *of == app).unwrap_or_else(|| {
            tallies.push((app, Tally::default()));
            tallies.len() - 1
        });
        tallies[place].1.add(refused.action, Outcome::Refused, [refused.target.as_str()].into_iter());
    }
    let tell: Vec<_> = tallies.into_iter().map(|(app, tally)| after_commit(store, app, tally)).collect();
    transaction.commit_then(move || tell.into_iter().for_each(|tell| tell())).await
}

/// Records how many refusals of each action were left out: one event for each action, without a caller.
pub async fn record_left_out(store: &Store, numbers: &[(Action, u64)]) -> Result<()> {
    if numbers.is_empty() {
        return Ok(());
    }
    let (system, at) = (Caller::system(), now());
    let mut transaction = store.write().await?;
    for (action, number) in numbers {
        let item = NewEvent { after: Some(json!({ "left_out": number })), ..NewEvent::default() };
        record(&mut transaction, &system, *action, Outcome::Refused, None, at, vec![item]).await?;
    }
    transaction.commit().await
}

/// Adds how many refusals like this one were left out since the last recorded one, if any.
fn with_left_out(mut after: Value, left_out: u64) -> Value {
    if let Value::Object(map) = &mut after
        && left_out > 0
    {
        map.insert("left_out".to_owned(), left_out.into());
    }
    after
}

/// What the log has about a refusal: the names of the codes and fields, never a typed value (it may be a password).
fn refusal(error: &Error) -> Value {
    let mut map = Map::new();
    map.insert("error".to_owned(), error.name().into());
    match error {
        Error::Invalid(fields) => {
            for field in fields {
                map.insert(format!("error.{}", field.field), field.code.name().into());
            }
        }
        Error::NotFound(entity) => {
            map.insert("not_found".to_owned(), entity.as_str().into());
        }
        Error::Conflict(conflict) => {
            map.insert("conflict".to_owned(), conflict.as_str().into());
        }
        Error::Refused(refusals) => {
            if let Some(first) = refusals.first() {
                map.insert("reason".to_owned(), first.reason.as_str().into());
            }
        }
        Error::Unauthenticated
        | Error::Forbidden
        | Error::SignInRefused
        | Error::Throttled { .. }
        | Error::Busy
        | Error::Storage(_)
        | Error::Internal(_) => {}
    }
    Value::Object(map)
}
