//! One change: permission, a write transaction, and its events in that same transaction. No change without its event; a
//! refused one leaves an event too, in a transaction of its own. There is one way to make one: [`in_change!`](crate::in_change).

pub mod pending;
mod record;
mod refused;
mod spec;

use domain::{
    Actor, Caller, Error, Result,
    application::AppId,
    event::{Action, Outcome},
};
use serde_json::Value;
use sqlx::SqliteConnection;

use self::pending::OwnChange;
pub use self::{
    record::{NewEvent, diff, record, record_as, state},
    refused::{record_left_out, record_refusals, refuse},
    spec::{ChangeSpec, Tries},
};
use crate::{
    Store,
    db::{NotCommitted, WriteTransaction},
    feed::Tally,
};

/// A change under way: a transaction on behalf of a caller. [`in_change!`](crate::in_change) begins it, and ends it in every case.
#[must_use = "a change that nobody finishes is rolled back, and its refusal is not recorded"]
pub struct Change<'a> {
    store: &'a Store,
    caller: Caller,
    action: Action,
    app: Option<AppId>,
    target: &'a str,
    transaction: WriteTransaction,
    at: i64,
    /// What the feed is told once this is committed.
    tally: Tally,
}

impl<'a> Change<'a> {
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
        self.events(vec![NewEvent { target: target.to_owned(), before, after, ..NewEvent::default() }]).await
    }

    /// Records one event of the whole server, though the change may be one of an app's.
    pub async fn server_event(&mut self, target: &str, before: Option<Value>, after: Option<Value>) -> Result<()> {
        let items = vec![NewEvent { target: target.to_owned(), before, after, ..NewEvent::default() }];
        self.tally.add(self.action, Outcome::Done, items.iter().map(|item| item.target.as_str()));
        record(&mut self.transaction, &self.caller, self.action, Outcome::Done, None, self.at, items).await
    }

    /// Records what this change did in one app, though it is one of the whole server.
    pub async fn event_in(&mut self, app: AppId, action: Action, target: &str, after: Value) -> Result<()> {
        let items = vec![NewEvent { target: target.to_owned(), after: Some(after), ..NewEvent::default() }];
        self.tally.add(action, Outcome::Done, items.iter().map(|item| item.target.as_str()));
        record(&mut self.transaction, &self.caller, action, Outcome::Done, Some(app), self.at, items).await
    }

    /// Records one event for each item, in one statement.
    pub async fn events(&mut self, items: Vec<NewEvent>) -> Result<()> {
        self.events_of(self.action, items).await
    }

    /// Records what an account did to itself, which it may do as often as it likes: see [`pending`]. For everybody else this is
    /// [`Self::event`].
    pub async fn own_event(&mut self, target: &str, before: Value, after: Value) -> Result<()> {
        let Some(app) = self.app else { return self.event(target, Some(before), Some(after)).await };
        let own = OwnChange { app, caller: &self.caller, action: self.action, at: self.at, before: &before, after: &after };
        if !pending::defer(&mut self.transaction, &own).await? {
            return self.event(target, Some(before), Some(after)).await;
        }
        self.tally.add(self.action, Outcome::Done, [target].into_iter());
        Ok(())
    }

    /// Records one refused event for each item of a batch that was not done while the others were.
    pub async fn refused(&mut self, items: Vec<NewEvent>) -> Result<()> {
        self.tally.add(self.action, Outcome::Refused, items.iter().map(|item| item.target.as_str()));
        record(&mut self.transaction, &self.caller, self.action, Outcome::Refused, self.app, self.at, items).await
    }

    /// The same under another action: the sample data do many things in one transaction.
    pub async fn events_of(&mut self, action: Action, items: Vec<NewEvent>) -> Result<()> {
        self.tally.add(action, Outcome::Done, items.iter().map(|item| item.target.as_str()));
        record(&mut self.transaction, &self.caller, action, Outcome::Done, self.app, self.at, items).await
    }

    /// Commits what went well and tells the feed; rolls back what did not and records the refusal. `None`: the database has rolled the
    /// change back although nothing was wrong with it, so it is to be run again. Only [`in_change!`](crate::in_change) calls it.
    #[doc(hidden)]
    pub async fn finish<T>(self, result: Result<T>, tries: &mut Tries) -> Option<Result<T>> {
        let store = self.store;
        match result {
            Ok(value) => {
                let committed = self.transaction.commit_or_again(after_commit(store, self.app, self.tally)).await;
                if matches!(committed, Err(NotCommitted::RolledBack)) && tries.one_more().await {
                    return None;
                }
                let committed = committed.map_err(Error::from).inspect_err(|error| store.note_fault(error));
                Some(committed.map(|()| value))
            }
            Err(error) => {
                store.note_fault(&error);
                if let Err(fault) = self.transaction.rollback().await {
                    return Some(Err(fault));
                }
                Some(Err(refuse(store, &self.caller, self.action, self.app, self.target, error).await))
            }
        }
    }
}

/// What is told once a change is committed.
fn after_commit(store: &Store, app: Option<AppId>, tally: Tally) -> impl FnOnce() + Send + 'static {
    let (store, page) = (store.clone(), crate::feed::page());
    move || store.feed().publish(app, tally, page)
}
