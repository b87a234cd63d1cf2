//! Writing events into the log.

use domain::{
    Actor, Caller, Error, Result,
    application::AppId,
    event::{Action, Outcome, TargetKind, rules::truncate_target},
    operator::rules::name_key,
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::db::{self, OrFault, Sql, WriteTransaction, query, sql};

/// One event to record.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NewEvent {
    /// What the event is about: a group id, a username, an operator name or `org/app`.
    pub target: String,
    /// The name of a target that does not exist any more; the log finds the names of all others itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The key by which an operator of that name is found. Set when the event is recorded, because SQLite folds the case of ASCII
    /// only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator_key: Option<String>,
    /// The state before: a JSON object, or `None` for what did not exist.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// The state after, or of a refusal the reason: a JSON object. `None` for what does not exist any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    /// Milliseconds since 1970; `None`: the time of the change. Only the sample data set it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<i64>,
}

impl NewEvent {
    /// An item of a batch that did not exist any more when it was to be changed; for [`Change::refused`](super::Change::refused).
    pub fn missing(id: &str) -> Self {
        Self { target: id.to_owned(), after: Some(json!({ "error": "gone" })), ..Self::default() }
    }
}

/// Records something that was done in a transaction that is no [`Change`](super::Change); the feed does not publish it.
pub async fn record_as(
    transaction: &mut WriteTransaction,
    caller: &Caller,
    action: Action,
    app: AppId,
    at: i64,
    item: NewEvent,
) -> Result<()> {
    record(transaction, caller, action, Outcome::Done, Some(app), at, vec![item]).await
}

/// Writes events, each with the name of its target. The name is looked up here and nowhere else, so that no change can forget it.
/// Credentials and operators are recorded under their names, but a refused change may name one that never existed. The log keeps no
/// names of accounts.
const INSERT: Sql = sql!(
    "INSERT INTO event (id, at, app_id, actor, operator_id, operator, action, outcome, target, target_name, state_before,
                        state_after, address, through)
     SELECT (SELECT coalesce(max(id), 0) FROM event) + @position, coalesce(item.value ->> 'at', $1), $2, $3, $4, $5, $6, $7,
            item.value ->> 'target',
            coalesce(item.value ->> 'name', CASE $10
                WHEN 'group' THEN
                    (SELECT name FROM \"group\" WHERE app_id = $2 AND group_id = item.value ->> 'target')
                WHEN 'credential' THEN iif($7 = 'done', item.value ->> 'target',
                    (SELECT name FROM api_credential WHERE app_id = $2 AND name = item.value ->> 'target'))
                WHEN 'operator' THEN iif($7 = 'done', item.value ->> 'target',
                    (SELECT name FROM operator WHERE name_key = item.value ->> 'operator_key'))
                WHEN 'application' THEN
                    (SELECT display_name FROM application
                     WHERE org_name = substr(item.value ->> 'target', 1, instr(item.value ->> 'target', '/') - 1)
                       AND app_name = substr(item.value ->> 'target', instr(item.value ->> 'target', '/') + 1))
            END, ''),
            item.value -> 'before', item.value -> 'after', $8, $11
     FROM @objects($9)"
);

/// Writes events, and counts those of successful actions for their day; the charts of the overview are drawn from these counts. The names
/// of targets are entered by the commit.
pub async fn record(
    transaction: &mut WriteTransaction,
    caller: &Caller,
    action: Action,
    outcome: Outcome,
    app: Option<AppId>,
    at: i64,
    mut items: Vec<NewEvent>,
) -> Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    for item in &mut items {
        item.target.truncate(truncate_target(&item.target).len());
        item.operator_key = (action.target_kind() == TargetKind::Operator).then(|| name_key(&item.target));
    }
    let (actor, id, name, through) = match &caller.actor {
        Actor::Operator { id, name, .. } => ("operator", Some(*id), name.as_str(), ""),
        Actor::Credential { name, .. } => ("credential", None, name.as_str(), ""),
        Actor::Account { username, through, .. } => ("account", None, username.as_str(), through.as_deref().unwrap_or_default()),
        Actor::System => ("system", None, "", ""),
        // A name that a stranger has typed is the target: the person who has that name did not act.
        Actor::Anonymous => ("anonymous", None, "", ""),
    };
    for item in items.iter().filter(|_| outcome == Outcome::Done) {
        transaction.counts().done(app, item.at.unwrap_or(at), action, 1);
    }
    query(INSERT)
        .bind(at)
        .bind(app.map_or(0, |app| app.key()))
        .bind(actor)
        .bind(id)
        .bind(name)
        .bind(action.as_str())
        .bind(outcome.as_str())
        .bind(caller.address.as_deref())
        .bind(db::json(&items)?)
        .bind(action.target_kind().as_str())
        .bind(through)
        .execute(&mut **transaction)
        .await
        .or_fault()?;
    // The log keeps no names of accounts.
    transaction.counts().written(items.len(), action.target_kind() != TargetKind::Account);
    Ok(())
}

/// The fields in which two states differ, before and after; `None` when they are the same.
pub fn diff(before: Value, after: Value) -> Option<(Value, Value)> {
    let (Value::Object(mut before), Value::Object(mut after)) = (before, after) else { return None };
    let same: Vec<String> =
        before.iter().filter(|(name, value)| after.get(*name) == Some(*value)).map(|(name, _)| name.clone()).collect();
    for name in same {
        before.remove(&name);
        after.remove(&name);
    }
    if before.is_empty() && after.is_empty() { None } else { Some((Value::Object(before), Value::Object(after))) }
}

/// A state as stored, JSON text, decoded; [`Error::Internal`] when it is no JSON.
pub fn state(text: Option<&str>) -> Result<Option<Value>> {
    text.map(serde_json::from_str).transpose().map_err(|error| Error::Internal(error.to_string()))
}
