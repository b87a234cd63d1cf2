//! One change: permission, a write transaction, and its events in that same transaction. No change without its event; a
//! refused one leaves an event too, in a transaction of its own.

pub mod pending;
mod record;
mod refused;

use domain::{
    Actor, Caller, Permission, Result,
    application::AppId,
    event::{Action, Outcome},
};
use serde_json::Value;
use sqlx::SqliteConnection;

use self::pending::Own;
pub use self::{
    record::{Recorded, difference, record, record_as, state},
    refused::{record_left_out, record_refusals, refuse},
};
use crate::{
    Store,
    db::{WriteTransaction, now},
    feed::Tally,
    identity,
};

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
        let caller = match identity::renewed(store, &mut transaction, caller).await {
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
    move || store.feed().tell(app, tally, page)
}
