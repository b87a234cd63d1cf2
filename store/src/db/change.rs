//! One change: permission, a write transaction, and its events in that same transaction. No change without its event; a
//! refused one leaves an event too, in a transaction of its own.

use domain::{
    Actor, Caller, Error, Permission, Result,
    application::AppId,
    event::{Action, Outcome, TargetKind},
    limits,
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use sqlx::SqliteConnection;

use super::{Store, WriteTransaction, now};
use crate::{
    db::OrFault,
    event::{
        pending::{self, Own},
        refusals::{self, Scope, Waiting},
    },
    feed::Tally,
    operator::name_key,
    session,
};

/// The most characters of a target that the log keeps: whatever was typed must not fill it.
const TARGET_CHARS: usize = 128;

/// An operation under way. Dropping it rolls back.
pub struct Change<'a> {
    store: &'a Store,
    caller: Caller,
    action: Action,
    app: Option<AppId>,
    target: String,
    transaction: WriteTransaction,
    at: i64,
    /// What is told once this is committed.
    tally: Tally,
}

/// One event to record.
#[derive(Debug, Default, Serialize)]
pub struct Recorded {
    /// Group id, username, operator name, `org/app`.
    pub target: String,
    /// What the target was called, where it is gone by now; of what is still there the log finds the name itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What an operator of that name is found by. Filled in as it is recorded: SQLite knows the cases of ASCII alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    /// Only the sample data say another time than now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<i64>,
}

impl Recorded {
    /// An item of a batch that was gone when its turn came; for [`Change::refused`].
    pub fn gone(id: &str) -> Self {
        Self { target: id.to_owned(), after: Some(json!({ "error": "gone" })), ..Self::default() }
    }
}

impl<'a> Change<'a> {
    /// Checks the permission and begins. `target` is what a refusal is recorded under.
    pub async fn begin(
        store: &'a Store,
        caller: &Caller,
        permission: Permission,
        action: Action,
        app: Option<AppId>,
        target: &str,
    ) -> Result<Self> {
        let allowed = |caller: &Caller| match app {
            Some(app) => caller.require_in(app, permission),
            None => caller.require(permission),
        };
        if let Err(error) = allowed(caller) {
            return Err(refuse(store, caller, action, app, target, error).await);
        }
        let change = Self::begin_as(store, caller, action, app, target).await?;
        match allowed(&change.caller) {
            Ok(()) => Ok(change),
            Err(error) => change.finish(Err(error)).await,
        }
    }

    /// Begins without asking for a permission: for what anybody may do, such as signing in or changing one's own password.
    /// [`Error::Unauthenticated`] when the caller's session has ended since the request began. What an operator may do by now,
    /// [`Self::caller`] says.
    pub async fn begin_as(store: &'a Store, caller: &Caller, action: Action, app: Option<AppId>, target: &str) -> Result<Self> {
        let mut transaction = store.write().await?;
        let caller = match session::renewed(store, &mut transaction, caller).await {
            Ok(caller) => caller,
            Err(error) => {
                transaction.rollback().await?;
                return Err(error);
            }
        };
        // After the wait for the writer, so that times rise with the order of the changes.
        Ok(Self { store, caller, action, app, target: target.to_owned(), transaction, at: now(), tally: Tally::default() })
    }

    /// The transaction's connection.
    pub fn db(&mut self) -> &mut SqliteConnection {
        &mut self.transaction
    }

    /// When the change happens, milliseconds.
    pub fn at(&self) -> i64 {
        self.at
    }

    /// What is done.
    pub fn action(&self) -> Action {
        self.action
    }

    /// Who acts, with the role of now.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The app was just made: the events that follow belong to it.
    pub fn set_app(&mut self, app: AppId) {
        self.app = Some(app);
    }

    /// Who acts turned out only now (at sign-in and set-up).
    pub fn set_actor(&mut self, actor: Actor) {
        self.caller.actor = actor;
    }

    /// Records one event of this change.
    pub async fn event(&mut self, target: &str, before: Option<Value>, after: Option<Value>) -> Result<()> {
        self.events(vec![Recorded { target: target.to_owned(), before, after, ..Recorded::default() }]).await
    }

    /// Records one event of the whole server, though the change may be one of an app's.
    pub async fn server_event(&mut self, target: &str, before: Option<Value>, after: Option<Value>) -> Result<()> {
        let items = vec![Recorded { target: target.to_owned(), before, after, ..Recorded::default() }];
        self.tally.add(self.action, Outcome::Done, items.iter().map(|item| item.target.as_str()));
        record(&mut self.transaction, &self.caller, self.action, Outcome::Done, None, self.at, items).await
    }

    /// Records what this change did in one app, though it is one of the whole server.
    pub async fn event_in(&mut self, app: AppId, action: Action, target: &str, after: Value) -> Result<()> {
        let items = vec![Recorded { target: target.to_owned(), after: Some(after), ..Recorded::default() }];
        self.tally.add(action, Outcome::Done, items.iter().map(|item| item.target.as_str()));
        record(&mut self.transaction, &self.caller, action, Outcome::Done, Some(app), self.at, items).await
    }

    /// Records one event for each item, in one statement.
    pub async fn events(&mut self, items: Vec<Recorded>) -> Result<()> {
        self.events_of(self.action, items).await
    }

    /// Records what an account did to itself, which it may do as often as it likes: see [`pending`]. For everybody else this is
    /// [`Self::event`].
    pub async fn own_event(&mut self, target: &str, before: Value, after: Value) -> Result<()> {
        let Some(app) = self.app else { return self.event(target, Some(before), Some(after)).await };
        let own = Own { app, caller: &self.caller, action: self.action, at: self.at, before: &before, after: &after };
        if !pending::hold_back(&mut self.transaction, &own).await? {
            return self.event(target, Some(before), Some(after)).await;
        }
        self.tally.add(self.action, Outcome::Done, [target].into_iter());
        Ok(())
    }

    /// Records one refused event for each item of a batch that was not done while the others were.
    pub async fn refused(&mut self, items: Vec<Recorded>) -> Result<()> {
        self.tally.add(self.action, Outcome::Refused, items.iter().map(|item| item.target.as_str()));
        record(&mut self.transaction, &self.caller, self.action, Outcome::Refused, self.app, self.at, items).await
    }

    /// The same under another action: the sample data do many things in one transaction.
    pub async fn events_of(&mut self, action: Action, items: Vec<Recorded>) -> Result<()> {
        self.tally.add(action, Outcome::Done, items.iter().map(|item| item.target.as_str()));
        record(&mut self.transaction, &self.caller, action, Outcome::Done, self.app, self.at, items).await
    }

    /// Commits what went well and tells the feed; rolls back what did not and records the refusal.
    pub async fn finish<T>(self, result: Result<T>) -> Result<T> {
        match result {
            Ok(value) => {
                let committed = self.transaction.commit_then(after(self.store, self.app, self.tally)).await;
                committed.inspect_err(|error| self.store.heed(error))?;
                Ok(value)
            }
            Err(error) => {
                self.store.heed(&error);
                self.transaction.rollback().await?;
                Err(refuse(self.store, &self.caller, self.action, self.app, &self.target, error).await)
            }
        }
    }
}

/// What is told once a change is committed.
fn after(store: &Store, app: Option<AppId>, tally: Tally) -> impl FnOnce() + Send + 'static {
    let (store, page) = (store.clone(), crate::feed::page());
    move || {
        if tally.frees_files() {
            store.wake_file_sweeper();
        }
        store.feed().tell(app, tally, page);
    }
}

/// Records that something was refused, and hands the error back. Faults and waits are no refusals. Those of people who are no operators
/// and no back ends are left out too when they have a token of their own, and rationed when nobody is signed in, because nobody may fill
/// the log from outside.
pub async fn refuse(store: &Store, caller: &Caller, action: Action, app: Option<AppId>, target: &str, error: Error) -> Error {
    let outside = matches!(caller.actor, Actor::Account { .. });
    if outside || matches!(error, Error::Unauthenticated | Error::Busy | Error::Storage(_) | Error::Internal(_)) {
        return error;
    }
    refusals::noted();
    let mut left_out = 0;
    // Who is nobody, or does what is not theirs, may do it as often as they like.
    if caller.actor == Actor::Anonymous || matches!(error, Error::Throttled { .. } | Error::Forbidden) {
        match store.refusals().allow(action, caller, cut(target), error.name()) {
            Some(number) => left_out = number,
            None => return error,
        }
    }
    let told = Some(with_left_out(refusal(&error), left_out));
    let item = Recorded { target: target.to_owned(), after: told, ..Recorded::default() };
    let recorded = async {
        let mut transaction = store.write().await?;
        record(&mut transaction, caller, action, Outcome::Refused, app, now(), vec![item]).await?;
        let mut tally = Tally::default();
        tally.add(action, Outcome::Refused, [target].into_iter());
        transaction.commit_then(after(store, app, tally)).await
    };
    if let Err(fault) = recorded.await {
        store.refusals().lost(action, caller, left_out + 1);
        tracing::error!(%fault, refused = %error, action = action.as_str(), "a refusal could not be recorded");
    }
    error
}

/// Records refusals that belong to no change, in one transaction.
pub async fn record_refusals(store: &Store, items: &[Waiting]) -> Result<()> {
    let mut transaction = store.write().await?;
    // Each app hears of its own.
    let mut tallies: Vec<(Option<AppId>, Tally)> = Vec::new();
    for Waiting { refused, left_out, at } in items {
        let app = match refused.scope {
            Scope::App(app) => Some(app),
            Scope::Server | Scope::Named { .. } => None,
        };
        let told = Some(with_left_out(json!({ "reason": refused.reason }), *left_out));
        let item = Recorded { target: refused.target.clone(), after: told, ..Recorded::default() };
        record(&mut transaction, &refused.caller, refused.action, Outcome::Refused, app, *at, vec![item]).await?;
        let place = tallies.iter().position(|(of, _)| *of == app).unwrap_or_else(|| {
            tallies.push((app, Tally::default()));
            tallies.len() - 1
        });
        tallies[place].1.add(refused.action, Outcome::Refused, [refused.target.as_str()].into_iter());
    }
    let tell: Vec<_> = tallies.into_iter().map(|(app, tally)| after(store, app, tally)).collect();
    transaction.commit_then(move || tell.into_iter().for_each(|tell| tell())).await
}

/// Records how many refusals of each kind were left out, one event for each kind, of nobody in particular.
pub async fn record_left_out(store: &Store, numbers: &[(Action, u64)]) -> Result<()> {
    if numbers.is_empty() {
        return Ok(());
    }
    let (system, at) = (Caller::system(), now());
    let mut transaction = store.write().await?;
    for (action, number) in numbers {
        let item = Recorded { after: Some(json!({ "left_out": number })), ..Recorded::default() };
        record(&mut transaction, &system, *action, Outcome::Refused, None, at, vec![item]).await?;
    }
    transaction.commit().await
}

/// Records something that was done in a transaction that is no [`Change`]; nobody is told of it at once.
pub async fn record_as(
    db: &mut SqliteConnection,
    caller: &Caller,
    action: Action,
    app: AppId,
    at: i64,
    item: Recorded,
) -> Result<()> {
    record(db, caller, action, Outcome::Done, Some(app), at, vec![item]).await
}

/// How many like it were left out since the last one, where some were.
fn with_left_out(mut after: Value, left_out: u64) -> Value {
    if let Value::Object(map) = &mut after
        && left_out > 0
    {
        map.insert("left_out".to_owned(), left_out.into());
    }
    after
}

/// What the log says of a refusal: the names of the codes and fields, never a typed value (it may be a password).
fn refusal(error: &Error) -> Value {
    let mut map = Map::new();
    map.insert("error".to_owned(), error.name().into());
    match error {
        Error::Invalid(fields) => {
            for field in fields {
                map.insert(format!("error.{}", field.field), variant(&field.code).into());
            }
        }
        Error::NotFound(entity) => {
            map.insert("not_found".to_owned(), variant(entity).into());
        }
        Error::Conflict(conflict) => {
            map.insert("conflict".to_owned(), variant(conflict).into());
        }
        Error::Refused(refusals) => {
            if let Some(first) = refusals.first() {
                map.insert("reason".to_owned(), variant(&first.reason).into());
            }
        }
        _ => {}
    }
    Value::Object(map)
}

/// The name of an enum's variant without what it holds.
fn variant(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}").chars().take_while(|c| c.is_ascii_alphanumeric()).collect()
}

/// Writes events, and counts those of what was done in their day.
pub async fn record(
    db: &mut SqliteConnection,
    caller: &Caller,
    action: Action,
    outcome: Outcome,
    app: Option<AppId>,
    at: i64,
    mut items: Vec<Recorded>,
) -> Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    for item in &mut items {
        item.target.truncate(cut(&item.target).len());
        item.operator_key = (action.target_kind() == TargetKind::Operator).then(|| name_key(&item.target));
    }
    let (actor, id, name, through) = match &caller.actor {
        Actor::Operator { id, name, .. } => ("operator", Some(*id), name.as_str(), ""),
        Actor::Credential { name, .. } => ("credential", None, name.as_str(), ""),
        Actor::Account { username, through, .. } => ("account", None, username.as_str(), through.as_deref().unwrap_or_default()),
        Actor::System => ("system", None, "", ""),
        // A name that a stranger has typed is the target's: it is not the one who has that name who acts.
        Actor::Anonymous => ("anonymous", None, "", ""),
    };
    // The name is looked up here and nowhere else, so that no change can forget it. Credentials and operators are recorded under
    // their names, but a refused change may be about one that never was. Accounts keep none.
    // What was done counts in its day too; the overview's charts are drawn from these counts.
    sqlx::query(
        "INSERT INTO event (at, app_id, actor, operator_id, operator, action, outcome, target, target_name, state_before,
                            state_after, address, through)
         SELECT coalesce(item.value ->> 'at', $1), $2, $3, $4, $5, $6, $7, item.value ->> 'target',
                coalesce(item.value ->> 'name', CASE $11
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
                item.value -> 'before', item.value -> 'after', $8, $12
         FROM json_each($9) AS item;
         INSERT INTO event_day (app_id, day, action, done)
         SELECT $2, coalesce(item.value ->> 'at', $1) / $10, $6, count(*) FROM json_each($9) AS item WHERE $7 = 'done' GROUP BY 2
         ON CONFLICT (app_id, day, action) DO UPDATE SET done = event_day.done + excluded.done",
    )
    .bind(at)
    .bind(app.map_or(0, |app| app.key()))
    .bind(actor)
    .bind(id)
    .bind(name)
    .bind(action.as_str())
    .bind(outcome.as_str())
    .bind(caller.address.as_deref())
    .bind(super::json(&items)?)
    .bind(limits::DAY_MS)
    .bind(action.target_kind().as_str())
    .bind(through)
    .execute(db)
    .await
    .or_fault()?;
    Ok(())
}

/// As much of something typed as the log keeps of it.
pub fn cut(typed: &str) -> &str {
    typed.char_indices().nth(TARGET_CHARS).map_or(typed, |(end, _)| &typed[..end])
}

/// Of two states, the fields that differ; `None` when nothing does.
pub fn difference(before: Value, after: Value) -> Option<(Value, Value)> {
    let (Value::Object(mut before), Value::Object(mut after)) = (before, after) else { return None };
    let same: Vec<String> =
        before.iter().filter(|(name, value)| after.get(*name) == Some(*value)).map(|(name, _)| name.clone()).collect();
    for name in same {
        before.remove(&name);
        after.remove(&name);
    }
    if before.is_empty() && after.is_empty() { None } else { Some((Value::Object(before), Value::Object(after))) }
}
