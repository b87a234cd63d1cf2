//! One change: permission, a write transaction, and its events in that same transaction. No change is made without its event;
//! a refused one leaves an event too, in a transaction of its own (for exceptions see [`refuse`]). There is one way to make a
//! change: [`in_change!`](crate::in_change).

mod delete;
pub mod pending;
mod record;
mod refused;
mod spec;
mod tries;

use domain::{
    Actor, Caller, Error, Result,
    application::AppId,
    event::{Action, Outcome},
};
use serde_json::Value;

use self::pending::OwnChange;
pub use self::{
    delete::delete_events,
    record::{NewEvent, diff, record, record_as, state},
    refused::{record_left_out, record_refusals, refuse},
    spec::ChangeSpec,
    tries::Tries,
};
use crate::{
    Store,
    db::{AppTable, Conn, NotCommitted, ServerTable, WriteTransaction},
    feed::Tally,
};

/// A change that has begun: a transaction on behalf of a caller. [`in_change!`](crate::in_change) begins it, and ends it in every
/// case.
#[must_use = "a change that nobody finishes is rolled back, and its refusal is not recorded"]
pub struct Change<'a> {
    store: &'a Store,
    caller: Caller,
    action: Action,
    refused_as: Action,
    app: Option<AppId>,
    target: &'a str,
    transaction: WriteTransaction,
    at: i64,
    /// What the feed publishes after the commit.
    tally: Tally,
    /// Whether the change is taken back at its end: see [`Self::give_back`].
    given_back: bool,
}

impl<'a> Change<'a> {
    /// The connection of the transaction.
    pub fn db(&mut self) -> &mut Conn {
        &mut self.transaction
    }

    /// Keys for that many new rows of an app, which follow each other; the first of them.
    pub async fn app_keys(&mut self, app: AppId, table: AppTable, count: usize) -> Result<i64> {
        self.transaction.app_keys(app, table, count).await
    }

    /// The key for one new row of an app.
    pub async fn app_key(&mut self, app: AppId, table: AppTable) -> Result<i64> {
        self.transaction.app_key(app, table).await
    }

    /// The key for one new row of the whole server.
    pub async fn server_key(&mut self, table: ServerTable) -> Result<i64> {
        self.transaction.server_key(table).await
    }

    /// The transaction, for functions that insert or delete what is counted.
    pub fn transaction(&mut self) -> &mut WriteTransaction {
        &mut self.transaction
    }

    /// When the change happens, milliseconds since 1970.
    pub fn at(&self) -> i64 {
        self.at
    }

    /// The action of the change, under which its events are recorded.
    pub fn action(&self) -> Action {
        self.action
    }

    /// Who makes the change, with the role as of the beginning of the transaction.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Sets the app of the events that follow, for a change that has just made it.
    pub fn set_app(&mut self, app: AppId) {
        self.app = Some(app);
    }

    /// Sets who makes the change, where that is known only now (at sign-in and set-up).
    pub fn set_actor(&mut self, actor: Actor) {
        self.caller.actor = actor;
    }

    /// Records one event of this change, with the states before and after it as far as there are any.
    pub async fn event(&mut self, target: &str, before: Option<Value>, after: Option<Value>) -> Result<()> {
        self.events(vec![NewEvent { target: target.to_owned(), before, after, ..NewEvent::default() }]).await
    }

    /// Records one server-wide event, also in a change of an app.
    pub async fn server_event(&mut self, target: &str, before: Option<Value>, after: Option<Value>) -> Result<()> {
        let items = vec![NewEvent { target: target.to_owned(), before, after, ..NewEvent::default() }];
        self.tally.add(self.action, Outcome::Done, items.iter().map(|item| item.target.as_str()));
        record(&mut self.transaction, &self.caller, self.action, Outcome::Done, None, self.at, items).await
    }

    /// Records what this change did in one app, also in a server-wide change.
    pub async fn event_in(&mut self, app: AppId, action: Action, target: &str, after: Value) -> Result<()> {
        let items = vec![NewEvent { target: target.to_owned(), after: Some(after), ..NewEvent::default() }];
        self.tally.add(action, Outcome::Done, items.iter().map(|item| item.target.as_str()));
        record(&mut self.transaction, &self.caller, action, Outcome::Done, Some(app), self.at, items).await
    }

    /// Records one event for each item, in one statement.
    pub async fn events(&mut self, items: Vec<NewEvent>) -> Result<()> {
        self.events_of(self.action, items).await
    }

    /// Records what an account did to itself, which it may do as often as it wants: see [`pending`]. For all other callers this
    /// is [`Self::event`].
    pub async fn own_event(&mut self, target: &str, before: Value, after: Value) -> Result<()> {
        let Some(app) = self.app else { return self.event(target, Some(before), Some(after)).await };
        let own = OwnChange { app, caller: &self.caller, action: self.action, at: self.at, before: &before, after: &after };
        if !pending::defer(&mut self.transaction, &own).await? {
            return self.event(target, Some(before), Some(after)).await;
        }
        self.tally.add(self.action, Outcome::Done, [target].into_iter());
        Ok(())
    }

    /// Records one refused event for each item of a batch that was not done while others were.
    pub async fn refused(&mut self, items: Vec<NewEvent>) -> Result<()> {
        self.tally.add(self.action, Outcome::Refused, items.iter().map(|item| item.target.as_str()));
        record(&mut self.transaction, &self.caller, self.action, Outcome::Refused, self.app, self.at, items).await
    }

    /// Records events under another action than that of the change: the sample data do many things in one transaction.
    pub async fn events_of(&mut self, action: Action, items: Vec<NewEvent>) -> Result<()> {
        self.tally.add(action, Outcome::Done, items.iter().map(|item| item.target.as_str()));
        record(&mut self.transaction, &self.caller, action, Outcome::Done, self.app, self.at, items).await
    }

    /// Says that what this change has done is to be rolled back at its end, though it went well: nothing is recorded, and whoever waits
    /// for the writer gets it at once. For long work that is done again later.
    pub fn give_back(&mut self) {
        self.given_back = true;
    }

    /// Commits a successful change and publishes it, unless it is given back; rolls back a failed one and records the refusal. `None`:
    /// the database has rolled the change back although nothing was wrong with it, so it must run again. Only
    /// [`in_change!`](crate::in_change) calls it.
    #[doc(hidden)]
    pub async fn finish<T>(self, result: Result<T>, tries: &mut Tries) -> Option<Result<T>> {
        let store = self.store;
        match result {
            Ok(value) if self.given_back => Some(self.transaction.rollback().await.map(|()| value)),
            Ok(value) => {
                let committed = self.transaction.commit_or_again(after_commit(store, self.app, self.tally)).await;
                if matches!(committed, Err(NotCommitted::RolledBack)) {
                    if tries.one_more().await {
                        return None;
                    }
                    tracing::warn!(action = self.action.as_str(), "a change was rolled back too often and is given up");
                }
                let committed = committed.map_err(Error::from).inspect_err(|error| store.note_fault(error));
                Some(committed.map(|()| value))
            }
            Err(error) => {
                store.note_fault(&error);
                if let Err(fault) = self.transaction.rollback().await {
                    return Some(Err(fault));
                }
                Some(Err(refuse(store, &self.caller, self.refused_as, self.app, self.target, error).await))
            }
        }
    }
}

/// What follows the commit of a change: its publication in the feed.
fn after_commit(store: &Store, app: Option<AppId>, tally: Tally) -> impl FnOnce() + Send + 'static {
    let (store, page) = (store.clone(), crate::feed::page());
    move || store.feed().publish(app, tally, page)
}
